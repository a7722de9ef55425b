internal import TerminalSurface

/// A line of the screen, and the line of the text it shows.
struct ShapedLine: Sendable, Equatable {
    var line: StyledLine
    /// The byte of the text where the line it comes from begins.
    var source: Int
    var hasData = false
}

/// Shapes Markdown for reading, a line of the text after the other.
///
/// Line breaks stay where they are: what people and models write in a chat is
/// broken as it is meant. Nothing that is stored is left out but the marks that
/// were read as layout and blank lines in a row.
struct MarkdownShaper {
    /// Columns of prose, which is hard to read in longer lines.
    let measure: Int
    /// Columns of code and tables, which are worth all there are.
    let room: Int
    var code: CodeLines

    private var carry = MarkdownCarry()
    private var highlighter: CodeHighlighter?
    private var shaped: [ShapedLine] = []

    init(measure: Int, room: Int, wraps: Bool = true, sideways: Int = 0) {
        self.measure = max(8, measure)
        self.room = max(8, room)
        code = CodeLines(room: max(8, room), indent: 0, wraps: wraps, sideways: sideways)
    }

    /// The lines of `text` as a whole, for text that is known to be short.
    static func lay(_ text: String, width: Int) -> [StyledLine] {
        var shaper = MarkdownShaper(measure: width, room: width)
        return shaper.shape(TextWindow(text, from: 0, budget: .max).lines).map(\.line)
    }

    /// - Parameter before: lines above the first one that are not shown but may leave something open.
    mutating func shape(_ lines: [SourceLine], before: [SourceLine] = []) -> [ShapedLine] {
        for line in before { carry.pass(line) }
        if let fence = carry.fence, !fence.language.isEmpty { highlighter = CodeHighlighter(language: fence.language) }
        shaped = []
        var index = 0
        while index < lines.count { index += shape(lines, at: index) }
        while shaped.last?.line.spans.isEmpty == true { shaped.removeLast() }
        return shaped
    }

    /// Shapes the line at an index, and says how many lines were taken.
    private mutating func shape(_ lines: [SourceLine], at index: Int) -> Int {
        let source = lines[index]
        if source.isContinued, carry.fence == nil {
            put(
                StyledLine.wrapped(MarkdownInline.spans(source.text), width: measure), source,
                joint: StyledLine.Joint.none)
            return 1
        }
        let isBlank = source.text.utf8.allSatisfy { $0 == 32 }
        if isBlank, carry.fence == nil {
            let isFirst = shaped.isEmpty
            if !isFirst, shaped.last?.line.spans.isEmpty == false { put([.empty], source) }
            carry.pass(source)
            return 1
        }
        let before = carry
        carry.pass(source)
        if let fence = before.fence {
            fenced(source, fence, isEnd: carry.fence == nil)
            return 1
        }
        if let fence = carry.fence {
            highlighter = CodeHighlighter(language: fence.language)
            open(fence, source)
            return 1
        }
        if before.isCode(source) {
            code.indent = 0
            put(code.lines([Span(String(source.text.dropFirst(4)), CodeHighlighter.plain)]), source)
            return 1
        }
        let quote = MarkdownCarry.quote(source.text)
        if quote.depth > 0 {
            let lines = block(quote.rest, width: measure - 2 * quote.depth, room: room - 2 * quote.depth)
            put(lines.map { quoted($0, quote.depth) }, source)
            return 1
        }
        if let taken = table(lines, index) { return taken }
        if index + 1 < lines.count, isUnderline(lines[index + 1].text), Self.listItem(source.text) == nil {
            put(heading(source.text.trimmedSpaces, level: 1, measure), source)
            carry.pass(lines[index + 1])
            return 2
        }
        put(block(source.text, width: measure, room: room), source)
        return 1
    }

    private mutating func put(_ lines: [StyledLine], _ source: SourceLine, joint: StyledLine.Joint? = nil) {
        for (number, line) in lines.enumerated() {
            var line = line
            if number == 0, let joint { line.joint = joint }
            shaped.append(ShapedLine(line: line, source: source.offset, hasData: source.hasData))
        }
    }

    // MARK: Code

    private mutating func open(_ fence: MarkdownCarry.Fence, _ source: SourceLine) {
        let language = fence.language
        guard !language.isEmpty else { return }
        let label = StyledLine(
            [Span("┌─ ", .border), Span(TextFit.truncated(language, to: max(1, measure - 6)), .dim)],
            indent: indent(fence.indent))
        put([quoted(label, fence.quote)], source)
    }

