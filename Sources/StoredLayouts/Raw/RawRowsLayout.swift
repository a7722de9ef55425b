public import EngineCore
internal import JSONText
public import StoredRecords

/// Tables of no known format: one record each, its rows as messages.
public struct RawRowsLayout: RawLayout {
    public let source: String
    private let engine: any RowEngine
    /// Tables that belong to another layout.
    private let hidden: Set<String>

    public init(engine: any RowEngine, context: LayoutContext, hiding hidden: Set<String> = []) {
        source = context.source
        self.engine = engine
        self.hidden = hidden
    }

    var place: String { engine.place }

    public func capabilities(of kind: RecordKind) -> RecordCapabilities { rawCapabilities(kind, [.key]) }

    /// The tables and views that no other layout has taken.
    func tables() async throws(StorageError) -> [TableInfo] {
        try await engine.tables().filter { !hidden.contains($0.name) }
    }

    private func table(_ key: String, operation: String) async throws(StorageError) -> TableInfo {
        guard let table = try await tables().first(where: { $0.name.isExactly(key) }) else {
            throw notFound(.raw, key, operation: operation, place: place)
        }
        return table
    }

    private func rows(_ table: TableInfo) -> RawRows { RawRows(engine: engine, table: table) }

    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try requireSort(query, place: place)
        guard query.kind == .raw else { return Page(items: [], total: .exact(0)) }
        let tables = try await tables()
        var page = try SummaryPaging(query).page(of: tables.map(summary), operation: "list raw", place: place)
        for index in page.items.indices {
            guard let table = tables.first(where: { $0.name.isExactly(page.items[index].id.key) }) else { continue }
            // A view may be wrong or not end; the others are shown all the same.
            do throws(StorageError) {
                if let count = try await rows(table).count(upTo: Self.countedInLists) {
                    page.items[index].messages = count
                } else {
                    page.items[index].notes.append("more than \(Self.countedInLists) rows")
                }
            } catch {
                if error.kind == .cancelled { throw error }
                page.items[index].notes.append("its rows cannot be counted: \(error.reason)")
            }
        }
        return page
    }

    private static let countedInLists = 100_000

    private func summary(_ table: TableInfo) -> RecordSummary {
        let columns = table.columns.map { $0.type.isEmpty ? $0.name : "\($0.name) \($0.type)" }
        return RecordSummary(
            id: recordID(.raw, table.name), title: columns.joined(separator: ", "),
            notes: table.isView ? ["a view"] : [])
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        kind == .raw ? .exact(try await tables().count) : .exact(0)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .raw, let table = try await tables().first(where: { $0.name.isExactly(key) }) else { return nil }
        var summary = summary(table)
        summary.messages = try await rows(table).count()
        return summary
    }

    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        try await rows(try await table(key, operation: "list rows of \(key)")).page(page)
    }

    /// The columns, and the first rows as JSON lines; all rows are in the messages.
    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        let operation = "read \(key)"
        guard kind == .raw else { throw notFound(kind, key, operation: operation, place: place) }
        let table = try await table(key, operation: operation)
        let page = try await rows(table).page(PageRequest(.first, limit: Self.rowsInDocument))
        var lines: [UInt8] = []
        for row in page.items {
            for case .json(let value) in row.content { lines += value.serializedBytes(.compact) + [0x0A] }
        }
        let total = page.total.number ?? page.items.count
        let notes =
            total > page.items.count
            ? ["the first \(page.items.count) of \(total) rows; all of them show as messages"] : []
        let columns = table.columns.map { column in
            JSONValue(members: [
                ("name", .text(column.name)), ("type", .text(column.type)),
                ("primaryKey", .bool(column.isPrimaryKey)),
            ])
        }
        return [
            RecordDocument(
                name: "rows.jsonl",
                format: .jsonLines(columns: table.columns.map { TableColumn(name: $0.name, type: $0.type) }),
                bytes: StoredBytes(lines), notes: notes),
            RecordDocument(
                name: "columns.json", format: .json,
                bytes: StoredBytes(JSONValue.array(columns).serializedBytes(.pretty)), isContent: false),
        ]
    }

    private static let rowsInDocument = 1000

    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.raw) else { return }
        for table in try await tables() {
            let record = summary(table)
            if query.text.matches(record) { _ = delivery.hit(SearchHit(record: record, excerpt: table.name)) }
            try await rows(table).search(query.text, of: record, delivery)
            if delivery.looked(records: 1) == .stop { return }
        }
    }

    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard kind == .raw, let table = try await tables().first(where: { $0.name.isExactly(key) }) else { return nil }
        return try await rows(table).revision(countingUpTo: Self.countedInLists)
    }
}
