internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// Where an opened record is to be shown: at a place that a search found.
struct HitGoal: Sendable, Equatable {
    var message: Int?
    var document: String?
    var range: Range<Int>?
    /// One of these stands on the line to go to.
    var words: [String]
    /// What is shown as found, and searched for when the place has changed.
    var find: String

    init(_ hit: HitGroup.Hit, words: [String], find: String) {
        message = hit.message
        document = hit.document
        range = hit.range
        self.words = words
        self.find = find
    }
}

extension BrowserState {
    /// Opens a record that was found, at the place.
    mutating func push(_ record: RecordSummary, from results: ScreenID, at goal: HitGoal) {
        let id = newScreenID()
        let showsMessages = record.id.kind == .thread || record.id.kind == .raw && goal.message != nil
        if showsMessages, goal.document == nil {
            var screen = ThreadScreen(id: id, record: record, list: results, width: layout.contentWidth)
            if !goal.find.isEmpty { screen.search = ThreadSearch(goal.find, from: goal.message ?? 0) }
            if let message = goal.message { screen.goal = .hit(message, goal) }
            push(.thread(screen))
            askMessages(id, Self.request(around: goal.message))
        } else {
            var screen = DocumentScreen(id: id, record: record, list: results)
            screen.goal = goal
            push(.document(screen))
            askDocuments(id, record.id)
        }
    }

    /// The page with a message and some of what was said before it.
    static func request(around message: Int?) -> PageRequest {
        guard let message, message > 0 else { return PageRequest(.first, limit: ThreadScreen.pageSize) }
        let before = ThreadScreen.pageSize / 5
        return message <= before
            ? PageRequest(.first, limit: ThreadScreen.pageSize)
            : PageRequest(.position(message - before), limit: ThreadScreen.pageSize)
    }

    /// Goes to another place in the record on the screen; `true` when that takes another screen.
    mutating func show(_ goal: HitGoal) -> Bool {
        let height = layout.contentLines
        switch top {
        case .thread(let screen):
            guard goal.document == nil else { return true }
            guard let message = goal.message else { return false }
            if screen.blocks.contains(where: { $0.message.position == message }) {
                edit(thread: screen.id) { $0.show(message, goal, height: height) }
            } else {
                jump(screen.id, Self.request(around: message), .hit(message, goal))
            }
            return false
        case .document(let screen):
            guard goal.message == nil, !screen.isPart else { return true }
            edit(document: screen.id) { $0.goal = goal }
            if !screen.panes.isEmpty { reachDocumentGoal(screen.id) }
            return false
        default: return true
        }
    }

    /// Brings the place that was found onto the screen, as soon as its document can be shown that far.
    mutating func reachDocumentGoal(_ id: ScreenID) {
        guard case .document(let screen) = screens.first(where: { $0.id == id }), let goal = screen.goal else { return }
        let layout = layout
        if let name = goal.document, screen.pane?.document.name != name,
            let index = screen.panes.firstIndex(where: { $0.document.name == name })
        {
            edit(document: id) {
                $0.current = index
                $0.panes[index].reflow(layout)
            }
            if documentTop?.id == id { prepareDocuments() }
        }
        guard case .document(let screen) = screens.first(where: { $0.id == id }), let pane = screen.pane else { return }
        guard goal.document != nil else {
            // The title was found: the record as a whole is the place.
            return edit(document: id) { $0.goal = nil }
        }
        guard pane.isReady(for: goal.range) else { return }
        edit(document: id) {
            $0.goal = nil
            $0.panes[$0.current].find.text = goal.find
        }
        if let range = goal.range, !range.isEmpty, let place = pane.place(of: goal, in: range) {
            edit(document: id) { $0.panes[$0.current].show(place: place, layout) }
            countMatches()
        } else if documentTop?.id == id, !goal.find.isEmpty {
            // It is not there any more, or the place was not told: the next one will do.
            searchDocument(goal.find)
        }
    }
}

extension ThreadScreen {
    /// Puts the cursor on the line of a message where one of the words stands.
    mutating func show(_ position: Int, _ goal: HitGoal, isNew: Bool = false, height: Int) {
        guard !blocks.isEmpty else { return }
        let index = blocks.firstIndex { $0.message.position >= position } ?? blocks.count - 1
        let needles = goal.words.map(TextNeedle.init)
        for (part, content) in blocks[index].parts().enumerated() {
            let found = needles.lazy.compactMap { needle in
                needle.places(in: content.text, limit: 1).places.first.map { (needle, $0) }
            }.first
            guard let (needle, offset) = found else { continue }
            let place = MessageHits.Place(part: part, offset: offset)
            let hit = ThreadSearch.Hit(position: blocks[index].message.position, number: 0, place: place)
            return show(hit, found: needle, isNew: isNew, height: height)
        }
        lay(index)
        land(on: MessageLine(message: index, line: blocks[index].firstRow), isNew: isNew, height: height)
    }
}

extension DocumentPane {
    /// Whether the form on the screen can show a place.
    func isReady(for range: Range<Int>?) -> Bool {
        switch form {
        case .text, .hex: true
        case .table: table != nil
        case .tree:
            tree.map { $0.report.outline.isFinished || $0.report.outline.readCount > (range?.upperBound ?? .max) }
                ?? false
        }
    }

    /// The bytes of one of the words within a place; `nil` when the document has changed since.
    func place(of goal: HitGoal, in range: Range<Int>) -> Range<Int>? {
        let upper = min(document.bytes.count, range.upperBound)
        guard range.lowerBound < upper else { return nil }
        let part = StoredBytes(document.bytes.slice(range.lowerBound..<upper))
        for word in goal.words {
            let found = ByteSearch.find(BytesSearch(bytes: part, pattern: BytesPattern(word), from: 0, isForward: true))
            if let found { return found.lowerBound + range.lowerBound..<found.upperBound + range.lowerBound }
        }
        // What only a pattern names is where the search has seen it.
        return goal.find.isEmpty ? range.lowerBound..<upper : nil
    }

    /// Brings bytes that were found onto the screen.
    mutating func show(place range: Range<Int>, _ layout: ScreenLayout) {
        text.match = range
        switch form {
        case .text: text.show(range.lowerBound, width: layout.contentWidth, height: layout.contentLines)
        case .hex: hex.show(range, width: layout.contentWidth, height: layout.contentLines)
        case .table: table?.show(offset: range.lowerBound, height: max(1, layout.contentLines - 1))
        case .tree: tree?.go(to: range.lowerBound, height: layout.contentLines)
        }
    }
}