    private mutating func fenced(_ source: SourceLine, _ fence: MarkdownCarry.Fence, isEnd: Bool) {
        if isEnd { return highlighter = nil }
        let body = fence.quote > 0 ? MarkdownCarry.quote(source.text, most: fence.quote).rest : source.text
        var skipped = body.utf8.startIndex
        var spaces = 0
        while spaces < fence.indent, skipped < body.utf8.endIndex, body.utf8[skipped] == 32 {
            skipped = body.utf8.index(after: skipped)
            spaces += 1
        }
        let text = String(body[skipped...])
        code.indent = indent(fence.indent)
        let spans = highlighter?.spans(text) ?? [Span(text, CodeHighlighter.plain)]
        put(code.lines(spans).map { quoted($0, fence.quote) }, source)
    }

    private func quoted(_ line: StyledLine, _ depth: Int) -> StyledLine {
        guard depth > 0 else { return line }
        var line = line
        let bars = Span(String(repeating: "│ ", count: min(depth, 6)), .border)
        let gap = line.indent > 0 ? [Span(String(repeating: " ", count: line.indent))] : []
        line.spans = [bars] + gap + line.spans
        line.indent = 0
        return line
    }

    // MARK: Blocks of one line

    private func block(_ text: String, width: Int, room: Int) -> [StyledLine] {
        let width = max(8, width)
        let depth = text.utf8.prefix { $0 == 32 }.count
        let body = String(text.dropFirst(depth))
        if let level = Self.headingLevel(body) {
            var title = String(body.utf8.dropFirst(level)) ?? body
            title = title.trimmedSpaces
            while title.hasSuffix("#") { title.removeLast() }
            return heading(title.trimmedSpaces, level: level, width)
        }
        if isRule(body) { return [StyledLine([Span(String(repeating: "─", count: width), .border)])] }
        if let item = Self.listItem(body) { return self.item(item, depth: depth, width) }
        return StyledLine.wrapped(MarkdownInline.spans(body), width: width, indent: indent(depth))
    }

    /// Without colour a heading is told by bold and underline.
    private func heading(_ text: String, level: Int, _ width: Int) -> [StyledLine] {
        let style = Style(.heading, level == 1 ? [.bold, .underline] : .bold)
        return StyledLine.wrapped(MarkdownInline.spans(text, style), width: width)
    }

    struct Item {
        var mark: String
        var rest: String
        /// Whether it is a task, and done.
        var task: Bool?
    }

    private func item(_ item: Item, depth: Int, _ width: Int) -> [StyledLine] {
        var mark = item.mark
        if mark == "•" { mark = ["•", "◦", "▪"][min(2, depth / 2)] }
        var style = Style.dim
        if let isDone = item.task {
            mark = isDone ? "[x]" : "[ ]"
            style = isDone ? .success : .normal
        }
        let text = MarkdownInline.spans(item.rest, item.task == true ? .dim : .normal)
        return StyledLine.wrapped(
            [Span(mark + " ", style)] + text, width: width, indent: indent(depth),
            hanging: CharacterWidth.columns(of: mark) + 1)
    }

    /// Deep indents give way on narrow screens.
    private func indent(_ depth: Int) -> Int { min(depth, 24, measure / 3) }

    static func headingLevel(_ text: String) -> Int? {
        let marks = text.utf8.prefix { $0 == UInt8(ascii: "#") }.count
        guard (1...6).contains(marks) else { return nil }
        return text.utf8.dropFirst(marks).first == 32 ? marks : nil
    }

    private func isRule(_ text: String) -> Bool {
        guard let mark = text.utf8.first, "-*_".utf8.contains(mark) else { return false }
        return text.utf8.allSatisfy { $0 == mark || $0 == 32 } && text.utf8.count { $0 == mark } >= 3
    }

    /// A line of `=` makes a heading of the one above. One of `-` does not: in a chat it is meant as a rule.
    private func isUnderline(_ text: String) -> Bool {
        let trimmed = text.trimmedSpaces
        return trimmed.utf8.count >= 2 && trimmed.utf8.allSatisfy { $0 == UInt8(ascii: "=") }
    }

