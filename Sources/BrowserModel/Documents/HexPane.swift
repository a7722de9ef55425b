public import StoredRecords
internal import TerminalSurface

/// Bytes as offset, hexadecimal digits and characters.
public struct HexPane: Sendable, Equatable {
    public let bytes: StoredBytes
    /// A byte of the first row on the screen; rows begin elsewhere at other widths.
    private var first = 0
    /// The bytes that were gone to or found last.
    public private(set) var mark: Range<Int>?

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

    /// The first row on the screen.
    public func top(width: Int) -> Int { first / Self.bytesPerRow(width: width) }

    /// The first byte on the screen.
    func start(width: Int) -> Int { top(width: width) * Self.bytesPerRow(width: width) }

    public func lines(width: Int, height: Int) -> [StyledLine] {
        Self.lines(bytes, from: top(width: width), count: height, width: width)
    }

    /// Where a byte of a row stands: the columns of its digits and of its character.
    public static func columns(of place: Int, width: Int) -> (digits: Range<Int>, character: Int) {
        let each = bytesPerRow(width: width)
        let digits = 10 + place * 3 + (each > 8 && place >= 8 ? 1 : 0)
        return (digits..<digits + 2, 10 + each * 3 + (each > 8 ? 1 : 0) + 1 + place)
    }

    mutating func move(by lines: Int, width: Int, height: Int) {
        moveTo(row: top(width: width) + lines, width: width, height: height)
    }

    mutating func moveTo(row: Int, width: Int, height: Int) {
        first = max(0, min(row, rowCount(width: width) - height)) * Self.bytesPerRow(width: width)
    }

    /// Marks bytes and brings them onto the screen.
    mutating func show(_ range: Range<Int>, width: Int, height: Int) {
        mark = range
        let row = range.lowerBound / Self.bytesPerRow(width: width)
        moveTo(row: Landing.top(for: row, from: top(width: width), height: height), width: width, height: height)
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
