/// The runs of cells that turn one grid into another of the same size.
public struct GridDifference: Equatable, Sendable {
    /// Neighbouring cells of one row that are not what they were.
    public struct Run: Equatable, Sendable {
        public let row: Int
        public let column: Int
        public let cells: [Cell]
    }

    public let runs: [Run]
    /// Where the cursor is in the new grid.
    public let cursor: GridPosition?

    /// The difference; a grid of another size differs in every row.
    ///
    /// A run never starts or ends inside a wide glyph of the new grid.
    public init(from old: CellGrid, to new: CellGrid) {
        cursor = new.cursor
        let sameSize = old.size == new.size
        let oldCells = sameSize ? old.cells : []
        let newCells = new.cells
        var found: [Run] = []
        for row in 0..<new.height {
            let start = row * new.width
            var column = 0
            while column < new.width {
                if sameSize && oldCells[start + column] == newCells[start + column] {
                    column += 1
                    continue
                }
                var first = column
                if newCells[start + first].isContinuation && first > 0 { first -= 1 }
                var end = column + 1
                while end < new.width
                    && (newCells[start + end].isContinuation || !sameSize
                        || oldCells[start + end] != newCells[start + end])
                {
                    end += 1
                }
                found.append(Run(row: row, column: first, cells: Array(newCells[(start + first)..<(start + end)])))
                column = end
            }
        }
        runs = found
    }

    /// Puts the runs into `grid`, which has the size of the new grid.
    public func apply(to grid: inout CellGrid) {
        for run in runs { grid.replace(row: run.row, column: run.column, with: run.cells) }
        grid.cursor = cursor
    }

    public var isEmpty: Bool { runs.isEmpty }
}
