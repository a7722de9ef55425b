public import StoredRecords
internal import TerminalSurface

/// Text of any length seen through a window; nothing but what is near the
/// window is read.
///
/// Lines longer than `pieceBytes` are cut into pieces at fixed offsets, so that
/// a document that is one line of a gigabyte scrolls like any other.
public struct TextPane: Sendable, Equatable {
    static let pieceBytes = 4096
    /// Bytes of a word that are read to see where it was moved to.
    private static let longestWord = 120

    public let bytes: StoredBytes
    public internal(set) var wraps = true
    /// Columns scrolled to the right; 0 while lines wrap.
    public internal(set) var left = 0
    /// First byte of the piece at the top, and which of its rows is first.
    public private(set) var top = 0
    private(set) var topRow = 0
    /// What a search found last.
    public internal(set) var match: Range<Int>?

    public init(_ bytes: StoredBytes) {
        self.bytes = bytes
    }

    /// A row of the screen and the piece of the document it is part of.
    public struct Row: Sendable, Equatable {
        public var text: String
        public var piece: Range<Int>
        /// Whether it goes on in a line that began in an earlier piece.
        public var isContinuation = false
    }

    /// How far the window is down the document, in percent.
    public func percent(width: Int, height: Int) -> Int {
        guard bytes.count > 0 else { return 100 }
        let rows = rows(width: width, height: height)
        guard let last = rows.last else { return 100 }
        return last.piece.upperBound >= bytes.count ? 100 : min(99, last.piece.upperBound * 100 / bytes.count)
    }

    /// The rows of the screen.
    public func rows(width: Int, height: Int) -> [Row] {
        var rows: [Row] = []
        var piece: Range<Int>? = pieceRange(at: top)
        var skip = topRow
        while let range = piece, rows.count < height {
            let isContinuation =
                range.lowerBound > 0 && bytes.slice(range.lowerBound - 1..<range.lowerBound).first != 10
            rows += rowTexts(range, width).dropFirst(skip).prefix(height - rows.count).map {
                Row(text: $0, piece: range, isContinuation: isContinuation)
            }
            skip = 0
            piece = pieceAfter(range)
        }
        return rows
    }

    // MARK: Moving

    mutating func move(by lines: Int, width: Int, height: Int) {
        if lines >= 0 { moveDown(lines, width, height) } else { moveUp(-lines, width) }
    }

    mutating func moveToStart() {
        top = 0
        topRow = 0
    }

    mutating func moveToEnd(width: Int, height: Int) {
        guard !bytes.isEmpty else { return }
        let last = pieceRange(at: lastPieceStart)
        top = last.lowerBound
        topRow = max(0, rowTexts(last, width).count - 1)
        moveUp(height - 1, width)
    }

    /// Brings a byte onto the screen.
    mutating func show(_ offset: Int, width: Int, height: Int) {
        let piece = pieceRange(at: pieceStart(containing: offset))
        let row = wraps ? row(of: offset, in: piece, width) : 0
        if !isSeen(row, of: piece, width, height) {
            top = piece.lowerBound
            topRow = row
            moveUp(Landing.linesAbove(height), width)
            fill(width, height)
        }
        if !wraps {
            let before = CharacterWidth.columns(
                of: Sanitizer.visible(bytes: bytes.slice(piece.lowerBound..<max(piece.lowerBound, offset))))
            if before < left || before >= left + width { left = before < width ? 0 : before - width / 2 }
        }
    }

    /// The row of a piece that a byte stands in: of a wrapped word, the one the word was moved to.
    private func row(of offset: Int, in piece: Range<Int>, _ width: Int) -> Int {
        let offset = max(piece.lowerBound, min(offset, piece.upperBound))
        let rest = bytes.slice(offset..<min(piece.upperBound, offset + Self.longestWord))
        let word = rest.prefix { $0 > 32 }.count
        let before = Sanitizer.visible(bytes: bytes.slice(piece.lowerBound..<offset + word))
        return max(0, TextFit.wrapped(before, to: max(1, width)).count - 1)
    }

    private func isSeen(_ row: Int, of piece: Range<Int>, _ width: Int, _ height: Int) -> Bool {
        guard piece.lowerBound >= top else { return false }
        var lines = -topRow
        var at = pieceRange(at: top)
        while at.lowerBound < piece.lowerBound, lines < height {
            lines += rowTexts(at, width).count
            guard let next = pieceAfter(at) else { break }
            at = next
        }
        return at.lowerBound == piece.lowerBound && lines + row >= 0 && lines + row < height
    }

