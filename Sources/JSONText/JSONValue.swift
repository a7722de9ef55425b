/// A JSON value that prints back byte for byte but for the white space between tokens.
///
/// Members keep their order and duplicate keys; numbers and strings keep their
/// spelling. Equality is equality of all that.
public enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(JSONString)
    case array([JSONValue])
    case object([JSONMember])

    public var kind: JSONKind {
        switch self {
        case .null: .null
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }
}

/// One key of an object and its value.
public struct JSONMember: Sendable, Hashable {
    public var key: JSONString
    public var value: JSONValue

    public init(key: JSONString, value: JSONValue) {
        self.key = key
        self.value = value
    }

    public init(_ name: String, _ value: JSONValue) {
        self.init(key: JSONString(name), value: value)
    }

    /// The decoded text of the key.
    public var name: String { key.text }
}
