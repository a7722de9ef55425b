/// The environment variables in which programs keep the location of a server.
///
/// `CC_S3_BUCKET`, `_PREFIX`, `_REGION`, `_ENDPOINT` and `_FORCE_PATH_STYLE`
/// are those of context-connectors; `REDIS_URL` and `DATABASE_URL` are what
/// hosting platforms and most clients agree on.
struct ServerVariables {
    let environment: ProcessEnvironment

    struct Found {
        /// For people: the variable and what it says, without a password.
        var label: String
        var location: StoreLocation?
    }

    var all: [Found] { [bucket, url("REDIS_URL"), url("DATABASE_URL")] }

    private var bucket: Found {
        guard let bucket = environment.value("CC_S3_BUCKET") else { return Found(label: "CC_S3_BUCKET (not set)") }
        var options: [String] = []
        if let endpoint = environment.value("CC_S3_ENDPOINT") { options.append("endpoint=\(Self.escaped(endpoint))") }
        if let region = environment.value("CC_S3_REGION") { options.append("region=\(Self.escaped(region))") }
        if let style = environment.value("CC_S3_FORCE_PATH_STYLE") {
            options.append("path-style=\(["true", "1", "yes", "on"].contains(style.lowercased()))")
        }
        let prefix = Self.escaped(environment.variables["CC_S3_PREFIX"] ?? "context-connectors/")
        let query = options.isEmpty ? "" : "?" + options.joined(separator: "&")
        let url = ServerURL("s3://\(bucket)/\(prefix)\(query)")
        return Found(label: "CC_S3_BUCKET (\(bucket))", location: url.map(StoreLocation.server))
    }

    private func url(_ name: String) -> Found {
        guard let value = environment.value(name) else { return Found(label: "\(name) (not set)") }
        guard let url = ServerURL(value) else { return Found(label: "\(name) (no location that can be opened)") }
        return Found(label: "\(name) (\(url.display))", location: .server(url))
    }

    /// The bytes that would end a part of the URL, percent-encoded.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F, !"%?&#=@+".utf8.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return escaped
    }
}
