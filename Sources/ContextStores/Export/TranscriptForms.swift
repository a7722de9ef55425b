internal import JSONText
public import StoredRecords

/// A transcript in Markdown: a heading a message, its text as it is, calls as fenced JSON.
struct MarkdownThreadForm: ThreadForm {
    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        var text = "# \(Self.line(thread.title))\n\n"
        for fact in thread.facts { text += "- \(fact.name): \(Self.code(fact.value))\n" }
        try await writer.put(text)
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        var text = "\n## \(message.position + 1). \(Self.line(message.speaker))"
        if let created = message.created { text += " · \(created.iso8601)" }
        text += "\n"
        if let id = message.toolCallID { text += "\nanswers \(Self.code(id))\n" }
        for note in message.notes { text += "\n> \(Self.line(note))\n" }
        for block in message.content {
            switch block {
            case .text(let stored): if !stored.isEmpty { text += "\n\(stored)\n" }
            case .json(let value): text += "\n" + Self.fenced(value.serialized(.pretty), "json")
            case .bytes: text += "\n*\(block.plainText)*\n"
            }
        }
        for call in message.toolCalls {
            text += "\ncalls \(Self.code(call.name))" + (call.id.map { " as \(Self.code($0))" } ?? "") + "\n"
            if let arguments = call.arguments { text += "\n" + Self.fenced(Self.readable(arguments), "json") }
        }
        try await writer.put(text)
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {}

    /// Arguments are often JSON inside a text; shown as what they are.
    static func readable(_ value: JSONValue) -> String {
        guard let text = value.stringValue else { return value.serialized(.pretty) }
        do throws(JSONError) {
            return try JSONValue.parse(text).serialized(.pretty)
        } catch {
            return text
        }
    }

    private static func line(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// Inline code with a fence longer than any in the text.
    private static func code(_ text: String) -> String {
        let text = line(text)
        let longest = longestFence(text)
        if longest == 0 { return "`\(text)`" }
        let fence = String(repeating: "`", count: longest + 1)
        return "\(fence) \(text) \(fence)"
    }

    private static func fenced(_ text: String, _ language: String) -> String {
        let fence = String(repeating: "`", count: max(3, longestFence(text) + 1))
        return "\(fence)\(language)\n\(text)\n\(fence)\n"
    }

    private static func longestFence(_ text: String) -> Int {
        var longest = 0
        var run = 0
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

/// A transcript in plain text.
struct TextThreadForm: ThreadForm {
    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        var text = thread.title + "\n"
        for fact in thread.facts { text += "\(fact.name): \(fact.value)\n" }
        try await writer.put(text)
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        try await writer.put(message.transcript)
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {}
}

extension StoredMessage {
    /// The message for reading: who speaks and when, notes, text and calls, with line breaks as stored.
    ///
    /// Holds stored text as it is: sanitize before drawing.
    public var transcript: String {
        var text = "\n--- \(position + 1) \(speaker)"
        if let created { text += " \(created.iso8601)" }
        text += " ---\n"
        if let toolCallID { text += "answers \(toolCallID)\n" }
        for note in notes { text += "(\(note))\n" }
        let content = plainText
        if !content.isEmpty { text += content + "\n" }
        for call in toolCalls {
            text += "calls \(call.name)" + (call.id.map { " as \($0)" } ?? "") + "\n"
            if let arguments = call.arguments { text += MarkdownThreadForm.readable(arguments) + "\n" }
        }
        return text
    }
}
