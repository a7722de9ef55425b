public import JSONText

/// A piece of a message as it is read: shown on the screen, and written into transcripts.
public enum ReadingPart: Sendable, Hashable {
    /// What somebody wrote, or what a tool gave back where the whole message is its answer; never empty.
    case text(String)
    case call(ToolCall)
    /// A tool's answer that is a part of the content.
    case result(ToolResult)
    case json(JSONValue)
    /// What is neither text nor JSON.
    case bytes(StoredBytes)
}

extension StoredMessage {
    /// All that is to be read of the message, in its order: its content, then the calls stored beside it.
    /// A call that is stored both ways stands once, beside it.
    public var readingParts: [ReadingPart] {
        var parts: [ReadingPart] = []
        for block in content {
            if let call = block.toolCall {
                if !isBeside(call) { parts.append(.call(call)) }
            } else if let result = block.toolResult {
                parts.append(.result(result))
            } else {
                switch block {
                case .text(let text): if !text.isEmpty { parts.append(.text(text)) }
                case .json(let value): parts.append(.json(value))
                case .bytes(let bytes): parts.append(.bytes(bytes))
                }
            }
        }
        return parts + toolCalls.map(ReadingPart.call)
    }
}

/// JSON that is stored as a text.
public enum TextJSON {
    /// Bytes of arguments that are read as JSON.
    private static let argumentBytes = 1 << 20
    /// Bytes of a result that are read as JSON.
    private static let resultBytes = 1 << 18

    /// Arguments are an object, or text that holds one.
    public static func value(of arguments: JSONValue) -> JSONValue {
        guard let text = arguments.stringValue, text.utf8.count <= argumentBytes else { return arguments }
        return (try? JSONValue.parse(text)) ?? arguments
    }

    /// The JSON that a tool gave back in one line, to be indented; `nil` for anything
    /// else, which stays as it is.
    public static func value(ofResult text: String) -> JSONValue? {
        guard text.utf8.count <= resultBytes, let first = text.utf8.first,
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            !text.utf8.contains(10), let value = try? JSONValue.parse(text), (value.childCount ?? 0) > 0
        else { return nil }
        return value
    }
}
