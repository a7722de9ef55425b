internal import CCurl
internal import EngineCore
internal import Synchronization

/// Carries out requests, several at once and on kept connections, on one
/// thread of its own that waits for all of them together.
///
/// libcurl's multi interface is used from that thread only, except for
/// `curl_multi_wakeup`, which is made for being called from others. Requests
/// beyond the limit of connections wait here and not in libcurl, which looks at
/// one of those that wait only when another ends.
final class TransferLoop: @unchecked Sendable {
    private struct Inbox {
        var arrived: [Transfer] = []
        var withdrawn: [Transfer] = []
        var isClosed = false
        var hasThread = false
        /// Whether the multi handle may still be woken.
        var isAlive = true
    }

    private let multi: UnsafeMutableRawPointer?
    private let connections: Int
    private let inbox = Mutex(Inbox())
    // Only the thread's from here on: by handle, and in the order of arrival.
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]
    private var queue: [Transfer] = []

    /// With less left a request is not sent any more. libcurl counts whole
    /// milliseconds and may end one request just before the end of its call:
    /// those behind it are then over too.
    private static let leastTime: Duration = .milliseconds(2)
    private static let longestWait: Duration = .seconds(60)

    private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter connections: How many there may be at once; other requests wait.
    init(connections: Int) {
        self.connections = connections
        multi = Self.isLibraryReady ? curl_multi_init() : nil
        if let multi { ctx_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections) }
    }

    deinit {
        // The thread holds the loop, so there is none here.
        if let multi { curl_multi_cleanup(multi) }
    }

    /// Ends the thread; requests on their way and later ones fail as `closed`.
    func close() {
        inbox.withLock { inbox in
            inbox.isClosed = true
            wake(inbox)
        }
    }

    func run(
        _ request: HTTPRequest, until end: ContinuousClock.Instant
    ) async -> Result<HTTPResponse, TransferFailure> {
        let transfer = Transfer(request, until: end)
        return await withTaskCancellationHandler {
            add(transfer)
            return await transfer.result()
        } onCancel: {
            transfer.settle(.failure(.cancelled))
            inbox.withLock { inbox in
                inbox.withdrawn.append(transfer)
                wake(inbox)
            }
        }
    }

    private func add(_ transfer: Transfer) {
        let isTaken = inbox.withLock { inbox -> Bool in
            if inbox.isClosed || multi == nil { return false }
            if !inbox.hasThread { inbox.hasThread = startThread() }
            guard inbox.hasThread else { return false }
            inbox.arrived.append(transfer)
            wake(inbox)
            return true
        }
        if !isTaken { transfer.settle(.failure(.closed)) }
    }

    private func wake(_ inbox: Inbox) {
        if let multi, inbox.hasThread, inbox.isAlive { curl_multi_wakeup(multi) }
    }

    private func startThread() -> Bool { DetachedThread.start { self.work() } }

    private func work() {
        guard let multi else { return }
        while takeIn(multi) {
            var active: Int32 = 0
            repeat {
                start(multi)
                curl_multi_perform(multi, &active)
            } while collect(multi) && !queue.isEmpty
            let wait = queue.map(\.remaining).min().map { min($0, Self.longestWait) } ?? Self.longestWait
            let parts = wait.components
            // Rounded up: to look too early would be to look again and again.
            let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000 + 1
            curl_multi_poll(multi, nil, 0, Int32(milliseconds), nil)
        }
    }

    /// Starts what waits while there are connections, and ends what has waited too long.
    private func start(_ multi: UnsafeMutableRawPointer) {
        var waiting: [Transfer] = []
        for transfer in queue where !transfer.isSettled {
            if transfer.remaining < Self.leastTime {
                transfer.complete(Int32(CURLE_OPERATION_TIMEDOUT.rawValue))
            } else if running.count >= connections {
                waiting.append(transfer)
            } else {
                begin(transfer, multi)
            }
        }
        queue = waiting
    }

    private func begin(_ transfer: Transfer, _ multi: UnsafeMutableRawPointer) {
        guard let handle = transfer.prepare() else { return transfer.complete(Int32(CURLE_OUT_OF_MEMORY.rawValue)) }
        guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
            transfer.complete(Int32(CURLE_FAILED_INIT.rawValue))
            return transfer.release()
        }
        running[handle] = transfer
    }

    /// Lines up what has arrived and drops what nobody waits for; false at the end.
    private func takeIn(_ multi: UnsafeMutableRawPointer) -> Bool {
        let (arrived, withdrawn, isClosed) = inbox.withLock { inbox in
            defer {
                inbox.arrived = []
                inbox.withdrawn = []
                if inbox.isClosed { inbox.isAlive = false }
            }
            return (inbox.arrived, inbox.withdrawn, inbox.isClosed)
        }
        for transfer in withdrawn { if let handle = transfer.handle { remove(handle, multi) } }
        if isClosed {
            for (handle, transfer) in running {
                transfer.settle(.failure(.closed))
                remove(handle, multi)
            }
            for transfer in queue + arrived { transfer.settle(.failure(.closed)) }
            queue = []
            return false
        }
        queue += arrived
        return true
    }

    /// Gives out what has ended; whether anything has.
    private func collect(_ multi: UnsafeMutableRawPointer) -> Bool {
        var waiting: Int32 = 0
        var hasEnded = false
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = ctx_curl_result(message)
            running[handle]?.complete(Int32(bitPattern: code.rawValue))
            remove(handle, multi)
            hasEnded = true
        }
        return hasEnded
    }

    private func remove(_ handle: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) {
        guard let transfer = running.removeValue(forKey: handle) else { return }
        curl_multi_remove_handle(multi, handle)
        transfer.release()
    }
}
