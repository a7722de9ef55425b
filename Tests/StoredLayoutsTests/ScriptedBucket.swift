import TestSupport

/// Objects as an S3 server lists and reads them, and a record of what it was asked.
final class ScriptedBucket: Sendable {
    let server: ScriptedServer

    /// - Parameter keys: in byte order; each object holds `body`.
    init(_ keys: [String], body: String) throws {
        server = try ScriptedServer { request in
            let parts = request.target.split(separator: "?", maxSplits: 1)
            guard parts.count == 2, parts[1].contains("list-type=2") else {
                let key = String(parts[0].dropFirst("/b/".count))
                guard request.method != "HEAD" || !key.isEmpty else { return .status(200) }
                guard keys.contains(key) else { return .status(404, body: "<Error><Code>NoSuchKey</Code></Error>") }
                let length = ["ETag": "\"t\"", "Content-Length": "\(body.utf8.count)"]
                return .status(200, headers: length, body: body)
            }
            return .status(200, body: Self.list(keys, String(parts[1])))
        }
    }

    /// How many lists, and how many objects, were asked for.
    var asked: (lists: Int, objects: Int) {
        let targets = server.requests.filter { $0.method == "GET" }.map(\.target)
        let lists = targets.count { $0.contains("list-type=2") }
        return (lists, targets.count - lists)
    }

    private static func list(_ keys: [String], _ query: String) -> String {
        var values: [Substring: String] = [:]
        for pair in query.split(separator: "&") {
            let halves = pair.split(separator: "=", omittingEmptySubsequences: false)
            values[halves[0]] =
                halves.count == 2 ? String(halves[1]).replacing("%2F", with: "/").replacing("%3D", with: "=") : ""
        }
        let prefix = values["prefix"] ?? ""
        let isGrouped = values["delimiter"] == "/"
        let limit = min(1000, Int(values["max-keys"] ?? "1000") ?? 1000)
        let after = values["continuation-token"] ?? values["start-after"] ?? ""
        var items = ""
        var count = 0
        var last = ""
        for key in keys where key.hasPrefix(prefix) && key > after {
            let slash = key.dropFirst(prefix.count).firstIndex(of: "/")
            let group = isGrouped ? slash.map { String(key[...$0]) } : nil
            if let group, group == last || after.hasPrefix(group) { continue }
            if count == limit {
                return "<ListBucketResult>\(items)<IsTruncated>true</IsTruncated>"
                    + "<NextContinuationToken>\(last)</NextContinuationToken></ListBucketResult>"
            }
            count += 1
            last = group ?? key
            items +=
                group.map { "<CommonPrefixes><Prefix>\($0)</Prefix></CommonPrefixes>" }
                ?? ("<Contents><Key>\(key)</Key><ETag>\"t\"</ETag><Size>1</Size>"
                    + "<LastModified>2026-01-01T00:00:00Z</LastModified></Contents>")
        }
        return "<ListBucketResult>\(items)<IsTruncated>false</IsTruncated></ListBucketResult>"
    }
}
