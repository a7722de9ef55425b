internal import JSONText
internal import StoredRecords

/// A piece of a message that is read, searched and laid out as one text.
struct MessagePart: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// What somebody wrote: Markdown.
        case prose
        /// What a tool gave back.
        case result
        /// The result with this number among the parts of the content.
        case partResult(Int)
        case json
        /// The arguments of the tool call with this number.
        case call(Int)
        /// So many bytes that are not text.
        case bytes(Int)
    }

    var kind: Kind
    var text: String

    /// Characters of a JSON value that are laid out; its tree shows all.
    static let shownJSON = 1 << 20

    /// The parts of a message, in the order they are shown.
    ///
    /// - Parameter limit: characters of a JSON value that are taken.
    static func parts(of message: StoredMessage, limit: Int = shownJSON) -> [MessagePart] {
        var parts: [MessagePart] = []
        let isResult = message.isToolResult
        var calls = 0
        var results = 0
        for part in message.readingParts {
            switch part {
            case .text(let text):
                parts.append(
                    isResult ? MessagePart(kind: .result, text: result(text)) : MessagePart(kind: .prose, text: text))
            case .call(let call):
                parts.append(MessagePart(kind: .call(calls), text: arguments(call, limit: limit)))
                calls += 1
            case .result(let result):
                let text = result.content.map { Self.text(of: $0, limit: limit) }.joined(separator: "\n")
                parts.append(MessagePart(kind: .partResult(results), text: text))
                results += 1
            case .json(let value): parts.append(MessagePart(kind: .json, text: BoundedJSON.pretty(value, limit: limit)))
            case .bytes(let bytes): parts.append(MessagePart(kind: .bytes(bytes.count), text: ""))
            }
        }
        return parts
    }

    /// A block inside a result.
    private static func text(of block: ContentBlock, limit: Int) -> String {
        switch block {
        case .text(let text): result(text)
        case .json(let value): BoundedJSON.pretty(value, limit: limit)
        case .bytes(let bytes): "(\(Words.size(Int64(bytes.count))) that are not text)"
        }
    }

    /// JSON that was written in one line is indented; anything else stays as it is.
    private static func result(_ text: String) -> String {
        TextJSON.value(ofResult: text).map { BoundedJSON.pretty($0, limit: .max) } ?? text
    }

    private static func arguments(_ call: ToolCall, limit: Int) -> String {
        guard let arguments = call.arguments else { return call.name }
        let value = TextJSON.value(of: arguments)
        return call.name + "\n" + (value.stringValue ?? BoundedJSON.pretty(value, limit: limit))
    }
}

/// JSON as indented text, no longer than is asked for.
enum BoundedJSON {
    static func pretty(_ value: JSONValue, limit: Int) -> String {
        var text = ""
        write(value, depth: 0, limit: limit, into: &text)
        return text.utf8.count > limit ? text + "\n… only the first \(Words.size(Int64(limit))) are shown here" : text
    }

    private static func write(_ value: JSONValue, depth: Int, limit: Int, into text: inout String) {
        guard text.utf8.count <= limit else { return }
        let pad = String(repeating: "  ", count: min(depth, 40))
        if let members = value.objectValue, !members.isEmpty {
            text += "{\n"
            for (index, member) in members.enumerated() {
                guard text.utf8.count <= limit else { return }
                text += pad + "  " + JSONValue.string(member.key).serialized(.compact) + ": "
                write(member.value, depth: depth + 1, limit: limit, into: &text)
                text += index + 1 < members.count ? ",\n" : "\n"
            }
            text += pad + "}"
        } else if let items = value.arrayValue, !items.isEmpty {
            text += "[\n"
            for (index, item) in items.enumerated() {
                guard text.utf8.count <= limit else { return }
                text += pad + "  "
                write(item, depth: depth + 1, limit: limit, into: &text)
                text += index + 1 < items.count ? ",\n" : "\n"
            }
            text += pad + "]"
        } else if let string = value.stringValue, string.utf8.count > limit {
            text += JSONValue.text(String(string.prefix(limit))).serialized(.compact)
        } else {
            text += value.serialized(.compact)
        }
    }
}
