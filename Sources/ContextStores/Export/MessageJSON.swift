public import JSONText
public import StoredRecords

extension StoredMessage {
    /// The message in the one form that all layouts share, for JSON Lines.
    ///
    /// Members: `position`, `id`, `role`, `content` (text, or what is stored
    /// where it is not text), `name`, `created` (ISO 8601), `tokens`,
    /// `tool_calls` (each `id`, `name`, `arguments`), `tool_call_id`,
    /// `metadata`, `notes`; those that are not stored are left out.
    public var uniformJSON: JSONValue {
        var members: [(String, JSONValue)] = [("position", .integer(position))]
        if let id { members.append(("id", .text(id))) }
        members.append(("role", role == .missing ? .null : .text(role.rawValue)))
        members.append(("content", contentJSON))
        if let name { members.append(("name", .text(name))) }
        if let created { members.append(("created", .text(created.iso8601))) }
        if let tokens { members.append(("tokens", .integer(tokens))) }
        if !toolCalls.isEmpty { members.append(("tool_calls", .array(toolCalls.map(\.uniformJSON)))) }
        if let toolCallID { members.append(("tool_call_id", .text(toolCallID))) }
        if let metadata { members.append(("metadata", metadata)) }
        if !notes.isEmpty { members.append(("notes", .array(notes.map { .text($0) }))) }
        return JSONValue(members: members)
    }

    private var contentJSON: JSONValue {
        if content.isEmpty { return .null }
        if content.count == 1 { return content[0].uniformJSON(isPart: false) }
        return .array(content.map { $0.uniformJSON(isPart: true) })
    }
}

extension ContentBlock {
    fileprivate func uniformJSON(isPart: Bool) -> JSONValue {
        switch self {
        case .text(let text):
            isPart ? JSONValue(members: [("type", "text"), ("text", .text(text))]) : .text(text)
        case .json(let value): value
        case .bytes(let bytes): JSONValue(members: [("type", "bytes"), ("hex", .text(bytes.hexText))])
        }
    }
}

extension ToolCall {
    fileprivate var uniformJSON: JSONValue {
        var members: [(String, JSONValue)] = []
        if let id { members.append(("id", .text(id))) }
        members.append(("name", .text(name)))
        if let arguments { members.append(("arguments", arguments)) }
        return JSONValue(members: members)
    }
}

extension StoredBytes {
    /// Two hexadecimal digits a byte.
    var hexText: String {
        withBytes { HexText.of($0) }
    }
}
