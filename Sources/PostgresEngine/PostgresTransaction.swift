internal import EngineCore
internal import StoredRecords

/// The statements of one open transaction.
struct PostgresTransaction: RowTransaction {
    let connection: PostgresConnection
    let operation: String

    private func prepared(_ statement: SQLStatement, prefix: String = "") throws(StorageError) -> PostgresStatement {
        try PostgresStatement(statement, prefix: prefix, place: connection.place, operation)
    }

    func query(_ statement: SQLStatement) throws(StorageError) -> [Row] {
        try connection.query(prepared(statement), isReading: true, operation)
    }

    /// By a cursor, a run of rows at a time, as the receiver may ask for other rows.
    func stream(
        _ statement: SQLStatement, _ receive: (Row) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        connection.cursors += 1
        let name = "ctxbrowse_\(connection.cursors)"
        _ = try connection.execute(prepared(statement, prefix: "DECLARE \(name) NO SCROLL CURSOR FOR "), operation)
        var run = RowRun()
        while true {
            let fetch = try prepared(SQLStatement("FETCH \(run.length) FROM \(name)"))
            let rows = try connection.query(fetch, isReading: true, operation)
            for row in rows {
                if try receive(row) == .stop { return try close(name) }
                try connection.requireWaiting(operation)
            }
            if rows.count < run.length { return try close(name) }
            run.adapt(to: rows)
        }
    }

    private func close(_ name: String) throws(StorageError) {
        try connection.run("CLOSE \(name)", operation)
    }

    @discardableResult
    func execute(_ statement: SQLStatement) throws(StorageError) -> Int {
        try connection.execute(prepared(statement), operation)
    }
}

/// How many rows are fetched at once, so that they take about a megabyte.
struct RowRun {
    private(set) var length = 16

    mutating func adapt(to rows: [Row]) {
        let bytes = rows.reduce(0) { sum, row in
            row.values.reduce(sum + 16) { $0 + Self.size($1) }
        }
        let average = max(1, bytes / max(1, rows.count))
        length = min(max(1, (1 << 20) / average), length * 4, 4096)
    }

    private static func size(_ value: StoredValue) -> Int {
        switch value {
        case .null, .integer, .real: 8
        case .text(let text): text.utf8.count
        case .invalidText(let bytes), .bytes(let bytes): bytes.count
        }
    }
}

extension PostgresConnection {
    /// The number by which this program's writers of one database take turns
    /// (the bytes of `ctxbrows`).
    private static let writerLock: Int64 = 0x6374_7862_726f_7773

    /// Runs the body on one snapshot, which no writer waits for.
    func read<T>(
        _ operation: String, _ body: (any RowReader) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", operation)
        do throws(StorageError) {
            let result = try body(PostgresTransaction(connection: self, operation: operation))
            try run("COMMIT", operation)
            return result
        } catch {
            // A connection that cannot do this any more is given up, which ends it too.
            if job?.isAbandoned != true, !isLost { try? run("ROLLBACK", operation) }
            throw error
        }
    }

    /// Runs the body on one snapshot: all of it or nothing.
    ///
    /// Writers of this program take turns. Other programs are not held up;
    /// where one of them has changed a row that the body changes or deletes
    /// after the body began to read, the server refuses (40001) and the
    /// transaction is a `conflict` that changed nothing.
    func transaction<T>(
        _ operation: String, isReferenced: Bool, began: () -> Void,
        _ body: (any RowTransaction) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        // For the session and before the transaction: within it the lock would
        // be waited for after the snapshot was taken.
        try run("SELECT pg_advisory_lock(\(Self.writerLock))", operation)
        began()
        var isChecked = isReferenced
        do throws(StorageError) {
            try run("BEGIN ISOLATION LEVEL REPEATABLE READ", operation)
            if !isReferenced { isChecked = try !leaveReferencesUnchecked(operation) }
            let result = try body(PostgresTransaction(connection: self, operation: operation))
            try requireWaiting(operation)
            try commit(operation)
            unlock(operation)
            return result
        } catch {
            let isReference = !isReferenced && isChecked && lastFailure == PostgresFailure.missingReference
            // A connection that cannot do this any more is given up, which ends both too.
            if job?.isAbandoned != true, !isLost {
                try? run("ROLLBACK", operation)
                unlock(operation)
            }
            guard isReference, error.kind == .invalid else { throw error }
            throw StorageError(
                .denied, operation: operation, place: place,
                reason: "the server lets only its administrators store rows whose reference leads nowhere",
                help: "do it as a superuser, or store what they refer to first; nothing was changed")
        }
    }

    /// What the transaction came to is settled before, so that nothing here changes it.
    private func unlock(_ operation: String) {
        do throws(StorageError) {
            try run("SELECT pg_advisory_unlock(\(Self.writerLock))", operation)
        } catch {
            isSpent = true
        }
    }

    private func commit(_ operation: String) throws(StorageError) {
        let command: String
        do throws(StorageError) {
            command = try self.command("COMMIT", operation)
        } catch  where isLost {
            throw StorageError(
                .unavailable, operation: operation, place: place,
                reason: "the connection broke while the changes were made final, so that they may have been or not",
                help: "look again before repeating it")
        }
        // After a failed statement the server takes all back and says so only here.
        guard command == "COMMIT" else {
            throw StorageError(
                .failed, operation: operation, place: place,
                reason: "a statement had failed, so that nothing was changed")
        }
    }

    /// Allowed to few users; for all others references stay checked, and a row
    /// that lacks what it refers to is refused.
    /// - Returns: whether they are left unchecked.
    private func leaveReferencesUnchecked(_ operation: String) throws(StorageError) -> Bool {
        try run("SAVEPOINT unreferenced", operation)
        do throws(StorageError) {
            try run("SET LOCAL session_replication_role = replica", operation)
            return true
        } catch  where error.kind == .denied {
            try run("ROLLBACK TO SAVEPOINT unreferenced", operation)
            return false
        }
    }
}
