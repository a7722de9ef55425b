internal import CSQLite
internal import StoredRecords
internal import Synchronization

/// The `-wal` and `-shm` files of a database that is only read.
///
/// Reading in write-ahead mode makes both files where they are missing, and a
/// read-only connection cannot remove them again. Where one was missing the
/// connection is therefore one that could write, is forbidden to by
/// `query_only`, and leaves when it closes what it found:
/// - no log before and none now: SQLite itself removes both files, if nobody
///   else has the database open. An empty `-wal` holds nothing and counts as
///   none, since it may be another reader's;
/// - a log before but no `-shm`: the log stays as it is, and the `-shm`, an
///   index that SQLite builds anew when it is missing, is removed under the
///   lock by which SQLite makes sure that it is alone.
///
/// See https://www.sqlite.org/wal.html#read_only_databases.
final class WriteAheadFiles: Sendable {
    private let file: DatabaseFile
    private let hadLog: Bool
    private let hadIndex: Bool

    private init(of file: DatabaseFile) {
        self.file = file
        hadLog = file.size("-wal") ?? 0 > 0
        hadIndex = file.size("-shm") != nil
    }

    /// Which file it is, on any path.
    private struct Key: Hashable {
        let device: UInt64
        let inode: UInt64
    }

    private struct Known {
        weak var files: WriteAheadFiles?
    }

    private static let known = Mutex<[Key: Known]>([:])

    /// What was there before the first connection of this process that is still open.
    static func found(beside file: DatabaseFile, _ state: DatabaseFile.State) -> WriteAheadFiles {
        known.withLock { known in
            let key = Key(device: state.device, inode: state.inode)
            if let files = known[key]?.files { return files }
            known = known.filter { $0.value.files != nil }
            let files = WriteAheadFiles(of: file)
            known[key] = Known(files: files)
            return files
        }
    }

    /// Whether a connection that only reads makes no file that was not there.
    var areComplete: Bool { hadLog && hadIndex }

    func prepareClose(of database: OpaquePointer) {
        if !hadLog, file.size("-wal") ?? 0 == 0 { return }
        ctx_sqlite_keep_wal_on_close(database)
        if hadLog, !hadIndex, ctx_sqlite_lock_exclusively(database) == SQLITE_OK { file.remove("-shm") }
    }
}
