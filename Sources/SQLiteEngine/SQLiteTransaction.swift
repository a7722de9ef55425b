internal import EngineCore
internal import StoredRecords

/// The statements of one open transaction.
struct SQLiteTransaction: RowTransaction {
    let connection: SQLiteConnection
    let operation: String

    func query(_ statement: SQLStatement) throws(StorageError) -> [Row] {
        try connection.query(statement, operation)
    }

    func stream(
        _ statement: SQLStatement, _ receive: (Row) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        try connection.stream(statement, operation, receive)
    }

    @discardableResult
    func execute(_ statement: SQLStatement) throws(StorageError) -> Int {
        try connection.execute(statement, operation)
    }
}

extension SQLiteConnection {
    /// Runs the body on the state its first statement sees.
    func read<T>(
        _ operation: String, _ body: (any RowReader) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try transaction("BEGIN DEFERRED", operation, body)
    }

    /// Runs the body under the write lock: all of it or nothing.
    func transaction<T>(
        _ operation: String, _ body: (any RowTransaction) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try transaction("BEGIN IMMEDIATE", operation, body)
    }

    private func transaction<T>(
        _ begin: String, _ operation: String, _ body: (SQLiteTransaction) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try run(begin, operation)
        do throws(StorageError) {
            let result = try body(SQLiteTransaction(connection: self, operation: operation))
            try requireWaiting(operation)
            try run("COMMIT", operation)
            return result
        } catch {
            // Some failures have rolled back already. One that cannot be rolled
            // back here is when the connection closes.
            if isInTransaction { try? run("ROLLBACK", operation) }
            throw error
        }
    }
}
