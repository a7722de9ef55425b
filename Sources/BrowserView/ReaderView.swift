import BrowserModel
import TerminalSurface

/// Help and message history.
enum ReaderView {
    static func draw(_ screen: ReaderScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        grid.put(
            screen.lines.dropFirst(screen.top),
            in: Rect(row: rect.row, column: 1, width: rect.width - 1, height: rect.height))
        grid.cursor = GridPosition(row: rect.row, column: 0)
    }
}
