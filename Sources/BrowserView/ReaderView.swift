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

/// The work under way.
enum JobsView {
    static func draw(_ screen: JobsScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        grid.cursor = GridPosition(row: rect.row, column: 0)
        if state.jobs.isEmpty { return grid.put(message: "Nothing is running.", in: rect, style: .dim) }
        let selected = state.jobs.firstIndex { $0.id == screen.selected } ?? 0
        let top = max(0, selected - rect.height + 1)
        for (index, job) in state.jobs.dropFirst(top).prefix(rect.height).enumerated() {
            let row = rect.row + index
            let seconds = max(0, state.now.milliseconds(since: job.started) / 1000)
            let time = TextFit.padded("\(seconds) s", to: 7, alignment: .right)
            grid.put(time, row: row, column: 2, style: .dim)
            grid.put(
                TextFit.truncated(BottomLine.progress(job, state), to: max(1, rect.width - 12)), row: row, column: 11,
                maxWidth: rect.width - 11)
            if top + index == selected {
                grid.select(row: row, in: Rect(row: row, column: 0, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: row, column: 0)
            }
        }
    }
}
