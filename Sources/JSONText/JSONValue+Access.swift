extension JSONValue {
    /// The value of a key, or nil when this is no object or has no such key.
    ///
    /// Of duplicate keys the last one counts, as in JavaScript and Python.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.key.means(key) }?.value
    }

    /// The values of all members with a key, in their order.
    public func all(_ key: String) -> [JSONValue] {
        guard case .object(let members) = self else { return [] }
        return members.filter { $0.key.means(key) }.map(\.value)
    }

    /// The element at an index, or nil when this is no array or has no such element.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The value at a path, or nil when there is none.
    public subscript(path: JSONPath) -> JSONValue? {
        var value = self
        for component in path.components {
            let child =
                switch component {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let child else { return nil }
            value = child
        }
        return value
    }

    public var isNull: Bool { self == .null }

    public var boolValue: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The decoded text of a string.
    public var stringValue: String? {
        guard case .string(let value) = self else { return nil }
        return value.text
    }

    /// The number when `Int` holds it exactly.
    public var intValue: Int? {
        guard case .number(let value) = self else { return nil }
        return value.intValue
    }

    /// The number as the nearest `Double`.
    public var doubleValue: Double? {
        guard case .number(let value) = self else { return nil }
        return value.doubleValue
    }

    public var arrayValue: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    public var objectValue: [JSONMember]? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// How many elements or members there are; nil for a scalar.
    public var childCount: Int? {
        switch self {
        case .array(let elements): elements.count
        case .object(let members): members.count
        case .null, .bool, .number, .string: nil
        }
    }
}
