internal import Glibc
internal import Synchronization

/// Something that a thread or a task waits for and a test lets go on.
public final class Gate: @unchecked Sendable {
    private struct State {
        var isOpen = false
        var tasks: [CheckedContinuation<Void, Never>] = []
    }

    // The semaphore is made for use from several threads and stays in its place.
    private let semaphore: UnsafeMutablePointer<sem_t>
    private let state = Mutex(State())

    public init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Blocks the thread until the gate is open; it stays open then. For
    /// threads of an engine only: a task would keep others from running.
    public func wait() {
        while sem_wait(semaphore) != 0 {}
        sem_post(semaphore)
    }

    /// Waits in a task until the gate is open.
    public func opened() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.tasks.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    public func open() {
        let tasks = state.withLock { state in
            defer { state.tasks = [] }
            state.isOpen = true
            return state.tasks
        }
        for task in tasks { task.resume() }
        sem_post(semaphore)
    }
}
