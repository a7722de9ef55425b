/// The text of a document, or of a part of it, as lines of bounded length.
///
/// A line ends behind a line feed. A line that is longer than half of
/// `longestLine` may be parted, at places that follow from the bytes near them
/// alone; so lines can be listed from any place on, in both directions, in a
/// text without a single line feed too.
public struct JSONTextLines: Sendable {
    /// One line, or one piece of a long one.
    public struct Line: Sendable, Hashable {
        /// The bytes of the line with its line feed.
        public var range: Range<Int>
        /// Whether the line goes on from the piece before.
        public var isContinued: Bool
    }

    public let region: any ByteRegion
    /// The bytes whose lines are listed.
    public let range: Range<Int>
    /// No line has more bytes than this.
    public let longestLine: Int
    /// Long lines are parted at multiples of this.
    private let unit: Int

    public init(_ region: any ByteRegion, range: Range<Int>? = nil, longestLine: Int = 4096) {
        self.region = region
        self.range = (range ?? 0..<region.count).clamped(to: 0..<region.count)
        unit = max(4, (longestLine - 3) / 2)
        // A parting place moves up to three bytes back to the start of a character.
        self.longestLine = 2 * unit + 3
    }

    /// The line that an offset is in; nil outside of the range.
    public func line(containing offset: Int) -> Line? {
        guard range.contains(offset) else { return nil }
        return withBytes { bytes in
            let start = start(of: offset, in: bytes)
            return line(from: start, in: bytes)
        }
    }

    /// Up to `count` lines, beginning with the one that `offset` is in.
    public func lines(from offset: Int, count: Int) -> [Line] {
        guard range.contains(offset), count > 0 else { return [] }
        return withBytes { bytes in
            var lines = [line(from: start(of: offset, in: bytes), in: bytes)]
            while lines.count < count, let end = lines.last?.range.upperBound, end < range.upperBound {
                lines.append(line(from: end, in: bytes))
            }
            return lines
        } ?? []
    }

    /// Up to `count` lines before the one that `offset` is in, in the order of the text.
    public func lines(before offset: Int, count: Int) -> [Line] {
        withBytes { bytes in
            var lines: [Line] = []
            var end = offset >= range.upperBound ? range.upperBound : start(of: offset, in: bytes)
            while lines.count < count, end > range.lowerBound {
                let start = start(of: end - 1, in: bytes)
                lines.append(line(from: start, in: bytes))
                end = start
            }
            return lines.reversed()
        } ?? []
    }

    /// The text of a line without its line feed; bytes that are not UTF-8 become U+FFFD.
    public func text(of line: Line) -> String {
        withBytes { bytes in
            var end = line.range.upperBound
            if end > line.range.lowerBound, bytes[end - 1] == 0x0A { end -= 1 }
            if end > line.range.lowerBound, bytes[end - 1] == 0x0D { end -= 1 }
            return String(decoding: bytes.slice(line.range.lowerBound..<end), as: UTF8.self)
        } ?? ""
    }

    /// Line and column of an offset, counted from the start of the document by reading all before it.
    public func position(of offset: Int) -> JSONTextPosition {
        withBytes { JSONTextPosition(of: offset, in: $0) } ?? JSONTextPosition(line: 1, column: 1)
    }

    /// Where a line begins, counted by line feeds from 1 at the start of the document; nil when there are fewer.
    public func offset(ofLine number: Int) -> Int? {
        withBytes { bytes in
            var left = number - 1
            var block = 0
            guard left >= 0 else { return nil }
            while left > 0, block < bytes.count {
                let next = min(bytes.count, block + 1 << 16)
                let found = bytes.countLineFeeds(in: block..<next)
                if found >= left { break }
                left -= found
                block = next
            }
            while left > 0, block < bytes.count {
                if bytes[block] == 0x0A { left -= 1 }
                block += 1
            }
            return left == 0 ? block : nil
        } ?? (number == 1 ? 0 : nil)
    }

    private func withBytes<R>(_ body: (JSONBytes) -> R) -> R? {
        region.withBytes { buffer in JSONBytes(buffer).map(body) }
    }

    private func line(from start: Int, in bytes: JSONBytes) -> Line {
        let isContinued = start > range.lowerBound && bytes[start - 1] != 0x0A
        return Line(range: start..<end(of: start, in: bytes), isContinued: isContinued)
    }

    private func end(of start: Int, in bytes: JSONBytes) -> Int {
        var end = start
        while end < range.upperBound {
            let multiple = end + unit - end % unit
            // A multiple right behind the start may have been moved back to it.
            while end < min(multiple, range.upperBound) {
                end += 1
                if bytes[end - 1] == 0x0A { return end }
            }
            if let cut = cut(at: multiple, in: bytes), cut > start { return cut }
        }
        return end
    }

    private func start(of offset: Int, in bytes: JSONBytes) -> Int {
        var start = offset
        let least = max(range.lowerBound, offset - longestLine)
        while start > least, bytes[start - 1] != 0x0A { start -= 1 }
        var multiple = (offset + 3) / unit * unit
        while multiple > start {
            if let cut = cut(at: multiple, in: bytes), cut <= offset { return max(cut, start) }
            multiple -= unit
        }
        return start
    }

    /// Where a long line is parted at a multiple of the unit: where the unit before is part of the same line.
    private func cut(at multiple: Int, in bytes: JSONBytes) -> Int? {
        guard multiple - unit >= range.lowerBound, multiple < range.upperBound else { return nil }
        for index in multiple - unit..<multiple where bytes[index] == 0x0A { return nil }
        return bytes.characterStart(atOrBefore: multiple, notBefore: multiple - unit + 1)
    }
}
