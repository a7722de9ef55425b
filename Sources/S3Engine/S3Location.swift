internal import EngineCore
public import StoredRecords

/// Where objects are: a bucket, a prefix in it and how it is reached.
public struct S3Location: Sendable, Hashable {
    public var bucket: String
    /// Empty, or ends in `/`.
    public var prefix: String
    /// `nil` to take it from the environment or the profile.
    public var region: String?
    /// `http` or `https` URL of a server that is not Amazon's; `nil` for theirs.
    public var endpoint: String?
    /// Whether the bucket is in the path or in the host name; `nil` for what the endpoint makes likely.
    public var usesPathStyle: Bool?
    /// The section of the shared files; `nil` for `AWS_PROFILE` or `default`.
    public var profile: String?
    /// A file of certificates to trust instead of the system's.
    public var certificates: String?

    /// Throws `invalid` for a bucket, prefix or endpoint that cannot be.
    public init(
        bucket: String, prefix: String = "", region: String? = nil, endpoint: String? = nil,
        usesPathStyle: Bool? = nil, profile: String? = nil, certificates: String? = nil
    ) throws(StorageError) {
        self.bucket = bucket
        self.prefix = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
        self.region = region
        self.endpoint = endpoint
        self.usesPathStyle = usesPathStyle
        self.profile = profile
        self.certificates = certificates
        try validate()
    }

    /// Goes further down, below the prefix there is.
    public mutating func append(_ part: String) {
        guard !part.isEmpty else { return }
        prefix += part.hasSuffix("/") ? part : part + "/"
    }

    /// Reads `s3://BUCKET/PREFIX?endpoint=URL&region=R&path-style=true&profile=P&ca=FILE`.
    public init(url: String) throws(StorageError) {
        func wrong(_ reason: String) -> StorageError {
            // The text may hold a secret in the wrong place, so it is not repeated.
            StorageError(
                .invalid, operation: "read the S3 location", place: "", reason: reason,
                help: "write s3://BUCKET/PREFIX?endpoint=URL&region=REGION")
        }
        guard url.lowercased().hasPrefix("s3://") else { throw wrong("it does not begin with s3://") }
        let rest = url.dropFirst(5)
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if path[0].contains("@") { throw wrong("credentials do not belong in the location") }
        var values: [String: String] = [:]
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard ["endpoint", "region", "path-style", "profile", "ca"].contains(pair[0]) else {
                throw wrong("it has an option that is not known")
            }
            guard pair.count == 2, let value = Self.decoded(pair[1]) else {
                throw wrong("the option \(pair[0]) has no value that can be read")
            }
            values[String(pair[0])] = value
        }
        guard let prefix = Self.decoded(path.count > 1 ? path[1] : "") else {
            throw wrong("the prefix is not percent-encoded UTF-8")
        }
        var isPathStyle: Bool?
        switch values["path-style"] {
        case nil: break
        case "true", "1", "": isPathStyle = true
        case "false", "0": isPathStyle = false
        default: throw wrong("path-style is neither true nor false")
        }
        try self.init(
            bucket: String(path[0]), prefix: prefix, region: values["region"], endpoint: values["endpoint"],
            usesPathStyle: isPathStyle, profile: values["profile"], certificates: values["ca"])
    }

    /// The location in the form `init(url:)` reads; never with a secret in it.
    public var description: String {
        var text = "s3://\(bucket)/\(PercentEncoding.encode(prefix.utf8, keepingSlash: true))"
        var options: [String] = []
        if let endpoint {
            let encoded = PercentEncoding.encode(endpoint.utf8, keepingSlash: true).replacing("%3A", with: ":")
            options.append("endpoint=\(encoded)")
        }
        if let region { options.append("region=\(region)") }
        if let usesPathStyle { options.append("path-style=\(usesPathStyle)") }
        if let profile { options.append("profile=\(PercentEncoding.encode(profile.utf8))") }
        if !options.isEmpty { text += "?" + options.joined(separator: "&") }
        return text
    }

    private static func decoded(_ text: Substring) -> String? {
        PercentEncoding.decode(text.utf8, plusIsSpace: false).flatMap { String(validating: $0, as: UTF8.self) }
    }

    private func validate() throws(StorageError) {
        func wrong(_ reason: String, _ help: String = "") -> StorageError {
            StorageError(.invalid, operation: "open the bucket", place: "", reason: reason, help: help)
        }
        // Both become part of a host name or of a signed scope.
        let isName: (String) -> Bool = { text in
            !text.isEmpty && text.utf8.count <= 255
                && text.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                        UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
        guard isName(bucket) else {
            throw wrong(
                "the bucket name is empty or has characters that no bucket has",
                "write s3://BUCKET/PREFIX?endpoint=URL&region=REGION")
        }
        if let region, !isName(region) { throw wrong("the region is not a region's name", "write one like eu-west-1") }
        if !prefix.isEmpty, let problem = ObjectKey(prefix).prefixProblem {
            throw wrong("the prefix is not usable: \(problem)")
        }
        if let endpoint { _ = try S3Endpoint(endpoint) }
    }
}

extension S3Location: CustomStringConvertible {}
