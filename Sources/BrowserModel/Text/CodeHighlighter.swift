internal import TerminalSurface

/// Colours code line by line: what a comment or string of several lines leaves
/// open is remembered for the next line, and nothing else.
struct CodeHighlighter: Sendable, Equatable {
    private enum Open: Sendable, Equatable {
        case nothing
        case comment
        case string(Int)
    }

    static let keyword = Style(.jsonKey)
    static let string = Style(.jsonString)
    static let number = Style(.jsonNumber)
    static let value = Style(.jsonLiteral)
    static let comment = Style(.dim, .italic)
    static let plain = Style.normal

    private let rules: CodeRules
    private var open = Open.nothing

    /// - Parameter language: the word behind the fence; `nil` when the table does not know it.
    init?(language: String) {
        guard let rules = CodeRules.named(language) else { return nil }
        self.rules = rules
    }

    /// The pieces of the next line, which is in visible form.
    mutating func spans(_ line: String) -> [Span] {
        let bytes = Array(line.utf8)
        var writer = SpanWriter(bytes)
        var at = 0
        switch open {
        case .nothing: break
        case .comment: at = endComment(bytes, 0, &writer)
        case .string(let quote): at = endString(bytes, 0, quote, &writer)
        }
        while at < bytes.count { at = next(bytes, at, &writer) }
        return writer.finished
    }

    private mutating func next(_ bytes: [UInt8], _ at: Int, _ writer: inout SpanWriter) -> Int {
        if let block = rules.blockComment, bytes[at...].starts(with: block.open) {
            open = .comment
            writer.put(at..<at + block.open.count, Self.comment)
            return endComment(bytes, at + block.open.count, &writer)
        }
        if rules.lineComments.contains(where: { bytes[at...].starts(with: $0) }), opensComment(bytes, at) {
            writer.put(at..<bytes.count, Self.comment)
            return bytes.count
        }
        for (index, quote) in rules.quotes.enumerated() where bytes[at...].starts(with: quote.open) {
            // An apostrophe inside a word is none.
            if quote.open.count == 1, at > 0, Self.isWord(bytes[at - 1]), bytes[at] == UInt8(ascii: "'") { break }
            open = .string(index)
            writer.put(at..<at + quote.open.count, Self.string)
            return endString(bytes, at + quote.open.count, index, &writer, from: at)
        }
        if rules.hasTags, bytes[at] == UInt8(ascii: "<") {
            var end = at + 1
            while end < bytes.count, Self.isWord(bytes[end]) || "/!-:".utf8.contains(bytes[end]) { end += 1 }
            writer.put(at..<end, Self.keyword)
            return end
        }
        if rules.hasVariables, bytes[at] == UInt8(ascii: "$") {
            var end = at + 1
            while end < bytes.count, Self.isWord(bytes[end]) || "{}".utf8.contains(bytes[end]) { end += 1 }
            writer.put(at..<end, end > at + 1 ? Self.number : Self.plain)
            return end
        }
        return Self.isWord(bytes[at]) ? word(bytes, at, &writer) : other(bytes, at, &writer)
    }

    private func word(_ bytes: [UInt8], _ at: Int, _ writer: inout SpanWriter) -> Int {
        var end = at
        let isNumber = (0x30...0x39).contains(bytes[at])
        while end < bytes.count, Self.isWord(bytes[end]) || (isNumber && bytes[end] == UInt8(ascii: ".")) { end += 1 }
        if rules.hasKeys {
            // Names may hold dashes: `cache-control: no`.
            var key = end
            while key < bytes.count, Self.isWord(bytes[key]) || "-.".utf8.contains(bytes[key]) { key += 1 }
            if key < bytes.count, bytes[key] == UInt8(ascii: ":") || bytes[key...].starts(with: " = ".utf8),
                bytes[..<at].allSatisfy({ " -{,".utf8.contains($0) })
            {
                writer.put(at..<key, Self.keyword)
                return key
            }
        }
        if isNumber {
            writer.put(at..<end, Self.number)
            return end
        }
        var text = String(decoding: bytes[at..<end], as: UTF8.self)
        if rules.isCaseless { text = text.lowercased() }
        let style =
            rules.keywords.contains(text) ? Self.keyword : rules.values.contains(text) ? Self.value : Self.plain
        writer.put(at..<end, style)
        return end
    }

    private func other(_ bytes: [UInt8], _ at: Int, _ writer: inout SpanWriter) -> Int {
        writer.put(at..<at + 1, Self.plain)
        return at + 1
    }

    /// A `#` or `//` begins a comment where it does not stand inside a word, as in `$#` or `http://`.
    private func opensComment(_ bytes: [UInt8], _ at: Int) -> Bool {
        guard at > 0 else { return true }
        let before = bytes[at - 1]
        return bytes[at] == UInt8(ascii: "#") ? before == 32 : before != UInt8(ascii: ":")
    }

    private mutating func endComment(_ bytes: [UInt8], _ start: Int, _ writer: inout SpanWriter) -> Int {
        guard let close = rules.blockComment?.close else {
            open = .nothing
            return start
        }
        var at = start
        while at < bytes.count {
            if bytes[at...].starts(with: close) {
                open = .nothing
                writer.put(start..<at + close.count, Self.comment)
                return at + close.count
            }
            at += 1
        }
        writer.put(start..<bytes.count, Self.comment)
        return bytes.count
    }

    private mutating func endString(
        _ bytes: [UInt8], _ start: Int, _ index: Int, _ writer: inout SpanWriter, from first: Int? = nil
    ) -> Int {
        let quote = rules.quotes[index]
        var at = start
        var end = bytes.count
        var isClosed = false
        while at < bytes.count {
            if quote.escapes, bytes[at] == UInt8(ascii: "\\") {
                at += 2
                continue
            }
            if bytes[at...].starts(with: quote.close) {
                end = at + quote.close.count
                isClosed = true
                break
            }
            at += 1
        }
        if isClosed || !quote.spansLines { open = .nothing }
        var style = Self.string
        if isClosed, rules.hasKeys, let first {
            var colon = end
            while colon < bytes.count, bytes[colon] == 32 { colon += 1 }
            if colon < bytes.count, bytes[colon] == UInt8(ascii: ":") {
                style = Self.keyword
                writer.restyleLast(from: first, style)
            }
        }
        writer.put(start..<end, style)
        return end
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...0xFF: true
        default: false
        }
    }
}

/// Joins neighbouring pieces of one style.
private struct SpanWriter {
    private let bytes: [UInt8]
    private var pieces: [(range: Range<Int>, style: Style)] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func put(_ range: Range<Int>, _ style: Style) {
        guard !range.isEmpty else { return }
        if let last = pieces.indices.last, pieces[last].style == style {
            pieces[last].range = pieces[last].range.lowerBound..<range.upperBound
        } else {
            pieces.append((range, style))
        }
    }

    /// The opening mark of a string that turns out to be a name belongs to the name.
    mutating func restyleLast(from start: Int, _ style: Style) {
        guard let last = pieces.popLast() else { return }
        if last.range.lowerBound < start { pieces.append((last.range.lowerBound..<start, last.style)) }
        put(start..<last.range.upperBound, style)
    }

    var finished: [Span] { pieces.map { Span(String(decoding: bytes[$0.range], as: UTF8.self), $0.style) } }
}
