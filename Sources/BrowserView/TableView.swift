import BrowserModel
import StoredRecords
import TerminalSurface

/// A dataset as a table: a heading that stays, the column and the row in focus marked.
enum TableView {
    static func draw(_ table: TablePane, _ find: String, _ rect: Rect, into grid: inout CellGrid) {
        for place in places(table, rect) { drawHeading(place, table, rect, into: &grid) }
        if table.left > 0 { grid.put("‹", row: rect.row, column: 0, style: .dim) }
        if let last = places(table, rect).last,
            last.index < table.columns.count - 1 || last.column + last.full > rect.endColumn
        {
            grid.put("›", row: rect.row, column: rect.endColumn - 1, style: .dim)
        }
        for line in 0..<max(0, rect.height - 1) {
            let row = table.top + line
            guard row < table.rowCount else { break }
            let at = rect.row + 1 + line
            let cells = table.cells(row: row)
            draw(cells, table, row: at, rect, into: &grid)
            if !find.isEmpty { Highlight.draw(sought: find, row: at, from: 2, into: &grid) }
            if row == table.cursor { select(table, row: at, rect, into: &grid) }
        }
        if table.rowCount == 0 {
            let text = table.storedCount == 0 ? "no rows" : "no row fits \"\(table.filter)\"; Esc shows all rows"
            grid.put(TextFit.truncated(text, to: rect.width - 2), row: rect.row + 1, column: 2, style: .dim)
        }
    }

    /// A column on the screen.
    private struct Place {
        var index: Int
        var column: Int
        /// The room it has, and the room it wants.
        var width: Int
        var full: Int
    }

    private static func places(_ table: TablePane, _ rect: Rect) -> [Place] {
        var places: [Place] = []
        var column = 2
        for index in table.columns.indices.dropFirst(table.left) where column < rect.endColumn {
            let full = table.widths[index]
            places.append(Place(index: index, column: column, width: min(full, rect.endColumn - column), full: full))
            column += full + 2
        }
        return places
    }

    private static func drawHeading(_ place: Place, _ table: TablePane, _ rect: Rect, into grid: inout CellGrid) {
        var name = table.columns[place.index].name
        var mark = ""
        if let sort = table.sort, sort.column == place.index { mark = sort.isDescending ? "↓" : "↑" }
        if !mark.isEmpty { name = TextFit.truncated(name, to: max(0, place.width - 1)) + mark }
        let text = TextFit.padded(
            name, to: place.width, alignment: table.isNumeric[place.index] ? .right : .left)
        let style: Style = place.index == table.column ? Style(.header, .reverse) : .header
        grid.put(text, row: rect.row, column: place.column, maxWidth: place.width, style: style)
    }

    /// Marks the row in focus, and in it the cell.
    private static func select(_ table: TablePane, row: Int, _ rect: Rect, into grid: inout CellGrid) {
        grid.select(row: row, in: Rect(row: row, column: 0, width: rect.width, height: 1))
        guard let place = places(table, rect).first(where: { $0.index == table.column }) else { return }
        grid.restyle(Rect(row: row, column: place.column, width: place.width, height: 1)) {
            $0.with([.reverse, .bold, .underline])
        }
        grid.cursor = GridPosition(row: row, column: place.column)
    }

    private static func draw(
        _ cells: [TablePane.Cell], _ table: TablePane, row: Int, _ rect: Rect, into grid: inout CellGrid
    ) {
        if case .broken(let text) = cells.first {
            grid.put(
                TextFit.truncated("! not JSON: " + text, to: rect.width - 2), row: row, column: 2,
                maxWidth: rect.width - 2, style: .warning)
            return
        }
        for place in places(table, rect) where cells.indices.contains(place.index) {
            let cell = cells[place.index]
            grid.put(
                fitted(cell, place, table), row: row, column: place.column, maxWidth: place.width, style: style(cell))
        }
    }

    /// Numbers stand right, their decimal points below each other; a cut number keeps its beginning.
    private static func fitted(_ cell: TablePane.Cell, _ place: Place, _ table: TablePane) -> String {
        guard table.isNumeric[place.index] else { return TextFit.padded(cell.shown, to: place.width) }
        var text = cell.shown
        if let fraction = cell.fractionWidth {
            let behind = table.fractions[place.index] - fraction
            if behind > 0, text.utf8.count + behind <= place.full { text += String(repeating: " ", count: behind) }
        }
        return TextFit.padded(text, to: place.width, alignment: .right)
    }

    private static func style(_ cell: TablePane.Cell) -> Style {
        switch cell {
        case .text, .broken: .normal
        case .number: .jsonNumber
        case .word: .jsonLiteral
        case .null, .missing: .dim
        }
    }
}
