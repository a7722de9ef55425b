extension JSONValue {
    /// Reads one JSON document (RFC 8259) from UTF-8 bytes.
    ///
    /// Refused are: a byte order mark, bytes that are not UTF-8, anything behind
    /// the value, and nesting deeper than `limits` (at most `JSONLimits.deepestTree`).
    public static func parse(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .default
    ) throws(JSONError) -> JSONValue {
        guard let text = JSONBytes(bytes) else { throw JSONError(kind: .empty, offset: 0) }
        let builder = TreeBuilder(text)
        do {
            return try builder.build(depthLimit: min(limits.depth, JSONLimits.deepestTree))
        } catch {
            throw error.located(in: text)
        }
    }

    /// Reads one JSON document from UTF-8 bytes, see `parse(_:limits:)`.
    public static func parse(_ bytes: [UInt8], limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try parse(buffer, limits: limits) }
        }
        return try result.get()
    }

    /// Reads one JSON document from a text, see `parse(_:limits:)`.
    public static func parse(_ text: String, limits: JSONLimits = .default) throws(JSONError) -> JSONValue {
        var copy = text
        let result: Result<JSONValue, JSONError> = copy.withUTF8 { buffer in
            Result { () throws(JSONError) in try parse(UnsafeRawBufferPointer(buffer), limits: limits) }
        }
        return try result.get()
    }
}

/// Builds a tree from what the grammar tells.
///
/// Values that are not yet part of a finished container wait on one of two
/// stacks; a container moves its own off the top, so that each array is
/// allocated once and at its exact size.
private struct TreeBuilder: ~Copyable {
    private var visitor: Visitor

    init(_ bytes: JSONBytes) { visitor = Visitor(bytes: bytes) }

    consuming func build(depthLimit: Int) throws(JSONFault) -> JSONValue {
        var grammar = JSONGrammar(depthLimit: depthLimit)
        try grammar.run(visitor.bytes, &visitor)
        guard let value = visitor.elements.popLast() else { throw JSONFault(kind: .empty, offset: 0) }
        return value
    }

    private struct Visitor: JSONVisitor {
        let bytes: JSONBytes
        var elements: [JSONValue] = []
        var members: [JSONMember] = []
        /// Of each open container the height of its stack when it was opened.
        private var starts: [Int] = []
        private var isInObject: [Bool] = []

        init(bytes: JSONBytes) { self.bytes = bytes }

        var isFinished: Bool { false }

        mutating func key(_ range: Range<Int>) {
            members.append(JSONMember(key: JSONString(quoted: range, in: bytes), value: .null))
        }

        mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
            switch kind {
            case .string: add(.string(JSONString(quoted: range, in: bytes)))
            case .number: add(.number(JSONNumber(range, in: bytes)))
            case .bool: add(.bool(bytes[range.lowerBound] == 0x74))
            default: add(.null)
            }
        }

        mutating func open(_ kind: JSONKind, at offset: Int) {
            isInObject.append(kind == .object)
            starts.append(kind == .object ? members.count : elements.count)
        }

        mutating func close(_ kind: JSONKind, endingAt offset: Int) {
            let start = starts.removeLast()
            isInObject.removeLast()
            if kind == .object {
                let object = Array(members[start...])
                members.removeSubrange(start...)
                add(.object(object))
            } else {
                let array = Array(elements[start...])
                elements.removeSubrange(start...)
                add(.array(array))
            }
        }

        private mutating func add(_ value: JSONValue) {
            if isInObject.last == true {
                members[members.count - 1].value = value
            } else {
                elements.append(value)
            }
        }
    }
}
