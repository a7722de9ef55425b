internal import JSONText
public import StoredRecords

/// A transcript in plain text.
struct TextThreadForm: ThreadForm {
    private var transcript = TextTranscript()

    mutating func begin(_ thread: ExportedThread, _ writer: ExportWriter) async throws(StorageError) {
        var text = thread.title + "\n"
        for fact in thread.facts { text += "\(fact.name): \(fact.value)\n" }
        try await writer.put(text)
    }

    mutating func message(_ message: StoredMessage, _ writer: ExportWriter) async throws(StorageError) {
        try await writer.put(transcript.text(of: message))
    }

    mutating func end(_ writer: ExportWriter) async throws(StorageError) {}
}

/// The messages of a thread for reading, one after the other: who speaks and
/// when, notes, text, what tools were asked and gave back, with line breaks as stored.
///
/// Holds stored text as it is: sanitize before drawing.
public struct TextTranscript: Sendable {
    private var names = CallNames()

    public init() {}

    public mutating func text(of message: StoredMessage) -> String {
        names.note(message)
        var text = "\n--- \(message.position + 1) \(message.speaker)"
        if let created = message.created { text += " \(created.iso8601)" }
        text += " ---\n"
        if message.isToolResult {
            text += answer(message.toolCallID, isError: message.saysToolFailed)
        } else if let id = message.toolCallID {
            text += answer(id, isError: false)
        }
        for note in message.notes { text += "(\(note))\n" }
        for part in message.readingParts {
            switch part {
            case .text(let stored): text += message.isToolResult ? Self.result(stored) : stored + "\n"
            case .call(let call):
                text += "calls \(call.name)" + (call.id.map { " as \($0)" } ?? "") + "\n"
                if let arguments = call.arguments { text += TranscriptText.of(arguments: arguments).text + "\n" }
            case .result(let result):
                text += answer(result.callID, isError: result.isError)
                for block in result.content {
                    if case .text(let stored) = block {
                        if !stored.isEmpty { text += Self.result(stored) }
                    } else {
                        text += block.plainText + "\n"
                    }
                }
            case .json(let value): text += ContentBlock.json(value).plainText + "\n"
            case .bytes(let bytes): text += ContentBlock.bytes(bytes).plainText + "\n"
            }
        }
        return text
    }

    private func answer(_ id: String?, isError: Bool) -> String {
        let words = TranscriptText.answer(id, of: names[id], isError: isError)
        return words.isEmpty ? "" : words + "\n"
    }

    private static func result(_ text: String) -> String {
        (TextJSON.value(ofResult: text)?.serialized(.pretty) ?? text) + "\n"
    }
}

/// What all transcripts say of calls and answers.
enum TranscriptText {
    /// Arguments are often JSON inside a text; written as what they are.
    static func of(arguments: JSONValue) -> (text: String, isJSON: Bool) {
        let value = TextJSON.value(of: arguments)
        return value.stringValue.map { ($0, false) } ?? (value.serialized(.pretty), true)
    }

    /// `answers c1 of search with an error`, as far as it is known.
    static func answer(_ id: String?, of name: String?, isError: Bool) -> String {
        guard let id else { return isError ? "answers with an error" : "" }
        return "answers \(id)" + (name.map { " of \($0)" } ?? "") + (isError ? " with an error" : "")
    }
}
