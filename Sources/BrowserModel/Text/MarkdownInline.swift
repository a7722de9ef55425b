internal import TerminalSurface

/// Reads the marks inside a line: code, emphasis, links.
///
/// A mark is taken away only where its style takes its place; marks that pair
/// with nothing, or stand inside words, stay as they are.
enum MarkdownInline {
    /// The pieces of a line that is in visible form.
    static func spans(_ line: String, _ style: Style = .normal) -> [Span] {
        guard line.utf8.contains(where: isMark) else { return line.isEmpty ? [] : [Span(line, style)] }
        var reader = InlineReader(Array(line.utf8))
        reader.read(0..<reader.bytes.count, style, depth: 0)
        return reader.spans
    }

    private static func isMark(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "["), UInt8(ascii: "<"),
            UInt8(ascii: "~"), UInt8(ascii: "\\"), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

private struct InlineReader {
    let bytes: [UInt8]
    var spans: [Span] = []
    private var plain: [UInt8] = []
    /// Marks that nothing closes from here on, so that a line of marks is read in one pass.
    private var hopeless: Set<Int> = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func read(_ range: Range<Int>, _ style: Style, depth: Int) {
        var at = range.lowerBound
        while at < range.upperBound {
            if let next = mark(at, range, style, depth) {
                at = next
            } else {
                plain.append(bytes[at])
                at += 1
            }
        }
        flush(style)
    }

    private mutating func flush(_ style: Style) {
        if !plain.isEmpty { add(String(decoding: plain, as: UTF8.self), style) }
        plain = []
    }

    private mutating func add(_ text: String, _ style: Style) {
        if let last = spans.indices.last, spans[last].style == style {
            spans[last].text += text
        } else {
            spans.append(Span(text, style))
        }
    }

    private mutating func mark(_ at: Int, _ range: Range<Int>, _ style: Style, _ depth: Int) -> Int? {
        switch bytes[at] {
        case UInt8(ascii: "\\"):
            guard at + 1 < range.upperBound, "`*_[]()<>#~\\|!-+.".utf8.contains(bytes[at + 1]) else { return nil }
            plain.append(bytes[at + 1])
            return at + 2
        case UInt8(ascii: "`"): return code(at, range, style)
        case UInt8(ascii: "*"), UInt8(ascii: "_"): return depth < 6 ? emphasis(at, range, style, depth) : nil
        case UInt8(ascii: "~"): return strike(at, range, style)
        case UInt8(ascii: "["): return link(at, range, style, depth, isImage: false)
        case UInt8(ascii: "!"):
            guard at + 1 < range.upperBound, bytes[at + 1] == UInt8(ascii: "[") else { return nil }
            return link(at + 1, range, style, depth, isImage: true)
        case UInt8(ascii: "<"): return automaticLink(at, range, style)
        case UInt8(ascii: "h"): return bareLink(at, range, style)
        default: return nil
        }
    }

    private func runLength(_ at: Int, _ range: Range<Int>) -> Int {
        var end = at
        while end < range.upperBound, bytes[end] == bytes[at] { end += 1 }
        return end - at
    }

    private mutating func code(_ at: Int, _ range: Range<Int>, _ style: Style) -> Int? {
        let marks = runLength(at, range)
        var next = at + marks
        let key = 0x1000 + marks
        while !hopeless.contains(key), next < range.upperBound {
            guard bytes[next] == UInt8(ascii: "`") else {
                next += 1
                continue
            }
            let run = runLength(next, range)
            if run == marks {
                var inside = at + marks..<next
                let space = UInt8(ascii: " ")
                if inside.count > 2, bytes[inside.lowerBound] == space, bytes[inside.upperBound - 1] == space {
                    inside = inside.lowerBound + 1..<inside.upperBound - 1
                }
                flush(style)
                add(text(inside), Style(.code, style.attributes))
                return next + run
            }
            next += run
        }
        if range.upperBound == bytes.count { hopeless.insert(key) }
        plain += bytes[at..<at + marks]
        return at + marks
    }

    private mutating func emphasis(_ at: Int, _ range: Range<Int>, _ style: Style, _ depth: Int) -> Int? {
        let mark = bytes[at]
        let marks = runLength(at, range)
        let inside = at + marks
        guard marks <= 3, inside < range.upperBound, !isSpace(inside), at == 0 || !isWord(bytes[at - 1]),
            let end = closing(mark, marks, from: inside, range)
        else {
            plain += bytes[at..<inside]
            return inside
        }
        flush(style)
        read(inside..<end, style.with(marks == 1 ? .italic : marks == 2 ? .bold : [.bold, .italic]), depth: depth + 1)
        return end + marks
    }

