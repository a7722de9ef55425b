public import StoredRecords

/// A source whose records are made when they are asked for, so that there may be a million.
public struct PretendSource: Sendable {
    /// The records of a kind, newest first.
    public struct Shelf: Sendable {
        public var count: Int
        public var total: Total?
        public var make: @Sendable (Int) -> RecordSummary

        public init(count: Int, total: Total? = nil, make: @escaping @Sendable (Int) -> RecordSummary) {
            self.count = count
            self.total = total
            self.make = make
        }

        public init(_ records: [RecordSummary]) {
            self.init(count: records.count) { records[$0] }
        }
    }

    public var name: String
    public var engine = "memory"
    public var layouts = ["pretend"]
    public var shelves: [RecordKind: Shelf]
    public var isReadOnly = false
    /// Why the store grants no changes.
    public var refusal: String?
    /// What its records can be sorted by; asked for anything else but the key it fails.
    public var sortFields: [RecordSort.Field] = [.updated, .title, .messages]
    /// What every call fails with.
    public var error: StorageError?
    public var messages: @Sendable (RecordID) -> (count: Int, make: @Sendable (Int) -> StoredMessage) = { _ in
        (0, { PretendRecords.message($0, .user, "") })
    }
    public var documents: @Sendable (RecordID) -> [RecordDocument] = { _ in [] }
    /// The plan for a request; `nil` for the usual one.
    public var plan: (@Sendable (ChangeRequest, RecordSummary) -> ChangePlan)?

    public init(_ name: String, _ shelves: [RecordKind: Shelf]) {
        self.name = name
        self.shelves = shelves
    }

    func list(_ query: RecordQuery) -> Page<RecordSummary> {
        guard let shelf = shelves[query.kind] else { return Page(items: [], total: .exact(0)) }
        guard query.filter != nil || query.sort != .newest && query.sort.field != .key else {
            return Self.page(query.page, count: shelf.count, total: shelf.total, make: shelf.make)
        }
        var records = (0..<shelf.count).map(shelf.make)
        if let filter = query.filter { records = records.filter { filter.matches($0) } }
        if query.sort.field == .title { records.sort { $0.title < $1.title } }
        if query.sort.field == .messages { records.sort { ($0.messages ?? 0) < ($1.messages ?? 0) } }
        if query.sort.field != .updated, query.sort.descending { records.reverse() }
        if query.sort == RecordSort(.updated, descending: false) { records.reverse() }
        let sorted = records
        return Self.page(query.page, count: sorted.count, total: nil) { sorted[$0] }
    }

    static func page<Item: Sendable>(
        _ request: PageRequest, count: Int, total: Total?, make: (Int) -> Item
    ) -> Page<Item> {
        let start: Int
        var end: Int
        switch request.start {
        case .first:
            start = 0
            end = request.limit
        case .last:
            start = max(0, count - request.limit)
            end = count
        case .after(let cursor):
            start = Int(cursor.text) ?? 0
            end = start + request.limit
        case .before(let cursor):
            end = Int(cursor.text) ?? 0
            start = max(0, end - request.limit)
        case .position(let position):
            start = min(position, count)
            end = start + request.limit
        }
        end = min(count, end)
        return Page(
            items: (start..<max(start, end)).map(make), next: end < count ? PageCursor(String(end)) : nil,
            previous: start > 0 ? PageCursor(String(start)) : nil, total: total ?? .exact(count))
    }
}
