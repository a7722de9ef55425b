internal import CSQLite
internal import Glibc
internal import StoredRecords

/// What SQLite reported about one failed call.
struct SQLiteFailure {
    /// The extended result code.
    let code: Int32
    /// SQLite's own words; for some codes they name tables and columns.
    let message: String
    /// The `errno` of the file call underneath, or 0.
    let systemError: Int32

    init(code: Int32, message: String = "", systemError: Int32 = 0) {
        self.code = code
        self.message = message
        self.systemError = systemError
    }

    init(_ code: Int32, of database: OpaquePointer?) {
        self.code = database.map { sqlite3_extended_errcode($0) } ?? code
        message = database.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        let latest = database.map { sqlite3_system_errno($0) } ?? 0
        let isFileError = self.code & 0xFF == SQLITE_IOERR
        systemError = latest == 0 && isFileError ? database.map { ctx_sqlite_file_errno($0) } ?? 0 : latest
    }

    /// The one place where a result code gets its meaning.
    ///
    /// SQLite's words are passed on only where they speak of the statement and
    /// the schema, never where they could quote stored content.
    func error(_ operation: String, place: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, help: String = "") -> StorageError {
            StorageError(kind, operation: operation, place: place, reason: reason, help: help, vendorCode: Int(code))
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return make(
                .busy, "the database is locked by another program",
                help: "wait until that program is done or close it, then try again")
        case SQLITE_INTERRUPT:
            return make(.cancelled, "it was cancelled")
        case SQLITE_NOTADB:
            return make(
                .corrupt, "the file is not a SQLite database, or it is encrypted", help: "check the path")
        case SQLITE_CORRUPT:
            return make(
                .corrupt, "the database is damaged",
                help: "make a copy of it and try to mend the copy with: sqlite3 COPY .recover")
        case SQLITE_FULL:
            return make(.full, "no space is left on the disk", help: "free some space and try again")
        case SQLITE_READONLY:
            return readOnlyError(make)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH, SQLITE_IOERR:
            return fileError(make)
        case SQLITE_CONSTRAINT:
            switch code {
            case SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (10 << 8):
                return make(.conflict, "there is already such a row (\(message))")
            default:
                return make(.invalid, "the database does not allow it (\(message))")
            }
        case SQLITE_TOOBIG: return make(.invalid, "a value is larger than the database allows")
        case SQLITE_SCHEMA: return make(.conflict, "the tables were changed meanwhile", help: "load them again")
        case SQLITE_RANGE, SQLITE_MISUSE, SQLITE_MISMATCH: return make(.invalid, message)
        case SQLITE_NOMEM: return make(.failed, "no memory is left")
        default: return make(.failed, message)
        }
    }

    private func readOnlyError(
        _ make: (StorageError.Kind, String, String) -> StorageError
    ) -> StorageError {
        switch code >> 8 {
        case 3:  // SQLITE_READONLY_ROLLBACK
            return make(
                .failed, "a program stopped in the middle of a write and left its journal beside the database",
                "open the database once with the program that owns it")
        case 1, 5:  // SQLITE_READONLY_RECOVERY, SQLITE_READONLY_CANTINIT
            return make(
                .denied, "the write-ahead log of the database cannot be set up without permission to write",
                "copy the database with its -wal file to a directory of your own")
        case 4:  // SQLITE_READONLY_DBMOVED
            return make(.conflict, "the database file was moved or deleted meanwhile", "open it again")
        default:
            return make(.readOnly, "the database can only be read", "check the owner and mode of the file")
        }
    }

    private func fileError(_ make: (StorageError.Kind, String, String) -> StorageError) -> StorageError {
        switch systemError {
        case EACCES, EPERM:
            return make(.denied, "the permission is missing", "check the owner and mode of the file and its directory")
        case ENOENT: return make(.notFound, "there is no such file", "check the path")
        case EISDIR: return make(.invalid, "it is a directory", "")
        case EROFS: return make(.readOnly, "the file system is mounted read-only", "")
        case ENOSPC, EDQUOT, EFBIG:
            return make(.full, "no space is left on the disk", "free some space and try again")
        case EMFILE, ENFILE: return make(.unavailable, "too many files are open", "try again")
        case 0:
            // A short read of a file that ends too early has no error number.
            let isShortRead = code == SQLITE_IOERR | (2 << 8)
            return make(
                isShortRead ? .corrupt : .unavailable,
                isShortRead ? "the file ends too early" : "the file cannot be opened or read (\(message))", "")
        default: return make(.failed, String(cString: strerror(systemError)), "")
        }
    }
}
