extension JSONValue {
    public static func text(_ text: String) -> JSONValue { .string(JSONString(text)) }

    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }

    /// The number as JavaScript spells it; NaN and the infinities become null, as in `JSON.stringify`.
    public static func double(_ value: Double) -> JSONValue { JSONNumber(value).map(JSONValue.number) ?? .null }

    /// An object with members in the given order.
    public init(members: [(String, JSONValue)]) { self = .object(members.map { JSONMember($0.0, $0.1) }) }

    /// Replaces the value of the last member with a key, or appends a member; nil removes every member with the key.
    ///
    /// A value that is no object stays as it is.
    public mutating func set(_ value: JSONValue?, for key: String) {
        guard case .object(var members) = self else { return }
        self = .null
        if let value {
            if let index = members.lastIndex(where: { $0.key.means(key) }) {
                members[index].value = value
            } else {
                members.append(JSONMember(key, value))
            }
        } else {
            members.removeAll { $0.key.means(key) }
        }
        self = .object(members)
    }

    /// This object with one key set, see `set(_:for:)`.
    public func setting(_ value: JSONValue?, for key: String) -> JSONValue {
        var copy = self
        copy.set(value, for: key)
        return copy
    }
}

extension JSONValue: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .integer(value) }
}

extension JSONValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension JSONValue: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .text(value) }
}

extension JSONValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// Keeps the order and duplicate keys of the literal.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(members: elements) }
}
