internal import EngineCore
internal import StoredRecords

/// Connections of one purpose and the lane on which alone they are used.
final class RedisSession: Sendable {
    private let lane: BlockingLane
    private let interrupter = RedisInterrupter()
    private let router: RedisRouter

    init(location: RedisLocation, deadline: Duration) {
        router = RedisRouter(location: location, interrupter: interrupter, deadline: deadline)
        lane = BlockingLane(place: location.description, deadline: deadline)
    }

    /// Runs the body on the lane; when the caller no longer waits, the sockets
    /// are shut down, so that it ends at once.
    func run<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (RedisRouter, LaneJob) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await lane.run(operation, interrupt: { [interrupter] in interrupter.interrupt() }) {
            [interrupter, router] job throws(StorageError) in
            interrupter.begin()
            try job.check(operation, place: router.place)
            defer { if interrupter.isInterrupted { router.reset() } }
            return try body(router, job)
        }
    }

    /// - Parameter isPatient: lets what runs now come to its end.
    func close(isPatient: Bool) async {
        if !isPatient { interrupter.interrupt() }
        try? await lane.run("close the connection") { [router] _ in router.reset() }
        lane.close()
    }
}
