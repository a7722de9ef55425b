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
        case .hex: HexView.draw(pane.hex, width, content(rect), into: &grid)
        case .table: if let table = pane.table { TableView.draw(table, pane.find.text, rect, into: &grid) }
        case .tree: if let tree = pane.tree { TreeView.draw(tree, pane.needle, rect, into: &grid) }
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
                Highlight.draw(sought: pane.find.text, row: rect.row + index, from: 2, into: &grid)
                if let match = pane.text.match, row.piece.contains(match.lowerBound) {
                    grid.put(">", row: rect.row + index, column: 0, style: .match)
                }
            }
        }
    }
}
