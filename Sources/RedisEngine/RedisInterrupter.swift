internal import Glibc
internal import Synchronization

/// Ends the waiting of one session's sockets from another thread.
///
/// A socket is shut down and not closed, so that its descriptor cannot become
/// another file's while the session still waits on it.
final class RedisInterrupter: Sendable {
    private struct State {
        var isInterrupted = false
        var descriptors: Set<Int32> = []
    }

    private let state = Mutex(State())

    /// Whether the running call was told to end; its sockets are of no more use.
    var isInterrupted: Bool { state.withLock { $0.isInterrupted } }

    /// Before a call; the one before it is over.
    func begin() {
        state.withLock { $0.isInterrupted = false }
    }

    func interrupt() {
        state.withLock { state in
            state.isInterrupted = true
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    /// False when the call was told to end already.
    func add(_ descriptor: Int32) -> Bool {
        state.withLock { state in
            state.descriptors.insert(descriptor)
            return !state.isInterrupted
        }
    }

    /// Before the descriptor is closed.
    func remove(_ descriptor: Int32) {
        state.withLock { _ = $0.descriptors.remove(descriptor) }
    }
}
