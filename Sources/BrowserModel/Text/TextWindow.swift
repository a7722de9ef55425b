internal import TerminalSurface

/// A line of stored text, or a piece of a very long one, ready to be shaped.
struct SourceLine: Sendable, Equatable {
    /// The byte of the whole text it begins at.
    var offset: Int
    /// In visible form, long base64 told by its size.
    var text: String
    /// Whether it goes on in the middle of a line.
    var isContinued = false
    /// Whether it holds base64 that is folded or was unfolded.
    var hasData = false
}

/// The part of a text that is laid out: its lines from one byte on, until enough is there.
struct TextWindow {
    /// Bytes of one text that are laid out at first.
    static let usualBytes = 32_768
    /// Bytes laid out of a text one reads on in; beyond that its beginning gives way.
    static let mostBytes = 65_536
    /// Bytes of one line that are shaped as one.
    static let lineBytes = 16_384

    let lines: [SourceLine]
    /// The byte behind the last line.
    let end: Int

    /// - Parameters:
    ///   - start: the byte a line begins at.
    ///   - budget: bytes to show; what is folded to its size counts as what is shown of it.
    ///   - openData: the lines whose base64 is shown.
    init(_ text: String, from start: Int, budget: Int, openData: Set<Int> = []) {
        var text = text
        (lines, end) = text.withUTF8 { Self.read($0, start, budget, openData) }
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ budget: Int, _ openData: Set<Int>
    ) -> ([SourceLine], Int) {
        var lines: [SourceLine] = []
        var at = start
        var used = 0
        var isContinued = start > 0 && start <= bytes.count && bytes[start - 1] != 10
        while at < bytes.count, used < budget {
            if !isContinued, !openData.contains(at), let end = LongRuns.block(in: bytes, from: at) {
                lines.append(SourceLine(offset: at, text: LongRuns.label(bytes, at..<end), hasData: true))
                used += 64
                at = end
                continue
            }
            let piece = piece(bytes, at, isContinued: isContinued, isOpen: openData.contains(at))
            lines.append(piece.line)
            used += piece.line.text.utf8.count + 1
            at = piece.end
            isContinued = piece.isCut
        }
        return (lines, at)
    }

    private static func piece(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, isContinued: Bool, isOpen: Bool
    ) -> (line: SourceLine, end: Int, isCut: Bool) {
        var text = ""
        var at = start
        var hasData = isOpen
        while true {
            let limit = min(bytes.count, at + lineBytes - min(lineBytes - 64, text.utf8.count))
            let newline = bytes[at..<limit].firstIndex(of: 10)
            if !isOpen, let run = LongRuns.first(in: bytes, at..<(newline ?? limit)) {
                text += String(decoding: bytes[at..<run.range.lowerBound], as: UTF8.self) + run.label
                at = run.range.upperBound
                hasData = true
                if text.utf8.count < lineBytes { continue }
                let isEnd = at < bytes.count && bytes[at] == 10
                return (made(start, text, isContinued, hasData), isEnd ? at + 1 : at, !isEnd && at < bytes.count)
            }
            var end = newline ?? limit
            let isCut = newline == nil && limit < bytes.count
            if isCut { end = cut(bytes, at, limit) }
            var shown = end
            if newline != nil, shown > at, bytes[shown - 1] == 13 { shown -= 1 }
            text += String(decoding: bytes[at..<shown], as: UTF8.self)
            return (made(start, text, isContinued, hasData), newline == nil ? end : end + 1, isCut)
        }
    }

    private static func made(_ start: Int, _ text: String, _ isContinued: Bool, _ hasData: Bool) -> SourceLine {
        SourceLine(offset: start, text: Sanitizer.visible(text), isContinued: isContinued, hasData: hasData)
    }

    /// Where to part a line that is too long: behind a space when one is near, never inside a character.
    private static func cut(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ limit: Int) -> Int {
        if let space = bytes[max(start + 1, limit - 512)..<limit].lastIndex(of: 32) { return space + 1 }
        var end = limit
        while end > start + 1, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return end
    }

    /// The start of the line a byte is in, no more than a long line's piece before it.
    static func lineStart(_ text: String, _ offset: Int) -> Int {
        var text = text
        return text.withUTF8 { bytes in
            var at = min(offset, bytes.count)
            let limit = max(0, at - lineBytes)
            while at > limit, bytes[at - 1] != 10 { at -= 1 }
            if at > 0, bytes[at - 1] != 10 {
                while at < bytes.count, bytes[at] & 0xC0 == 0x80 { at += 1 }
            }
            return at
        }
    }
}
