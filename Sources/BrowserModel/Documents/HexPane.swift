public import StoredRecords
internal import TerminalSurface

/// Bytes as offset, hexadecimal digits and characters.
public struct HexPane: Sendable, Equatable {
    public let bytes: StoredBytes
    /// The first row on the screen.
    public private(set) var top = 0

    public init(_ bytes: StoredBytes) {
        self.bytes = bytes
    }

    /// Bytes a row shows at a width: 16, 8 or 4.
    public static func bytesPerRow(width: Int) -> Int {
        width >= 76 ? 16 : width >= 43 ? 8 : 4
    }

    public func rowCount(width: Int) -> Int {
        let each = Self.bytesPerRow(width: width)
        return (bytes.count + each - 1) / each
    }

    public func lines(width: Int, height: Int) -> [StyledLine] {
        Self.lines(bytes, from: top, count: height, width: width)
    }

    mutating func move(by lines: Int, width: Int, height: Int) {
        top = max(0, min(top + lines, rowCount(width: width) - height))
    }

    mutating func moveTo(row: Int, width: Int, height: Int) {
        top = max(0, min(row, rowCount(width: width) - height))
    }

    static func lines(_ bytes: StoredBytes, from row: Int, count: Int, width: Int) -> [StyledLine] {
        let each = bytesPerRow(width: width)
        var lines: [StyledLine] = []
        for row in row..<row + count {
            let start = row * each
            guard start < bytes.count else { break }
            let content = bytes.slice(start..<min(bytes.count, start + each))
            var hex = ""
            var characters = ""
            for (index, byte) in content.enumerated() {
                hex += padded(String(byte, radix: 16), 2) + (index % 8 == 7 && index + 1 < each ? "  " : " ")
                characters += byte >= 32 && byte < 127 ? String(Character(Unicode.Scalar(byte))) : "."
            }
            let columns = each * 3 + (each > 8 ? 1 : 0)
            hex += String(repeating: " ", count: max(0, columns - hex.count))
            lines.append(
                StyledLine([
                    Span(padded(String(start, radix: 16), 8) + "  ", .dim), Span(hex + " "), Span(characters, .code),
                ]))
        }
        return lines
    }

    private static func padded(_ digits: String, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
