internal import StoredRecords
internal import TerminalSurface

/// What is known of a message at a glance: for the list beside it, for jumps and for pairing calls with results.
public struct MessageDigest: Sendable, Equatable {
    /// How the message begins, on one line.
    public let words: String
    public let isUserTurn: Bool
    /// Whether a tool failed or the message cannot be read as stored.
    public let isError: Bool
    /// Whether it has a text of its own besides tool calls.
    let hasText: Bool
    let calls: [ToolCallFacts]
    /// The result that the whole message is.
    let result: ToolResultFacts?
    /// The results among the parts of its content.
    let partResults: [ToolResultFacts]
    /// Bytes of its text.
    let bytes: Int

    init(_ message: StoredMessage) {
        calls = message.allToolCalls.map { ToolFacts.facts($0, of: message) }
        result = message.isToolResult ? ToolFacts.facts(ofResult: message) : nil
        partResults = message.toolResults.map { ToolFacts.facts($0, of: message) }
        isUserTurn = message.isUserTurn
        isError = !message.notes.isEmpty || result?.isError == true || partResults.contains(where: \.isError)
        var bytes = 0
        var text = ""
        for block in message.content {
            switch block {
            case .text(let content):
                bytes += content.utf8.count
                if text.isEmpty { text = ToolFacts.prefix(content, 600) }
            case .json(let value):
                if text.isEmpty, block.toolCall == nil, block.toolResult == nil {
                    text = BoundedJSON.pretty(value, limit: 600)
                }
            case .bytes(let stored): bytes += stored.count
            }
        }
        self.bytes = bytes
        hasText = message.hasOwnContent
        if let result = result ?? (hasText ? nil : partResults.first { $0.isError } ?? partResults.first) {
            words = "← " + (result.isError ? "error: " : "") + result.outcome
        } else if !hasText, let call = calls.first {
            words = "→ \(Sanitizer.visible(call.name)) \(call.telling)"
        } else {
            words = Self.plain(text)
        }
    }

    /// Text on one line, without the marks a line may begin with.
    private static func plain(_ text: String) -> String {
        let text = TextWindow(text, from: 0, budget: 400).lines.map(\.text).joined(separator: "\n")
        let bare = text.drop { $0 == "#" || $0 == " " || $0 == "\n" || $0 == ">" }
        return ToolFacts.oneLine(String(bare)).replacing("**", with: "").replacing("`", with: "")
    }
}