    /// Where the marks stand that end an emphasis: not after a space, not before a letter.
    private mutating func closing(_ mark: UInt8, _ marks: Int, from start: Int, _ range: Range<Int>) -> Int? {
        let key = Int(mark) * 4 + marks
        if hopeless.contains(key) { return nil }
        var at = start
        while at < range.upperBound {
            if bytes[at] == UInt8(ascii: "`") {
                // Code inside may hold marks that mean nothing.
                let run = runLength(at, range)
                var close = at + run
                while close < range.upperBound, bytes[close] != UInt8(ascii: "`") { close += 1 }
                at = close < range.upperBound ? close + runLength(close, range) : at + run
                continue
            }
            guard bytes[at] == mark else {
                at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
                continue
            }
            let run = runLength(at, range)
            let after = at + run
            if run == marks, at > start, !isSpace(at - 1), after >= range.upperBound || !isWord(bytes[after]) {
                return at
            }
            at = after
        }
        if range.upperBound == bytes.count { hopeless.insert(key) }
        return nil
    }

    /// No terminal can be trusted to strike text out, so the marks stay.
    private mutating func strike(_ at: Int, _ range: Range<Int>, _ style: Style) -> Int? {
        guard runLength(at, range) == 2, at + 2 < range.upperBound, !isSpace(at + 2), !hopeless.contains(2) else {
            return nil
        }
        var end = at + 2
        while end + 1 < range.upperBound {
            if bytes[end] == UInt8(ascii: "~"), bytes[end + 1] == UInt8(ascii: "~") {
                flush(style)
                add(text(at..<end + 2), Style(.dim, style.attributes))
                return end + 2
            }
            end += 1
        }
        if range.upperBound == bytes.count { hopeless.insert(2) }
        return nil
    }

    /// `[text](address)` as its text and then the address.
    private mutating func link(
        _ at: Int, _ range: Range<Int>, _ style: Style, _ depth: Int, isImage: Bool
    ) -> Int? {
        guard depth < 6, let close = partner(at, range, UInt8(ascii: "["), UInt8(ascii: "]")),
            close + 1 < range.upperBound, bytes[close + 1] == UInt8(ascii: "("),
            let end = partner(close + 1, range, UInt8(ascii: "("), UInt8(ascii: ")"))
        else { return nil }
        var address = text(close + 2..<end)
        // A title may stand behind the address; base64 that is told by its size has spaces of its own.
        if let space = address.firstIndex(of: " "), address.first != "[" { address = String(address[..<space]) }
        if address.hasPrefix("<"), address.hasSuffix(">") { address = String(address.dropFirst().dropLast()) }
        let label = text(at + 1..<close)
        flush(style)
        if isImage {
            add(label.isEmpty ? "[image]" : "[image: \(label)]", .link)
        } else if label != address, !label.isEmpty {
            read(at + 1..<close, Style(.link, style.attributes), depth: depth + 1)
        }
        if label == address || (label.isEmpty && !isImage) {
            add(address, .link)
        } else if !address.isEmpty {
            add(" (\(address))", .dim)
        }
        return end + 1
    }

    /// The bracket that closes the one at `at`, no farther than a long address reaches.
    private func partner(_ at: Int, _ range: Range<Int>, _ open: UInt8, _ close: UInt8) -> Int? {
        var depth = 0
        var index = at
        let limit = min(range.upperBound, at + 2000)
        while index < limit {
            if bytes[index] == UInt8(ascii: "\\") {
                index += 2
                continue
            }
            if bytes[index] == open { depth += 1 }
            if bytes[index] == close {
                depth -= 1
                if depth == 0 { return index }
            }
            index += 1
        }
        return nil
    }

    private mutating func automaticLink(_ at: Int, _ range: Range<Int>, _ style: Style) -> Int? {
        guard isAddress(at + 1, range) else { return nil }
        var end = at + 1
        while end < range.upperBound, bytes[end] != UInt8(ascii: ">"), !isSpace(end) { end += 1 }
        guard end < range.upperBound, bytes[end] == UInt8(ascii: ">") else { return nil }
        flush(style)
        add(text(at + 1..<end), .link)
        return end + 1
    }

    private mutating func bareLink(_ at: Int, _ range: Range<Int>, _ style: Style) -> Int? {
        guard isAddress(at, range), at == 0 || !isWord(bytes[at - 1]) else { return nil }
        var end = at
        while end < range.upperBound, !isSpace(end), !"<>\"`|".utf8.contains(bytes[end]) { end += 1 }
        while end > at, ".,;:!?)]}'*_".utf8.contains(bytes[end - 1]) {
            // A bracket that the address itself opens belongs to it.
            if bytes[end - 1] == UInt8(ascii: ")"), bytes[at..<end].contains(UInt8(ascii: "(")) { break }
            end -= 1
        }
        flush(style)
        add(text(at..<end), Style(.link, style.attributes))
        return end
    }

    private func isAddress(_ at: Int, _ range: Range<Int>) -> Bool {
        let rest = bytes[min(at, range.upperBound)..<range.upperBound].prefix(8)
        return rest.starts(with: "https://".utf8) || rest.starts(with: "http://".utf8)
            || rest.starts(with: "mailto:".utf8)
    }

    private func isSpace(_ at: Int) -> Bool { bytes[at] == UInt8(ascii: " ") }

    /// Letters and digits of ASCII: in scripts without spaces marks stand between letters.
    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
