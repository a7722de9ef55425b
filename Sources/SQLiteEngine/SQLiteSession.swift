internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// A connection that opens when it is first needed, and the lane on which alone it is used.
final class SQLiteSession: Sendable {
    /// An open connection and the file it was opened on; `nil` in memory.
    private struct Opened {
        let connection: SQLiteConnection
        let identity: DatabaseFile.Identity?
    }

    private let lane: BlockingLane
    /// `nil` for a database in memory.
    private let file: DatabaseFile?
    private let open: @Sendable (_ operation: String) throws(StorageError) -> SQLiteConnection
    private let opened = Mutex<Opened?>(nil)

    init(
        file: DatabaseFile?, place: String, deadline: Duration,
        open: @escaping @Sendable (_ operation: String) throws(StorageError) -> SQLiteConnection
    ) {
        self.file = file
        self.open = open
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

    /// The open connection, or a new one when the file was replaced under its name.
    private func usable(_ operation: String) throws(StorageError) -> SQLiteConnection {
        let identity = try file?.identity(operation)
        if let file, identity == nil {
            throw StorageError(
                .notFound, operation: operation, place: file.path, reason: "there is no such file",
                help: "check the path")
        }
        let current = opened.withLock { $0 }
        if let current, current.identity == identity { return current.connection }
        let connection = try open(operation)
        _ = exchange(Opened(connection: connection, identity: identity))
        return connection
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
