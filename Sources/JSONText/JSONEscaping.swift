/// Turns texts into JSON spellings and back.
enum JSONEscaping {
    /// The spelling that `JSON.stringify` gives a text, without quotes.
    static func spelling(of text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x08: bytes += [0x5C, 0x62]
            case 0x0C: bytes += [0x5C, 0x66]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20: appendUnicodeEscape(UInt16(byte), to: &bytes)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends a spelling with everything outside printable ASCII escaped, as Python's `json.dumps` writes it.
    static func appendASCII(_ spelling: String, to bytes: inout [UInt8]) {
        for scalar in spelling.unicodeScalars {
            if scalar.value >= 0x20, scalar.value < 0x7F {
                bytes.append(UInt8(scalar.value))
            } else {
                for unit in String(scalar).utf16 { appendUnicodeEscape(unit, to: &bytes) }
            }
        }
    }

    static func appendUnicodeEscape(_ unit: UInt16, to bytes: inout [UInt8]) {
        bytes += [0x5C, 0x75]
        for shift in [12, 8, 4, 0] as [UInt16] {
            let digit = UInt8(unit >> shift & 0xF)
            bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }

    /// What a valid spelling means.
    static func text(of spelling: String) -> String {
        guard spelling.utf8.contains(0x5C) else { return spelling }
        let units = Array(spelling.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(units.count)
        var index = 0
        while index < units.count {
            let byte = units[index]
            guard byte == 0x5C, index + 1 < units.count else {
                bytes.append(byte)
                index += 1
                continue
            }
            let letter = units[index + 1]
            index += 2
            switch letter {
            case 0x62: bytes.append(0x08)
            case 0x66: bytes.append(0x0C)
            case 0x6E: bytes.append(0x0A)
            case 0x72: bytes.append(0x0D)
            case 0x74: bytes.append(0x09)
            case 0x75:
                let scalar = unicodeEscape(units, &index)
                bytes += Array(String(scalar).utf8)
            default: bytes.append(letter)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads the four digits at `index` and, of a surrogate pair, the second escape behind them.
    private static func unicodeEscape(_ units: [UInt8], _ index: inout Int) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{FFFD}"
        guard let first = hexValue(units, index) else { return replacement }
        index += 4
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard first < 0xDC00, index + 1 < units.count, units[index] == 0x5C, units[index + 1] == 0x75,
            let second = hexValue(units, index + 2), (0xDC00...0xDFFF).contains(second)
        else { return replacement }
        index += 6
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
    }

    private static func hexValue(_ units: [UInt8], _ start: Int) -> UInt32? {
        guard start + 4 <= units.count else { return nil }
        var value: UInt32 = 0
        for unit in units[start..<start + 4] {
            switch unit {
            case 0x30...0x39: value = value << 4 | UInt32(unit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(unit - 0x37)
            case 0x61...0x66: value = value << 4 | UInt32(unit - 0x57)
            default: return nil
            }
        }
        return value
    }
}
