internal import CCrypto
internal import CCurl
internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// One request to a bucket, before it has an address and a signature.
struct S3Request: Sendable {
    var method: HTTPRequest.Method
    /// The whole key; `nil` for the bucket itself.
    var key: [UInt8]?
    var query: [(name: String, value: String)] = []
    var headers: [(name: String, value: String)] = []
    var body = RequestBody.none
    /// Statuses that are answers and not failures, besides 2xx.
    var accepted: Set<Int> = []

    /// The request that gets an answer with a body where this one is a HEAD.
    fileprivate var asking: S3Request {
        var request = self
        request.method = .get
        if key == nil {
            request.query += [("list-type", "2"), ("max-keys", "1")]
        } else {
            request.headers.append(("range", "bytes=0-0"))
        }
        return request
    }
}

struct S3Response: Sendable {
    let status: Int
    let headers: [String: String]
    let body: StoredBytes
    /// Whether an attempt before may have been carried out without an answer.
    let mayHaveRunTwice: Bool

    /// The entity tag without its quotes.
    var tag: String? { headers["etag"].map(EntityTag.unquoted) }
}

/// Signs requests, sends them, and repeats those that failed for the moment.
final class S3Session: Sendable {
    private struct Route {
        var region: String
        var credentials: S3Credentials
    }

    let location: S3Location
    let place: String
    private let endpoint: S3Endpoint?
    private let usesPathStyle: Bool?
    private let certificates: String?
    private let settings: S3Settings
    private let loop: TransferLoop
    private let route: Mutex<Route>
    /// Where to look for credentials once more when these have expired; `nil` for fixed ones.
    private let chain: CredentialChain?

    init(
        location: S3Location, found: CredentialChain.Found, credentials: S3Credentials, settings: S3Settings,
        renewing chain: CredentialChain?
    ) throws(StorageError) {
        self.location = location
        place = location.description
        for (reason, package) in [(ctx_crypto_load(), "libssl3"), (ctx_curl_load(), "libcurl4")] {
            if let missing = StorageError.missingLibrary(
                reason, package: package, operation: "open the bucket", place: place)
            {
                throw missing
            }
        }
        let url = location.endpoint ?? found.endpoint
        endpoint = if let url { try S3Endpoint(url) } else { nil }
        usesPathStyle = location.usesPathStyle ?? found.usesPathStyle
        certificates = location.certificates ?? found.certificates
        self.settings = settings
        self.chain = chain
        loop = TransferLoop(connections: settings.connections)
        route = Mutex(Route(region: location.region ?? found.region ?? "us-east-1", credentials: credentials))
    }

    deinit { loop.close() }

    func close() { loop.close() }

    /// Sends the request until it has an answer that counts.
    ///
    /// Throws what `S3Failure` makes of one that does not.
    func send(_ original: S3Request, _ deadline: CallDeadline) async throws(StorageError) -> S3Response {
        var request = original
        var attempt = 0
        var detours = 0
        var isRenewed = false
        var mayHaveRun = false
        let hash = request.body.sha256
        while true {
            try deadline.check()
            attempt += 1
            let now = route.withLock { $0 }
            let address = S3Address(
                endpoint: endpoint, region: now.region, bucket: location.bucket, usesPathStyle: usesPathStyle)
            let http = signed(request, address, region: now.region, credentials: now.credentials, hash: hash)
            switch await loop.run(http, until: deadline.end) {
            case .failure(let failure):
                guard failure.isReset, attempt < settings.attempts, try await hasWaited(attempt, nil, deadline) else {
                    throw failure.error(deadline, host: address.host)
                }
                mayHaveRun = true
            case .success(let response):
                if 200..<300 ~= response.status || request.accepted.contains(response.status) {
                    return S3Response(
                        status: response.status, headers: response.headers, body: response.body,
                        mayHaveRunTwice: mayHaveRun || response.wasSentTwice)
                }
                let failure = S3Failure(response, now: settings.now())
                if detours < 2, follow(failure, from: now.region) {
                    detours += 1
                    attempt -= 1
                } else if failure.isExpired, !isRenewed {
                    isRenewed = true
                    guard try await hasRenewed(now.credentials, deadline) else { throw failure.error(deadline) }
                } else if failure.isTemporary, attempt < settings.attempts,
                    try await hasWaited(attempt, response.headers["retry-after"].flatMap { Int($0) }, deadline)
                {
                    mayHaveRun = mayHaveRun || failure.status >= 500
                } else if request.method == .head, failure.code.isEmpty, 300..<500 ~= failure.status {
                    // An answer to HEAD has no body, and so no code that says why.
                    request = request.asking
                } else {
                    throw failure.error(deadline)
                }
            }
        }
    }

    private func signed(
        _ request: S3Request, _ address: S3Address, region: String, credentials: S3Credentials, hash: String
    ) -> HTTPRequest {
        let path = address.path(request.key)
        let headers = RequestSigner(credentials: credentials, region: region).sign(
            method: request.method.rawValue, path: path, query: request.query,
            headers: request.headers + [("host", address.host)], payloadHash: hash, time: settings.now())
        return HTTPRequest(
            method: request.method, url: address.url(path: path, query: RequestSigner.queryText(request.query)),
            headers: headers, body: request.body, certificates: certificates)
    }

    /// Waits before the next attempt; false at once when the time would be over then.
    private func hasWaited(
        _ attempt: Int, _ asked: Int?, _ deadline: CallDeadline
    ) async throws(StorageError) -> Bool {
        var generator = SystemRandomNumberGenerator()
        let length = BackOff(first: settings.firstWait, longest: settings.longestWait)
            .wait(after: attempt, asked: asked, using: &generator)
        guard length < deadline.remaining else { return false }
        try await deadline.wait(length)
        return true
    }

    /// Whether there are other credentials by now than these, which have expired.
    private func hasRenewed(
        _ expired: S3Credentials, _ deadline: CallDeadline
    ) async throws(StorageError) -> Bool {
        guard let chain else { return false }
        let lane = BlockingLane(place: place, deadline: deadline.remaining)
        defer { lane.close() }
        let fresh = try await lane.run(deadline.operation) { _ throws(StorageError) in
            try chain.find(deadline.operation, place: deadline.place, needsCredentials: true).credentials
        }
        guard let fresh, fresh != expired else { return false }
        route.withLock { $0.credentials = fresh }
        return true
    }

    /// Goes over to the region that the server names, if it is another one.
    private func follow(_ failure: S3Failure, from region: String) -> Bool {
        guard [301, 307, 308, 400, 403].contains(failure.status), let named = failure.region, named != region,
            (try? S3Location(bucket: location.bucket, region: named)) != nil
        else { return false }
        route.withLock { $0.region = named }
        return true
    }
}
