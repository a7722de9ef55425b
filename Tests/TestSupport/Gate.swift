internal import Glibc

/// Something that a thread waits for and a test lets go on.
public final class Gate: @unchecked Sendable {
    // The semaphore is made for use from several threads and stays in its place.
    private let semaphore: UnsafeMutablePointer<sem_t>

    public init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    /// Blocks the thread until the gate is open; it stays open then.
    public func wait() {
        while sem_wait(semaphore) != 0 {}
        sem_post(semaphore)
    }

    public func open() { sem_post(semaphore) }
}
