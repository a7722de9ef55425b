internal import TerminalSurface

/// Lines of code behind a bar: every space is kept, and what does not fit goes on below with a mark or is marked as cut.
struct CodeLines {
    /// Columns of the bar and the space behind it.
    static let barColumns = 2

    var room: Int
    var indent: Int
    var wraps = true
    /// Columns scrolled to the right, where lines are not wrapped.
    var sideways = 0

    func lines(_ spans: [Span]) -> [StyledLine] {
        let room = max(1, room - indent - Self.barColumns)
        let columns = spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
        if !wraps { return [cut(spans, columns, room)] }
        if columns <= room { return [StyledLine([Span("│ ", .border)] + spans, indent: indent)] }
        return wrapped(spans, room)
    }

    private func cut(_ spans: [Span], _ columns: Int, _ room: Int) -> StyledLine {
        let isCutLeft = sideways > 0 && columns > 0
        let isCutRight = columns - sideways > room
        var line = StyledLine([Span(isCutLeft ? "│‹" : "│ ", .border)], indent: indent)
        var before = sideways
        var left = isCutRight ? room - 1 : room
        for span in spans {
            let width = CharacterWidth.columns(of: span.text)
            if before >= width {
                before -= width
                continue
            }
            let piece = TextFit.slice(span.text, from: before, columns: left)
            before = 0
            left -= CharacterWidth.columns(of: piece)
            if !piece.isEmpty { line.spans.append(Span(piece, span.style)) }
            if left <= 0 { break }
        }
        if isCutRight { line.spans.append(Span("›", .border)) }
        return line
    }

    private func wrapped(_ spans: [Span], _ room: Int) -> [StyledLine] {
        var lines: [StyledLine] = []
        var current = StyledLine([Span("│ ", .border)], indent: indent)
        var used = 0
        func next() {
            lines.append(current)
            current = StyledLine([Span("│»", .border)], indent: indent)
            current.joint = .none
            used = 0
        }
        for span in spans {
            let columns = CharacterWidth.columns(of: span.text)
            var at = 0
            while at < columns {
                if used >= room { next() }
                var piece = TextFit.slice(span.text, from: at, columns: room - used)
                var width = CharacterWidth.columns(of: piece)
                // A wide character that would be cut shows as a space, and goes to the next line.
                if width < columns - at, piece.last == " " {
                    piece.removeLast()
                    width -= 1
                }
                if width > 0 {
                    current.spans.append(Span(piece, span.style))
                    at += width
                    used += width
                } else if used == 0 {
                    // Not even an empty line has room for this character.
                    at += max(1, room)
                    continue
                }
                if at < columns { next() }
            }
        }
        lines.append(current)
        return lines
    }
}
