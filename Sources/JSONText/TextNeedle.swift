/// A text to look for, prepared to be compared with many strings.
struct TextNeedle: Sendable {
    private let bytes: [UInt8]
    private let ignoresCase: Bool

    /// - Parameter ignoresCase: Whether ASCII letters match in either case.
    init(_ text: String, ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        bytes = text.utf8.map { ignoresCase ? Self.lowercased($0) : $0 }
    }

    var isEmpty: Bool { bytes.isEmpty }

    /// Whether a string token, quotes included in its range, means a text that holds the needle.
    func matches(string range: Range<Int>, in text: JSONBytes) -> Bool {
        let inner = range.lowerBound + 1..<range.upperBound - 1
        let raw = UnsafeBufferPointer(start: text.base + inner.lowerBound, count: inner.count)
        guard raw.contains(0x5C) else { return isFound(in: raw) }
        var decoded = JSONString(quoted: range, in: text).text
        return decoded.withUTF8(isFound(in:))
    }

    /// Whether a number or word holds the needle as it is spelled.
    func matches(spelling range: Range<Int>, in text: JSONBytes) -> Bool {
        isFound(in: UnsafeBufferPointer(start: text.base + range.lowerBound, count: range.count))
    }

    private func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let base = text.baseAddress, bytes.count <= text.count, let first = bytes.first else { return false }
        let upper = ignoresCase ? Self.uppercased(first) : first
        let last = text.count - bytes.count
        var index = 0
        while index <= last {
            // Sixteen bytes are compared with the first one at once.
            if index + 16 <= text.count {
                let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
                let hits = (block .== SIMD16(repeating: first)) .| (block .== SIMD16(repeating: upper))
                let halves = unsafeBitCast(hits, to: SIMD2<UInt64>.self)
                if halves[0] | halves[1] == 0 {
                    index += 16
                    continue
                }
                index +=
                    halves[0] != 0
                    ? halves[0].littleEndian.trailingZeroBitCount >> 3
                    : 8 + halves[1].littleEndian.trailingZeroBitCount >> 3
                guard index <= last else { return false }
            }
            if isEqual(base + index) { return true }
            index += 1
        }
        return false
    }

    private func isEqual(_ text: UnsafePointer<UInt8>) -> Bool {
        for (index, byte) in bytes.enumerated() {
            guard (ignoresCase ? Self.lowercased(text[index]) : text[index]) == byte else { return false }
        }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    private static func uppercased(_ byte: UInt8) -> UInt8 { byte &- 0x61 < 26 ? byte & 0xDF : byte }
}