    static func listItem(_ text: String) -> Item? {
        let body = text.drop { $0 == " " }
        guard let first = body.utf8.first else { return nil }
        var rest: Substring
        var mark: String
        if "-*+".utf8.contains(first) {
            rest = body.dropFirst()
            mark = "•"
        } else {
            let digits = body.utf8.prefix { (48...57).contains($0) }.count
            guard (1...4).contains(digits) else { return nil }
            rest = body.dropFirst(digits)
            guard let dot = rest.first, dot == "." || dot == ")" else { return nil }
            mark = String(body.prefix(digits + 1))
            rest = rest.dropFirst()
        }
        guard rest.first == " " else { return nil }
        rest = rest.drop { $0 == " " }
        guard !rest.isEmpty else { return nil }
        var task: Bool?
        for (word, isDone) in [("[ ] ", false), ("[x] ", true), ("[X] ", true)] where rest.hasPrefix(word) {
            task = isDone
            rest = rest.dropFirst(4)
        }
        return Item(mark: mark, rest: String(rest), task: task)
    }

    // MARK: Tables

    private mutating func table(_ lines: [SourceLine], _ index: Int) -> Int? {
        guard index + 1 < lines.count, MarkdownTable.isRow(lines[index].text),
            var table = MarkdownTable(
                header: lines[index].text, dashes: lines[index + 1].text, source: lines[index].offset)
        else { return nil }
        var next = index + 2
        while next < lines.count, MarkdownTable.isRow(lines[next].text) {
            table.add(lines[next].text, source: lines[next].offset)
            next += 1
        }
        let indent = indent(lines[index].text.utf8.prefix { $0 == 32 }.count)
        shaped += table.lines(room: room, indent: indent).map { ShapedLine(line: $0.line, source: $0.source) }
        for line in lines[(index + 1)..<next] { carry.pass(line) }
        return next - index
    }
}

/// What a line of Markdown leaves to the lines below it.
struct MarkdownCarry: Sendable, Equatable {
    struct Fence: Sendable, Equatable {
        var mark: UInt8
        var count: Int
        var indent: Int
        /// Bars of the quote it stands in.
        var quote: Int
        var language: String
    }

    private(set) var fence: Fence?
    private var isInList = false
    private var isAfterBlank = true
    private var isInCode = false

    /// Whether a line is code by its indent: after a blank line, and not what goes on in a list.
    func isCode(_ line: SourceLine) -> Bool {
        fence == nil && !isInList && (isAfterBlank || isInCode) && line.text.hasPrefix("    ")
    }

    mutating func pass(_ line: SourceLine) {
        if let fence {
            let quote = fence.quote > 0 ? Self.quote(line.text, most: fence.quote) : (depth: 0, rest: line.text)
            if quote.depth < fence.quote || Self.ends(quote.rest, fence) { self.fence = nil }
            isAfterBlank = false
            return
        }
        if line.text.utf8.allSatisfy({ $0 == 32 }) {
            isAfterBlank = true
            return
        }
        isInCode = isCode(line)
        isAfterBlank = false
        if isInCode { return }
        let quote = Self.quote(line.text)
        fence = Self.begins(quote.rest, quote.depth)
        if MarkdownShaper.listItem(quote.rest) != nil {
            isInList = true
        } else if quote.rest.utf8.first != 32, fence == nil {
            isInList = false
        }
    }

    /// The `>` marks in front of a line and what stands behind them.
    static func quote(_ text: String, most: Int = 6) -> (depth: Int, rest: String) {
        var depth = 0
        var rest = Substring(text)
        while depth < most {
            let body = rest.drop { $0 == " " }
            guard body.first == ">", rest.utf8.count - body.utf8.count < 4 else { break }
            depth += 1
            rest = body.dropFirst()
            if rest.first == " " { rest = rest.dropFirst() }
        }
        return (depth, depth == 0 ? text : String(rest))
    }

    private static func begins(_ text: String, _ quote: Int) -> Fence? {
        let indent = text.utf8.prefix { $0 == 32 }.count
        let body = text.utf8.dropFirst(indent)
        guard let mark = body.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        let count = body.prefix { $0 == mark }.count
        let rest = body.dropFirst(count)
        guard count >= 3, !rest.contains(UInt8(ascii: "`")) else { return nil }
        let language = String(Substring(rest)).trimmedSpaces
        return Fence(mark: mark, count: count, indent: indent, quote: quote, language: language)
    }

    private static func ends(_ text: String, _ fence: Fence) -> Bool {
        let body = text.utf8.drop { $0 == 32 }
        let count = body.prefix { $0 == fence.mark }.count
        return count >= fence.count && body.dropFirst(count).allSatisfy { $0 == 32 }
    }
}

extension String {
    /// Without spaces at either end.
    var trimmedSpaces: String {
        let head = utf8.drop { $0 == 32 }
        let end = head.lastIndex { $0 != 32 }.map { head.index(after: $0) } ?? head.startIndex
        return String(Substring(head[..<end]))
    }
}
