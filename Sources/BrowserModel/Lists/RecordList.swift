public import StoredRecords

/// A list of records of one kind, merged from pages of all its sources.
///
/// A record is shown once no source can still put an unseen one before it: the
/// merge stops where a source with more pages runs out, and begins where every
/// source that left pages behind has begun. Sources that have not answered are
/// not waited for.
public struct RecordList: Sendable, Equatable {
    public static let pageSize = 100
    /// Items of one source that are held before far pages are dropped.
    static let heldItems = 1000

    /// What stays in place when rows come and go.
    enum Anchor: Sendable, Equatable {
        case top, bottom
        /// The selected record.
        case record
    }

    public let kind: RecordKind
    public var filter: RecordFilter?
    public var sort: RecordSort
    /// One for each source that has the kind, in the order of the sources.
    public internal(set) var windows: [SourceWindow] = []
    /// The merged records around what is seen.
    public internal(set) var rows: [RecordSummary] = [] { didSet { revision &+= 1 } }
    /// 0-based place of the first of `rows` in the whole list; `nil` while it cannot be known.
    public internal(set) var offset: Int? = 0
    /// The record in focus; stays the same record whatever is read anew.
    public internal(set) var selected: RecordID?
    /// Its place in `rows`.
    public internal(set) var cursor = 0
    /// The first of `rows` on the screen.
    public internal(set) var top = 0
    var anchor = Anchor.top
    /// A record that is looked for in a list read anew, until every source has answered or the user moves.
    var sought: RecordID?
    /// The record a range of rows begins at; `nil` while none is chosen.
    public internal(set) var rangeStart: RecordID?
    /// Its place in `rows`.
    var rangeRow = 0
    /// Different after every change of `rows`.
    private(set) var revision = 0

    public init(kind: RecordKind, sort: RecordSort? = nil) {
        self.kind = kind
        self.sort = sort ?? Self.usualSort(of: kind)
    }

    /// Newest first; what no layout explains has no known time and comes by its key, the one order all stores have.
    public static func usualSort(of kind: RecordKind) -> RecordSort {
        kind == .raw ? RecordSort(.key, descending: false) : .newest
    }

    public var selectedRecord: RecordSummary? { rows.indices.contains(cursor) ? rows[cursor] : nil }
    public var isEmpty: Bool { rows.isEmpty }
    public var isLoading: Bool { windows.contains(where: \.isLoading) }
    public var failures: [SourceWindow] { windows.filter { $0.error != nil } }

    /// How many records there are in all, of the sources that answered.
    public var total: Total {
        let totals = windows.filter(\.isAnswered).map(\.window.total)
        guard let first = totals.first else { return .unknown }
        let sum = totals.dropFirst().reduce(first, +)
        if case .unknown = sum, !rows.isEmpty { return .atLeast(rows.count) }
        return sum
    }

    /// How the records of all sources stand among each other.
    var order: RecordOrder { RecordOrder(sort: sort, of: windows) }

    /// The sources whose records come last because they cannot be ordered so.
    public var unordered: [String] { windows.filter(\.standsApart).map(\.source) }

    /// The order to ask a source for.
    func sort(of source: String) -> RecordSort {
        windows.first { $0.source == source }?.ownSort ?? sort
    }

    /// Whether nothing lies before `rows`.
    public var isAtStart: Bool { windows.allSatisfy { !$0.isJoined || $0.window.isAtStart } }
    /// Whether nothing lies after `rows`.
    public var isAtEnd: Bool { windows.allSatisfy { !$0.isJoined || $0.window.isAtEnd } }
}

// MARK: Moving

extension RecordList {
    /// Moves the cursor as the user asks; from then on the selected record is what stays.
    mutating func moveCursor(to index: Int, height: Int) {
        sought = nil
        anchor = .record
        setCursor(index, height: height)
    }

    mutating func select(_ id: RecordID, height: Int) {
        guard let index = rows.firstIndex(where: { $0.id == id }) else { return }
        moveCursor(to: index, height: height)
    }

    func setCursorIndex(_ index: Int) -> Int { max(0, min(rows.count - 1, index)) }

    mutating func setCursor(_ index: Int, height: Int) {
        cursor = setCursorIndex(index)
        selected = rows.isEmpty ? nil : rows[cursor].id
        scroll(height: height)
    }

    /// Keeps the cursor on the screen and the screen within the rows.
    mutating func scroll(height: Int) {
        let height = max(1, height)
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rows.count - height))
    }
}

// MARK: Requests

extension RecordList {
    /// A page that is to be asked of a source.
    struct Wanted: Sendable, Equatable {
        var source: String
        var request: PageRequest
    }

