internal import Glibc
public import StoredRecords
internal import Synchronization

/// A thread of its own on which an engine makes its blocking calls, one after another.
///
/// A blocking call on the cooperative pool would hold up every other task; on
/// a lane it holds up only its own engine. The caller goes on as soon as its
/// task is cancelled or the deadline passes, even when the call underneath
/// never returns; a result that comes later is dropped.
public final class BlockingLane: Sendable {
    private let queue: JobQueue
    public let place: String
    public let deadline: Duration

    public init(place: String, deadline: Duration) {
        self.place = place
        self.deadline = deadline
        queue = JobQueue()
    }

    deinit { queue.close() }

    /// Ends the thread after the running job; waiting jobs fail as `unavailable`.
    public func close() { queue.close() }

    /// Runs `work` on the lane's thread and waits for its result.
    ///
    /// - Parameters:
    ///   - operation: The act for error texts: "list threads".
    ///   - deadline: another one than the lane's, for a call that does many things.
    ///   - interrupt: Makes the running call return early; called at most
    ///     once, from another thread, only while this very job runs.
    ///   - work: The blocking part; long loops ask `job.isAbandoned`.
    public func run<T: Sendable>(
        _ operation: String, deadline other: Duration? = nil, interrupt: (@Sendable () -> Void)? = nil,
        _ work: @escaping @Sendable (LaneJob) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        let job = LaneJob(interrupt: interrupt)
        let slot = ResultSlot<T>()
        let deadline = other ?? deadline
        let watch = DeadlineWatch.shared.set(deadline) { [place] in
            // First the answer: the interrupted call ends at once, and with another reason.
            slot.fulfil(
                .failure(
                    StorageError(
                        .timedOut, operation: operation, place: place,
                        reason: "there was no answer within \(Self.seconds(deadline))",
                        help: "try again, or give the source a longer deadline")))
            job.abandon()
        }
        defer { DeadlineWatch.shared.cancel(watch) }
        let result = await withTaskCancellationHandler {
            await slot.value { [queue, place] in
                let isTaken = queue.add {
                    guard job.begin() else { return }
                    let result: Result<T, StorageError>
                    do throws(StorageError) {
                        result = .success(try work(job))
                    } catch {
                        result = .failure(error)
                    }
                    // Whoever gave the job up says why; what an interrupted call says is not it.
                    if job.end() { slot.fulfil(result) }
                }
                if !isTaken {
                    slot.fulfil(
                        .failure(
                            StorageError(
                                .unavailable, operation: operation, place: place, reason: "the source is closed",
                                help: "open it again")))
                }
            }
        } onCancel: { [place] in
            job.abandon()
            slot.fulfil(
                .failure(StorageError(.cancelled, operation: operation, place: place, reason: "it was cancelled")))
        }
        return try result.get()
    }

    private static func seconds(_ duration: Duration) -> String {
        let parts = duration.components
        if parts.seconds == 0 { return "\(parts.attoseconds / 1_000_000_000_000_000) ms" }
        return "\(parts.seconds) s"
    }
}

/// The handle of one call on a lane.
public final class LaneJob: Sendable {
    private enum Phase {
        case waiting, running, ended, abandoned
    }

    private let phase = Mutex(Phase.waiting)
    private let interrupt: (@Sendable () -> Void)?

    init(interrupt: (@Sendable () -> Void)?) {
        self.interrupt = interrupt
    }

    /// Whether nobody waits for the result any more.
    public var isAbandoned: Bool { phase.withLock { $0 == .abandoned } }

    /// Throws `cancelled` once nobody waits for the result any more.
    public func check(_ operation: String, place: String) throws(StorageError) {
        if isAbandoned {
            throw StorageError(.cancelled, operation: operation, place: place, reason: "it was cancelled")
        }
    }

    fileprivate func begin() -> Bool {
        phase.withLock { phase in
            guard phase == .waiting else { return false }
            phase = .running
            return true
        }
    }

    /// False when the job was given up while it ran.
    fileprivate func end() -> Bool {
        phase.withLock { phase in
            guard phase == .running else { return false }
            phase = .ended
            return true
        }
    }

    /// The interrupt is called under the lock, so that it cannot hit the next job.
    fileprivate func abandon() {
        phase.withLock { phase in
            if phase == .running { interrupt?() }
            if phase != .ended { phase = .abandoned }
        }
    }
}

/// Holds the one result a caller waits for; the first one given counts.
private final class ResultSlot<T: Sendable>: Sendable {
    private struct State {
        var result: Result<T, StorageError>?
        var waiter: CheckedContinuation<Result<T, StorageError>, Never>?
    }

    private let state = Mutex(State())

    func fulfil(_ result: Result<T, StorageError>) {
        let waiter = state.withLock { state -> CheckedContinuation<Result<T, StorageError>, Never>? in
            guard state.result == nil else { return nil }
            state.result = result
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: result)
    }

    func value(start: () -> Void) async -> Result<T, StorageError> {
        await withCheckedContinuation { continuation in
            let early = state.withLock { state -> Result<T, StorageError>? in
                if state.result == nil { state.waiter = continuation }
                return state.result
            }
            if let early {
                continuation.resume(returning: early)
            } else {
                start()
            }
        }
    }
}

/// Jobs in order of arrival, carried out by one thread that starts with the first.
private final class JobQueue: @unchecked Sendable {
    // All state is reached under `lock`; the condition wakes the one thread.
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let wake: UnsafeMutablePointer<pthread_cond_t>
    private var jobs: [@Sendable () -> Void] = []
    private var hasThread = false
    private var isClosed = false

    init() {
        lock = .allocate(capacity: 1)
        wake = .allocate(capacity: 1)
        pthread_mutex_init(lock, nil)
        pthread_cond_init(wake, nil)
    }

    deinit {
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(lock)
        wake.deallocate()
        lock.deallocate()
    }

    func add(_ job: @escaping @Sendable () -> Void) -> Bool {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        if isClosed { return false }
        jobs.append(job)
        if hasThread {
            pthread_cond_signal(wake)
        } else {
            hasThread = startThread()
        }
        return hasThread
    }

    func close() {
        pthread_mutex_lock(lock)
        isClosed = true
        pthread_cond_signal(wake)
        pthread_mutex_unlock(lock)
    }

    private func startThread() -> Bool { DetachedThread.start(stackSize: 1 << 20) { self.work() } }

    private func work() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while jobs.isEmpty {
            if isClosed { return nil }
            pthread_cond_wait(wake, lock)
        }
        return jobs.removeFirst()
    }
}
