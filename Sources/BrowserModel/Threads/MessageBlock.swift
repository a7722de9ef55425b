internal import JSONText
public import StoredRecords
public import TerminalSurface

/// What of messages is shown.
public struct MessageFolds: Sendable, Equatable {
    /// Whether tool calls and tool results are one line each.
    public var foldsTools = true
    public var showsMetadata = false

    public init(foldsTools: Bool = true, showsMetadata: Bool = false) {
        self.foldsTools = foldsTools
        self.showsMetadata = showsMetadata
    }
}

/// One message laid out for a width: a heading and its content.
public struct MessageBlock: Sendable, Equatable {
    /// Bytes of one message that are laid out; what is left out is named, and Enter shows all.
    static let shownBytes = 32_768

    public var message: StoredMessage
    public var lines: [StyledLine]

    /// - Parameter above: what is remarkable of the whole thread, shown over the message.
    public init(
        _ message: StoredMessage, width: Int, folds: MessageFolds, now: Timestamp, above notes: [String] = []
    ) {
        self.message = message
        let width = max(8, width)
        lines = notes.flatMap { note in
            StyledLine.wrapped([Span("! " + Sanitizer.visible(note), .warning)], width: width, hanging: 2)
        }
        if !notes.isEmpty { lines.append(.empty) }
        lines += Self.lay(message, width, folds, now)
    }

    /// The style of a role's heading.
    public static func style(of role: MessageRole) -> Style {
        switch role {
        case .user: .roleUser
        case .assistant: .roleAssistant
        case .system: .roleSystem
        case .tool: .roleTool
        default: .warning
        }
    }

    /// The heading: role letter and name on the left, place, time and tokens after it.
    static func heading(_ message: StoredMessage, width: Int, now: Timestamp) -> StyledLine {
        let style = style(of: message.role)
        let word = message.role == .missing ? "no role" : message.role.rawValue
        var spans = [Span("\(message.role.letter) ", style), Span(TextFit.truncated(word, to: 20), style)]
        if let name = message.name, !name.isEmpty {
            spans.append(Span(" " + TextFit.truncated(name, to: 24), .normal))
        }
        var facts: [String] = []
        if let created = message.created {
            facts.append(width >= 70 ? Words.moment(created) : Words.age(of: created, now: now))
        }
        if let tokens = message.tokens { facts.append("\(Words.grouped(tokens)) tok") }
        facts.append("#\(message.position + 1)")
        spans.append(Span("  " + facts.joined(separator: " · "), .dim))
        let columns = spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
        if columns > width {
            let text = spans.map(\.text).joined()
            return StyledLine([Span(TextFit.truncated(text, to: width), style)])
        }
        return StyledLine(spans)
    }

    private static let indent = 2

    private static func lay(
        _ message: StoredMessage, _ width: Int, _ folds: MessageFolds, _ now: Timestamp
    ) -> [StyledLine] {
        var lines = [heading(message, width: width, now: now)]
        for note in message.notes {
            lines += StyledLine.wrapped(
                [Span("! " + Sanitizer.visible(note), .warning)], width: width, indent: indent, hanging: 2)
        }
        if folds.showsMetadata { lines += metadata(message, width) }
        let isToolResult = message.role == .tool
        if isToolResult, folds.foldsTools {
            lines.append(folded(message, width))
        } else {
            for block in message.content { lines += content(block, width, isToolResult: isToolResult) }
        }
        for call in message.toolCalls { lines += toolCall(call, width, isFolded: folds.foldsTools) }
        lines.append(.empty)
        return lines
    }

    private static func content(_ block: ContentBlock, _ width: Int, isToolResult: Bool) -> [StyledLine] {
        switch block {
        case .text(let text):
            if text.isEmpty { return [] }
            let shown = bounded(text)
            var lines =
                isToolResult
                ? plain(shown.text, width) : MarkdownLines.lay(shown.text, width: width, indent: indent)
            if shown.left > 0 { lines.append(leftOut(shown.left)) }
            return lines
        case .json(let value):
            let shown = bounded(value.serialized(.pretty(indent: 2)))
            var lines = plain(shown.text, width)
            if shown.left > 0 { lines.append(leftOut(shown.left)) }
            return lines
        case .bytes(let bytes):
            return [
                StyledLine(
                    "(\(Words.size(Int64(bytes.count))) that are not text; Enter shows them)", .dim, indent: indent)
            ]
        }
    }

