internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// A connection that opens when it is first needed, again when the server has
/// ended it, and the lane on which alone it is used.
final class PostgresSession: Sendable {
    private let lane: BlockingLane
    private let location: PostgresLocation
    private let purpose: PostgresConnection.Purpose
    private let options: EngineOptions
    private let wake: WakeSignal
    private let opened = Mutex<PostgresConnection?>(nil)

    init(
        _ location: PostgresLocation, for purpose: PostgresConnection.Purpose, options: EngineOptions,
        _ operation: String
    ) throws(StorageError) {
        guard let wake = WakeSignal() else {
            throw StorageError(
                .unavailable, operation: operation, place: location.place, reason: "too many files are open",
                help: "try again")
        }
        self.wake = wake
        self.location = location
        self.purpose = purpose
        self.options = options
        lane = BlockingLane(place: location.place, deadline: options.deadline)
    }

    /// - Parameter mayRepeat: asked when a connection that was open before broke:
    ///   whether the body has had no effect yet and can run on a new one.
    func run<T: Sendable>(
        _ operation: String, mayRepeat: @escaping @Sendable () -> Bool,
        _ body: @escaping @Sendable (PostgresConnection) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await lane.run(operation, interrupt: { [wake] in wake.send() }) { [self] job throws(StorageError) in
            wake.clear()
            let open = opened.withLock { $0 }
            open?.takeInRemarks()
            if let open, open.isIdle {
                do throws(StorageError) {
                    return try serve(job, open, body)
                } catch {
                    guard open.isLost, !job.isAbandoned, mayRepeat() else { throw error }
                }
            }
            exchange(nil)
            let new = try PostgresConnection.open(
                location, for: purpose, options: options, wake: wake, job: job, operation)
            exchange(new)
            return try serve(job, new, body)
        }
    }

    private func serve<T>(
        _ job: LaneJob, _ connection: PostgresConnection,
        _ body: (PostgresConnection) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        connection.job = job
        defer {
            connection.job = nil
            if !connection.isIdle { exchange(nil) }
        }
        return try body(connection)
    }

    /// Closes the connection after what runs now.
    func close() async {
        // The lane closes also when its thread hangs and this job never ends.
        try? await lane.run("close the database") { [self] _ in exchange(nil) }
        lane.close()
    }

    /// What was there before ends outside the lock: closing takes time.
    private func exchange(_ new: PostgresConnection?) {
        let old = opened.withLock { opened in
            let old = opened
            opened = new
            return old
        }
        withExtendedLifetime(old) {}
    }
}
