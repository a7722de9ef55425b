public import JSONText

extension [UInt8] {
    /// Whether `run` occurs as consecutive bytes.
    func contains(run: [UInt8]) -> Bool {
        guard let first = run.first else { return true }
        guard run.count <= count else { return false }
        var at = 0
        let last = count - run.count
        while at <= last {
            if self[at] == first, self[at..<at + run.count].elementsEqual(run) { return true }
            at += 1
        }
        return false
    }
}

extension JSONValue {
    /// Whether two values mean the same, as Python compares what it loads:
    /// numbers by value, objects without regard to order, the last of
    /// duplicate keys counting.
    public func means(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.number(let a), .number(let b)):
            if let left = a.intValue, let right = b.intValue { return left == right }
            return a == b || a.doubleValue == b.doubleValue
        case (.string(let a), .string(let b)): return a.text.utf8.elementsEqual(b.text.utf8)
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.means($1) }
        case (.object(let a), .object(let b)):
            let keys = Set(a.map { Array($0.key.text.utf8) })
            return keys == Set(b.map { Array($0.key.text.utf8) })
                && a.allSatisfy { member in
                    let key = member.key.text
                    guard let left = self[key], let right = other[key] else { return false }
                    return left.means(right)
                }
        default: return false
        }
    }
}

extension JSONValue {
    /// The value as JSON with its escapes resolved where JSON allows it.
    var plain: String {
        switch self {
        case .string(let text): JSONValue.text(text.text).serialized()
        case .array(let elements): "[" + elements.map(\.plain).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.map { JSONValue.text($0.key.text).serialized() + ":" + $0.value.plain }.joined(separator: ",")
                + "}"
        case .null, .bool, .number: serialized()
        }
    }
}
