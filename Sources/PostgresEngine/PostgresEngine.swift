public import EngineCore
public import StoredRecords

/// The tables of one PostgreSQL database as rows, by libpq.
///
/// Reading uses sessions that the server does not let write; the one that can
/// is opened by the first transaction. A transaction sees one snapshot; where
/// another program has changed what it changes, it is a `conflict` and nothing
/// of it is left. A connection that the server has ended is opened again by
/// the next call.
public final class PostgresEngine: RowEngine {
    /// - Parameter isUTF8: whether the database's own encoding is UTF-8, as nearly all have it.
    public static func sqlDialect(isUTF8: Bool = true) -> SQLDialect {
        SQLDialect(
            name: "postgresql", placeholder: .numbered, rowIdentity: nil, byteForm: .converted(isUTF8: isUTF8),
            byteOrder: "\"C\"", sortsNullFirst: false, timeType: "TEXT", hasSchemas: true,
            numberOverride: "OVERRIDING SYSTEM VALUE", caseBlindLike: "ILIKE")
    }

    public let place: String
    public let capabilities: EngineCapabilities
    public let dialect: SQLDialect

    /// Short queries, long streams and writes do not wait for each other.
    private let queries: PostgresSession
    private let streams: PostgresSession
    private let writes: PostgresSession

    /// Connects to the database.
    ///
    /// - Parameter location: A URL (`postgres://`, `postgresql://`) or
    ///   `keyword=value` pairs, as libpq takes them; what it leaves out comes
    ///   from the service file, the password file and libpq's environment
    ///   variables, so that an empty text is all of these.
    ///
    /// Throws `invalid` for a text that is no location, `unavailable`,
    /// `denied`, `notFound` for a database that is not there.
    public init(location: String, options: EngineOptions = EngineOptions()) async throws(StorageError) {
        let operation = "open the database"
        let location = try PostgresLocation(location, operation)
        capabilities = EngineCapabilities(family: .rows, write: options.write, hasTransactions: true)
        queries = try PostgresSession(location, for: .reading, options: options, operation)
        streams = try PostgresSession(location, for: .reading, options: options, operation)
        writes = try PostgresSession(location, for: .writing, options: options, operation)
        (place, dialect) = try await queries.run(operation, mayRepeat: { true }) { connection in
            (connection.place, Self.sqlDialect(isUTF8: connection.encoding == "UTF8"))
        }
    }

    public func tables() async throws(StorageError) -> [TableInfo] {
        let operation = "list tables"
        return try await queries.run(operation, mayRepeat: { true }) { connection throws(StorageError) in
            try PostgresSchema.tables(connection, operation)
        }
    }

    public func references(to tables: [TableInfo]) async throws(StorageError) -> [TableReference] {
        let operation = "list references"
        return try await queries.run(operation, mayRepeat: { true }) { connection throws(StorageError) in
            try PostgresSchema.references(to: tables, connection, operation)
        }
    }

    public func triggered(of tables: [TableInfo]) async throws(StorageError) -> [TableInfo] {
        let operation = "list triggers"
        return try await queries.run(operation, mayRepeat: { true }) { connection throws(StorageError) in
            try PostgresSchema.triggered(of: tables, connection, operation)
        }
    }

    public func query(_ statement: SQLStatement) async throws(StorageError) -> [Row] {
        let operation = "read rows"
        return try await queries.run(operation, mayRepeat: { true }) { connection throws(StorageError) in
            let prepared = try PostgresStatement(statement, place: connection.place, operation)
            return try connection.query(prepared, isReading: true, operation)
        }
    }

    public func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError) {
        let operation = "read rows"
        let hasGiven = OnceFlag()
        try await streams.run(operation, mayRepeat: { !hasGiven.isSet }) {
            connection throws(StorageError) in
            let prepared = try PostgresStatement(statement, place: connection.place, operation)
            try connection.stream(prepared, isReading: true, operation) { row throws(StorageError) in
                hasGiven.set()
                return try receive(row)
            }
        }
    }

    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any RowReader) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        let operation = "read rows"
        return try await queries.run(operation, mayRepeat: { true }) { connection throws(StorageError) in
            try connection.read(operation, body)
        }
    }

    @discardableResult
    public func transaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await write(operation, isReferenced: true, body)
    }

    public func unreferencedTransaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await write(operation, isReferenced: false, body)
    }

    private func write<T: Sendable>(
        _ operation: String, isReferenced: Bool,
        _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try requireWritable(operation)
        let hasBegun = OnceFlag()
        return try await writes.run(operation, mayRepeat: { !hasBegun.isSet }) { connection throws(StorageError) in
            try connection.transaction(operation, isReferenced: isReferenced, began: { hasBegun.set() }, body)
        }
    }

    public func close() async {
        await queries.close()
        await streams.close()
        await writes.close()
    }
}
