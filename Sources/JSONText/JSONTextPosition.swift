/// A place in a text as people count it: line and character from 1.
public struct JSONTextPosition: Sendable, Hashable {
    public var line: Int
    /// Unicode scalars from the start of the line, from 1; bytes that are not UTF-8 count where they begin a character.
    public var column: Int

    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    init(of offset: Int, in bytes: JSONBytes) {
        let end = min(offset, bytes.count)
        let lineStart = bytes.lineStart(before: end)
        var column = 1
        for index in lineStart..<end where bytes[index] & 0xC0 != 0x80 { column += 1 }
        self.init(line: 1 + bytes.countLineFeeds(in: 0..<end), column: column)
    }
}

extension JSONBytes {
    /// The start of the line that `offset` is in.
    func lineStart(before offset: Int) -> Int {
        var index = offset
        while index > 0, base[index - 1] != 0x0A { index -= 1 }
        return index
    }

    func countLineFeeds(in range: Range<Int>) -> Int {
        let lineFeeds = SIMD16<UInt8>(repeating: 0x0A)
        var total = 0
        var index = range.lowerBound
        while index + 16 <= range.upperBound {
            // A match is a lane of all ones, which is minus one; a lane holds the matches of 255 blocks.
            var lanes = SIMD16<UInt8>(repeating: 0)
            let blocks = min(255, (range.upperBound - index) / 16)
            for _ in 0..<blocks {
                let block = UnsafeRawPointer(base + index).loadUnaligned(as: SIMD16<UInt8>.self)
                lanes = lanes &- unsafeBitCast(block .== lineFeeds, to: SIMD16<UInt8>.self)
                index += 16
            }
            for lane in 0..<16 { total += Int(lanes[lane]) }
        }
        while index < range.upperBound {
            if base[index] == 0x0A { total += 1 }
            index += 1
        }
        return total
    }
}
