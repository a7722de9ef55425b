internal import CCurl
internal import EngineCore
internal import Synchronization

/// Carries out requests, several at once and on kept connections, on one
/// thread of its own that waits for all of them together.
///
/// libcurl's multi interface is used from that thread only, except for
/// `curl_multi_wakeup`, which is made for being called from others.
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
    private let inbox = Mutex(Inbox())
    /// By handle; only the thread's.
    private var running: [UnsafeMutableRawPointer: Transfer] = [:]

    private static let isLibraryReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameter connections: How many there may be at once; other requests wait.
    init(connections: Int) {
        multi = Self.isLibraryReady ? curl_multi_init() : nil
        if let multi {
            ctx_curl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
            ctx_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, connections)
        }
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

    func run(_ request: HTTPRequest, timeout: Duration) async -> Result<HTTPResponse, TransferFailure> {
        let transfer = Transfer(request, timeout: timeout)
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
            curl_multi_perform(multi, &active)
            collect(multi)
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
    }

    /// Starts what has arrived and drops what nobody waits for; false at the end.
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
            for transfer in arrived { transfer.settle(.failure(.closed)) }
            return false
        }
        for transfer in arrived where !transfer.isSettled {
            guard let handle = transfer.prepare() else {
                transfer.complete(Int32(CURLE_OUT_OF_MEMORY.rawValue))
                continue
            }
            running[handle] = transfer
            curl_multi_add_handle(multi, handle)
        }
        return true
    }

    private func collect(_ multi: UnsafeMutableRawPointer) {
        var waiting: Int32 = 0
        while let message = curl_multi_info_read(multi, &waiting) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else { continue }
            let code = ctx_curl_result(message)
            running[handle]?.complete(Int32(bitPattern: code.rawValue))
            remove(handle, multi)
        }
    }

    private func remove(_ handle: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) {
        guard let transfer = running.removeValue(forKey: handle) else { return }
        curl_multi_remove_handle(multi, handle)
        transfer.release()
    }
}
