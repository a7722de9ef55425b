public import StoredRecords
internal import TerminalSurface

/// The recovery journal: every trim and delete that left something to bring back.
public struct RecoveryScreen: Sendable, Equatable {
    public let id: ScreenID
    /// Newest first, as the journal has them.
    public internal(set) var entries: [UndoEntry] = []
    /// Those the filter lets through.
    public private(set) var shown: [UndoEntry] = []
    /// The entry the cursor is on; entries keep it when the journal is read again.
    public private(set) var selectedID: String?
    public private(set) var cursor = 0
    public private(set) var top = 0
    public private(set) var filter: TextFilter?
    public internal(set) var isLoaded = false
    /// How many entries of each act on many records can be undone.
    private var undoableOfActs: [String: Int] = [:]
    public internal(set) var error: StorageError?
    var loading: RequestID?

    init(id: ScreenID) {
        self.id = id
    }

    public var isLoading: Bool { loading != nil }
    public var selected: UndoEntry? { shown.indices.contains(cursor) ? shown[cursor] : nil }
    /// Size on disk of all entries, shown or not.
    public var bytes: Int64 { entries.reduce(0) { $0 + $1.bytes } }
    public var undoable: Int { entries.count { $0.obstacle == nil } }

    /// How many entries of the act that an entry is a part of can be undone.
    public func undoable(with entry: UndoEntry) -> Int { entry.group.flatMap { undoableOfActs[$0] } ?? 0 }

    mutating func take(_ entries: [UndoEntry], height: Int) {
        self.entries = entries
        undoableOfActs = [:]
        for entry in entries where entry.obstacle == nil {
            if let group = entry.group { undoableOfActs[group, default: 0] += 1 }
        }
        isLoaded = true
        error = nil
        arrange(height: height)
    }

    mutating func setFilter(_ filter: TextFilter?, height: Int) {
        self.filter = filter
        arrange(height: height)
    }

    private mutating func arrange(height: Int) {
        shown = entries.filter { entry in
            filter?.matches([
                entry.title, entry.record.key, entry.record.source, entry.record.kind.rawValue, entry.act, entry.place,
                entry.id,
            ]) ?? true
        }
        if let index = shown.firstIndex(where: { $0.id == selectedID }) { cursor = index }
        move(to: cursor, height: height)
    }

    mutating func move(to row: Int, height: Int) {
        cursor = max(0, min(shown.count - 1, row))
        selectedID = selected?.id
        scroll(height: height)
    }

    mutating func scroll(height: Int) {
        let height = max(1, height)
        top = max(0, min(top, shown.count - height))
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
    }
}

extension ScreenLayout {
    /// Lines below the list of recovery entries that tell more of the selected one.
    public var recoveryDetailLines: Int { body.height >= 16 ? 5 : body.height >= 7 ? 3 : 0 }
    /// Lines of that list, its heading left out.
    public var recoveryLines: Int { max(1, body.height - headingLines - recoveryDetailLines) }
}
