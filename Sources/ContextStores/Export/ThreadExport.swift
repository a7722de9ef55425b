internal import JSONText
internal import StoredRecords

/// Writes one thread in one form; called in the order begin, message ..., end.
protocol ThreadForm {
    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError)
    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError)
    mutating func end(_ writer: ExportWriter) async throws(StorageError)
}

/// What a form knows of a thread besides its messages.
struct ExportedThread {
    var record: RecordSummary
    /// What is stored about it besides its messages.
    var documents: [RecordDocument]
    /// How many of the older messages are left out.
    var omitted: Int

    var title: String { record.title.isEmpty ? record.id.key : record.title }

    /// The facts a transcript begins with.
    var facts: [(name: String, value: String)] {
        var facts = [("id", record.id.key), ("layout", record.id.layout)]
        if let messages = record.messages { facts.append(("messages", String(messages))) }
        if omitted > 0 { facts.append(("left out", "\(omitted) older messages")) }
        if let created = record.created { facts.append(("created", created.iso8601)) }
        if let updated = record.updated { facts.append(("updated", updated.iso8601)) }
        if let metadata = record.metadata { facts.append(("metadata", metadata.serialized(.compact))) }
        return facts
    }
}

extension StoredMessage {
    /// The word for who speaks, also where none is stored.
    var speaker: String {
        let role = role == .missing ? "(no role)" : role.rawValue
        return name.map { "\(role) \($0)" } ?? role
    }
}

/// One JSON object with all parts in their stored form.
///
/// What is stored as JSON stands in it byte for byte, so numbers keep their
/// spelling and members their order; anything else stands as text (`text`) or,
/// where it is not even UTF-8, as hexadecimal digits (`hex`).
struct StoredThreadForm: ThreadForm {
    private var isFirst = true

    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        let head = JSONValue(members: [
            ("kind", "thread"), ("id", .text(thread.record.id.key)), ("layout", .text(thread.record.id.layout)),
        ])
        try await writer.put(String(head.serialized(.compact).dropLast()))
        if thread.omitted > 0 { try await writer.put(",\"omitted\":\(thread.omitted)") }
        try await writer.put(",\n\"documents\":{")
        for (index, document) in thread.documents.enumerated() {
            try await writer.put((index == 0 ? "\n" : ",\n") + JSONValue.text(document.name).serialized(.compact) + ":")
            try await writer.put(Self.embedded(document.bytes))
        }
        try await writer.put("},\n\"messages\":[")
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        try await writer.put(isFirst ? "\n" : ",\n")
        isFirst = false
        switch message.raw {
        case .bytes(let bytes): try await writer.put(Self.embedded(bytes))
        case .row: try await writer.put(message.raw.displayText)
        }
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {
        try await writer.put("\n]}\n")
    }

    private static func embedded(_ bytes: StoredBytes) -> StoredBytes {
        let isJSON = bytes.withBytes { buffer in
            do throws(JSONError) {
                try JSONScanner(buffer).validate()
                return true
            } catch {
                return false
            }
        }
        if isJSON { return bytes }
        let member: (String, JSONValue) =
            bytes.text.map { ("text", .text($0)) } ?? ("hex", .text(bytes.hexText))
        return StoredBytes(JSONValue(members: [member]).serialized(.compact))
    }
}

/// One message a line in the form all layouts share.
struct LinesThreadForm: ThreadForm {
    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {}

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        try await writer.put(message.uniformJSON.serialized(.compact) + "\n")
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {}
}