    private static func plain(_ text: String, _ width: Int) -> [StyledLine] {
        Sanitizer.visibleLines(text).flatMap { MarkdownLines.code($0, width: width, indent: indent) }
    }

    private static func leftOut(_ bytes: Int) -> StyledLine {
        StyledLine("… \(Words.size(Int64(bytes))) more; Enter shows all", .dim, indent: indent)
    }

    /// The beginning of long text, and how many bytes are not in it.
    private static func bounded(_ text: String) -> (text: String, left: Int) {
        let count = text.utf8.count
        guard count > shownBytes else { return (text, 0) }
        var end = text.utf8.index(text.startIndex, offsetBy: shownBytes)
        while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return (String(text[..<end]), count - text.utf8.distance(from: text.startIndex, to: end))
    }

    /// A tool result as one line: how it begins and how long it is.
    private static func folded(_ message: StoredMessage, _ width: Int) -> StyledLine {
        let text = message.plainText
        let start = text.utf8.prefix(400)
        let first = Sanitizer.visible(bytes: start.prefix { $0 != 10 && $0 != 13 })
        let count = text.utf8.reduce(1) { $1 == 10 ? $0 + 1 : $0 }
        let tail = count > 1 ? " (\(Words.grouped(count)) lines)" : ""
        let room = max(4, width - indent - 2 - tail.count)
        return StyledLine(
            [Span("⤷ ", .roleTool), Span(TextFit.truncated(first, to: room), .code), Span(tail, .dim)], indent: indent)
    }

    private static func toolCall(_ call: ToolCall, _ width: Int, isFolded: Bool) -> [StyledLine] {
        let name = TextFit.truncated(call.name, to: 40)
        guard let arguments = call.arguments else {
            return [StyledLine([Span("→ ", .roleTool), Span(name, .roleTool)], indent: indent)]
        }
        let text = arguments.stringValue ?? arguments.serialized(.compact)
        if isFolded {
            let room = max(4, width - indent - 3 - CharacterWidth.columns(of: name))
            let shown = TextFit.truncated(Sanitizer.visible(bytes: text.utf8.prefix(600)), to: room)
            return [
                StyledLine([Span("→ ", .roleTool), Span(name + " ", .roleTool), Span(shown, .code)], indent: indent)
            ]
        }
        var lines = [StyledLine([Span("→ ", .roleTool), Span(name, .roleTool)], indent: indent)]
        if let id = call.id { lines[0].spans.append(Span("  " + TextFit.truncated(id, to: 30), .dim)) }
        let value = arguments.stringValue.flatMap { text in try? JSONValue.parse(text) } ?? arguments
        let shown = bounded(value.stringValue ?? value.serialized(.pretty(indent: 2)))
        for line in Sanitizer.visibleLines(shown.text) {
            lines += MarkdownLines.code(line, width: width, indent: indent + 2)
        }
        if shown.left > 0 { lines.append(leftOut(shown.left)) }
        return lines
    }

    private static func metadata(_ message: StoredMessage, _ width: Int) -> [StyledLine] {
        var facts: [(String, String)] = []
        if let id = message.id { facts.append(("id", id)) }
        if let created = message.created { facts.append(("created", created.iso8601)) }
        if let call = message.toolCallID { facts.append(("answers", call)) }
        for member in message.metadata?.objectValue ?? [] {
            facts.append((member.key.text, member.value.stringValue ?? member.value.serialized(.compact)))
        }
        if let metadata = message.metadata, metadata.objectValue == nil {
            facts.append(("metadata", metadata.serialized(.compact)))
        }
        return facts.flatMap { name, value in
            let shown = bounded(value)
            return StyledLine.wrapped(
                [
                    Span(Sanitizer.visible(name) + ": ", .jsonKey), Span(Sanitizer.visible(shown.text), .dim),
                    Span(shown.left > 0 ? " … \(Words.size(Int64(shown.left))) more" : "", .dim),
                ], width: width, indent: indent, hanging: 2)
        }
    }
}
