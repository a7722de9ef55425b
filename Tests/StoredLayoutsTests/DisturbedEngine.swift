import EngineCore
import StoredRecords

/// An engine beside which another program writes after every statement of reading.
struct DisturbedEngine: RowEngine {
    let engine: any RowEngine
    let write: @Sendable () throws(StorageError) -> Void

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }
    var dialect: SQLDialect { engine.dialect }

    func close() async { await engine.close() }

    func tables() async throws(StorageError) -> [TableInfo] { try await engine.tables() }

    func references(to tables: [TableInfo]) async throws(StorageError) -> [TableReference] {
        try await engine.references(to: tables)
    }

    func triggered(of tables: [TableInfo]) async throws(StorageError) -> [TableInfo] {
        try await engine.triggered(of: tables)
    }

    func query(_ statement: SQLStatement) async throws(StorageError) -> [Row] {
        let rows = try await engine.query(statement)
        try write()
        return rows
    }

    func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError) {
        try await engine.stream(statement, receive)
        try write()
    }

    func read<T: Sendable>(
        _ body: @escaping @Sendable (any RowReader) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await engine.read { [write] reader throws(StorageError) in
            try body(DisturbedReader(reader: reader, write: write))
        }
    }

    func transaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await engine.transaction(operation, body)
    }
}

private struct DisturbedReader: RowReader {
    let reader: any RowReader
    let write: @Sendable () throws(StorageError) -> Void

    func query(_ statement: SQLStatement) throws(StorageError) -> [Row] {
        let rows = try reader.query(statement)
        try write()
        return rows
    }

    func stream(
        _ statement: SQLStatement, _ receive: (Row) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        try reader.stream(statement, receive)
        try write()
    }
}
