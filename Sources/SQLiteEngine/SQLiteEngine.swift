internal import CSQLite
public import EngineCore
public import StoredRecords

/// The tables of one SQLite database as rows.
///
/// Reading uses connections that cannot write; the one that can is opened by
/// the first transaction. Reading leaves every stored byte and file name as it
/// was, also in write-ahead mode (see `WriteAheadFiles`); only the content of a
/// `-shm` file that is already there may change, which is no stored content.
/// A write that a stopped program left unfinished is taken back first, unless
/// the engine is read-only, since no program can read the database before.
public final class SQLiteEngine: RowEngine {
    public static let sqlDialect = SQLDialect(name: "sqlite", placeholder: .questionMark, rowIdentity: "rowid")

    public let place: String
    public let capabilities: EngineCapabilities
    public var dialect: SQLDialect { Self.sqlDialect }

    /// Short queries, long streams and writes do not wait for each other; in
    /// memory there is one connection for all.
    private let queries: SQLiteSession
    private let streams: SQLiteSession
    private let writes: SQLiteSession

    /// Opens the database and looks at its schema.
    ///
    /// - Parameter create: Make an empty database where there is no file;
    ///   without it that is `notFound`.
    ///
    /// Throws `corrupt` for a file that is no database, `busy`, `denied`.
    public init(
        path: String, options: EngineOptions = EngineOptions(), create: Bool = false
    ) async throws(StorageError) {
        let operation = "open the database"
        let file = try DatabaseFile(path: path, operation)
        // Less than the deadline, so that the answer names the lock and not the time.
        let patience = min(options.deadline / 2, .seconds(5))
        place = file.path
        capabilities = EngineCapabilities(family: .rows, write: options.write, hasTransactions: true)
        let reading: @Sendable (String) throws(StorageError) -> SQLiteConnection = { operation throws(StorageError) in
            try SQLiteConnection.reading(file, patience: patience, operation)
        }
        queries = SQLiteSession(
            file: file, place: place, deadline: options.deadline, mayTakeBack: !options.readOnly, open: reading)
        streams = SQLiteSession(
            file: file, place: place, deadline: options.deadline, mayTakeBack: !options.readOnly, open: reading)
        writes = SQLiteSession(file: file, place: place, deadline: options.deadline) {
            operation throws(StorageError) in
            try SQLiteConnection.writing(file, patience: patience, operation)
        }
        if create {
            try requireWritable(operation)
            let lane = BlockingLane(place: place, deadline: options.deadline)
            defer { lane.close() }
            try await lane.run(operation) { _ throws(StorageError) in
                if try file.state(operation) == nil {
                    try SQLiteConnection.create(file, patience: patience, operation)
                }
            }
        }
        try await queries.run(operation) { _ in }
    }

    private init(memory session: SQLiteSession, options: EngineOptions) {
        place = ":memory:"
        capabilities = EngineCapabilities(family: .rows, write: options.write, hasTransactions: true)
        queries = session
        streams = session
        writes = session
    }

    /// An empty database in memory; gone when the engine is.
    public static func inMemory(options: EngineOptions = EngineOptions()) async throws(StorageError) -> SQLiteEngine {
        let session = SQLiteSession(file: nil, place: ":memory:", deadline: options.deadline) {
            operation throws(StorageError) in
            try SQLiteConnection.inMemory(patience: .zero, operation)
        }
        try await session.run("open the database") { _ in }
        return SQLiteEngine(memory: session, options: options)
    }

    public func tables() async throws(StorageError) -> [TableInfo] {
        let operation = "list tables"
        return try await queries.run(operation) { connection throws(StorageError) in
            try SQLiteSchema.tables(connection, operation)
        }
    }

    public func references(to tables: [TableInfo]) async throws(StorageError) -> [TableReference] {
        let operation = "list references"
        return try await queries.run(operation) { connection throws(StorageError) in
            try SQLiteSchema.references(to: tables, connection, operation)
        }
    }

    public func triggered(of tables: [TableInfo]) async throws(StorageError) -> [TableInfo] {
        let operation = "list triggers"
        return try await queries.run(operation) { connection throws(StorageError) in
            try SQLiteSchema.triggered(of: tables, connection, operation)
        }
    }

    public func query(_ statement: SQLStatement) async throws(StorageError) -> [Row] {
        try await queries.run("read rows") { connection throws(StorageError) in
            try connection.query(statement, "read rows")
        }
    }

    public func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError) {
        try await streams.run("read rows") { connection throws(StorageError) in
            try connection.stream(statement, "read rows", receive)
        }
    }

    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any RowReader) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await queries.run("read rows") { connection throws(StorageError) in
            try connection.read("read rows", body)
        }
    }

    @discardableResult
    public func transaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try requireWritable(operation)
        return try await writes.run(operation) { connection throws(StorageError) in
            try connection.transaction(operation, body)
        }
    }

    public func unreferencedTransaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try requireWritable(operation)
        return try await writes.run(operation) { connection throws(StorageError) in
            // Inside a transaction the setting does not change.
            try connection.run("PRAGMA foreign_keys = OFF", operation)
            defer { try? connection.run("PRAGMA foreign_keys = ON", operation) }
            return try connection.transaction(operation, body)
        }
    }

    public func close() async {
        await queries.close()
        await streams.close()
        // Last: the one that wrote is the one that empties the write-ahead log.
        await writes.close()
    }
}
