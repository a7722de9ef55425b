internal import CPostgres
internal import Glibc

/// What ends a wait on a socket from another thread: a descriptor to poll beside it.
final class WakeSignal: Sendable {
    let descriptor: Int32

    /// `nil` when the process has no descriptor left.
    init?() {
        descriptor = ctx_pg_wake_descriptor()
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    func send() {
        var one: UInt64 = 1
        _ = write(descriptor, &one, 8)
    }

    func clear() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
