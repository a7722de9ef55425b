/// A screen as a value: cells with styles and the place of the hardware cursor.
///
/// Everything drawn outside the clip rectangle is dropped, so a caller may pass
/// any place and size. A wide glyph that an edge would cut becomes a space.
public struct CellGrid: Equatable, Sendable {
    public let width: Int
    public let height: Int
    /// Row after row, `width * height` of them.
    public private(set) var cells: [Cell]
    /// Where the hardware cursor rests; nil hides it. Screen readers follow it,
    /// so it sits on the selection.
    public var cursor: GridPosition?
    /// What drawing is limited to; never larger than the grid.
    public private(set) var clip: Rect
    /// Where a click is as good as a key, the last one drawn on top.
    public private(set) var keyAreas: [KeyArea] = []

    public init(width: Int, height: Int) {
        self.width = max(0, width)
        self.height = max(0, height)
        cells = Array(repeating: .blank, count: self.width * self.height)
        clip = Rect(row: 0, column: 0, width: width, height: height)
    }

    public init(size: GridSize) {
        self.init(width: size.width, height: size.height)
    }

    public var size: GridSize { GridSize(width: width, height: height) }
    public var bounds: Rect { Rect(row: 0, column: 0, width: width, height: height) }

    /// Lets a click within a rectangle stand for a key; without a key nothing is noted.
    public mutating func add(key: KeyPress?, row: Int, column: Int, width: Int) {
        guard let key, width > 0 else { return }
        keyAreas.append(KeyArea(Rect(row: row, column: column, width: width, height: 1), key))
    }

    /// What was drawn so far cannot be clicked any more.
    public mutating func forgetKeys() { keyAreas = [] }

    /// The cell at a place; nil outside the grid.
    public func cell(row: Int, column: Int) -> Cell? {
        bounds.contains(row: row, column: column) ? cells[row * width + column] : nil
    }

    /// The text of one row as it would be read off the screen, trailing spaces included.
    public func text(row: Int) -> String {
        guard row >= 0 && row < height else { return "" }
        var result = ""
        for cell in cells[(row * width)..<((row + 1) * width)] { result += cell.text }
        return result
    }

    /// All rows without trailing spaces, joined by newlines.
    public var text: String {
        (0..<height).map { row in
            var line = text(row: row)
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Runs `body` with drawing limited to `rect` as well; places stay those of the whole grid.
    public mutating func clipped(to rect: Rect, _ body: (inout CellGrid) -> Void) {
        let outer = clip
        clip = clip.intersection(rect)
        body(&self)
        clip = outer
    }

    /// Sets one cell; a wide glyph takes the cell to its right as well.
    public mutating func set(_ glyph: Glyph, row: Int, column: Int, style: Style = .normal) {
        let cell = Cell(glyph, style: style)
        guard cell.isWide else {
            if clip.contains(row: row, column: column) { store(cell, row * width + column, column) }
            return
        }
        let hasLeft = clip.contains(row: row, column: column)
        let hasRight = clip.contains(row: row, column: column + 1)
        let index = row * width + column
        if hasLeft && hasRight {
            store(cell, index, column)
            store(.continuation(style: style), index + 1, column + 1, after: true)
        } else if hasLeft {
            store(Cell(.space, style: style), index, column)
        } else if hasRight {
            store(Cell(.space, style: style), index + 1, column + 1)
        }
    }

    /// Changes the style of cells without touching what they show.
    public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = rect.intersection(clip)
        for row in area.row..<max(area.row, area.endRow) {
            for index in (row * width + area.column)..<(row * width + area.endColumn) {
                cells[index].style = change(cells[index].style)
            }
        }
    }

    /// Replaces cells by what a run of a `GridDifference` holds.
    mutating func replace(row: Int, column: Int, with run: [Cell]) {
        let start = row * width + column
        cells.replaceSubrange(start..<(start + run.count), with: run)
    }

    /// Stores one cell and blanks the other half of a wide glyph it cuts.
    private mutating func store(_ cell: Cell, _ index: Int, _ column: Int, after isRightHalf: Bool = false) {
        let old = cells[index]
        if old.isContinuation, column > 0, !isRightHalf {
            cells[index - 1] = Cell(.space, style: cells[index - 1].style)
        } else if old.isWide, column + 1 < width {
            cells[index + 1] = Cell(.space, style: old.style)
        }
        cells[index] = cell
    }
}
