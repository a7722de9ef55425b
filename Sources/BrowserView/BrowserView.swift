public import BrowserModel
public import TerminalSurface

/// Draws the state of the browser; reads nothing else and changes nothing.
public enum BrowserView {
    /// The whole screen for a state, of the size the state has.
    public static func grid(_ state: BrowserState) -> CellGrid {
        var grid = CellGrid(size: state.size)
        draw(state, into: &grid)
        return grid
    }

    public static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let layout = state.layout
        if layout.isTooSmall {
            let lines = TextFit.wrapped("ctxbrowse needs 20 x 4", to: max(1, grid.width))
            for (row, line) in lines.prefix(grid.height).enumerated() { grid.put(line, row: row, column: 0) }
            return
        }
        TopLine.draw(state, into: &grid)
        switch state.top {
        case .browse(let screen): BrowseView.draw(screen, state, into: &grid)
        case .thread(let screen): ThreadView.draw(screen, state, into: &grid)
        case .document(let screen): DocumentView.draw(screen, state, into: &grid)
        case .reader(let screen): ReaderView.draw(screen, state, into: &grid)
        case .recovery(let screen): RecoveryView.draw(screen, state, into: &grid)
        case .results(let screen): ResultsView.draw(screen, state, into: &grid)
        case .diff(let screen): DiffView.draw(screen, state, into: &grid)
        case .jobs(let screen): JobsView.draw(screen, state, into: &grid)
        }
        if let rect = layout.tour { TourView.draw(state, in: rect, into: &grid) }
        // A question or a line that is typed takes all keys, so that no other may be clicked.
        if state.dialog != nil || state.input != nil { grid.forgetKeys() }
        if let dialog = state.dialog { DialogView.draw(dialog, state, into: &grid) }
        BottomLine.draw(state, into: &grid)
    }
}
