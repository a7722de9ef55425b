internal import CCurl
internal import Glibc
internal import StoredRecords

/// What a server said went wrong.
///
/// The one place where a status, a code of S3 or one of libcurl gets its
/// meaning. The server's own words are never passed on: they may repeat what
/// was signed.
struct S3Failure {
    let status: Int
    /// The code of S3: "NoSuchKey"; empty when there was none.
    let code: String
    /// The region the server says the bucket is in.
    let region: String?
    /// How far this computer's clock is ahead of the server's, in seconds.
    let clockLead: Int64?

    init(status: Int, code: String, region: String? = nil, clockLead: Int64? = nil) {
        self.status = status
        self.code = code
        self.region = region
        self.clockLead = clockLead
    }

    init(_ response: HTTPResponse, now: Timestamp) {
        status = response.status
        let isSmall = response.body.count < 1 << 20 && !response.body.isEmpty
        let error = isSmall ? response.body.withBytes { XMLElement.parse($0) } : nil
        let stated = error?.name == "Error" ? error?.string("Code") ?? "" : ""
        code = Self.isCode(stated) ? stated : ""
        region = response.headers["x-amz-bucket-region"] ?? (error?.name == "Error" ? error?.string("Region") : nil)
        clockLead = response.headers["date"].flatMap(HTTPDate.parse).map { now.seconds - $0.seconds }
    }

    /// Whether the same request may succeed a little later.
    var isTemporary: Bool {
        switch status {
        case 429, 500, 502, 503, 504: true
        case 409: code == "ConditionalRequestConflict" || code == "OperationAborted"
        case 400: code == "RequestTimeout"
        default: false
        }
    }

    var isExpired: Bool {
        ["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"].contains(code)
    }

    /// Whether the server has no such ability.
    var isUnsupported: Bool {
        status == 501 || status == 405 || code == "NotImplemented" || code == "MethodNotAllowed"
    }

    func error(_ deadline: CallDeadline) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String = "") -> StorageError {
            deadline.error(kind, reason, help: help, code: status)
        }
        // Servers differ in whether they name the clock or only find the signature wrong.
        if status == 403, let clockLead, abs(clockLead) >= 300 { return skew(clockLead, make) }
        switch code {
        case "NoSuchBucket": return make(.notFound, "there is no such bucket", "check its name and the endpoint")
        case "NoSuchKey": return make(.notFound, "there is no such object")
        case "InvalidAccessKeyId":
            return make(.denied, "the server does not know the access key", "check the credentials and the endpoint")
        case "SignatureDoesNotMatch":
            return make(.denied, "the secret key is wrong", "check the credentials")
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired":
            return make(.denied, "the session token has expired", "get new credentials and try again")
        case "InvalidToken", "InvalidClientTokenId":
            return make(.denied, "the session token is not valid", "get new credentials and try again")
        case "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture":
            return make(.denied, "this computer's clock differs too much from the server's", "set the clock")
        case "AccessDenied", "AllAccessDisabled", "AccountProblem", "Forbidden":
            return make(.denied, "the credentials do not allow it", "ask the owner of the bucket for the permission")
        case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException",
            "TemporaryRedirect":
            let place = region.flatMap { Self.isCode($0) ? $0 : nil }
            return make(
                .unavailable, "the bucket is in another region" + (place.map { " (\($0))" } ?? ""),
                "name it with region=" + (place ?? "REGION"))
        case "SlowDown", "RequestLimitExceeded", "TooManyRequests", "ServiceUnavailable", "Throttling":
            return make(.busy, "the server has too much to do", "try again later")
        case "EntityTooLarge": return make(.invalid, "the object is larger than the server allows")
        case "KeyTooLongError", "InvalidObjectName", "InvalidURI":
            return make(.invalid, "the server does not allow such a name (\(code))")
        case "QuotaExceeded", "InsufficientStorage", "XMinioStorageFull":
            return make(.full, "no space is left on the server")
        case "InvalidObjectState":
            return make(.failed, "the object is archived", "restore it from the archive first")
        default: return byStatus(make)
        }
    }

    private func byStatus(_ make: (StorageError.Kind, String, String) -> StorageError) -> StorageError {
        let named = code.isEmpty ? "status \(status)" : "status \(status), \(code)"
        switch status {
        case 301, 307, 308:
            return make(.unavailable, "the bucket is somewhere else", "name its region with region=REGION")
        case 401, 403: return make(.denied, "the credentials do not allow it (\(named))", "check the credentials")
        case 404: return make(.notFound, "there is no such bucket or object (\(named))", "check the names")
        case 409, 412: return make(.conflict, "the object was changed meanwhile", "load it again")
        case 429, 503: return make(.busy, "the server has too much to do (\(named))", "try again later")
        case 501, 405: return make(.unsupported, "the server cannot do that (\(named))", "")
        case 500...: return make(.unavailable, "the server failed (\(named))", "try again later")
        case 507: return make(.full, "no space is left on the server", "")
        default: return make(.failed, "the server refused it (\(named))", "check that the endpoint is an S3 server")
        }
    }

    private func skew(_ lead: Int64, _ make: (StorageError.Kind, String, String) -> StorageError) -> StorageError {
        let seconds = abs(lead)
        let length = seconds < 7200 ? "\(seconds / 60) minutes" : "\(seconds / 3600) hours"
        return make(
            .denied, "this computer's clock is \(length) \(lead > 0 ? "ahead of" : "behind") the server's",
            "set the clock")
    }

    /// Only letters, digits and a few signs may go from a server into an error.
    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                    || (48...57).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            }
    }
}

