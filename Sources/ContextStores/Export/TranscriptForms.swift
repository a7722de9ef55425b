internal import JSONText
internal import StoredRecords

/// A transcript in Markdown: a heading a message, its text as it is, what tools were asked and gave back in fences.
struct MarkdownThreadForm: ThreadForm {
    private var names = CallNames()

    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        var text = "# \(Self.line(thread.title))\n\n"
        for fact in thread.facts { text += "- \(fact.name): \(Self.code(fact.value))\n" }
        try await writer.put(text)
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        names.note(message)
        var text = "\n## \(message.position + 1). \(Self.line(message.speaker))"
        if let created = message.created { text += " · \(created.iso8601)" }
        text += "\n"
        if message.isToolResult {
            text += answer(message.toolCallID, isError: message.saysToolFailed)
        } else if let id = message.toolCallID {
            text += answer(id, isError: false)
        }
        for note in message.notes { text += "\n> \(Self.line(note))\n" }
        for part in message.readingParts {
            switch part {
            case .text(let stored): text += message.isToolResult ? Self.result(stored) : "\n\(stored)\n"
            case .call(let call):
                text += "\ncalls \(Self.code(call.name))" + (call.id.map { " as \(Self.code($0))" } ?? "") + "\n"
                if let arguments = call.arguments { text += Self.fenced(TranscriptText.of(arguments: arguments)) }
            case .result(let result):
                text += answer(result.callID, isError: result.isError)
                for block in result.content {
                    switch block {
                    case .text(let stored): if !stored.isEmpty { text += Self.result(stored) }
                    case .json(let value): text += Self.fenced(value.serialized(.pretty), "json")
                    case .bytes: text += "\n*\(block.plainText)*\n"
                    }
                }
            case .json(let value): text += Self.fenced(value.serialized(.pretty), "json")
            case .bytes(let bytes): text += "\n*\(ContentBlock.bytes(bytes).plainText)*\n"
            }
        }
        try await writer.put(text)
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {}

    /// The line before what a tool gave back; nothing where neither call nor failure is known.
    private func answer(_ id: String?, isError: Bool) -> String {
        let words = TranscriptText.answer(id.map(Self.code), of: names[id].map(Self.code), isError: isError)
        return words.isEmpty ? "" : "\n\(words)\n"
    }

    /// What a tool gave back, JSON that it wrote in one line indented.
    private static func result(_ text: String) -> String {
        if let value = TextJSON.value(ofResult: text) { return fenced(value.serialized(.pretty), "json") }
        return fenced(text, "")
    }

    private static func fenced(_ text: (text: String, isJSON: Bool)) -> String {
        fenced(text.text, text.isJSON ? "json" : "")
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
        return "\n\(fence)\(language)\n\(text)\(text.utf8.last == 0x0A ? "" : "\n")\(fence)\n"
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
