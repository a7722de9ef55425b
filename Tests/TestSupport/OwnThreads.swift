internal import EngineCore
internal import Glibc
internal import Synchronization
public import Testing

/// Runs the tests of a suite on threads of their own.
///
/// Swift has one thread a core for all tasks. A test that waits for a program,
/// a terminal or a picture of every screen keeps one of them from all the
/// others, and a source in another test is then late for its deadline though
/// it was answered at once.
public struct OwnThreads: SuiteTrait, TestTrait, TestScoping {
    public var isRecursive: Bool { true }

    public func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await withTaskExecutorPreference(BlockableThreads.shared, operation: function)
    }
}

extension Trait where Self == OwnThreads {
    /// For suites whose tests wait in a call or compute for long, instead of suspending.
    public static var blocks: OwnThreads { OwnThreads() }
}

/// Runs each job at once, as far as there can be threads: on one that has nothing to do, or on a new one.
private final class BlockableThreads: TaskExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        /// Threads that wait and that no job has woken.
        var idle = 0
        var threads = 0
    }

    /// Far more than tests that wait at once; beyond it a job waits for a thread.
    private static let most = 500

    static let shared = BlockableThreads()
    private let state = Mutex(State())
    // A semaphore is made for use from several threads and stays in its place.
    private nonisolated(unsafe) let wake: UnsafeMutablePointer<sem_t> = .allocate(capacity: 1)

    private init() { sem_init(wake, 0, 0) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let (isIdle, isNew) = state.withLock { state -> (Bool, Bool) in
            state.jobs.append(job)
            if state.idle > 0 {
                state.idle -= 1
                return (true, false)
            }
            guard state.threads < Self.most else { return (false, false) }
            state.threads += 1
            return (false, true)
        }
        if isIdle { sem_post(wake) }
        if isNew, !DetachedThread.start({ self.work() }) { fatalError("no thread can be had for a test") }
    }

    private func work() {
        while true {
            let job = state.withLock { state -> UnownedJob? in
                if state.jobs.isEmpty {
                    state.idle += 1
                    return nil
                }
                return state.jobs.removeFirst()
            }
            if let job {
                job.runSynchronously(on: asUnownedTaskExecutor())
            } else {
                while sem_wait(wake) != 0 {}
            }
        }
    }
}