    /// The pages to ask for so that there is more to see around the cursor.
    func wanted(height: Int) -> [Wanted] {
        let margin = max(height * 2, Self.pageSize / 2)
        let needsAfter = rows.count - cursor <= margin
        let needsBefore = cursor <= margin
        var wanted: [Wanted] = []
        for window in windows where window.isAnswered && window.loadingAnew == nil && window.error == nil {
            let catchesUp = !window.isJoined
            if catchesUp ? anchor != .bottom : needsAfter, window.loadingAfter == nil,
                catchesUp || hasFew(window, after: true, margin: margin),
                let request = window.window.following(limit: Self.pageSize)
            {
                wanted.append(Wanted(source: window.source, request: request))
            }
            if catchesUp ? anchor == .bottom : needsBefore, window.loadingBefore == nil,
                catchesUp || hasFew(window, after: false, margin: margin),
                let request = window.window.preceding(limit: Self.pageSize)
            {
                wanted.append(Wanted(source: window.source, request: request))
            }
        }
        return wanted
    }

    /// Whether few of the source's items lie beyond the merged rows on that side.
    private func hasFew(_ window: SourceWindow, after: Bool, margin: Int) -> Bool {
        guard let edge = after ? rows.last : rows.first else { return true }
        let order = order
        let items = window.window.items
        let beyond =
            after
            ? items.reversed().prefix { order.isBefore(edge, $0) }.count
            : items.prefix { order.isBefore($0, edge) }.count
        return beyond < margin
    }

    /// The request that begins the list for a source.
    var beginning: PageRequest { PageRequest(anchor == .bottom ? .last : .first, limit: Self.pageSize) }

    /// The requests that read anew what is held, without losing the place.
    var refreshing: [Wanted] {
        windows.map { window in
            let held = window.window
            let limit = max(Self.pageSize, min(held.count, Self.heldItems))
            let request =
                if !held.isLoaded {
                    beginning
                } else if held.isAtStart {
                    PageRequest(.first, limit: limit)
                } else if let start = held.start {
                    PageRequest(.position(start), limit: limit)
                } else {
                    PageRequest(.last, limit: limit)
                }
            return Wanted(source: window.source, request: request)
        }
    }

    mutating func setSources(_ names: [String]) {
        var old: [String: SourceWindow] = [:]
        for window in windows { old[window.source] = window }
        windows = names.map { old[$0] ?? SourceWindow(source: $0) }
    }

    mutating func began(_ id: RequestID, _ request: PageRequest, source: String) {
        guard let index = windows.firstIndex(where: { $0.source == source }) else { return }
        switch request.start {
        case .after: windows[index].loadingAfter = id
        case .before: windows[index].loadingBefore = id
        default:
            windows[index].loadingAnew = id
            windows[index].error = nil
        }
    }

    /// Forgets what was read, to begin again at the start or the end; rows stay until new ones come.
    mutating func restart(at anchor: Anchor) {
        self.anchor = anchor
        sought = nil
        endRange()
        for index in windows.indices { windows[index] = SourceWindow(source: windows[index].source) }
    }
}

extension RecordList {
    /// Keeps the selected record selected if it comes with the first rows, else the first one is.
    mutating func seekSelected() {
        sought = selected
        anchor = .top
    }

    /// Forgets what was read; the first record that comes next is selected and stays so.
    mutating func restartAtFirstRow() {
        restart(at: .record)
        selected = nil
        cursor = 0
        top = 0
    }
}

// MARK: Answers

extension RecordList {
    /// Puts in the answer of one source and merges anew.
    mutating func arrived(
        _ page: Page<RecordSummary>, for request: PageRequest, _ id: RequestID, source: String, height: Int
    ) {
        guard let index = windows.firstIndex(where: { $0.source == source }) else { return }
        windows[index].forget(id)
        windows[index].error = nil
        windows[index].window.insert(page, for: request)
        windows[index].settle(sort)
        merge(height: height)
    }

    mutating func failed(_ error: StorageError, _ id: RequestID, source: String) {
        guard let index = windows.firstIndex(where: { $0.source == source }) else { return }
        windows[index].forget(id)
        windows[index].error = error
    }

    /// Takes a record out that is no longer stored, before the list is read anew.
    mutating func remove(_ id: RecordID, height: Int) {
        if let source = windows.firstIndex(where: { $0.source == id.source }) {
            windows[source].window.remove { $0.id == id }
        }
        guard let index = rows.firstIndex(where: { $0.id == id }) else { return }
        rows.remove(at: index)
        setCursor(index < cursor ? cursor - 1 : cursor, height: height)
        findRange()
    }

    /// Puts a fresh summary in the place of an old one.
    mutating func replace(_ record: RecordSummary) {
        if let index = rows.firstIndex(where: { $0.id == record.id }) { rows[index] = record }
        guard let source = windows.firstIndex(where: { $0.source == record.id.source }) else { return }
        windows[source].window.update { item in
            if item.id == record.id { item = record }
        }
    }
}
