/// A rectangle of cells; rows and columns count from 0 at the top left.
public struct Rect: Equatable, Hashable, Sendable {
    public var row: Int
    public var column: Int
    /// Columns covered; never negative.
    public var width: Int
    /// Rows covered; never negative.
    public var height: Int

    public init(row: Int, column: Int, width: Int, height: Int) {
        self.row = row
        self.column = column
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// First row below the rectangle.
    public var endRow: Int { row + height }
    /// First column right of the rectangle.
    public var endColumn: Int { column + width }
    public var isEmpty: Bool { width == 0 || height == 0 }

    public func contains(row: Int, column: Int) -> Bool {
        row >= self.row && row < endRow && column >= self.column && column < endColumn
    }

    /// The part both rectangles cover; empty when they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let top = max(row, other.row)
        let left = max(column, other.column)
        return Rect(
            row: top, column: left, width: min(endColumn, other.endColumn) - left,
            height: min(endRow, other.endRow) - top)
    }

    /// The rectangle without `margin` cells on each side.
    public func inset(by margin: Int) -> Rect {
        Rect(row: row + margin, column: column + margin, width: width - 2 * margin, height: height - 2 * margin)
    }

    /// Cuts `rows` rows off the top; returns them and what is left.
    public func splitTop(_ rows: Int) -> (top: Rect, rest: Rect) {
        let cut = min(max(0, rows), height)
        return (
            Rect(row: row, column: column, width: width, height: cut),
            Rect(row: row + cut, column: column, width: width, height: height - cut)
        )
    }

    /// Cuts `rows` rows off the bottom; returns what is left and them.
    public func splitBottom(_ rows: Int) -> (rest: Rect, bottom: Rect) {
        let cut = min(max(0, rows), height)
        let parts = splitTop(height - cut)
        return (parts.top, parts.rest)
    }

    /// Cuts `columns` columns off the left; returns them and what is left.
    public func splitLeft(_ columns: Int) -> (left: Rect, rest: Rect) {
        let cut = min(max(0, columns), width)
        return (
            Rect(row: row, column: column, width: cut, height: height),
            Rect(row: row, column: column + cut, width: width - cut, height: height)
        )
    }
}
