public import StoredRecords
internal import TerminalSurface

/// Asks before many marked records are deleted, trimmed or exported.
public struct BulkDialog: Sendable, Equatable {
    public enum Act: String, Sendable, Equatable {
        case delete, trim, export
    }

    /// The records of one kind in one source.
    public struct Part: Sendable, Equatable {
        public let kind: RecordKind
        public let source: String
        public let records: Int
        /// Why they are left out; `nil` for those that are acted on.
        public let obstacle: String?
    }

    /// From so many records on their number has to be typed.
    public static let countedFrom = 10
    /// Parts and names that are shown; of the others it is said how many there are.
    public static let shownParts = 4
    public static let shownNames = 3

    public static let formats = ["usual", "json", "jsonl", "md", "txt", "csv", "html"]

    public let act: Act
    /// The marks as they were when the question was asked: what is confirmed is what was shown.
    let marks: Marks
    public let parts: [Part]
    public let leftOut: [Part]
    /// Records that would be acted on.
    public let count: Int
    /// Their messages, as far as their numbers are known.
    public let messages: Int
    /// Conversations among them that hold more than their messages.
    public let contexts: Int
    /// The first of them, which the question names.
    public let shown: [Mark]
    public internal(set) var keep: String
    public internal(set) var snaps = false
    public internal(set) var scope = DeleteScope.record
    /// Whether the number of records is being typed, and what was.
    public internal(set) var isCounting: Bool
    public internal(set) var typed = ""
    public internal(set) var focus = DialogButton.cancel
    /// Where an export goes: a directory.
    public internal(set) var line = LineInput()
    public internal(set) var format = 0
    public internal(set) var error: String?
    var replacesNumber = true

    init(_ act: Act, _ marks: Marks, keep: Int, obstacle: (Marks.Group) -> String?) {
        self.act = act
        self.marks = marks
        var parts: [Part] = []
        var leftOut: [Part] = []
        var sums = Marks.Tally()
        for (group, tally) in marks.groups.sorted(by: { $0.key < $1.key }) {
            let obstacle = obstacle(group)
            let part = Part(kind: group.kind, source: group.source, records: tally.records, obstacle: obstacle)
            guard obstacle == nil else {
                leftOut.append(part)
                continue
            }
            parts.append(part)
            sums.records += tally.records
            sums.messages += tally.messages
            sums.contexts += tally.contexts
        }
        self.parts = parts
        self.leftOut = leftOut
        count = sums.records
        messages = sums.messages
        contexts = sums.contexts
        let left = Set(leftOut.map { Marks.Group(kind: $0.kind, source: $0.source) })
        shown = Array(marks.oldest(1000).lazy.filter { !left.contains($0.group) }.prefix(Self.shownNames))
        self.keep = String(keep)
        isCounting = act == .delete && sums.records >= Self.countedFrom
        if act == .export { line = LineInput("./", isProposal: true) }
    }

    /// Whether the number of records has to be typed before anything is changed.
    public var needsCount: Bool { act != .export && count >= Self.countedFrom }

    public var isCounted: Bool { !needsCount || Int(typed) == count }

    /// Whether it can be confirmed now.
    public var isReady: Bool {
        count > 0 && isCounted && (act != .trim || Int(keep) != nil)
    }

    /// Whether all that has to be seen has room; else nothing can be confirmed.
    public func fits(_ layout: ScreenLayout) -> Bool {
        let shown = min(parts.count, Self.shownParts + 1) + min(leftOut.count, Self.shownParts + 1)
        let own = 1 + (act == .trim ? 1 : 0) + (needsCount ? 1 : 0)
        // Frame and buttons with a line above them, or the title and the buttons.
        return shown + own + (layout.boxesDialogs ? 5 : 2) <= layout.body.height && layout.dialogTextWidth >= 26
    }

    mutating func typed(_ digit: Character) {
        if isCounting {
            typed = String((typed + String(digit)).prefix(9))
        } else {
            keep = replacesNumber ? String(digit) : String((keep + String(digit)).prefix(9))
            replacesNumber = false
        }
        focus = .cancel
    }

    mutating func erase() {
        if isCounting {
            typed.removeLast(min(1, typed.count))
        } else {
            keep.removeLast(min(1, keep.count))
            replacesNumber = false
        }
        focus = .cancel
    }

    mutating func eraseAll() {
        if isCounting { typed = "" } else { keep = "" }
        replacesNumber = false
        focus = .cancel
    }

    mutating func changeKeep(by step: Int) {
        guard !isCounting else { return }
        keep = String(max(0, min(999_999_999, (Int(keep) ?? 0) + step)))
        replacesNumber = true
    }
}

extension Mark {
    var group: Marks.Group { Marks.Group(kind: id.kind, source: id.source) }
}
