internal import StoredRecords

/// Stored values as one text that reads back exactly, for cursors.
///
/// `n`, `iNUMBER;`, `rBITS;`, `tLENGTH;TEXT`, `uLENGTH;HEX` (text that is not
/// UTF-8) and `bLENGTH;HEX`, one behind the other; lengths are in bytes.
enum PackedValues {
    static func write(_ values: [StoredValue]) -> String {
        var text = ""
        for value in values {
            switch value {
            case .null: text += "n"
            case .integer(let number): text += "i\(number);"
            case .real(let number): text += "r\(number.bitPattern);"
            case .text(let string): text += "t\(string.utf8.count);\(string)"
            case .invalidText(let bytes): text += "u\(bytes.count * 2);\(hex(bytes))"
            case .bytes(let bytes): text += "b\(bytes.count * 2);\(hex(bytes))"
            }
        }
        return text
    }

    /// `nil` when this is no text that `write` made.
    static func read(_ text: String) -> [StoredValue]? {
        var rest = Array(text.utf8)[...]
        var values: [StoredValue] = []
        while let mark = rest.popFirst() {
            if mark == UInt8(ascii: "n") {
                values.append(.null)
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
            let number = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            switch mark {
            case UInt8(ascii: "i"):
                guard let value = Int64(number) else { return nil }
                values.append(.integer(value))
            case UInt8(ascii: "r"):
                guard let bits = UInt64(number) else { return nil }
                values.append(.real(Double(bitPattern: bits)))
            default:
                guard let length = Int(number), length >= 0, length <= rest.count else { return nil }
                let body = rest.prefix(length)
                rest = rest.dropFirst(length)
                guard let value = value(mark, body) else { return nil }
                values.append(value)
            }
        }
        return values
    }

    private static func value(_ mark: UInt8, _ body: ArraySlice<UInt8>) -> StoredValue? {
        switch mark {
        case UInt8(ascii: "t"): String(validating: body, as: UTF8.self).map { .text($0) }
        case UInt8(ascii: "u"): bytes(hex: body).map { .invalidText($0) }
        case UInt8(ascii: "b"): bytes(hex: body).map { .bytes($0) }
        default: nil
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            for half in [byte >> 4, byte & 15] { digits.append(half < 10 ? 48 + half : 87 + half) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    static func bytes(hex digits: ArraySlice<UInt8>) -> [UInt8]? {
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var at = digits.startIndex
        while at < digits.endIndex {
            guard let high = nibble(digits[at]), let low = nibble(digits[at + 1]) else { return nil }
            bytes.append(high << 4 | low)
            at += 2
        }
        return bytes
    }

    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
