import BrowserModel
import StoredRecords
import TerminalSurface

/// The lists with what stands beside them.
enum BrowseView {
    static func draw(_ screen: BrowseScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let layout = state.layout
        if state.knowsSources, state.sources.isEmpty {
            return FirstRun.draw(state, into: &grid)
        }
        if screen.tab == .sources {
            let table = state.sourcesTable(of: screen)
            if let facts = table.facts {
                if table.isBeside {
                    grid.verticalLine(row: facts.row, column: facts.column - 1, height: facts.height)
                } else {
                    grid.horizontalLine(row: facts.row - 1, column: facts.column, width: facts.width)
                }
                SourceFacts.draw(screen, state, in: facts.padded, into: &grid)
            }
            return SourcesView.drawTable(screen, state, table, into: &grid)
        }
        if let rect = layout.sources {
            SourcesView.drawColumn(screen, state, in: rect, into: &grid)
            grid.verticalLine(
                row: rect.row, column: rect.endColumn, height: rect.height,
                style: screen.focus == .sources ? .title : .border)
        }
        RecordsView.draw(screen, state, in: layout.records, into: &grid)
        if let rect = layout.preview {
            grid.verticalLine(
                row: rect.row, column: rect.column - 1, height: rect.height,
                style: screen.focus == .preview ? .title : .border)
            PreviewView.draw(screen, state, in: rect.padded, into: &grid)
        }
    }
}

extension Rect {
    /// Without a column on the left and on the right.
    var padded: Rect { Rect(row: row, column: column + 1, width: width - 2, height: height) }
}

/// The preview beside a list.
enum PreviewView {
    static func draw(_ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid) {
        let preview = screen.preview
        guard preview.record != nil else { return }
        grid.put(preview.lines.dropFirst(preview.top), in: rect)
        if preview.lines.count - preview.top > rect.height, rect.height > 2 {
            let more = preview.lines.count - preview.top - rect.height
            let text = " \(Words.count(more, "more lines")), J K "
            let row = rect.endRow - 1
            grid.fill(Rect(row: row, column: rect.column, width: rect.width, height: 1))
            grid.put(text, row: row, column: rect.column, maxWidth: rect.width, style: .dim)
        }
        if screen.focus == .preview { grid.cursor = GridPosition(row: rect.row, column: rect.column) }
    }
}
