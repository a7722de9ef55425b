extension CellGrid {
    /// Draws text from a cell on and returns the columns it took.
    ///
    /// The text passes `Sanitizer` here as well, whatever it passed before, so
    /// that no grid can hold a control character. What does not fit `maxWidth`
    /// or the clip rectangle is not drawn; use `TextFit` to show that something
    /// is missing. The result counts columns up to `maxWidth`, drawn or clipped.
    @discardableResult
    public mutating func put(
        _ text: String, row: Int, column: Int, maxWidth: Int = .max, style: Style = .normal
    ) -> Int {
        let limit = max(0, maxWidth)
        if Sanitizer.isPrintableASCII(text) {
            return putASCII(text, row: row, column: column, limit: limit, style: style)
        }
        var used = 0
        for unit in TextUnits(Sanitizer.visible(text)) {
            if used + unit.columns > limit {
                while used < limit {
                    set(.space, row: row, column: column + used, style: style)
                    used += 1
                }
                break
            }
            if cuts(unit, row: row, column: column + used) {
                for offset in 0..<unit.columns {
                    set(.space, row: row, column: column + used + offset, style: style)
                }
                used += unit.columns
                continue
            }
            for glyph in unit.glyphs {
                set(glyph, row: row, column: column + used, style: style)
                used += glyph.columns
            }
        }
        return used
    }

    /// Sets every cell of `rect` to one glyph of one column.
    public mutating func fill(_ rect: Rect, with glyph: Glyph = .space, style: Style = .normal) {
        let area = rect.intersection(clip)
        for row in area.row..<max(area.row, area.endRow) {
            for column in area.column..<area.endColumn { set(glyph, row: row, column: column, style: style) }
        }
    }

    public mutating func horizontalLine(row: Int, column: Int, width: Int, style: Style = .border) {
        fill(Rect(row: row, column: column, width: width, height: 1), with: Glyph("─"), style: style)
    }

    public mutating func verticalLine(row: Int, column: Int, height: Int, style: Style = .border) {
        fill(Rect(row: row, column: column, width: 1, height: height), with: Glyph("│"), style: style)
    }

    /// Draws a frame along the inside of `rect`'s edges; needs two rows and two columns.
    public mutating func box(_ rect: Rect, style: Style = .border) {
        guard rect.width >= 2 && rect.height >= 2 else { return }
        let bottom = rect.endRow - 1
        let right = rect.endColumn - 1
        horizontalLine(row: rect.row, column: rect.column + 1, width: rect.width - 2, style: style)
        horizontalLine(row: bottom, column: rect.column + 1, width: rect.width - 2, style: style)
        verticalLine(row: rect.row + 1, column: rect.column, height: rect.height - 2, style: style)
        verticalLine(row: rect.row + 1, column: right, height: rect.height - 2, style: style)
        set(Glyph("┌"), row: rect.row, column: rect.column, style: style)
        set(Glyph("┐"), row: rect.row, column: right, style: style)
        set(Glyph("└"), row: bottom, column: rect.column, style: style)
        set(Glyph("┘"), row: bottom, column: right, style: style)
    }

    private mutating func putASCII(_ text: String, row: Int, column: Int, limit: Int, style: Style) -> Int {
        var used = 0
        for byte in text.utf8 {
            if used == limit { break }
            set(Glyph(Unicode.Scalar(byte)), row: row, column: column + used, style: style)
            used += 1
        }
        return used
    }

    /// Whether an edge of the clip rectangle runs through a unit of several columns.
    private func cuts(_ unit: TextUnit, row: Int, column: Int) -> Bool {
        guard unit.columns > 1, clip.width > 0 else { return false }
        let first = clip.contains(row: row, column: column)
        return first != clip.contains(row: row, column: column + unit.columns - 1)
    }
}
