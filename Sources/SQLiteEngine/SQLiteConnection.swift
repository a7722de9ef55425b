internal import CSQLite
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// One open database handle; used only on the lane of its session, except for `interrupt`.
final class SQLiteConnection: @unchecked Sendable {
    let place: String
    let handle: OpaquePointer
    /// What is to be done with the files beside the database when the connection closes.
    var writeAheadFiles: WriteAheadFiles?
    /// Whether it reads a copy in memory and does not see later changes of the file.
    var isSnapshot = false
    private let waiter: BusyWaiter
    private var knownToStoreUTF16: Bool?
    private var statements = StatementCache()

    init(
        name: String, flags: Int32, place: String, patience: Duration, _ operation: String
    ) throws(StorageError) {
        var opened: OpaquePointer?
        // One thread at a time uses a connection, so it needs no lock of its own.
        let code = sqlite3_open_v2(
            name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let handle = opened else {
            let error = SQLiteFailure(code, of: opened).error(operation, place: place)
            sqlite3_close_v2(opened)
            throw error
        }
        self.place = place
        self.handle = handle
        waiter = BusyWaiter(patience: patience)
        waiter.attach(to: handle)
        let hardened = ctx_sqlite_harden(handle)
        guard hardened == SQLITE_OK else {
            throw SQLiteFailure(hardened, of: handle).error(operation, place: place)
        }
    }

    deinit {
        statements.removeAll()
        writeAheadFiles?.prepareClose(of: handle)
        sqlite3_close_v2(handle)
    }

    /// Makes the running statement fail; safe on any thread.
    func interrupt() {
        sqlite3_interrupt(handle)
    }

    /// Whether the database file says that it is in write-ahead mode.
    var isWriteAhead: Bool {
        var versions: [UInt8] = [0, 0]
        // Bytes 18 and 19 of the header, "file format write/read version": 2 for write-ahead mode.
        guard ctx_sqlite_read_file(handle, &versions, 2, 18) == SQLITE_OK else { return false }
        return versions == [2, 2]
    }

    /// Whether the database stores text as UTF-16, in either byte order.
    ///
    /// SQLite's own conversion from and to UTF-8 replaces what is no character,
    /// so that such text has to be read and bound as it is stored.
    var storesUTF16: Bool {
        if let known = knownToStoreUTF16 { return known }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, "PRAGMA encoding", -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW, let name = sqlite3_column_text(statement, 0)
        else { return false }
        let found = String(cString: name).hasPrefix("UTF-16")
        knownToStoreUTF16 = found
        return found
    }

    /// Whether a transaction has begun and not ended.
    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Whether the file could only be opened for reading.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Lets waits and long statements end as soon as nobody waits for the job.
    func serve<T>(_ job: LaneJob, _ body: () throws(StorageError) -> T) throws(StorageError) -> T {
        waiter.job = job
        defer { waiter.job = nil }
        return try body()
    }

    /// Throws `cancelled` once nobody waits for the job that is served.
    func requireWaiting(_ operation: String) throws(StorageError) {
        try waiter.job?.check(operation, place: place)
    }

    func check(_ code: Int32, _ operation: String) throws(StorageError) {
        guard code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE else {
            throw failure(code, operation)
        }
    }

    func failure(_ code: Int32, _ operation: String) -> StorageError {
        SQLiteFailure(code, of: handle).error(operation, place: place)
    }

    /// Runs fixed statements that return nothing of interest.
    func run(_ text: String, _ operation: String) throws(StorageError) {
        try check(sqlite3_exec(handle, text, nil, nil, nil), operation)
    }

    func query(_ statement: SQLStatement, _ operation: String) throws(StorageError) -> [Row] {
        var rows: [Row] = []
        try stream(statement, operation) { row in
            rows.append(row)
            return .more
        }
        return rows
    }

    func stream(
        _ statement: SQLStatement, _ operation: String, _ receive: (Row) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        try using(statement, operation) { prepared throws(StorageError) in
            guard prepared.isReading else {
                throw StorageError(
                    .invalid, operation: operation, place: place, reason: "the statement changes the database")
            }
            while try prepared.step(operation) {
                if try receive(prepared.row) == .stop { break }
                try requireWaiting(operation)
            }
        }
    }

    /// Runs a changing statement and returns the number of rows it changed.
    func execute(_ statement: SQLStatement, _ operation: String) throws(StorageError) -> Int {
        try using(statement, operation) { prepared throws(StorageError) in
            let before = sqlite3_total_changes64(handle)
            while try prepared.step(operation) {}
            // The count of the latest changing statement, without what triggers and cascades did.
            return sqlite3_total_changes64(handle) == before ? 0 : Int(sqlite3_changes64(handle))
        }
    }

    private func using<T>(
        _ statement: SQLStatement, _ operation: String,
        _ body: (SQLiteStatement) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        try requireWaiting(operation)
        // Out of the cache while it runs: a receiver may run the same text again.
        let prepared: SQLiteStatement
        if let cached = statements.take(statement.text) {
            prepared = cached
        } else {
            prepared = try SQLiteStatement(statement.text, connection: self, operation)
        }
        defer {
            prepared.reset()
            statements.give(prepared)
        }
        try prepared.bind(statement.values, operation)
        return try body(prepared)
    }
}
