internal import StoredRecords

/// Signs requests with AWS Signature Version 4.
///
/// Source: "Authenticating Requests (AWS Signature Version 4)" of the S3 API
/// reference. The path and the query come encoded by `PercentEncoding`, so
/// that the same text is signed and sent.
struct RequestSigner {
    let credentials: S3Credentials
    let region: String
    var service = "s3"

    /// The headers to send, `Authorization` among them, names in lower case.
    ///
    /// - Parameters:
    ///   - path: encoded, beginning with `/`.
    ///   - query: names and values, not encoded.
    ///   - headers: all but the ones made here; `host` must be among them.
    ///   - payloadHash: hexadecimal SHA-256 of the body.
    func sign(
        method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
        payloadHash: String, time: Timestamp
    ) -> [(name: String, value: String)] {
        let date = HTTPDate.basic(time)
        var all = headers + [("x-amz-content-sha256", payloadHash), ("x-amz-date", date)]
        if let token = credentials.sessionToken { all.append(("x-amz-security-token", token)) }
        let request = canonicalRequest(
            method: method, path: path, query: query, headers: all, payloadHash: payloadHash)
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.keyID)/\(scope(date)),"
            + "SignedHeaders=\(Self.signedNames(all)),Signature=\(signature(of: request, date: date))"
        return all + [("authorization", authorization)]
    }

    /// The text whose digest is signed.
    func canonicalRequest(
        method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
        payloadHash: String
    ) -> String {
        let lines = Self.sorted(headers).map { "\($0.name):\(Self.collapsed($0.value))\n" }.joined()
        return [method, path, Self.queryText(query), lines, Self.signedNames(headers), payloadHash]
            .joined(separator: "\n")
    }

    /// - Parameter date: `20130524T000000Z`
    func signature(of canonicalRequest: String, date: String) -> String {
        let hash = HexText.of(Digest.sha256(Array(canonicalRequest.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(scope(date))\n\(hash)"
        return HexText.of(Digest.hmacSHA256(key: signingKey(day: String(date.prefix(8))), text))
    }

    private func scope(_ date: String) -> String {
        "\(date.prefix(8))/\(region)/\(service)/aws4_request"
    }

    /// The query as it is sent and signed: encoded, ordered by bytes, every name with `=`.
    static func queryText(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name.utf8), PercentEncoding.encode($0.value.utf8)) }
            .sorted { left, right in
                left.0 == right.0
                    ? left.1.utf8.lexicographicallyPrecedes(right.1.utf8)
                    : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
            }
            .map { "\($0.0)=\($0.1)" }.joined(separator: "&")
    }

    private func signingKey(day: String) -> [UInt8] {
        var key = Digest.hmacSHA256(key: Array("AWS4\(credentials.secret)".utf8), day)
        for part in [region, service, "aws4_request"] { key = Digest.hmacSHA256(key: key, part) }
        return key
    }

    private static func sorted(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        headers.map { (name: $0.name.lowercased(), value: $0.value) }
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func signedNames(_ headers: [(name: String, value: String)]) -> String {
        sorted(headers).map(\.name).joined(separator: ";")
    }

    /// Without spaces at the ends, and every run of them inside as one.
    private static func collapsed(_ value: String) -> String {
        value.split(separator: " ").joined(separator: " ")
    }
}
