internal import JSONText
public import StoredRecords

/// One document of a record and the forms it can be seen in.
public struct DocumentPane: Sendable, Equatable {
    public enum Form: String, Sendable, Equatable {
        case tree, table, text, hex
    }

    public let document: RecordDocument
    public internal(set) var form: Form
    public internal(set) var tree: TreePane?
    public internal(set) var table: TablePane?
    public internal(set) var text: TextPane
    public internal(set) var hex: HexPane
    public internal(set) var find = TextFind()
    /// Why the form that was wanted is not shown: the document is not valid JSON.
    public internal(set) var problem: String?
    /// The outline or line index that is being made.
    var loading: RequestID?
    /// Where the cursor of the tree was before the document was read again.
    var reopens: JSONPath?

    public init(_ document: RecordDocument) {
        self.document = document
        text = TextPane(document.bytes)
        hex = HexPane(document.bytes)
        form =
            switch document.format {
            case .json: .tree
            case .jsonLines: .table
            case .text: .text
            case .binary: .hex
            }
    }

    public var isLoading: Bool { loading != nil }

    /// The form `p` goes to: the stored text of JSON, the bytes of text, and back.
    var nextForm: Form {
        switch (document.format, form) {
        case (.json, .tree), (.jsonLines, .table): .text
        case (.json, .text) where problem == nil: .tree
        case (.jsonLines, .text): .table
        case (.text, .text), (.json, .text): .hex
        case (.binary, .hex), (.text, .hex), (.json, .hex): .text
        case (.binary, .text): .hex
        default: form
        }
    }

    /// Makes a JSON value a document of its own, for metadata.
    static func metadata(_ value: JSONValue) -> RecordDocument {
        RecordDocument(
            name: "metadata", format: .json, bytes: StoredBytes(value.serialized(.pretty(indent: 2))), isContent: false)
    }

    /// What a message says, and its stored form as the last.
    public static func documents(of message: StoredMessage) -> [RecordDocument] { whole(message) + [raw(message)] }

    /// All that a message says as documents: its text with the arguments of its
    /// tool calls, then what is no text; empty when it says nothing.
    static func whole(_ message: StoredMessage) -> [RecordDocument] {
        var texts: [String] = []
        var bytes: [StoredBytes] = []
        for block in message.content {
            if let call = block.toolCall {
                if !message.isBeside(call) { texts.append(Self.text(of: call)) }
                continue
            }
            if let result = block.toolResult {
                texts.append("← " + result.content.map(\.plainText).joined(separator: "\n"))
                continue
            }
            switch block {
            case .text(let text): if !text.isEmpty { texts.append(text) }
            case .json(let value): texts.append(value.serialized(.pretty(indent: 2)))
            case .bytes(let stored): bytes.append(stored)
            }
        }
        texts += message.toolCalls.map(Self.text)
        var documents: [RecordDocument] = []
        if !texts.isEmpty {
            documents.append(
                RecordDocument(name: "text", format: .text, bytes: StoredBytes(texts.joined(separator: "\n\n"))))
        }
        return documents + bytes.map { RecordDocument(name: "bytes", format: .binary, bytes: $0) }
    }

    private static func text(of call: ToolCall) -> String {
        let arguments = call.arguments.map { $0.stringValue ?? $0.serialized(.pretty(indent: 2)) }
        return "→ " + call.name + (arguments.map { "\n" + $0 } ?? "")
    }

    /// A message's stored form as a document.
    static func raw(_ message: StoredMessage) -> RecordDocument {
        let bytes = message.raw.displayText
        let first = bytes.slice(0..<64).first { $0 != 32 && $0 != 9 && $0 != 10 && $0 != 13 }
        let format: RecordDocument.Format
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            format = .json
        } else {
            format = bytes.text == nil ? .binary : .text
        }
        return RecordDocument(name: "message \(message.position + 1)", format: format, bytes: bytes)
    }
}
