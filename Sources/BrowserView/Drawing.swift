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

    /// Marks a row as the selected one: `>` in its first column, and reverse over its first words.
    ///
    /// Not over all of the row: each move writes the row that was left and the
    /// row that is entered anew, which on a wide screen and a slow line is felt.
    mutating func select(row: Int, in rect: Rect, isFocused: Bool = true) {
        set(Glyph(">"), row: row, column: rect.column)
        var parts = [Rect(row: row, column: rect.column, width: min(1, rect.width), height: 1)]
        // A sign beside it keeps its colour: to change that twice a move costs as much as a word.
        if isBlank(row, rect.column + 1) {
            parts.append(Rect(row: row, column: rect.column + 1, width: min(1, rect.width - 1), height: 1))
        }
        for part in parts + [firstWords(row: row, in: rect)] {
            restyle(part) { isFocused ? $0.onSelection : $0.with(.bold) }
        }
    }

    /// Bytes of text that are reversed at most in the selected row; fewer in a colour, which a move writes as well.
    private static let selectionBytes = (plain: 18, coloured: 14)

    private func isBlank(_ row: Int, _ column: Int) -> Bool {
        guard let cell = cell(row: row, column: column), !cell.isContinuation else { return false }
        return cell.glyph == .space
    }

    /// The text a row begins with behind its gutter, up to the gap before the next column of a table.
    private func firstWords(row: Int, in rect: Rect) -> Rect {
        var start = rect.column + 2
        while start < rect.endColumn, isBlank(row, start) { start += 1 }
        var end = start
        let isPlain = cell(row: row, column: start)?.style == .normal
        let limit = isPlain ? Self.selectionBytes.plain : Self.selectionBytes.coloured
        var bytes = 0
        var wordEnd = start
        while end < rect.endColumn, !(isBlank(row, end) && (end + 1 >= rect.endColumn || isBlank(row, end + 1))),
            let cell = cell(row: row, column: end)
        {
            bytes += cell.isContinuation ? 0 : cell.glyph.text.utf8.count
            guard bytes <= limit || end == start else { break }
            if isBlank(row, end) { wordEnd = end }
            end += max(1, Int(cell.columns))
        }
        // Rather a word less than half a word, unless that is most of it.
        let isCut = end < rect.endColumn && bytes > limit && !isBlank(row, end)
        if isCut, wordEnd - start > (end - start) / 2 { end = wordEnd }
        return Rect(row: row, column: start, width: min(end, rect.endColumn) - start, height: 1)
    }
}
