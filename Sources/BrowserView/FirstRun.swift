import BrowserModel
import TerminalSurface

/// The screen when there is no source at all: what was looked for, and what to do.
enum FirstRun {
    static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        let width = max(10, rect.width - 4)
        var lines: [StyledLine] = [.empty]
        lines += StyledLine.wrapped([Span("No store of an LLM tool was found.", .title)], width: width)
        if !state.lookedFor.isEmpty {
            lines.append(.empty)
            lines.append(StyledLine("Looked for:"))
            lines += state.lookedFor.flatMap { place in
                StyledLine.wrapped([Span(Sanitizer.visible(place), .dim)], width: width, indent: 2, hanging: 2)
            }
        }
        lines.append(.empty)
        lines.append(StyledLine("What you can do:"))
        for (command, meaning) in [
            ("ctxbrowse PATH", "open a directory or a database"), ("ctxbrowse --demo", "try it on demo stores"),
            ("ctxbrowse --help", "see every kind of source"),
        ] {
            lines += StyledLine.wrapped(
                [Span(TextFit.padded(command, to: 20), .keyHint), Span(meaning)], width: width, indent: 2, hanging: 20)
        }
        let shown = Rect(row: rect.row, column: 2, width: width, height: rect.height)
        grid.put(lines.count > rect.height ? Array(lines.dropFirst()) : lines, in: shown)
        grid.cursor = GridPosition(row: rect.row, column: 0)
    }
}
