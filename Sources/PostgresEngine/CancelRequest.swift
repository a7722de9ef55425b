internal import CPostgres
internal import EngineCore

/// Asks the server to end what one connection runs, from a thread of its own:
/// the request goes over a new connection, and reaching the server may take
/// longer than anybody waits.
final class CancelRequest: @unchecked Sendable {
    // Used by the request's thread alone once it has started.
    private let handle: OpaquePointer
    /// Set when the server has taken the request, or cannot be reached.
    let done: WakeSignal

    init?(_ connection: OpaquePointer) {
        guard let handle = PQgetCancel(connection) else { return nil }
        guard let done = WakeSignal() else {
            PQfreeCancel(handle)
            return nil
        }
        self.handle = handle
        self.done = done
    }

    deinit { PQfreeCancel(handle) }

    /// Whether the request is on its way.
    func start() -> Bool { DetachedThread.start { self.send() } }

    private func send() {
        var message = [CChar](repeating: 0, count: 256)
        // A request that fails is one that came too late or reached nobody; either way nothing runs for us.
        _ = PQcancel(handle, &message, Int32(message.count))
        done.send()
    }
}
