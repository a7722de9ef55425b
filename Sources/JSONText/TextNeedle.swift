/// A text to look for, prepared to be compared with many strings.
struct TextNeedle: Sendable {
    private let bytes: [UInt8]
    private let ignoresCase: Bool
    /// Whether no character of the text has an escape of its own letter.
    private let isNeverEscaped: Bool
    /// The two forms of the first byte, in every lane.
    private let firstLower: SIMD16<UInt8>
    private let firstUpper: SIMD16<UInt8>

    /// - Parameter ignoresCase: Whether ASCII letters match in either case.
    init(_ text: String, ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        bytes = text.utf8.map { ignoresCase ? Self.lowercased($0) : $0 }
        isNeverEscaped = bytes.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x2F && $0 != 0x5C }
        let first = bytes.first ?? 0
        firstLower = SIMD16(repeating: first)
        firstUpper = SIMD16(repeating: ignoresCase ? Self.uppercased(first) : first)
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Whether a string token, quotes included in its range, means a text that holds the needle.
    func matches(string range: Range<Int>, in text: JSONBytes) -> Bool {
        let inner = range.lowerBound + 1..<range.upperBound - 1
        let raw = UnsafeBufferPointer(start: text.base + inner.lowerBound, count: inner.count)
        guard text.hasEscape(in: inner) else { return isFound(in: raw) }
        // Without such escapes, a text of characters that need none is in the string only if it is in the spelling.
        if isNeverEscaped, !text.hasUnicodeEscape(in: inner), !isFound(in: raw) { return false }
        var decoded = JSONString(quoted: range, in: text).text
        return decoded.withUTF8(isFound(in:))
    }

    /// Whether a number or word holds the needle as it is spelled.
    func matches(spelling range: Range<Int>, in text: JSONBytes) -> Bool {
        isFound(in: UnsafeBufferPointer(start: text.base + range.lowerBound, count: range.count))
    }

    private func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = text.baseAddress, !bytes.isEmpty, bytes.count <= text.count else { return false }
        let lower = firstLower
        let upper = firstUpper
        let last = text.count - bytes.count
        var index = 0
        while index <= last {
            // Sixteen bytes are compared with the first one at once.
            if index &+ 16 <= text.count {
                let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
                let hits = unsafeBitCast((block .== lower) .| (block .== upper), to: SIMD2<UInt64>.self)
                if hits[0] | hits[1] == 0 {
                    index &+= 16
                    continue
                }
                index &+=
                    hits[0] != 0
                    ? hits[0].littleEndian.trailingZeroBitCount >> 3
                    : 8 &+ hits[1].littleEndian.trailingZeroBitCount >> 3
                guard index <= last else { return false }
            }
            if (base[index] == lower[0] || base[index] == upper[0]), isEqual(base + index) { return true }
            index &+= 1
        }
        return false
    }

    private func isEqual(_ text: UnsafePointer<UInt8>) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            for index in 0..<bytes.count {
                guard (ignoresCase ? Self.lowercased(text[index]) : text[index]) == bytes[index] else { return false }
            }
            return true
        }
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func uppercased(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & 0xDF : byte }
}
