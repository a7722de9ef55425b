/// Reads the tokens of JSON text from memory, many bytes at a time.
///
/// Every method takes and returns byte offsets. The memory must outlive the
/// value; nothing is copied. Strings are checked for UTF-8, escapes and control
/// characters (RFC 8259, RFC 3629) while they are skipped.
struct JSONBytes {
    let base: UnsafePointer<UInt8>
    let count: Int

    /// Nil for memory without an address, which is empty.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let address = bytes.baseAddress else { return nil }
        base = address.assumingMemoryBound(to: UInt8.self)
        count = bytes.count
    }

    @inline(__always)
    subscript(offset: Int) -> UInt8 { base[offset] }

    func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
    }

    /// The start of the character that a byte belongs to, at most three bytes back.
    func characterStart(atOrBefore offset: Int, notBefore least: Int) -> Int {
        guard offset < count else { return count }
        var index = offset
        while index > least, index > offset - 3, base[index] & 0xC0 == 0x80 { index -= 1 }
        return base[index] & 0xC0 == 0x80 ? offset : index
    }

    /// The first offset at or after `start` that is not white space.
    @inline(__always)
    func skipWhitespace(_ start: Int) -> Int {
        if start < count, base[start] > 0x20 { return start }
        return skipWhitespaceRun(start)
    }

    @inline(__always)
    private func skipWhitespaceRun(_ start: Int) -> Int {
        var index = start
        while index < count {
            switch base[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return index
            }
            // Indentation comes in runs of spaces; eight are compared at once.
            while index + 8 <= count {
                let rest = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self).littleEndian ^ Self.spaces
                if rest == 0 {
                    index += 8
                    continue
                }
                index += rest.trailingZeroBitCount >> 3
                break
            }
        }
        return index
    }

    /// The offset of the quote that ends a string whose text goes on at `start`.
    ///
    /// Stops early, between two characters, at the first one at or after
    /// `pause`; the caller tells the two apart by looking for the quote.
    @inline(__always)
    func stringEnd(_ start: Int, pause: Int = .max) throws(JSONFault) -> Int {
        var index = start
        while true {
            while index &+ 16 <= count {
                let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
                // As signed bytes, everything from 0x80 up is below 0x20 too.
                let special =
                    (block .== Self.quotes) .| (block .== Self.backslashes)
                    .| (unsafeBitCast(block, to: SIMD16<Int8>.self) .< Self.firstPrintable)
                let halves = unsafeBitCast(special, to: SIMD2<UInt64>.self)
                if halves[0] != 0 {
                    index &+= halves[0].littleEndian.trailingZeroBitCount >> 3
                    break
                }
                if halves[1] != 0 {
                    index &+= 8 &+ (halves[1].littleEndian.trailingZeroBitCount >> 3)
                    break
                }
                index &+= 16
                if index >= pause { return index }
            }
            guard index < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
            let byte = base[index]
            if byte == 0x22 { return index }
            if index >= pause { return index }
            if byte == 0x5C {
                index = try escapeEnd(index)
            } else if byte >= 0x80 {
                index = try nonASCIIEnd(index)
            } else if byte < 0x20 {
                throw JSONFault(kind: .controlCharacter, offset: index)
            } else {
                index += 1
            }
        }
    }

    /// Whether a backslash stands in a part of the text.
    func hasEscape(in range: Range<Int>) -> Bool { backslash(in: range) != nil }

    /// Whether a backslash with the letter u behind it stands in a part of the text.
    func hasUnicodeEscape(in range: Range<Int>) -> Bool {
        var rest = range
        while let found = backslash(in: rest), found + 1 < range.upperBound {
            if base[found + 1] == 0x75 { return true }
            rest = found + 1..<range.upperBound
        }
        return false
    }

    @inline(__always)
    private func backslash(in range: Range<Int>) -> Int? {
        var index = range.lowerBound
        while index &+ 16 <= range.upperBound {
            let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
            let halves = unsafeBitCast(block .== Self.backslashes, to: SIMD2<UInt64>.self)
            if halves[0] != 0 { return index &+ halves[0].littleEndian.trailingZeroBitCount >> 3 }
            if halves[1] != 0 { return index &+ 8 &+ halves[1].littleEndian.trailingZeroBitCount >> 3 }
            index &+= 16
        }
        while index < range.upperBound {
            if base[index] == 0x5C { return index }
            index &+= 1
        }
        return nil
    }

    /// The offset behind the escape at `start`.
    private func escapeEnd(_ start: Int) throws(JSONFault) -> Int {
        guard start + 1 < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
        switch base[start + 1] {
        case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: return start + 2
        case 0x75:
            for index in start + 2..<start + 6 {
                guard index < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
                guard Self.isHexDigit(base[index]) else { throw JSONFault(kind: .invalidEscape, offset: start) }
            }
            return start + 6
        default: throw JSONFault(kind: .invalidEscape, offset: start)
        }
    }

    /// The offset behind a run of characters above ASCII, each checked as RFC 3629 says.
    private func nonASCIIEnd(_ start: Int) throws(JSONFault) -> Int {
        var index = start
        while index < count {
            let lead = base[index]
            if lead < 0x80 { return index }
            let length = utf8Length(index)
            guard length > 0 else { throw JSONFault(kind: .invalidUTF8, offset: index) }
            index += length
        }
        return index
    }

    /// The length of the UTF-8 sequence at `index`, which is not ASCII; 0 when there is none.
    @inline(__always)
    func utf8Length(_ index: Int) -> Int {
        let lead = base[index]
        let left = count - index
        switch lead {
        case 0xC2...0xDF:
            return left >= 2 && isContinuation(index + 1) ? 2 : 0
        case 0xE0...0xEF:
            guard left >= 3, isContinuation(index + 1), isContinuation(index + 2) else { return 0 }
            // Overlong forms and the surrogates.
            if lead == 0xE0, base[index + 1] < 0xA0 { return 0 }
            if lead == 0xED, base[index + 1] >= 0xA0 { return 0 }
            return 3
        case 0xF0...0xF4:
            guard left >= 4, isContinuation(index + 1), isContinuation(index + 2), isContinuation(index + 3)
            else { return 0 }
            // Overlong forms and what lies above U+10FFFF.
            if lead == 0xF0, base[index + 1] < 0x90 { return 0 }
            if lead == 0xF4, base[index + 1] >= 0x90 { return 0 }
            return 4
        default: return 0
        }
    }

    @inline(__always)
    private func isContinuation(_ index: Int) -> Bool { base[index] & 0xC0 == 0x80 }

    @inline(__always)
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }

    /// The offset behind the number at `start`, which begins with a digit or a minus sign.
    @inline(__always)
    func numberEnd(_ start: Int) throws(JSONFault) -> Int {
        var index = start
        if base[index] == 0x2D { index += 1 }
        guard index < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
        if base[index] == 0x30 {
            index += 1
            if index < count, isDigit(index) { throw JSONFault(kind: .leadingZero, offset: index - 1) }
        } else if isDigit(index) {
            index = digitsEnd(index)
        } else {
            throw JSONFault(kind: base[index] == 0x49 ? .notFinite : .invalidNumber, offset: index)
        }
        if index < count, base[index] == 0x2E { index = try requiredDigits(index + 1) }
        if index < count, base[index] | 0x20 == 0x65 {
            index += 1
            if index < count, base[index] == 0x2B || base[index] == 0x2D { index += 1 }
            index = try requiredDigits(index)
        }
        return index
    }

    @inline(__always)
    private func isDigit(_ index: Int) -> Bool { base[index] &- 0x30 < 10 }

    @inline(__always)
    private func digitsEnd(_ start: Int) -> Int {
        var index = start
        while index < count, isDigit(index) { index += 1 }
        return index
    }

    private func requiredDigits(_ start: Int) throws(JSONFault) -> Int {
        guard start < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
        guard isDigit(start) else { throw JSONFault(kind: .invalidNumber, offset: start) }
        return digitsEnd(start)
    }

    /// The offset behind `true`, `false` or `null` at `start`, whose first letter is known to fit.
    @inline(__always)
    func literalEnd(_ start: Int, _ letters: StaticString) throws(JSONFault) -> Int {
        let length = letters.utf8CodeUnitCount
        for step in 1..<length {
            guard start + step < count else { throw JSONFault(kind: .unexpectedEnd, offset: count) }
            guard base[start + step] == letters.utf8Start[step] else {
                throw JSONFault(kind: .invalidLiteral, offset: start)
            }
        }
        return start + length
    }

    private static let spaces: UInt64 = 0x2020_2020_2020_2020
    private static var quotes: SIMD16<UInt8> { SIMD16(repeating: 0x22) }
    private static var backslashes: SIMD16<UInt8> { SIMD16(repeating: 0x5C) }
    private static var firstPrintable: SIMD16<Int8> { SIMD16(repeating: 0x20) }
}
