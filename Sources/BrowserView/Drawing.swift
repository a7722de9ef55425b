import BrowserModel
import TerminalSurface

extension CellGrid {
    /// Draws spans one after the other and returns the column behind them.
    @discardableResult
    mutating func put(_ spans: [Span], row: Int, column: Int, maxWidth: Int) -> Int {
        var at = column
        for span in spans {
            let room = column + maxWidth - at
            guard room > 0 else { break }
            at += put(span.text, row: row, column: at, maxWidth: room, style: span.style)
        }
        return at
    }

    mutating func put(_ line: StyledLine, row: Int, column: Int, maxWidth: Int) {
        put(line.spans, row: row, column: column + line.indent, maxWidth: maxWidth - line.indent)
    }

    /// Draws lines from the top of a rectangle down.
    mutating func put(_ lines: some Sequence<StyledLine>, in rect: Rect) {
        for (row, line) in lines.prefix(rect.height).enumerated() {
            put(line, row: rect.row + row, column: rect.column, maxWidth: rect.width)
        }
    }

    /// Draws text wrapped into a rectangle, a blank line from its top and a column from its edge.
    mutating func put(message text: String, in rect: Rect, style: Style = .normal) {
        let inset = rect.height > 3 ? 1 : 0
        for (row, line) in TextFit.wrapped(text, to: max(1, rect.width - 4)).prefix(rect.height - inset).enumerated() {
            put(line, row: rect.row + inset + row, column: rect.column + 2, maxWidth: rect.width - 2, style: style)
        }
    }

    /// Marks a row as the selected one: reverse, and `>` in its first column.
    mutating func select(row: Int, in rect: Rect, isFocused: Bool = true) {
        set(Glyph(">"), row: row, column: rect.column)
        if isFocused {
            restyle(Rect(row: row, column: rect.column, width: rect.width, height: 1)) { $0.onSelection }
        } else {
            restyle(Rect(row: row, column: rect.column, width: rect.width, height: 1)) { $0.with(.bold) }
        }
    }
}
