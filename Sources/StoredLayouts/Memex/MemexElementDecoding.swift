internal import JSONText
internal import StoredRecords

/// Reads a message from its element of a thread's document.
///
/// The documented form has `content`, `role`, `metadata` and `created_at`; the
/// further fields of MemexLLM's messages are read where a program stores them.
enum MemexElementDecoding {
    static func message(_ value: JSONValue, bytes: [UInt8], position: Int) -> StoredMessage {
        var notes: [String] = []
        guard value.objectValue != nil else {
            return StoredMessage(
                position: position, role: .missing, content: [.json(value)], notes: ["the message is no JSON object"],
                raw: .bytes(StoredBytes(bytes)))
        }
        let content = content(value["content"], &notes)
        let role = role(value["role"], &notes)
        let created = value["created_at"].flatMap { stored -> Timestamp? in
            let time = stored.stringValue.flatMap { Timestamp(iso8601: $0) }
            if time == nil { notes.append("created_at is not a time") }
            return time
        }
        if let metadata = value["metadata"], metadata.objectValue == nil {
            notes.append("the metadata is not a JSON object")
        }
        return StoredMessage(
            position: position, id: text(value["id"]), role: role, content: content, name: text(value["name"]),
            created: created, tokens: value["token_count"]?.intValue, toolCalls: toolCalls(value),
            toolCallID: text(value["tool_call_id"] ?? value["metadata"]?["tool_call_id"]),
            metadata: value["metadata"], notes: notes, raw: .bytes(StoredBytes(bytes)))
    }

    private static func text(_ value: JSONValue?) -> String? {
        guard let text = value?.stringValue, !text.isEmpty else { return nil }
        return text
    }

    private static func role(_ stored: JSONValue?, _ notes: inout [String]) -> MessageRole {
        guard let text = text(stored) else {
            notes.append("the role is missing")
            return .missing
        }
        if !MemexMessageDecoding.knownRoles.contains(text) { notes.append("the role is not one MemexLLM knows") }
        return MessageRole(rawValue: text)
    }

    private static func content(_ stored: JSONValue?, _ notes: inout [String]) -> [ContentBlock] {
        switch stored {
        case .string(let text): return [.text(text.text)]
        case .array(let parts): return parts.map(MemexMessageDecoding.block)
        case nil:
            notes.append("the content is missing")
            return []
        case .null:
            notes.append("the content is null")
            return []
        case .some(let value):
            notes.append("the content is neither text nor a list of parts")
            return [.json(value)]
        }
    }

    private static func toolCalls(_ value: JSONValue) -> [ToolCall] {
        MemexMessageDecoding.toolCalls { value[$0] ?? value["metadata"]?[$0] }
    }
}
