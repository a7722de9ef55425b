internal import JSONText
internal import StoredRecords

/// A place in a thread that is found again when the thread is read anew.
struct ReadingPlace: Sendable, Equatable {
    var id: String?
    var position: Int
    var line: Int
    /// Lines of the screen above the cursor.
    var linesAbove: Int
}

extension ThreadScreen {
    func readingPlace(height: Int) -> ReadingPlace {
        ReadingPlace(
            id: current?.id, position: current?.position ?? 0, line: cursor.line,
            linesAbove: min(height, distanceFromTop))
    }

    /// Goes to the message that was read, wherever it stands now.
    mutating func show(_ place: ReadingPlace, height: Int) {
        guard !blocks.isEmpty else { return }
        let same = place.id.flatMap { id in blocks.firstIndex { $0.message.id == id } }
        let index = same ?? blocks.firstIndex { $0.message.position >= place.position } ?? blocks.count - 1
        goTo(MessageLine(message: index, line: place.line), linesAbove: place.linesAbove, height: height)
    }
}

extension DocumentPane {
    /// Documents of at most so many bytes are compared to see whether they have changed.
    private static let compared = 1 << 20

    /// The same document read again: what is folded and where one is stays as
    /// long as the document does; the value in focus stays also when it has changed.
    func again(_ document: RecordDocument) -> DocumentPane {
        if loading == nil, document.bytes.count <= Self.compared, document == self.document { return self }
        var pane = DocumentPane(document)
        if pane.document.format == self.document.format, problem == nil { pane.form = form }
        pane.find.text = find.text
        pane.text.wraps = text.wraps
        pane.reopens = reopens ?? tree.map { $0.report.outline.path(of: $0.cursor) }
        return pane
    }
}

/// Reading again what is shown, without losing the place.
extension BrowserState {
    /// Puts the cursor of a tree where it was before the document was read again.
    mutating func reopenPlace(_ id: ScreenID, _ index: Int) {
        guard case .document(let screen) = screens.first(where: { $0.id == id }), screen.panes.indices.contains(index),
            let path = screen.panes[index].reopens, let tree = screen.panes[index].tree
        else { return }
        let height = layout.contentLines
        let node = tree.report.outline.node(at: path)
        // What is not there yet may still be read.
        guard node != nil || tree.report.outline.isFinished else { return }
        edit(document: id) {
            $0.panes[index].reopens = nil
            if let node { $0.panes[index].tree?.go(to: node.start, height: height) }
        }
    }

    /// The first row on the screen of a list.
    func topRow(_ id: ScreenID, _ kind: RecordKind) -> Int {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }) else { return 0 }
        return screen.lists[kind]?.top ?? 0
    }

    // MARK: Shown again

    /// Milliseconds for which what was read is taken as it is.
    private static let fresh: Int64 = 3000

    /// Asks whether a record that is shown again has changed meanwhile; until
    /// that is known it is shown as it was.
    mutating func lookWhetherStale() {
        let now = now
        let record: RecordID
        switch top {
        case .thread(let screen):
            guard screen.isLoaded, !screen.isLoading, screen.follow == nil, isOld(screen.read) else { return }
            record = screen.record.id
            edit(thread: screen.id) { $0.read = now }
        case .document(let screen):
            guard !screen.isPart, !screen.isLoading, isOld(screen.read) else { return }
            record = screen.record.id
            edit(document: screen.id) { $0.read = now }
        default: return
        }
        send(.summary(record), .stale, "see whether \(record.key) has changed", screen: top.id)
    }

    private func isOld(_ read: Timestamp?) -> Bool {
        read.map { now.milliseconds(since: $0) >= Self.fresh } ?? false
    }

    mutating func takeStale(_ answer: Answer, _ job: InFlight) {
        // What cannot be told is left as it is: r reads again and says why not.
        guard let id = job.screen, case .summary(let summary) = answer,
            let screen = screens.first(where: { $0.id == id })
        else { return }
        guard let summary else {
            return tell(.warning, "this record is not stored any more; what is shown was read before")
        }
        switch screen {
        case .thread(let thread):
            let count = if case .exact(let count) = thread.total { count } else { thread.record.messages }
            guard Self.differs(summary, thread.record, messages: count) else { return }
            takeSummary(summary)
            refreshThread(id)
        case .document(let document):
            guard Self.differs(summary, document.record, messages: document.record.messages) else { return }
            takeSummary(summary)
            askDocuments(id, summary.id)
        default: break
        }
    }

    /// Whether what both know of a record says that it has changed.
    private static func differs(_ new: RecordSummary, _ old: RecordSummary, messages: Int?) -> Bool {
        func differ<Value: Equatable>(_ left: Value?, _ right: Value?) -> Bool {
            left != nil && right != nil && left != right
        }
        return differ(new.updated, old.updated) || differ(new.messages, messages) || differ(new.bytes, old.bytes)
    }
}
