public import EngineCore
public import StoredRecords

/// MemexLLM's threads in two tables of a database, as its SQLite storage lays
/// them out: `threads` and `messages`.
///
/// Lists are ordered by the stored text of their times, as MemexLLM orders
/// them; that is the order of the moments as long as all have one offset.
public struct MemexRowsLayout: RecordLayout, ThreadStore {
    public static let layoutName = "memexllm"

    public var name: String { Self.layoutName }
    public let source: String
    public var kinds: [RecordKind] { [.thread] }
    public let maxMessages: Int?

    /// The tables it has taken, as they are called in the database.
    public var tableNames: [String] { [tables.threads.name, tables.messages.name] }

    let engine: any RowEngine
    let tables: MemexTables
    let clock: Clock
    /// The orphans found last, see `MemexRowsLayout+Orphans`.
    let orphanMemory = OrphanMemory()

    init(engine: any RowEngine, tables: MemexTables, context: LayoutContext) {
        self.engine = engine
        self.tables = tables
        source = context.source
        maxMessages = context.options.maxMessages
        clock = context.clock
    }

    /// The layout, when the database has MemexLLM's tables; looks at the schema only.
    public static func detect(
        _ engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        detect(engine, context, try await engine.tables())
    }

    /// The same with the schema at hand.
    static func detect(_ engine: any RowEngine, _ context: LayoutContext, _ tables: [TableInfo]) -> [MemexRowsLayout] {
        guard context.options.wants(layoutName),
            let memex = MemexTables(tables, names: context.options.tables, dialect: engine.dialect)
        else { return [] }
        return [MemexRowsLayout(engine: engine, tables: memex, context: context)]
    }

    public func capabilities(of kind: RecordKind) -> RecordCapabilities {
        guard kind == .thread else {
            let none = Availability.unavailable("MemexLLM stores threads only")
            return RecordCapabilities(delete: none, trim: none, write: none, sortFields: [])
        }
        let change = write
        return RecordCapabilities(
            delete: change, trim: change, write: change, sortFields: [.updated, .created, .key, .title, .messages])
    }

    // MARK: Shared by its extensions

    /// Whether anything here can be changed.
    var write: Availability { engine.write(of: [tables.threads, tables.messages]) }

    func error(
        _ kind: StorageError.Kind, _ operation: String, _ reason: String, help: String = ""
    ) -> StorageError {
        StorageError(kind, operation: operation, place: engine.place, reason: reason, help: help)
    }

    func requireThreads(_ kind: RecordKind, _ operation: String) throws(StorageError) {
        guard kind == .thread else { throw error(.notFound, operation, "MemexLLM stores no \(kind.plural)") }
    }

    /// The thread's own row with what names it first; `nil` when it has none.
    func threadRow(_ id: ThreadID) async throws(StorageError) -> Row? {
        try await engine.query(threadRowStatement(id)).first
    }

    func threadRow(_ id: ThreadID, in reader: any RowReader) throws(StorageError) -> Row? {
        try reader.query(threadRowStatement(id)).first
    }

    func threadRowStatement(_ id: ThreadID) -> SQLStatement {
        "SELECT \(tables.selectList(tables.threads)) FROM \(tables.threadTable) WHERE " + tables.isThread(id)
            + " LIMIT 1"
    }

    func countStatement(of id: ThreadID) -> SQLStatement {
        "SELECT count(*) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id)
    }
}

extension Row {
    /// The first value as a count.
    var count: Int { Int(self[0].integer ?? 0) }
}
