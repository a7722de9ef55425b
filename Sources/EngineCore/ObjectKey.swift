/// An object's name below an engine's root: path parts joined by `/`.
///
/// Names are bytes, since a file name need not be UTF-8. Ordered by bytes, as
/// object stores list them.
public struct ObjectKey: Sendable, Hashable, Comparable {
    public var bytes: [UInt8]

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    public static let root = ObjectKey(bytes: [])

    public static func < (left: ObjectKey, right: ObjectKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    public func hasPrefix(_ prefix: ObjectKey) -> Bool {
        bytes.starts(with: prefix.bytes)
    }

    /// The key with `part` below it.
    public func appending(_ part: String) -> ObjectKey {
        appending(ObjectKey(part))
    }

    public func appending(_ part: ObjectKey) -> ObjectKey {
        if bytes.isEmpty || bytes.last == UInt8(ascii: "/") { return ObjectKey(bytes: bytes + part.bytes) }
        return ObjectKey(bytes: bytes + [UInt8(ascii: "/")] + part.bytes)
    }

    /// The part after the last `/`, ignoring one at the end.
    public var lastPart: ObjectKey {
        var end = bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        let start = bytes[..<end].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        return ObjectKey(bytes: Array(bytes[start..<end]))
    }

    /// Everything before the last part, without the `/`; the root for a single part.
    public var parent: ObjectKey {
        var end = bytes.count
        if end > 0, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        guard let slash = bytes[..<end].lastIndex(of: UInt8(ascii: "/")) else { return .root }
        return ObjectKey(bytes: Array(bytes[..<slash]))
    }
}

extension ObjectKey: CustomStringConvertible {
    /// The name as text, reversible by `init(description:)`: a byte that is
    /// not UTF-8 becomes `\xHH`, and a stored `\x` becomes `\x5cx`.
    public var description: String {
        if !bytes.contains(0x5C), let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        var at = 0
        while at < bytes.count {
            if bytes[at] == 0x5C, at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "x") {
                text += "\\x5c"
                at += 1
                continue
            }
            let length = Self.sequenceLength(bytes[at])
            if length > 0, at + length <= bytes.count,
                let part = String(validating: bytes[at..<at + length], as: UTF8.self)
            {
                text += part
                at += length
            } else {
                let digits = String(bytes[at], radix: 16)
                text += "\\x" + (digits.count == 1 ? "0" : "") + digits
                at += 1
            }
        }
        return text
    }

    /// Reads what `description` wrote.
    public init(description: String) {
        let source = Array(description.utf8)
        bytes = []
        bytes.reserveCapacity(source.count)
        var at = 0
        while at < source.count {
            if source[at] == 0x5C, at + 3 < source.count, source[at + 1] == UInt8(ascii: "x"),
                let high = Self.nibble(source[at + 2]), let low = Self.nibble(source[at + 3])
            {
                bytes.append(high << 4 | low)
                at += 4
            } else {
                bytes.append(source[at])
                at += 1
            }
        }
    }

    private static func sequenceLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
