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
    /// Records that were deleted.
    public var gone: Set<RecordID> = []
    /// What every call fails with.
    public var error: StorageError?
    public var messages: @Sendable (RecordID) -> (count: Int, make: @Sendable (Int) -> StoredMessage) = { _ in
        (0, { PretendRecords.message($0, .user, "") })
    }
    public var documents: @Sendable (RecordID) -> [RecordDocument] = { _ in [] }
    /// What changes when a record changes.
    public var revision: @Sendable (RecordID) -> String? = { _ in "1" }
    /// The plan for a request; `nil` for the usual one.
    public var plan: (@Sendable (ChangeRequest, RecordSummary) -> ChangePlan)?

    public init(_ name: String, _ shelves: [RecordKind: Shelf]) {
        self.name = name
        self.shelves = shelves
    }

    /// What a search tells, all at once.
    public func look(for query: SearchQuery) -> [SearchNews] {
        var news: [SearchNews] = []
        for kind in shelves.keys.sorted() {
            guard let shelf = shelves[kind] else { continue }
            for index in 0..<min(shelf.count, 100) {
                let record = shelf.make(index)
                var hits: [SearchHit] = []
                if query.text.matches(record) { hits.append(SearchHit(record: record, excerpt: record.title)) }
                let talk = messages(record.id)
                let count = kind == .thread ? talk.count : 0
                for position in 0..<min(count, 1000) {
                    let message = talk.make(position)
                    guard query.text.matches([message.plainText]) else { continue }
                    hits.append(
                        SearchHit(
                            record: record, message: position, role: message.role,
                            excerpt: message.plainText.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
                }
                if kind != .thread { hits += documentHits(record, query) }
                let limit = query.hitsPerRecord ?? hits.count
                news += hits.prefix(limit).map { .hit($0) }
                if hits.count > limit { news.append(.further(record.id, hits.count - limit)) }
                news.append(.looked(SearchedAmount(records: 1, messages: count)))
            }
        }
        return news
    }

    private func documentHits(_ record: RecordSummary, _ query: SearchQuery) -> [SearchHit] {
        documents(record.id).filter { $0.format != .binary }.compactMap { document in
            let text = document.bytes.lossyText
            guard let word = query.text.parts.first, query.text.matches([text]),
                let found = text.lowercased().firstRange(of: word.lowercased())
            else { return nil }
            let start = text.utf8.distance(from: text.startIndex, to: found.lowerBound)
            return SearchHit(
                record: record, document: document.name, range: start..<start + word.utf8.count,
                line: text[..<found.lowerBound].count { $0 == "\n" } + 1,
                excerpt: String(text[found.lowerBound...].prefix(80)))
        }
    }

    func list(_ query: RecordQuery) -> Page<RecordSummary> {
        guard let shelf = shelves[query.kind] else { return Page(items: [], total: .exact(0)) }
        guard query.filter != nil || !gone.isEmpty || query.sort != .newest && query.sort.field != .key else {
            return Self.page(query.page, count: shelf.count, total: shelf.total, make: shelf.make)
        }
        var records = (0..<shelf.count).map(shelf.make).filter { !gone.contains($0.id) }
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
