internal import StoredRecords

/// The scheme, host and path of a server.
struct S3Endpoint: Sendable, Hashable {
    let scheme: String
    let host: String
    /// With `:` before it; empty for the scheme's own.
    let port: String
    /// Empty, or begins with `/` and does not end with it.
    let path: String

    /// Throws `invalid` for anything but `http[s]://HOST[:PORT][/PATH]`.
    init(_ url: String) throws(StorageError) {
        func wrong(_ reason: String) -> StorageError {
            StorageError(
                .invalid, operation: "read the endpoint", place: "", reason: reason,
                help: "write it as https://HOST:PORT")
        }
        let lower = url.lowercased()
        guard let scheme = ["https", "http"].first(where: { lower.hasPrefix($0 + "://") }) else {
            throw wrong("it begins with neither https:// nor http://")
        }
        let rest = url.dropFirst(scheme.count + 3)
        let authority = rest.prefix { $0 != "/" }
        if authority.contains("@") { throw wrong("credentials do not belong in the endpoint") }
        if rest.contains("?") || rest.contains("#") { throw wrong("it has a query or a fragment") }
        var host = authority
        var port: Substring = ""
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
            guard let number = UInt16(port), number > 0 else { throw wrong("the port is not a number below 65536") }
        }
        let isLiteral = host.hasPrefix("[") && host.hasSuffix("]")
        let name = isLiteral ? host.dropFirst().dropLast() : host
        let isUsable = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            case UInt8(ascii: ":"): isLiteral
            default: false
            }
        }
        guard !name.isEmpty, isUsable else { throw wrong("it has no usable host name") }
        var path = String(rest.dropFirst(authority.count))
        while path.hasSuffix("/") { path.removeLast() }
        self.scheme = scheme
        self.host = host.lowercased()
        let isDefault = port.isEmpty || (scheme == "http" && port == "80") || (scheme == "https" && port == "443")
        self.port = isDefault ? "" : ":\(port)"
        self.path = PercentEncoding.encode(path.utf8, keepingSlash: true)
    }

    /// Amazon's own for the region.
    init(region: String) {
        scheme = "https"
        host = "s3.\(region).amazonaws.com" + (region.hasPrefix("cn-") ? ".cn" : "")
        port = ""
        path = ""
    }

    /// Whether the host is an address, which no bucket name can be put before.
    var isAddress: Bool {
        host.hasPrefix("[") || host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (48...57).contains($0) }
    }
}
