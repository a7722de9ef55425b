/// A JSON string as it was written: the spelling between the quotes.
///
/// Two are equal when they are spelled alike; `"a"` and `"\u0061"` have the
/// same `text` but are not equal, so that printing keeps every byte.
public struct JSONString: Sendable, Hashable {
    /// The text between the quotes with its escapes as written, always valid.
    public let spelling: String

    /// Spells a text as `JSON.stringify` does: the short escapes, other control characters as `\u00xx`, all else as is.
    public init(_ text: String) {
        spelling = JSONEscaping.spelling(of: text)
    }

    /// Takes text that is already escaped; nil when it could not stand between two quotes.
    public init?(spelling: String) {
        var quoted = "\"" + spelling + "\""
        let isValid = quoted.withUTF8 { buffer in
            guard let bytes = JSONBytes(UnsafeRawBufferPointer(buffer)) else { return false }
            return (try? bytes.stringEnd(1)) == buffer.count - 1
        }
        guard isValid else { return nil }
        self.spelling = spelling
    }

    /// Copies a string token, quotes included in the range, that a reader has checked.
    init(quoted range: Range<Int>, in bytes: JSONBytes) {
        let text = UnsafeBufferPointer(start: bytes.base + range.lowerBound + 1, count: range.count - 2)
        spelling = String(decoding: text, as: UTF8.self)
    }

    /// What the string means, escapes resolved; half of a surrogate pair alone becomes U+FFFD.
    public var text: String { JSONEscaping.text(of: spelling) }

    /// Whether the string means `other`, compared byte for byte.
    public func means(_ other: String) -> Bool {
        if sameBytes(spelling, other) { return !spelling.utf8.contains(0x5C) }
        guard spelling.utf8.contains(0x5C) else { return false }
        return sameBytes(text, other)
    }

    public static func == (left: JSONString, right: JSONString) -> Bool { sameBytes(left.spelling, right.spelling) }

    public func hash(into hasher: inout Hasher) { hashBytes(of: spelling, into: &hasher) }
}

extension JSONString: ExpressibleByStringLiteral {
    public init(stringLiteral value: String) { self.init(value) }
}

/// Compares two texts byte for byte.
///
/// `==` on `String` calls composed and decomposed accents equal; keys of stored
/// documents are told apart by their bytes, as the tools that wrote them do.
func sameBytes(_ left: String, _ right: String) -> Bool {
    left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
}

func hashBytes(of text: String, into hasher: inout Hasher) {
    let isHashed: Void? = text.utf8.withContiguousStorageIfAvailable {
        hasher.combine(bytes: UnsafeRawBufferPointer($0))
        hasher.combine(UInt8(0xFF))
    }
    if isHashed == nil {
        for byte in text.utf8 { hasher.combine(byte) }
        hasher.combine(UInt8(0xFF))
    }
}
