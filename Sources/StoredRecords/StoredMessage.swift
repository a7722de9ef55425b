public import JSONText

/// One entry of a thread, decoded for reading, with its stored form beside it.
public struct StoredMessage: Sendable, Hashable {
    /// 0-based place in the thread's order.
    public var position: Int
    public var id: String?
    public var role: MessageRole
    public var content: [ContentBlock]
    /// Name of the speaker or tool, when stored.
    public var name: String?
    public var created: Timestamp?
    public var tokens: Int?
    public var toolCalls: [ToolCall]
    /// The call this message answers.
    public var toolCallID: String?
    public var metadata: JSONValue?
    /// What did not decode: "content is a number", "metadata is not JSON".
    public var notes: [String]
    public var raw: RawRecord

    public init(
        position: Int, id: String? = nil, role: MessageRole, content: [ContentBlock], name: String? = nil,
        created: Timestamp? = nil, tokens: Int? = nil, toolCalls: [ToolCall] = [], toolCallID: String? = nil,
        metadata: JSONValue? = nil, notes: [String] = [], raw: RawRecord
    ) {
        self.position = position
        self.id = id
        self.role = role
        self.content = content
        self.name = name
        self.created = created
        self.tokens = tokens
        self.toolCalls = toolCalls
        self.toolCallID = toolCallID
        self.metadata = metadata
        self.notes = notes
        self.raw = raw
    }

    /// The readable text of all blocks, joined by line breaks.
    public var plainText: String {
        content.map(\.plainText).joined(separator: "\n")
    }
}

/// Who speaks; any stored word is kept.
public struct MessageRole: Sendable, Hashable, RawRepresentable {
    public var rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let system = MessageRole(rawValue: "system")
    public static let user = MessageRole(rawValue: "user")
    public static let assistant = MessageRole(rawValue: "assistant")
    public static let tool = MessageRole(rawValue: "tool")
    /// The role of a message that stores none.
    public static let missing = MessageRole(rawValue: "")

    /// One letter for narrow columns: S, U, A, T, or `?` for any other role.
    public var letter: Character {
        switch self {
        case .system: "S"
        case .user: "U"
        case .assistant: "A"
        case .tool: "T"
        default: "?"
        }
    }
}

/// A part of a message's content.
public enum ContentBlock: Sendable, Hashable {
    case text(String)
    /// A part or whole content of another shape, as stored.
    case json(JSONValue)
    /// Content that is neither text nor JSON.
    case bytes(StoredBytes)

    public var plainText: String {
        switch self {
        case .text(let text): text
        case .json(let value): value.serialized(.compact)
        case .bytes(let bytes): "(\(bytes.count) bytes)"
        }
    }
}

/// A tool call an assistant message makes.
public struct ToolCall: Sendable, Hashable {
    public var id: String?
    public var name: String
    /// The arguments as stored: an object, or text that holds JSON.
    public var arguments: JSONValue?

    public init(id: String?, name: String, arguments: JSONValue?) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// A record's stored form, byte for byte.
public enum RawRecord: Sendable, Hashable {
    /// A whole object or value.
    case bytes(StoredBytes)
    /// A table row, in column order.
    case row([RawColumn])

    /// A form that can be shown as JSON text: the bytes themselves, or an
    /// object with a member for each column (byte columns as hex text).
    public var displayText: StoredBytes {
        switch self {
        case .bytes(let bytes): return bytes
        case .row(let columns):
            let members = columns.map { JSONMember($0.name, $0.value.json) }
            return StoredBytes(JSONValue.object(members).serialized(.pretty))
        }
    }
}

public struct RawColumn: Sendable, Hashable {
    public var name: String
    public var value: StoredValue

    public init(_ name: String, _ value: StoredValue) {
        self.name = name
        self.value = value
    }
}

extension StoredValue {
    /// The value as JSON for showing: invalid text and bytes become hex text.
    public var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let number): .integer(Int(number))
        case .real(let number): .double(number)
        case .text(let text): .text(text)
        case .invalidText(let bytes), .bytes(let bytes): .text("x'\(HexText.of(bytes))'")
        }
    }
}
