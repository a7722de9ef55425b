public import TerminalSurface

/// Lays Markdown out for reading: headings, lists and quotes in shape, code
/// dim and unchanged, emphasis shown as such. Nothing that is stored is left
/// out but the marks that were read as layout.
public enum MarkdownLines {
    /// The lines of `text`, no wider than `width`.
    public static func lay(_ text: String, width: Int, indent: Int = 0, style: Style = .normal) -> [StyledLine] {
        var lines: [StyledLine] = []
        /// The fence that ends the code block the line is in.
        var fence: String?
        for line in Sanitizer.visibleLines(text) {
            let trimmed = line.drop { $0 == " " }
            let depth = min(line.count - trimmed.count, 12)
            if let open = fence {
                if trimmed.hasPrefix(open), trimmed.allSatisfy({ $0 == open.first || $0 == " " }) {
                    fence = nil
                } else {
                    lines += code(line, width: width, indent: indent + 2)
                }
            } else if let open = fenceStart(trimmed) {
                fence = open
                let language = trimmed.drop { $0 == "`" || $0 == "~" }
                if !language.isEmpty { lines.append(StyledLine(String(language), .dim, indent: indent + 2)) }
            } else if let heading = heading(trimmed) {
                lines += StyledLine.wrapped(
                    [Span(heading, Style(.heading, .bold))], width: width, indent: indent)
            } else if let item = listItem(trimmed) {
                let spans = [Span(item.mark + " ", Style(.dim))] + inline(item.rest, style)
                lines += StyledLine.wrapped(
                    spans, width: width, indent: indent + depth,
                    hanging: CharacterWidth.columns(of: item.mark) + 1)
            } else if trimmed.first == ">" {
                let rest = trimmed.dropFirst().drop { $0 == " " }
                for quoted in StyledLine.wrapped(inline(String(rest), .dim), width: max(1, width - 2), indent: indent) {
                    lines.append(StyledLine([Span("│ ", .border)] + quoted.spans, indent: quoted.indent))
                }
            } else if line.isEmpty {
                lines.append(.empty)
            } else {
                lines += StyledLine.wrapped(
                    inline(String(trimmed), style), width: width, indent: indent + depth)
            }
        }
        return lines
    }

    /// Lines of code keep every space; what does not fit goes on in the next line.
    public static func code(_ line: String, width: Int, indent: Int, style: Style = .code) -> [StyledLine] {
        let room = max(1, width - indent)
        let columns = CharacterWidth.columns(of: line)
        if columns <= room { return [StyledLine([Span(line, style)], indent: indent)] }
        var lines: [StyledLine] = []
        var at = 0
        while at < columns {
            lines.append(StyledLine([Span(TextFit.slice(line, from: at, columns: room), style)], indent: indent))
            at += room
        }
        return lines
    }

    private static func fenceStart(_ line: Substring) -> String? {
        guard let mark = line.first, mark == "`" || mark == "~" else { return nil }
        let run = line.prefix { $0 == mark }
        guard run.count >= 3, !line.dropFirst(run.count).contains("`") else { return nil }
        return String(run)
    }

    private static func heading(_ line: Substring) -> String? {
        let marks = line.prefix { $0 == "#" }
        guard (1...6).contains(marks.count), line.dropFirst(marks.count).first == " " else { return nil }
        return String(line.dropFirst(marks.count).drop { $0 == " " })
    }

    private static func listItem(_ line: Substring) -> (mark: String, rest: String)? {
        guard let first = line.first else { return nil }
        let rest = line.dropFirst()
        if first == "-" || first == "*" || first == "+", rest.first == " " {
            return ("•", String(rest.drop { $0 == " " }))
        }
        let digits = line.prefix(while: \.isNumber)
        guard !digits.isEmpty, digits.count <= 4 else { return nil }
        let after = line.dropFirst(digits.count)
        guard let dot = after.first, dot == "." || dot == ")", after.dropFirst().first == " " else { return nil }
        return (String(digits) + String(dot), String(after.dropFirst().drop { $0 == " " }))
    }

    /// Splits a line at `code` and **strong** marks; unpaired marks stay as they are.
    static func inline(_ line: String, _ style: Style) -> [Span] {
        guard line.contains("`") || line.contains("**") else { return [Span(line, style)] }
        var spans: [Span] = []
        var plain = ""
        var rest = Substring(line)
        func flush() {
            if !plain.isEmpty { spans.append(Span(plain, style)) }
            plain = ""
        }
        while let character = rest.first {
            if character == "`", let end = rest.dropFirst().firstIndex(of: "`"),
                end > rest.index(after: rest.startIndex)
            {
                flush()
                spans.append(Span(String(rest[rest.index(after: rest.startIndex)..<end]), .code))
                rest = rest[rest.index(after: end)...]
            } else if rest.hasPrefix("**"), let strong = pair(rest) {
                flush()
                spans.append(Span(String(strong.inside), style.with(.bold)))
                rest = strong.after
            } else {
                plain.append(character)
                rest = rest.dropFirst()
            }
        }
        flush()
        return spans
    }

    private static func pair(_ text: Substring) -> (inside: Substring, after: Substring)? {
        let body = text.dropFirst(2)
        guard let first = body.first, first != " ", first != "*" else { return nil }
        var index = body.startIndex
        while index < body.endIndex {
            if body[index...].hasPrefix("**") { return (body[..<index], body[index...].dropFirst(2)) }
            index = body.index(after: index)
        }
        return nil
    }
}
