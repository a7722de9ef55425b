/// UTF-16 code units with surrogates that are in no pair, as bytes that are
/// UTF-8 but for three bytes for each of these.
///
/// The form is that of "The WTF-8 encoding" (https://simonsapin.github.io/wtf-8/):
/// the bytes tell the code units, and are no valid UTF-8 where these are no
/// valid UTF-16.
enum SurrogateText {
    static func bytes(_ units: [UInt16]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count)
        var index = 0
        while index < units.count {
            let unit = UInt32(units[index])
            index += 1
            if UTF16.isLeadSurrogate(UInt16(unit)), index < units.count, UTF16.isTrailSurrogate(units[index]) {
                append(0x10000 + (unit - 0xD800) << 10 + UInt32(units[index]) - 0xDC00, to: &bytes)
                index += 1
            } else {
                append(unit, to: &bytes)
            }
        }
        return bytes
    }

    private static func append(_ code: UInt32, to bytes: inout [UInt8]) {
        let tail = { (shift: UInt32) in UInt8(0x80 | (code >> shift) & 0x3F) }
        switch code {
        case ..<0x80: bytes.append(UInt8(code))
        case ..<0x800: bytes += [UInt8(0xC0 | code >> 6), tail(0)]
        case ..<0x10000: bytes += [UInt8(0xE0 | code >> 12), tail(6), tail(0)]
        default: bytes += [UInt8(0xF0 | code >> 18), tail(12), tail(6), tail(0)]
        }
    }

    /// `nil` when the bytes are not of this form.
    static func units(_ bytes: [UInt8]) -> [UInt16]? {
        var units: [UInt16] = []
        units.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let first = bytes[index]
            let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
            guard first < 0xF8, index + length <= bytes.count else { return nil }
            var code = length == 1 ? UInt32(first) : UInt32(first) & (0x7F >> UInt32(length))
            for byte in bytes[index + 1..<index + length] { code = code << 6 | UInt32(byte & 0x3F) }
            index += length
            if code < 0x10000 {
                units.append(UInt16(code))
            } else {
                guard code <= 0x10FFFF else { return nil }
                units += [UInt16(0xD800 + (code - 0x10000) >> 10), UInt16(0xDC00 + (code - 0x10000) & 0x3FF)]
            }
        }
        // Other ways to write the same, and bytes out of place, do not come back.
        return self.bytes(units) == bytes ? units : nil
    }
}
