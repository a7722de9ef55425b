internal import JSONText
internal import StoredRecords

/// Decodes a message file for reading; whatever does not decode becomes a note.
enum LooopyMessageDecoder {
    /// Members shown as parts of the message; all others are its metadata.
    private static let known: Set<String> = [
        "role", "content", "name", "toolCalls", "toolCallId", "id", "contextId", "index", "timestamp", "tokens",
    ]

    /// A file that cannot be read is a message with the reason as its note.
    static func message(_ bytes: Result<StoredBytes, StorageError>, position: Int) -> StoredMessage {
        switch bytes {
        case .success(let bytes): return message(bytes, position: position)
        case .failure(let error):
            return StoredMessage(
                position: position, role: .missing, content: [], notes: [error.description],
                raw: .bytes(StoredBytes([])))
        }
    }

    static func message(_ bytes: StoredBytes, position: Int) -> StoredMessage {
        let raw = RawRecord.bytes(bytes)
        let value: JSONValue
        do throws(JSONError) {
            value = try parse(bytes)
        } catch {
            return StoredMessage(
                position: position, role: .missing, content: [.bytes(bytes)],
                notes: [
                    "the file is not valid JSON (\(error)); "
                        + "looopy-ai reads no message of this conversation while it is there"
                ], raw: raw)
        }
        guard case .object(let members) = value else {
            return StoredMessage(
                position: position, role: .missing, content: [.json(value)],
                notes: ["the file holds \(word(value.kind)) instead of a message"], raw: raw)
        }
        var notes: [String] = []
        var message = StoredMessage(
            position: position, id: value["id"]?.stringValue, role: .missing, content: [],
            name: value["name"]?.stringValue,
            created: value["timestamp"]?.stringValue.flatMap(Timestamp.init(iso8601:)),
            tokens: value["tokens"]?.intValue, toolCallID: value["toolCallId"]?.stringValue, raw: raw)
        if let role = value["role"]?.stringValue {
            message.role = MessageRole(rawValue: role)
            if message.role.letter == "?" { notes.append("the role is none the tool knows") }
        } else {
            notes.append(value["role"] == nil ? "the message has no role" : "the role is not text")
        }
        message.content = content(value["content"], notes: &notes)
        message.toolCalls = toolCalls(value["toolCalls"], notes: &notes)
        if value["index"] == nil { notes.append("the message has no index") }
        let others = members.filter { !known.contains($0.key.text) }
        if !others.isEmpty { message.metadata = .object(others) }
        message.notes = notes
        return message
    }

    /// The `index` a message file holds; `nil` when it holds none that orders.
    static func index(_ bytes: Result<StoredBytes, StorageError>) -> Double? {
        guard case .success(let bytes) = bytes else { return nil }
        return LooopyMessageHead.number(LooopyFields(bytes, [["index"]])["index"])
    }

    static func parse(_ bytes: StoredBytes) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withBytes { buffer in
            Result { () throws(JSONError) in try JSONValue.parse(buffer) }
        }
        return try result.get()
    }

    private static func content(_ value: JSONValue?, notes: inout [String]) -> [ContentBlock] {
        switch value {
        case nil:
            notes.append("the message has no content")
            return []
        case .string(let text):
            return [.text(text.text)]
        case .array(let parts):
            return parts.map { part in
                if part["type"]?.stringValue == "text", let text = part["text"]?.stringValue { return .text(text) }
                if case .string(let text) = part { return .text(text.text) }
                return .json(part)
            }
        case .null:
            notes.append("the content is null")
            return []
        case .some(let other):
            notes.append("the content is \(word(other.kind))")
            return [.json(other)]
        }
    }

    private static func toolCalls(_ value: JSONValue?, notes: inout [String]) -> [ToolCall] {
        guard let value, !value.isNull else { return [] }
        guard case .array(let calls) = value else {
            notes.append("toolCalls is \(word(value.kind))")
            return []
        }
        return calls.map { call in
            let function = call["function"]
            return ToolCall(
                id: call["id"]?.stringValue, name: function?["name"]?.stringValue ?? call["name"]?.stringValue ?? "",
                arguments: function?["arguments"] ?? call["arguments"])
        }
    }

    private static func word(_ kind: JSONKind) -> String {
        switch kind {
        case .null: "null"
        case .bool: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}
