extension JSONValue {
    /// The value as JSON text.
    public func serialized(_ style: JSONStyle = .compact) -> String {
        String(decoding: serializedBytes(style), as: UTF8.self)
    }

    /// The value as JSON text in UTF-8.
    public func serializedBytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var printer = JSONPrinter(style: style)
        printer.print(self)
        return printer.bytes
    }
}

extension JSONString {
    /// The string with its quotes.
    public var quoted: String { "\"" + spelling + "\"" }
}

private struct JSONPrinter {
    let style: JSONStyle
    var bytes: [UInt8] = []
    private var depth = 0

    init(style: JSONStyle) { self.style = style }

    mutating func print(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let number): bytes += number.spelling.utf8
        case .string(let string): print(string)
        case .array(let elements):
            bytes.append(0x5B)
            depth += 1
            for (index, element) in elements.enumerated() {
                separate(isFirst: index == 0)
                print(element)
            }
            depth -= 1
            if !elements.isEmpty { breakLine() }
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            depth += 1
            for (index, member) in members.enumerated() {
                separate(isFirst: index == 0)
                print(member.key)
                bytes += style.colon.utf8
                print(member.value)
            }
            depth -= 1
            if !members.isEmpty { breakLine() }
            bytes.append(0x7D)
        }
    }

    private mutating func print(_ string: JSONString) {
        bytes.append(0x22)
        if style.isASCII {
            JSONEscaping.appendASCII(string.spelling, to: &bytes)
        } else {
            bytes += string.spelling.utf8
        }
        bytes.append(0x22)
    }

    private mutating func separate(isFirst: Bool) {
        if !isFirst { bytes += style.comma.utf8 }
        breakLine()
    }

    private mutating func breakLine() {
        guard let indent = style.indent else { return }
        bytes.append(0x0A)
        bytes += repeatElement(0x20, count: indent * depth)
    }
}