    /// Keeps the screen full where there is enough.
    private mutating func fill(_ width: Int, _ height: Int) {
        let missing = height - rows(width: width, height: height).count
        if missing > 0 { moveUp(missing, width) }
    }

    /// Lays out for another width or wrapping; the piece at the top stays.
    mutating func reflow(width: Int) {
        topRow = min(topRow, max(0, rowTexts(pieceRange(at: top), width).count - 1))
        if wraps { left = 0 }
    }

    private mutating func moveDown(_ lines: Int, _ width: Int, _ height: Int) {
        // The screen stays full: the last row is the end of the way.
        let reach = min(lines, 1 << 20)
        let rows = rows(width: width, height: height + reach)
        var rest = min(reach, rows.count - height)
        while rest > 0 {
            let piece = pieceRange(at: top)
            let below = rowTexts(piece, width).count - 1 - topRow
            if rest <= below {
                topRow += rest
                return
            }
            guard let next = pieceAfter(piece) else { return }
            rest -= below + 1
            top = next.lowerBound
            topRow = 0
        }
    }

    private mutating func moveUp(_ lines: Int, _ width: Int) {
        for _ in 0..<max(0, lines) {
            if topRow > 0 {
                topRow -= 1
            } else if top > 0 {
                top = pieceStart(containing: top - 1)
                topRow = max(0, rowTexts(pieceRange(at: top), width).count - 1)
            } else {
                return
            }
        }
    }

    // MARK: Pieces

    private func rowTexts(_ piece: Range<Int>, _ width: Int) -> [String] {
        var end = piece.upperBound
        let content = bytes.slice(piece)
        if content.last == 10 {
            end -= 1
            if content.count > 1, content[content.count - 2] == 13 { end -= 1 }
        }
        let line = Sanitizer.visible(bytes: bytes.slice(piece.lowerBound..<end))
        return wraps ? TextFit.wrapped(line, to: max(1, width)) : [line]
    }

    private func pieceAfter(_ piece: Range<Int>) -> Range<Int>? {
        piece.upperBound < bytes.count ? pieceRange(at: piece.upperBound) : nil
    }

    private var lastPieceStart: Int { bytes.isEmpty ? 0 : pieceStart(containing: bytes.count - 1) }

    /// The piece that starts at `start`, its line end included.
    private func pieceRange(at start: Int) -> Range<Int> {
        guard start < bytes.count else { return bytes.count..<bytes.count }
        return bytes.withBytes { buffer in
            let lineStart = Self.lineStart(buffer, at: start)
            // The first cut lies a whole piece behind the line's start.
            var cut = (start / Self.pieceBytes + 1) * Self.pieceBytes
            while cut < buffer.count, cut - lineStart < Self.pieceBytes { cut += Self.pieceBytes }
            cut = Self.scalarStart(buffer, atOrBefore: min(cut, buffer.count))
            if let end = ByteSearch.first(10, in: UnsafeRawBufferPointer(rebasing: buffer[..<cut]), from: start) {
                return start..<end + 1
            }
            return start..<max(cut, start + 1)
        }
    }

    /// Where the piece begins that holds the byte at `offset`.
    private func pieceStart(containing offset: Int) -> Int {
        guard offset > 0, offset < bytes.count else { return 0 }
        return bytes.withBytes { buffer in
            let lineStart = Self.lineStart(buffer, at: offset)
            let cut = offset / Self.pieceBytes * Self.pieceBytes
            return cut - lineStart >= Self.pieceBytes ? Self.scalarStart(buffer, atOrBefore: cut) : lineStart
        }
    }

    /// The start of the line that holds `offset`, or somewhere more than a
    /// piece before the last cut when that is far away.
    private static func lineStart(_ buffer: UnsafeRawBufferPointer, at offset: Int) -> Int {
        let limit = max(0, offset - 3 * pieceBytes)
        return ByteSearch.last(10, in: buffer, before: offset, from: limit).map { $0 + 1 } ?? limit
    }

    /// Moves an offset back to where a UTF-8 sequence begins.
    private static func scalarStart(_ buffer: UnsafeRawBufferPointer, atOrBefore offset: Int) -> Int {
        guard offset < buffer.count else { return buffer.count }
        var at = offset
        while at > 0, offset - at < 3, buffer[at] & 0xC0 == 0x80 { at -= 1 }
        return buffer[at] & 0xC0 == 0x80 ? offset : at
    }
}
