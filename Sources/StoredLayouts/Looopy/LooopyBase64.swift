/// Base64 as RFC 4648 has it, with what the tool's appended chunks make of it.
enum LooopyBase64 {
    /// The bytes of a base64 text; `nil` when it is none.
    ///
    /// White space is skipped. Padding may stand in the middle, where one
    /// chunk's text ends and the next one's begins; at the end it may be missing.
    static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var digits = 0
        var padding = 0
        for character in text {
            if character == UInt8(ascii: "=") {
                padding += 1
                if digits + padding == 4 {
                    guard digits >= 2 else { return nil }
                    append(group, digits, to: &bytes)
                    (group, digits, padding) = (0, 0, 0)
                }
                continue
            }
            if [0x20, 0x09, 0x0A, 0x0D].contains(character) { continue }
            guard padding == 0, let value = value(character) else { return nil }
            group = group << 6 | UInt32(value)
            digits += 1
            if digits == 4 {
                append(group, 4, to: &bytes)
                (group, digits) = (0, 0)
            }
        }
        guard padding == 0, digits != 1 else { return nil }
        if digits > 0 { append(group, digits, to: &bytes) }
        return bytes
    }

    static func encode(_ bytes: UnsafeRawBufferPointer) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = 0
        while at < bytes.count {
            let count = min(3, bytes.count - at)
            var group: UInt32 = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? UInt32(bytes[at + offset]) : 0) }
            for digit in 0..<4 {
                text.append(digit <= count ? alphabet[Int(group >> UInt32(18 - 6 * digit) & 63)] : UInt8(ascii: "="))
            }
            at += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(_ group: UInt32, _ digits: Int, to bytes: inout [UInt8]) {
        let full = group << UInt32(6 * (4 - digits))
        for index in 0..<(digits - 1) { bytes.append(UInt8(truncatingIfNeeded: full >> UInt32(16 - 8 * index))) }
    }

    private static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
