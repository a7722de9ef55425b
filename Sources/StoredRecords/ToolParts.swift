internal import JSONText

/// A tool's answer that is stored as a part of a message's content.
public struct ToolResult: Sendable, Hashable {
    /// The call it answers.
    public var callID: String?
    /// Whether the part itself says that the tool failed.
    public var isError: Bool
    public var content: [ContentBlock]

    public init(callID: String?, isError: Bool, content: [ContentBlock]) {
        self.callID = callID
        self.isError = isError
        self.content = content
    }
}

/// Calls and results as parts of a content, in the form of Anthropic's interface.
extension ContentBlock {
    /// The call that a part of type `tool_use` (or `server_tool_use` and the like) makes.
    public var toolCall: ToolCall? {
        guard case .json(let part) = self, let type = part["type"]?.stringValue,
            type == "tool_use" || type.hasSuffix("_tool_use")
        else { return nil }
        return ToolCall(id: part["id"]?.stringValue, name: part["name"]?.stringValue ?? "", arguments: part["input"])
    }

    /// The result that a part of type `tool_result` (or `web_search_tool_result` and the like) holds.
    public var toolResult: ToolResult? {
        guard case .json(let part) = self, let type = part["type"]?.stringValue,
            type == "tool_result" || type.hasSuffix("_tool_result")
        else { return nil }
        return ToolResult(
            callID: part["tool_use_id"]?.stringValue, isError: part["is_error"]?.boolValue ?? false,
            content: Self.blocks(part["content"]))
    }

    private static func blocks(_ content: JSONValue?) -> [ContentBlock] {
        guard let content, !content.isNull else { return [] }
        if let text = content.stringValue { return [.text(text)] }
        guard let parts = content.arrayValue else { return [.json(content)] }
        return parts.map { part in
            if let text = part.stringValue { return .text(text) }
            if part["type"]?.stringValue == "text", let text = part["text"]?.stringValue { return .text(text) }
            return .json(part)
        }
    }
}

extension StoredMessage {
    /// All calls it makes: those among the parts of its content, then those stored beside it.
    /// One that is stored both ways counts once, beside it.
    public var allToolCalls: [ToolCall] { contentToolCalls + toolCalls }

    private var contentToolCalls: [ToolCall] { content.compactMap(\.toolCall).filter { !isBeside($0) } }

    /// Whether a call among the parts is stored beside the content too.
    public func isBeside(_ call: ToolCall) -> Bool {
        call.id != nil && toolCalls.contains { $0.id == call.id }
    }

    /// The results among the parts of its content.
    public var toolResults: [ToolResult] { content.compactMap(\.toolResult) }

    /// Whether the message as a whole is one tool's answer.
    public var isToolResult: Bool {
        (role == .tool || toolCallID != nil) && !content.contains { $0.toolResult != nil }
    }

    /// Whether the metadata of a tool's answer say that the tool failed.
    public var saysToolFailed: Bool {
        metadata?["is_error"]?.boolValue ?? metadata?["isError"]?.boolValue ?? false
    }

    /// Whether it says something besides calls and results.
    public var hasOwnContent: Bool {
        content.contains { block in
            switch block {
            case .text(let text): !text.isEmpty
            case .json: block.toolCall == nil && block.toolResult == nil
            case .bytes: true
            }
        }
    }

    /// Whether somebody speaks here, and no tool answers in the user's name.
    public var isUserTurn: Bool {
        role == .user && toolCallID == nil && (toolResults.isEmpty || hasOwnContent)
    }
}
