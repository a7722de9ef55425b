internal import CSQLite
internal import StoredRecords

/// The `-wal` and `-shm` files of a database that is only read.
///
/// Reading in write-ahead mode makes both files where they are missing, and a
/// read-only connection cannot remove them again. Where one was missing the
/// connection is therefore one that could write, is forbidden to by
/// `query_only`, and leaves when it closes what it found:
/// - no `-wal` before and an empty one now: SQLite itself removes both, if
///   nobody else has the database open;
/// - a `-wal` before but no `-shm`: the log stays as it is, and the `-shm`, an
///   index that SQLite builds anew when it is missing, is removed under the
///   lock by which SQLite makes sure that it is alone.
///
/// See https://www.sqlite.org/wal.html#read_only_databases.
struct WriteAheadFiles {
    let file: DatabaseFile
    let hadLog: Bool
    let hadIndex: Bool

    init(of file: DatabaseFile) {
        self.file = file
        hadLog = file.size("-wal") != nil
        hadIndex = file.size("-shm") != nil
    }

    /// Whether a connection that only reads makes no file that was not there.
    var areComplete: Bool { hadLog && hadIndex }

    func prepareClose(of database: OpaquePointer) {
        if !hadLog, file.size("-wal") ?? 0 == 0 { return }
        ctx_sqlite_keep_wal_on_close(database)
        if hadLog, !hadIndex, ctx_sqlite_lock_exclusively(database) == SQLITE_OK { file.remove("-shm") }
    }
}
