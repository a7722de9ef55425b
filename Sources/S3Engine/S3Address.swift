/// How the objects of one bucket are named in requests.
struct S3Address: Sendable {
    let endpoint: S3Endpoint
    let bucket: String
    let usesPathStyle: Bool

    /// - Parameter usesPathStyle: `nil` for the bucket in the host name with
    ///   Amazon, except for one with a dot, which their certificate does not
    ///   cover, and in the path with every other server, which all know that.
    init(endpoint: S3Endpoint?, region: String, bucket: String, usesPathStyle: Bool?) {
        self.endpoint = endpoint ?? S3Endpoint(region: region)
        self.bucket = bucket
        self.usesPathStyle = usesPathStyle ?? (endpoint != nil || bucket.contains("."))
    }

    /// The `Host` header: as libcurl would write it, without the scheme's own port.
    var host: String {
        (usesPathStyle ? endpoint.host : "\(bucket).\(endpoint.host)") + endpoint.port
    }

    /// The encoded path of an object, or of the bucket for `nil`.
    func path(_ key: [UInt8]?) -> String {
        var path = endpoint.path
        if usesPathStyle { path += "/" + PercentEncoding.encode(bucket.utf8) }
        if let key { path += "/" + PercentEncoding.encode(key, keepingSlash: true) }
        return path.isEmpty ? "/" : path
    }

    func url(path: String, query: String) -> String {
        "\(endpoint.scheme)://\(host)\(path)" + (query.isEmpty ? "" : "?\(query)")
    }
}
