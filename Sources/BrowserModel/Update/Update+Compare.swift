internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// Comparing two records, or two values of them.
extension BrowserState {
    var diffTop: DiffScreen? {
        if case .diff(let screen) = top { screen } else { nil }
    }

    mutating func compareRecords() {
        if case .success(let pair) = pairToCompare { openComparison(.records(pair.left, pair.right)) }
    }

    /// The two records that are compared here: in a list the marked ones, on
    /// the screen of a record that one and the next in its list.
    var pairToCompare: Result<RecordPair, NoPair> {
        if case .browse(let screen) = top { return markedPair(screen) }
        let place: (record: RecordID, list: ScreenID?)
        switch top {
        case .thread(let screen): place = (screen.record.id, screen.list)
        case .document(let screen):
            if screen.isPart { return .failure(NoPair("this is only a part of a record")) }
            place = (screen.record.id, screen.list)
        default: return .failure(NoPair("there are no records here"))
        }
        guard let id = place.list, case .browse(let browse) = screens.first(where: { $0.id == id }),
            let list = browse.list, list.rows.indices.contains(list.cursor)
        else { return .failure(NoPair("there is no list behind this")) }
        guard list.rows[list.cursor].id == place.record, list.rows.indices.contains(list.cursor + 1) else {
            return .failure(NoPair("there is no record below this one in the list"))
        }
        return .success(RecordPair(left: list.rows[list.cursor + 1].id, right: place.record))
    }

    private func markedPair(_ screen: BrowseScreen) -> Result<RecordPair, NoPair> {
        let marks = actingMarks
        guard marks.count == 2 else {
            let count = marks.isEmpty ? "none is" : marks.count == 1 ? "one is" : "\(Words.grouped(marks.count)) are"
            return .failure(NoPair("two records have to be marked for it, and \(count)"))
        }
        let pair = marks.oldest(2)
        return .success(RecordPair(left: pair[0].id, right: pair[1].id))
    }

    private mutating func openComparison(_ pair: DiffScreen.Pair) {
        let screen = DiffScreen(id: newScreenID(), pair: pair)
        push(.diff(screen))
        askComparison(screen.id)
    }

    private mutating func askComparison(_ id: ScreenID) {
        guard case .diff(let screen) = screens.first(where: { $0.id == id }) else { return }
        let job = send(
            .compare(screen.pair), .compare, "compare \(screen.names.left) with \(screen.names.right)", screen: id)
        edit(diff: id) { $0.loading = job }
    }

    mutating func takeCompared(_ answer: Answer, _ job: InFlight) {
        guard let id = job.screen else { return }
        let height = diffLines
        switch answer {
        case .compared(let comparison):
            edit(diff: id) {
                $0.loading = nil
                $0.show(comparison, height: height)
            }
            for note in comparison.notes { tell(.warning, note) }
        case .failed(let error):
            edit(diff: id) {
                $0.loading = nil
                $0.error = error
            }
            tell(error)
        default: break
        }
    }

    /// Rows that show differences; the names of the sides take one above them.
    var diffLines: Int { max(1, layout.contentLines - 1) }

    /// Goes to a difference by its number.
    mutating func goToDifference(_ number: Int) {
        guard let screen = diffTop, let count = screen.comparison?.count else { return }
        guard number <= count else { return tell(.warning, "there are \(Words.count(count, "differences"))") }
        let height = diffLines
        edit(diff: screen.id) { $0.moveTo(difference: number, height: height) }
    }

    func reasonAgainst(difference command: Command) -> String? {
        guard let screen = diffTop, let comparison = screen.comparison else { return "nothing is compared yet" }
        return comparison.count == 0 ? "there is no difference" : nil
    }

    mutating func runInDiff(_ command: Command) {
        guard let screen = diffTop else { return }
        let height = diffLines
        switch command {
        case .nextDifference, .previousDifference:
            var isFound = false
            edit(diff: screen.id) {
                isFound = $0.moveToDifference(forward: command == .nextDifference, height: height)
            }
            if !isFound {
                tell(.info, command == .nextDifference ? "this is the last difference" : "this is the first difference")
            }
        case .showWhole:
            let columns = layout.size.width
            edit(diff: screen.id) { $0.toggleWhole(columns: columns, height: height) }
        case .toggleFold:
            if let pair = screen.textsOfRow { return openComparison(.documents(pair.left, pair.right)) }
            if screen.canShowWhole { return runInDiff(.showWhole) }
            edit(diff: screen.id) { $0.toggleFold(height: height) }
        case .fold: edit(diff: screen.id) { $0.fold(height: height) }
        case .unfold: edit(diff: screen.id) { $0.unfold(height: height) }
        case .foldAll: edit(diff: screen.id) { $0.foldAll(height: height) }
        case .unfoldAll: edit(diff: screen.id) { $0.unfoldAll(height: height) }
        case .refresh: if screen.loading == nil { askComparison(screen.id) }
        default:
            guard let step = step(of: command, height: height) else { return }
            edit(diff: screen.id) { $0.move(by: step, height: height) }
        }
    }
}

/// Two records to be compared, the older one first where that is known.
struct RecordPair: Equatable {
    var left: RecordID
    var right: RecordID
}

/// Why there are no two records to compare.
struct NoPair: Error, Equatable {
    var text: String

    init(_ text: String) {
        self.text = text
    }
}

extension DiffScreen {
    /// The two texts of a string that was changed, to be compared line by line; `nil` when both are one line.
    var textsOfRow: (left: RecordDocument, right: RecordDocument)? {
        guard let row = subject, row.change == .changed, case .value(let left?, let right?, _) = row.content,
            let mine = string(left, row, isLeft: true), let theirs = string(right, row, isLeft: false),
            mine.utf8.contains(10) || theirs.utf8.contains(10)
        else { return nil }
        return (
            RecordDocument(name: "old \(place)", format: .text, bytes: StoredBytes(mine)),
            RecordDocument(name: "new \(place)", format: .text, bytes: StoredBytes(theirs))
        )
    }

    /// What can be copied of the row in focus.
    var copyItems: [CopyMenu.Item] {
        guard let row = subject else { return [] }
        var items: [CopyMenu.Item] = []
        func add(_ letter: Character, _ label: String, _ name: String, _ content: CopyOrder.Content) {
            items.append(CopyMenu.Item(letter: letter, label: label, order: CopyOrder(name, content)))
        }
        func side(_ isLeft: Bool) -> StoredBytes? {
            let section = section(of: row)
            return (isLeft ? section?.left : section?.right)?.document.bytes
        }
        switch row.content {
        case .value(let left, let right, _):
            if let right, let end = right.end, let bytes = side(false) {
                add("v", "value", "the new \(place)", .bytes(bytes, right.start..<end))
            }
            if let left, let end = left.end, let bytes = side(true) {
                add("j", "old value", "the old \(place)", .bytes(bytes, left.start..<end))
            }
            add("p", "path", "the path", .text(place))
        case .line(let left, let right, _):
            if let right, let bytes = side(false) { add("v", "line", "the line", .bytes(bytes, right.range)) }
            if right == nil, let left, let bytes = side(true) {
                add("v", "line", "the line", .bytes(bytes, left.range))
            }
        default: break
        }
        return items
    }
}
