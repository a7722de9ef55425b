internal import EngineCore
internal import StoredRecords

/// Tells at little cost that a row cannot match a filter.
///
/// Looks for the filter's ASCII words and phrases in the stored bytes, without
/// making texts of them. What it lets through is matched in full; what it keeps back
/// could not match. A pattern keeps nothing back.
struct MemexWordScan: Sendable {
    /// In lower case.
    let words: [[UInt8]]

    init(_ filter: TextFilter) {
        words = filter.parts.map { Array($0.lowercased().utf8) }.filter { word in
            // JSON spells quotes, backslashes and controls in another way.
            word.allSatisfy { $0 >= 0x20 && $0 < 0x80 && $0 != 0x22 && $0 != 0x5C }
        }
    }

    func canMatch(_ row: Row, _ columns: [Int]) -> Bool {
        words.allSatisfy { word in
            columns.contains { Self.mayContain(row.values[$0], word) }
        }
    }

    private static func mayContain(_ value: StoredValue, _ word: [UInt8]) -> Bool {
        switch value {
        case .text(let text):
            let found = text.utf8.withContiguousStorageIfAvailable { mayContain(UnsafeRawBufferPointer($0), word) }
            return found ?? true
        case .invalidText(let bytes), .bytes(let bytes): return bytes.withUnsafeBytes { mayContain($0, word) }
        case .null, .integer, .real: return false
        }
    }

    private static func mayContain(_ bytes: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
        guard let first = word.first else { return true }
        let last = bytes.count - word.count
        let isLetter = (0x61...0x7A).contains(first)
        var at = 0
        while at < bytes.count {
            let byte = bytes[at]
            // These fold to ASCII letters: U+0130, U+212A; or `\u00..` may be one.
            if byte == 0xC4 || byte == 0xE2 {
                if at + 1 < bytes.count, bytes[at + 1] == (byte == 0xC4 ? 0xB0 : 0x84) { return true }
            } else if byte == 0x5C, at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") {
                return true
            } else if at <= last, byte == first || isLetter && byte | 0x20 == first, matches(bytes, at, word) {
                return true
            }
            at += 1
        }
        return false
    }

    private static func matches(_ bytes: UnsafeRawBufferPointer, _ at: Int, _ word: [UInt8]) -> Bool {
        for offset in 1..<max(1, word.count) {
            let byte = bytes[at + offset]
            let folded = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
            if folded != word[offset] { return false }
        }
        return true
    }
}
