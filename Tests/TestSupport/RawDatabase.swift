import CSQLite

/// A SQLite database by its own C interface: how a test prepares, holds and
/// inspects one without the engine it tests.
public final class RawDatabase: @unchecked Sendable {
    public struct Failure: Error, CustomStringConvertible {
        public var description: String { "\(text) (SQLite \(code))" }
        public let code: Int32
        public let text: String
    }

    // Used by one test at a time; SQLite's own lock guards it besides.
    private let handle: OpaquePointer

    /// - Parameter patience: milliseconds that a statement waits for another program's lock.
    public init(_ path: String, patience: Int32 = 0) throws {
        var opened: OpaquePointer?
        let code = sqlite3_open_v2(
            path, &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nil)
        guard code == SQLITE_OK, let opened else { throw Failure(code: code, text: "open \(path)") }
        handle = opened
        sqlite3_busy_timeout(handle, patience)
    }

    deinit { sqlite3_close_v2(handle) }

    public func run(_ text: String) throws {
        let code = sqlite3_exec(handle, text, nil, nil, nil)
        guard code == SQLITE_OK else { throw Failure(code: code, text: String(cString: sqlite3_errmsg(handle))) }
    }

    /// The first column of every row as text.
    public func texts(_ text: String) throws -> [String?] {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, text, -1, &statement, nil)
        guard code == SQLITE_OK else { throw Failure(code: code, text: String(cString: sqlite3_errmsg(handle))) }
        defer { sqlite3_finalize(statement) }
        var found: [String?] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            found.append(sqlite3_column_text(statement, 0).map { String(cString: $0) })
        }
        return found
    }

    /// Closes as a program that ends without closing would: the files beside the database stay.
    public func keepFilesOnClose() { ctx_sqlite_keep_wal_on_close(handle) }
}
