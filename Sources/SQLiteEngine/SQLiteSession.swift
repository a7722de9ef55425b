internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// A connection that opens when it is first needed, and the lane on which alone it is used.
final class SQLiteSession: Sendable {
    /// An open connection and the file it was opened on; `nil` in memory.
    private struct Opened {
        let connection: SQLiteConnection
        let state: DatabaseFile.State?
    }

    private let lane: BlockingLane
    /// `nil` for a database in memory.
    private let file: DatabaseFile?
    private let open: @Sendable (_ operation: String) throws(StorageError) -> SQLiteConnection
    /// Whether an unfinished write of a stopped program may be taken back, which changes the file.
    private let mayTakeBack: Bool
    private let opened = Mutex<Opened?>(nil)

    init(
        file: DatabaseFile?, place: String, deadline: Duration, mayTakeBack: Bool = false,
        open: @escaping @Sendable (_ operation: String) throws(StorageError) -> SQLiteConnection
    ) {
        self.file = file
        self.open = open
        self.mayTakeBack = mayTakeBack
        lane = BlockingLane(place: place, deadline: deadline)
    }

    func run<T: Sendable>(
        _ operation: String,
        _ body: @escaping @Sendable (SQLiteConnection) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await lane.run(
            operation,
            interrupt: { [self] in opened.withLock { $0?.connection }?.interrupt() },
            { [self] job throws(StorageError) in
                let connection = try usable(operation)
                return try connection.serve(job) { () throws(StorageError) in try body(connection) }
            })
    }

    /// Closes the connection after what runs now.
    func close() async {
        // The lane closes also when its thread hangs and this job never ends.
        try? await lane.run("close the database") { [self] _ in _ = exchange(nil) }
        lane.close()
    }

    /// The open connection, or a new one when the file was replaced under its
    /// name or a copy of it in memory is out of date.
    private func usable(_ operation: String) throws(StorageError) -> SQLiteConnection {
        var state: DatabaseFile.State?
        if let file {
            state = try file.state(operation)
            if state == nil {
                throw StorageError(
                    .notFound, operation: operation, place: file.path, reason: "there is no such file",
                    help: "check the path")
            }
            if mayTakeBack { SQLiteConnection.takeBackUnfinishedWrite(to: file, operation) }
        }
        if let current = opened.withLock({ $0 }), isUsable(current, state) { return current.connection }
        let connection = try open(operation)
        _ = exchange(Opened(connection: connection, state: state))
        return connection
    }

    private func isUsable(_ current: Opened, _ state: DatabaseFile.State?) -> Bool {
        guard let file, let state, let own = current.state else { return true }
        // One that could not end its transaction would go on showing the state of then.
        if current.connection.isInTransaction { return false }
        if current.connection.isSnapshot { return own == state && file.size("-wal") ?? 0 == 0 }
        return own.isSameFile(as: state)
    }

    /// Hands out what was there before, so that it ends outside the lock: closing takes time.
    private func exchange(_ new: Opened?) -> Opened? {
        opened.withLock { opened in
            let old = opened
            opened = new
            return old
        }
    }
}