extension TransferFailure {
    /// Whether the connection broke, which a new one may not.
    var isReset: Bool {
        guard case .transport(let code) = self else { return false }
        return [
            CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_SEND_FAIL_REWIND,
            CURLE_AGAIN,
        ].contains { Int32(bitPattern: $0.rawValue) == code }
    }

    func error(_ deadline: CallDeadline, host: String) -> StorageError {
        switch self {
        case .cancelled:
            return StorageError(
                .cancelled, operation: deadline.operation, place: deadline.place, reason: "it was cancelled")
        case .closed:
            return deadline.error(.unavailable, "the source is closed", help: "open it again")
        case .storage(let code):
            let reason = "the temporary file for it cannot be written (\(String(cString: strerror(code))))"
            return deadline.error(code == ENOSPC ? .full : .failed, reason, help: "free some space or set TMPDIR")
        case .transport(let code): return Self.transport(code, deadline, host: host)
        }
    }

    private static func transport(_ code: Int32, _ deadline: CallDeadline, host: String) -> StorageError {
        func make(_ kind: StorageError.Kind, _ reason: String, _ help: String) -> StorageError {
            deadline.error(kind, reason, help: help, code: Int(code))
        }
        switch CURLcode(UInt32(bitPattern: code)) {
        case CURLE_OPERATION_TIMEDOUT: return deadline.timedOut
        case CURLE_COULDNT_RESOLVE_HOST:
            return make(.unavailable, "the host \(host) is not known", "check the endpoint and the network")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return make(.unavailable, "the proxy cannot be reached", "check https_proxy and no_proxy")
        case CURLE_COULDNT_CONNECT:
            return make(.unavailable, "nothing answers at \(host)", "check the endpoint and that the server runs")
        case CURLE_PEER_FAILED_VERIFICATION:
            return make(
                .unavailable, "the certificate of \(host) is not trusted",
                "name the file of its authority with ca=FILE or AWS_CA_BUNDLE")
        case CURLE_SSL_CACERT_BADFILE:
            return make(.invalid, "the file of trusted certificates cannot be read", "check ca= and AWS_CA_BUNDLE")
        case CURLE_SSL_CONNECT_ERROR:
            return make(.unavailable, "\(host) does not speak TLS as asked", "check https:// and the port")
        case CURLE_URL_MALFORMAT:
            return make(.invalid, "the endpoint is not usable", "write it as https://HOST:PORT")
        case CURLE_OUT_OF_MEMORY: return make(.failed, "no memory is left", "")
        case CURLE_GOT_NOTHING:
            return make(
                .unavailable, "\(host) closed the connection without an answer",
                "check that the endpoint is an S3 server and whether it wants https://")
        // What is no HTTP at all is taken for its version 0.9 and not supported.
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_BAD_CONTENT_ENCODING:
            return make(.unavailable, "\(host) does not speak HTTP", "check the endpoint and the port")
        default:
            let words = String(cString: curl_easy_strerror(CURLcode(UInt32(bitPattern: code))))
            return make(.unavailable, "the connection to \(host) broke (\(words))", "try again")
        }
    }
}
