import BrowserModel
import StoredRecords
import TerminalSurface

/// A document in the form that is chosen.
enum DocumentView {
    static func draw(_ screen: DocumentScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        grid.cursor = GridPosition(row: rect.row, column: 0)
        guard let pane = screen.pane else {
            if let error = screen.error {
                grid.put(message: "error: \(error.description). r tries again.", in: rect, style: .error)
            } else if !screen.isLoading {
                grid.put(message: "This record has no documents.", in: rect)
            } else if Waiting.isLong(state, screen.id) {
                grid.put(message: "Loading \(screen.title) …", in: rect, style: .dim)
            }
            return
        }
        if pane.isLoading, needsIndex(pane) {
            if Waiting.isLong(state, screen.id) {
                let job = state.jobs.first { $0.isFor(screen.id) }
                grid.put(message: job.map { BottomLine.progress($0, state) } ?? "Loading …", in: rect, style: .dim)
            }
            return
        }
        if pane.document.bytes.isEmpty {
            // Why there is nothing is said where the text would be.
            let why = pane.document.notes.joined(separator: "; ")
            return grid.put(
                message: why.isEmpty ? "\(pane.document.name) is empty (0 bytes)." : "\(pane.document.name): \(why).",
                in: rect, style: why.isEmpty ? .dim : .warning)
        }
        let width = state.layout.contentWidth
        switch pane.form {
        case .text: drawText(pane, rect, width, into: &grid)
        case .hex: grid.put(pane.hex.lines(width: width, height: rect.height), in: content(rect))
        case .table: if let table = pane.table { TableView.draw(table, pane.find.text, rect, into: &grid) }
        case .tree: if let tree = pane.tree { TreeView.draw(tree, pane.find.text, rect, into: &grid) }
        }
    }

    private static func needsIndex(_ pane: DocumentPane) -> Bool {
        pane.form == .tree && pane.tree == nil || pane.form == .table && pane.table == nil
    }

    private static func content(_ rect: Rect) -> Rect {
        Rect(row: rect.row, column: 2, width: rect.width - 2, height: rect.height)
    }

    /// Marks a row that goes on beyond an edge, and one that goes on from the row above.
    private static func drawMarks(
        _ line: TextPane.Row, _ left: Int, _ row: Int, _ width: Int, into grid: inout CellGrid
    ) {
        if CharacterWidth.columns(of: line.text) > left + width {
            grid.put("›", row: row, column: 1 + width, style: .dim)
        }
        if left > 0, !line.text.isEmpty {
            grid.put("‹", row: row, column: 1, style: .dim)
        } else if line.isContinuation {
            grid.put("…", row: row, column: 1, style: .dim)
        }
        if line.isContinuation, left > 0 { grid.put("…", row: row, column: 0, style: .dim) }
    }

    private static func drawText(_ pane: DocumentPane, _ rect: Rect, _ width: Int, into grid: inout CellGrid) {
        for (index, row) in pane.text.rows(width: width, height: rect.height).enumerated() {
            let text = pane.text.wraps ? row.text : TextFit.slice(row.text, from: pane.text.left, columns: width)
            grid.put(text, row: rect.row + index, column: 2, maxWidth: width)
            if !pane.text.wraps { drawMarks(row, pane.text.left, rect.row + index, width, into: &grid) }
            if !pane.find.text.isEmpty {
                Highlight.draw(pane.find.text, row: rect.row + index, from: 2, into: &grid)
                if let match = pane.text.match, row.piece.contains(match.lowerBound) {
                    grid.put(">", row: rect.row + index, column: 0, style: .match)
                }
            }
        }
    }
}

/// A dataset as a table.
enum TableView {
    static func draw(_ table: TablePane, _ find: String, _ rect: Rect, into grid: inout CellGrid) {
        var column = 2
        for index in table.columns.indices.dropFirst(table.left) where column < rect.endColumn {
            let width = min(table.widths[index], rect.endColumn - column)
            grid.put(
                TextFit.padded(table.columns[index].name, to: width), row: rect.row, column: column, maxWidth: width,
                style: .header)
            column += table.widths[index] + 2
        }
        if table.left > 0 { grid.put("‹", row: rect.row, column: 0, style: .dim) }
        if column - 2 > rect.endColumn { grid.put("›", row: rect.row, column: rect.endColumn - 1, style: .dim) }
        for line in 0..<max(0, rect.height - 1) {
            let row = table.top + line
            guard row < table.rowCount else { break }
            let at = rect.row + 1 + line
            draw(table.cells(row: row), table, row: at, rect, into: &grid)
            if !find.isEmpty { Highlight.draw(find, row: at, from: 2, into: &grid) }
            if row == table.cursor {
                grid.select(row: at, in: Rect(row: at, column: 0, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: at, column: 0)
            }
        }
        if table.rowCount == 0 { grid.put("no rows", row: rect.row + 1, column: 2, style: .dim) }
    }

    private static func draw(
        _ cells: [TablePane.Cell], _ table: TablePane, row: Int, _ rect: Rect, into grid: inout CellGrid
    ) {
        var column = 2
        if case .broken(let text) = cells.first {
            grid.put(
                TextFit.truncated("! not JSON: " + text, to: rect.width - 2), row: row, column: 2,
                maxWidth: rect.width - 2, style: .warning)
            return
        }
        for index in table.columns.indices.dropFirst(table.left) where column < rect.endColumn {
            let width = min(table.widths[index], rect.endColumn - column)
            let (text, alignment, style): (String, TextFit.Alignment, Style) =
                switch cells[index] {
                case .text(let text): (text, .left, .normal)
                case .number(let text): (text, .right, .jsonNumber)
                case .word(let text): (text, .left, .jsonLiteral)
                case .null: ("null", .left, .dim)
                case .missing: ("·", .left, .dim)
                case .broken: ("", .left, .normal)
                }
            grid.put(
                TextFit.padded(text, to: width, alignment: alignment), row: row, column: column, maxWidth: width,
                style: style)
            column += table.widths[index] + 2
        }
    }
}
