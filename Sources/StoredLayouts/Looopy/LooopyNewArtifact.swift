internal import EngineCore
internal import JSONText
internal import StoredRecords

/// The two files of an artifact that a program hands over whole.
struct LooopyNewArtifact: Sendable {
    let content: LooopyContent
    let bytes: StoredBytes
    let contentType: String
    let metadata: JSONValue

    init(_ artifact: NewArtifact, at time: Timestamp, operation: String, place: String) throws(StorageError) {
        let moment = JSONValue.text(time.iso8601Milliseconds)
        var own: [(String, JSONValue)]
        switch artifact.content {
        case .file(let given, let mimeType, let isBase64):
            guard let text = isBase64 ? given.withBytes(LooopyBase64.encode) : given.text else {
                throw StorageError(
                    .invalid, operation: operation, place: place, reason: "the content is not UTF-8 text",
                    help: "store it as base64")
            }
            content = .file
            bytes = StoredBytes(text)
            contentType = mimeType
            let chunk = JSONValue(members: [
                ("index", 0), ("data", .text(text)), ("size", .integer(bytes.count)), ("timestamp", moment),
            ])
            own = [
                ("mimeType", .text(mimeType)), ("encoding", isBase64 ? "base64" : "utf-8"), ("chunks", [chunk]),
                ("totalChunks", 1), ("totalSize", .integer(bytes.count)),
            ]
        case .data(let value):
            content = .data
            bytes = StoredBytes(value.serializedBytes(.pretty))
            contentType = "application/json"
            own = [("data", value)]
        case .dataset(let columns, let rows):
            content = .dataset
            var lines: [UInt8] = []
            for row in rows {
                lines += row.serializedBytes(.compact)
                lines.append(UInt8(ascii: "\n"))
            }
            bytes = StoredBytes(lines)
            contentType = "application/x-ndjson"
            let named = columns.map {
                JSONValue(members: [("name", .text($0.name)), ("type", .text($0.type))])
            }
            let schema = artifact.schema ?? JSONValue(members: [("columns", .array(named))])
            own = [
                ("schema", schema), ("rows", .array(rows)),
                ("totalChunks", 1), ("totalSize", .integer(rows.count)),
            ]
        }
        metadata = Self.metadata(artifact, content, own, at: time)
    }

    /// The members in the order the tool writes them.
    private static func metadata(
        _ artifact: NewArtifact, _ content: LooopyContent, _ own: [(String, JSONValue)], at time: Timestamp
    ) -> JSONValue {
        let moment = JSONValue.text(time.iso8601Milliseconds)
        let milliseconds = time.seconds * 1000 + Int64(time.nanoseconds / 1_000_000)
        let operations = ["create", content == .data ? "replace" : "append"].map { type in
            JSONValue(members: [
                ("operationId", .text("op-\(milliseconds)")), ("type", .text(type)), ("timestamp", moment),
            ])
        }
        var members: [(String, JSONValue)] = [
            ("type", .text(content.rawValue)), ("artifactId", .text(artifact.id)),
            ("taskId", .text(artifact.task)), ("contextId", .text(artifact.context)),
            ("name", .text(artifact.name)),
        ]
        if !artifact.description.isEmpty { members.append(("description", .text(artifact.description))) }
        members += own
        members += [
            ("status", "complete"), ("version", 1), ("operations", .array(operations)), ("createdAt", moment),
            ("updatedAt", moment), ("completedAt", moment),
        ]
        return JSONValue(members: members)
    }
}
