internal import JSONText
internal import StoredRecords

/// A transcript as one page that needs nothing else and can do nothing: all
/// stored text escaped, styles inline, no script, no link, and a policy that
/// forbids loading anything.
struct HTMLThreadForm: ThreadForm {
    private var names = CallNames()

    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        let title = Self.escaped(thread.title)
        var text = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <h1>\(title)</h1>
            <dl>

            """
        for fact in thread.facts {
            text += "<dt>\(Self.escaped(fact.name))</dt><dd>\(Self.escaped(fact.value))</dd>\n"
        }
        try await writer.put(text + "</dl>\n")
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        names.note(message)
        var text = "<article class=\"\(Self.roleClass(message.role))\">\n<header>"
        text += "<b>\(message.position + 1)</b> <span class=\"role\">\(Self.escaped(message.speaker))</span>"
        if let created = message.created { text += " <time>\(created.iso8601)</time>" }
        if message.isToolResult {
            let words = answer(message.toolCallID, isError: message.saysToolFailed)
            if !words.isEmpty { text += " <span>\(words)</span>" }
        } else if let id = message.toolCallID {
            text += " <span>\(answer(id, isError: false))</span>"
        }
        text += "</header>\n"
        for note in message.notes { text += "<p class=\"note\">\(Self.escaped(note))</p>\n" }
        for part in message.readingParts {
            switch part {
            case .text(let stored):
                text +=
                    message.isToolResult
                    ? Self.result(stored) : "<pre class=\"text\" dir=\"auto\">\(Self.escaped(stored))</pre>\n"
            case .call(let call):
                text += "<details open><summary>calls <code>\(Self.escaped(call.name))</code>"
                if let id = call.id { text += " as <code>\(Self.escaped(id))</code>" }
                text += "</summary>"
                if let arguments = call.arguments {
                    text += "<pre>\(Self.escaped(TranscriptText.of(arguments: arguments).text))</pre>"
                }
                text += "</details>\n"
            case .result(let result):
                let words = answer(result.callID, isError: result.isError)
                text += "<details open><summary>\(words.isEmpty ? "answers" : words)</summary>"
                for block in result.content {
                    switch block {
                    case .text(let stored): if !stored.isEmpty { text += Self.result(stored) }
                    case .json(let value): text += "<pre>\(Self.escaped(value.serialized(.pretty)))</pre>\n"
                    case .bytes: text += "<p class=\"note\">\(Self.escaped(block.plainText))</p>\n"
                    }
                }
                text += "</details>\n"
            case .json(let value): text += "<pre>\(Self.escaped(value.serialized(.pretty)))</pre>\n"
            case .bytes(let bytes):
                text += "<p class=\"note\">\(Self.escaped(ContentBlock.bytes(bytes).plainText))</p>\n"
            }
        }
        try await writer.put(text + "</article>\n")
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {
        try await writer.put("</body>\n</html>\n")
    }

    private func answer(_ id: String?, isError: Bool) -> String {
        func code(_ text: String) -> String { "<code>\(Self.escaped(text))</code>" }
        return TranscriptText.answer(id.map(code), of: names[id].map(code), isError: isError)
    }

    /// What a tool gave back, JSON that it wrote in one line indented.
    private static func result(_ text: String) -> String {
        "<pre dir=\"auto\">\(escaped(TextJSON.value(ofResult: text)?.serialized(.pretty) ?? text))</pre>\n"
    }

    /// The text with nothing left in it that a browser would act on: markup
    /// is escaped; controls and characters that reorder or hide text are spelled out.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}":
                // The block of control pictures has one for each.
                if let picture = Unicode.Scalar(0x2400 + scalar.value) { result.unicodeScalars.append(picture) }
            case "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{2028}", "\u{2029}", "\u{202A}"..."\u{202E}",
                "\u{2066}"..."\u{2069}", "\u{FEFF}":
                result += "&lt;U+\(hexadecimal(scalar.value))&gt;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func hexadecimal(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    /// A fixed word, never the stored one.
    private static func roleClass(_ role: MessageRole) -> String {
        switch role {
        case .system: "system"
        case .user: "user"
        case .assistant: "assistant"
        case .tool: "tool"
        default: "other"
        }
    }

    private static let style = """
        body { font: 16px/1.5 sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em; color: #222; background: #fff; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1em; font-size: .85em; }
        dt { color: #666; } dd { margin: 0; overflow-wrap: anywhere; }
        article { border-left: .3em solid #999; padding: .2em 1em; margin: 1em 0; }
        article.user { border-color: #2563a8; } article.assistant { border-color: #2e7d32; }
        article.tool { border-color: #a86a00; } article.system { border-color: #7a3e9d; }
        header { font-size: .85em; color: #555; } .role { font-weight: bold; } .note { color: #a33; }
        pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .4em 0; } pre.text { font: inherit; }
        @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b; } header, dt { color: #aaa; } }
        """
}
