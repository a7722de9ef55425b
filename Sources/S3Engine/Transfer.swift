internal import CCurl
internal import StoredRecords
internal import Synchronization

/// One request on its way.
///
/// Whoever waits goes on with the first result that is given; everything else
/// belongs to the thread of the `TransferLoop`.
final class Transfer: @unchecked Sendable {
    private struct Outcome {
        var result: Result<HTTPResponse, TransferFailure>?
        var waiter: CheckedContinuation<Result<HTTPResponse, TransferFailure>, Never>?
    }

    private let outcome = Mutex(Outcome())

    // From here on, only the loop's thread.
    private let request: HTTPRequest
    private let end: ContinuousClock.Instant
    private(set) var handle: UnsafeMutableRawPointer?
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var headers: [String: String] = [:]
    private var body = BodyCollector()
    private var bodyFailure: Int32 = 0
    private var sent = 0
    private var wasRewound = false

    /// - Parameter end: When it is over, answered or not; one moment for all requests of a call.
    init(_ request: HTTPRequest, until end: ContinuousClock.Instant) {
        self.request = request
        self.end = end
    }

    /// How long it may still take, waiting for its turn included.
    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    var isSettled: Bool { outcome.withLock { $0.result != nil } }

    func settle(_ result: Result<HTTPResponse, TransferFailure>) {
        let waiter = outcome.withLock { outcome -> CheckedContinuation<Result<HTTPResponse, TransferFailure>, Never>? in
            guard outcome.result == nil else { return nil }
            outcome.result = result
            defer { outcome.waiter = nil }
            return outcome.waiter
        }
        waiter?.resume(returning: result)
    }

    func result() async -> Result<HTTPResponse, TransferFailure> {
        await withCheckedContinuation { continuation in
            let early = outcome.withLock { outcome -> Result<HTTPResponse, TransferFailure>? in
                if outcome.result == nil { outcome.waiter = continuation }
                return outcome.result
            }
            if let early { continuation.resume(returning: early) }
        }
    }

    /// Makes the handle; `nil` when libcurl has no memory for one.
    func prepare() -> UnsafeMutableRawPointer? {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        let parts = remaining.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        ctx_curl_set_text(handle, CURLOPT_URL, request.url)
        ctx_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        ctx_curl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
        ctx_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        ctx_curl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        ctx_curl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        // 0 would mean no limit.
        ctx_curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(clamping: max(1, milliseconds)))
        if let certificates = request.certificates { ctx_curl_set_text(handle, CURLOPT_CAINFO, certificates) }
        setMethod(handle)
        for header in request.headers {
            // With a colon and no value, libcurl would leave the header out.
            headerList = curl_slist_append(
                headerList, header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        // A header without value is one that libcurl leaves out: waiting for
        // "100 Continue" costs a second on servers that do not know it.
        for name in ["Expect", "Accept"] { headerList = curl_slist_append(headerList, "\(name):") }
        if !request.headers.contains(where: { $0.name == "content-type" }) {
            headerList = curl_slist_append(headerList, "Content-Type:")
        }
        ctx_curl_set_headers(handle, headerList)
        setCallbacks(handle)
        return handle
    }

    private func setMethod(_ handle: UnsafeMutableRawPointer) {
        switch request.method {
        case .get: ctx_curl_set_long(handle, CURLOPT_HTTPGET, 1)
        case .head: ctx_curl_set_long(handle, CURLOPT_NOBODY, 1)
        case .delete: ctx_curl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case .put:
            ctx_curl_set_long(handle, CURLOPT_UPLOAD, 1)
            ctx_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(request.body.count))
        case .post:
            ctx_curl_set_long(handle, CURLOPT_POST, 1)
            ctx_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count))
        }
    }

    private func setCallbacks(_ handle: UnsafeMutableRawPointer) {
        // The loop keeps the transfer for as long as it has the handle.
        ctx_curl_set_callbacks(
            handle, Unmanaged.passUnretained(self).toOpaque(),
            { bytes, size, count, context in
                guard let transfer = Transfer.of(context) else { return 0 }
                return transfer.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count))
            },
            { bytes, size, count, context in
                guard let transfer = Transfer.of(context) else { return 0 }
                transfer.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
                return size * count
            },
            { bytes, size, count, context in
                guard let transfer = Transfer.of(context) else { return 0 }
                return transfer.giveBody(UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
            },
            { context, offset, origin in
                guard let transfer = Transfer.of(context), origin == SEEK_SET else { return CURL_SEEKFUNC_FAIL }
                if transfer.sent > 0 { transfer.wasRewound = true }
                transfer.sent = Int(offset)
                return CURL_SEEKFUNC_OK
            })
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func takeBody(_ piece: UnsafeRawBufferPointer) -> Int {
        bodyFailure = body.add(piece)
        return bodyFailure == 0 ? piece.count : 0
    }

    private func takeHeader(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            // What an interim answer said does not count.
            headers = [:]
            return
        }
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        let end = value.lastIndex { !$0.isWhitespace }
        headers[text[..<colon].lowercased()] = end.map { String(value[...$0]) } ?? ""
    }

    private func giveBody(_ space: UnsafeMutableRawBufferPointer) -> Int {
        let start = request.body.range.lowerBound + sent
        let count = min(space.count, request.body.range.upperBound - start)
        guard count > 0 else { return 0 }
        request.body.bytes.withBytes {
            space.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<start + count]))
        }
        sent += count
        return count
    }

    /// What libcurl ended with becomes the result.
    func complete(_ code: Int32) {
        if bodyFailure != 0 {
            settle(.failure(.storage(bodyFailure)))
        } else if code == CURLE_OK.rawValue, let handle {
            let status = ctx_curl_status(handle)
            settle(
                body.finish().map { HTTPResponse(status: status, headers: headers, body: $0, wasSentTwice: wasRewound) }
            )
        } else {
            settle(.failure(.transport(code)))
        }
    }

    /// Gives everything back; the handle must have left the loop.
    func release() {
        body.discard()
        if let handle { curl_easy_cleanup(handle) }
        handle = nil
        curl_slist_free_all(headerList)
        headerList = nil
    }
}
