internal import EngineCore

/// The headers that an object has beside its content: the media type, and
/// what a client of its own said when it wrote the object.
///
/// Source: "PutObject" and "GetObject" of the S3 API reference. An object's
/// tags and its access list are no headers and are not among them.
enum ObjectHeaders {
    private static let names: Set<String> = [
        "cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires",
        "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
        "x-amz-server-side-encryption-bucket-key-enabled", "x-amz-storage-class", "x-amz-website-redirect-location",
    ]
    private static let ownPrefix = "x-amz-meta-"

    /// Those of an answer, names in lower case, that a new writing would lose.
    static func kept(_ headers: [String: String]) -> [String: String] {
        var kept = headers.filter { isKept($0.key) }
        // Some servers keep here how the content came over the network; sent
        // back, it would say that of ours.
        let codings = kept["content-encoding", default: ""].split(separator: ",")
            .map { $0.filter { $0 != " " } }.filter { !$0.isEmpty && $0.lowercased() != "aws-chunked" }
        kept["content-encoding"] = codings.isEmpty ? nil : codings.joined(separator: ",")
        return kept
    }

    /// What to send with a write: the attributes that are headers, and a
    /// media type by the object's name where none is given.
    static func sent(_ write: ObjectWrite) -> [(name: String, value: String)] {
        var headers = write.attributes.filter { isKept($0.key) && isUsable($0.key, $0.value) }
        if headers["content-type", default: ""].isEmpty { headers["content-type"] = contentType(write.key) }
        return headers.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    private static func isKept(_ name: String) -> Bool { names.contains(name) || name.hasPrefix(ownPrefix) }

    /// Whether both can stand in a header; only a client's own values are more than ASCII.
    private static func isUsable(_ name: String, _ value: String) -> Bool {
        let last: UInt8 = name.hasPrefix(ownPrefix) ? 0xFF : 0x7E
        return value.utf8.count <= 2048 && value.utf8.allSatisfy { 0x20...last ~= $0 && $0 != 0x7F }
            && name.utf8.allSatisfy { 0x21...0x7E ~= $0 && $0 != UInt8(ascii: ":") }
    }

    private static func contentType(_ key: ObjectKey) -> String {
        let name = key.lastPart.bytes
        guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return "application/octet-stream" }
        switch String(decoding: name[name.index(after: dot)...], as: UTF8.self).lowercased() {
        case "json": return "application/json"
        case "jsonl", "ndjson": return "application/x-ndjson"
        case "txt", "log": return "text/plain; charset=utf-8"
        case "md": return "text/markdown; charset=utf-8"
        case "csv": return "text/csv; charset=utf-8"
        case "html": return "text/html; charset=utf-8"
        default: return "application/octet-stream"
        }
    }
}
