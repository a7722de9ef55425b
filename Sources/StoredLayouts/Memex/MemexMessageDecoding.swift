internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Reads a message from its row, whatever the row holds.
///
/// MemexLLM stores no tool calls in its own columns; they are taken from a
/// column or a metadata member of their name where a program keeps them there.
struct MemexMessageDecoding: Sendable {
    static let knownRoles: Set<String> = ["system", "user", "assistant", "tool", "function", "developer"]

    /// The note of a thread whose sum of tokens is left out.
    static let tokensTooLarge = "the token counts are too large to be added"

    private let row: Row
    private(set) var notes: [String] = []
    private(set) var metadata: JSONValue?

    init(_ row: Row) {
        self.row = row
        if let stored = row["metadata"] { metadata = Self.metadata(stored, &notes) }
    }

    static func message(_ row: Row, position: Int, raw: [RawColumn]) -> StoredMessage {
        var decoding = MemexMessageDecoding(row)
        let content = decoding.content()
        let role = decoding.role()
        let id = decoding.id()
        let created = row["created_at"].flatMap { memexTime($0, "created_at", &decoding.notes) }
        let tokens = decoding.tokens()
        return StoredMessage(
            position: position, id: id, role: role, content: content, name: decoding.text("name"), created: created,
            tokens: tokens, toolCalls: decoding.toolCalls, toolCallID: decoding.toolCallID,
            metadata: decoding.metadata, notes: decoding.notes, raw: .row(raw))
    }

    // MARK: Columns

    private mutating func id() -> String? {
        guard let id = row["id"], !id.isNull else {
            notes.append("the message has no id")
            return nil
        }
        return ThreadID(id).key
    }

    private mutating func role() -> MessageRole {
        guard let text = row["role"]?.text, !text.isEmpty else {
            notes.append("the role is missing")
            return .missing
        }
        if !Self.knownRoles.contains(text) { notes.append("the role is not one MemexLLM knows") }
        return MessageRole(rawValue: text)
    }

    private mutating func tokens() -> Int? {
        guard let stored = row["token_count"], !stored.isNull else { return nil }
        guard let number = stored.integer else {
            notes.append("token_count is not a number")
            return nil
        }
        return Int(number)
    }

    private mutating func content() -> [ContentBlock] {
        switch row["content"] ?? .null {
        case .text(let text): return Self.blocks(text)
        case .null:
            notes.append("the content is NULL")
            return []
        case .integer(let number):
            notes.append("the content is a number")
            return [.json(StoredValue.integer(number).json)]
        case .real(let number):
            notes.append("the content is a number")
            return [.json(StoredValue.real(number).json)]
        case .invalidText(let bytes):
            notes.append("the content is not UTF-8 text")
            return [.bytes(StoredBytes(bytes))]
        case .bytes(let bytes):
            notes.append("the content is a BLOB")
            if let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) { return [.text(text)] }
            return [.bytes(StoredBytes(bytes))]
        }
    }

    /// Text is text, unless all of it is a JSON array of parts, each an object with a `type`.
    private static func blocks(_ text: String) -> [ContentBlock] {
        guard text.utf8.first == UInt8(ascii: "["), text.utf8.last == UInt8(ascii: "]"),
            let parts = (try? JSONValue.parse(text))?.arrayValue, !parts.isEmpty,
            parts.allSatisfy({ $0["type"]?.stringValue != nil })
        else { return [.text(text)] }
        return parts.map(block)
    }

    static func block(_ part: JSONValue) -> ContentBlock {
        if part["type"]?.stringValue == "text", let text = part["text"]?.stringValue { return .text(text) }
        return .json(part)
    }

    /// The parts of the content, where it is text that holds some.
    var toolParts: [ContentBlock] { row["content"]?.text.map(Self.blocks) ?? [] }

    // MARK: What only some programs store

    /// A text under this name, from a column, else from the metadata.
    private func text(_ name: String) -> String? {
        let text = row[name]?.text ?? metadata?[name]?.stringValue
        return text?.isEmpty == true ? nil : text
    }

    var toolCallID: String? { text("tool_call_id") }

    /// Whether the message answers a tool call.
    var isToolResult: Bool {
        toolCallID != nil || ["tool", "function"].contains(row["role"]?.text)
    }

    var toolCalls: [ToolCall] { Self.toolCalls(json) }

    /// Tool calls in the form of OpenAI's interface, which MemexLLM takes over.
    static func toolCalls(_ stored: (String) -> JSONValue?) -> [ToolCall] {
        if let calls = stored("tool_calls")?.arrayValue {
            return calls.compactMap { call in
                guard call.objectValue != nil else { return nil }
                let function = call["function"] ?? call
                return ToolCall(
                    id: call["id"]?.stringValue, name: function["name"]?.stringValue ?? "",
                    arguments: function["arguments"])
            }
        }
        if let call = stored("function_call"), let name = call["name"]?.stringValue {
            return [ToolCall(id: nil, name: name, arguments: call["arguments"])]
        }
        return []
    }

    private func json(_ name: String) -> JSONValue? {
        if let text = row[name]?.text { return try? JSONValue.parse(text) }
        return metadata?[name]
    }

    /// The metadata column as JSON; a note says why where it is not an object.
    static func metadata(_ stored: StoredValue, _ notes: inout [String]) -> JSONValue? {
        guard let bytes = stored.storedBytes, let value = try? JSONValue.parse(bytes) else {
            notes.append(stored.isNull ? "the metadata is NULL" : "the metadata is not JSON")
            return nil
        }
        if value.objectValue == nil { notes.append("the metadata is not a JSON object") }
        return value
    }
}

/// A stored time; a note says so where it is not one.
func memexTime(_ stored: StoredValue, _ column: String, _ notes: inout [String]) -> Timestamp? {
    if let text = stored.text, let time = Timestamp(iso8601: text) { return time }
    notes.append(stored.isNull ? "\(column) is NULL" : "\(column) is not a time")
    return nil
}
