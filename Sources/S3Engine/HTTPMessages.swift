internal import StoredRecords

/// One request as it goes over the wire.
struct HTTPRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case head = "HEAD"
        case put = "PUT"
        case post = "POST"
        case delete = "DELETE"
    }

    var method: Method
    var url: String
    var headers: [(name: String, value: String)]
    var body: RequestBody
    /// A file of certificates to trust instead of the system's.
    var certificates: String?
}

/// A part of some bytes, sent without being copied.
struct RequestBody: Sendable {
    var bytes: StoredBytes
    var range: Range<Int>

    static let none = RequestBody(bytes: StoredBytes([]), range: 0..<0)

    init(_ bytes: StoredBytes) {
        self.init(bytes: bytes, range: 0..<bytes.count)
    }

    init(bytes: StoredBytes, range: Range<Int>) {
        self.bytes = bytes
        self.range = range.clamped(to: 0..<bytes.count)
    }

    var count: Int { range.count }

    var sha256: String {
        bytes.withBytes { HexText.of(Digest.sha256(UnsafeRawBufferPointer(rebasing: $0[range]))) }
    }
}

struct HTTPResponse: Sendable {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: StoredBytes
    /// Whether the body was sent twice, because a kept connection broke:
    /// libcurl then makes a new one by itself.
    var wasSentTwice = false
}

/// Why there is no response.
enum TransferFailure: Error, Sendable, Hashable {
    case cancelled
    case closed
    /// A code of libcurl.
    case transport(Int32)
    /// An errno of the file that takes a large body.
    case storage(Int32)
}
