internal import EngineCore
internal import StoredRecords

/// One answer to ListObjectsV2.
struct ListingPage {
    struct Item {
        var key: [UInt8]
        var size: Int64
        var modified: Timestamp?
        var tag: String
    }

    var items: [Item] = []
    var prefixes: [[UInt8]] = []
    /// What the next request goes on with; `nil` at the end.
    var token: String?

    /// `nil` when the bytes are not such an answer.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let root = XMLElement.parse(bytes), root.name == "ListBucketResult" else { return nil }
        let isEncoded = root.string("EncodingType") == "url"
        func name(_ element: XMLElement?) -> [UInt8]? {
            guard let element else { return nil }
            // Some servers write a space as a plus; all write a plus as %2B.
            return isEncoded ? PercentEncoding.decode(element.text, plusIsSpace: true) : element.text
        }
        for content in root.all("Contents") {
            guard let key = name(content["Key"]), let size = content.string("Size").flatMap({ Int64($0) }), size >= 0
            else { return nil }
            items.append(
                Item(
                    key: key, size: size, modified: content.string("LastModified").flatMap { Self.time($0) },
                    tag: EntityTag.unquoted(content.string("ETag") ?? "")))
        }
        for group in root.all("CommonPrefixes") {
            guard let prefix = name(group["Prefix"]) else { return nil }
            prefixes.append(prefix)
        }
        if root.string("IsTruncated") == "true" {
            guard let token = root.string("NextContinuationToken"), !token.isEmpty else { return nil }
            self.token = token
        }
    }

    /// In whole seconds, as headers have it: a listing and a look-up must say the same.
    private static func time(_ text: String) -> Timestamp? {
        Timestamp(iso8601: text).map { Timestamp(seconds: $0.seconds) }
    }
}
