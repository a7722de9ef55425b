import BrowserModel
import StoredRecords
import TerminalSurface

/// The screen when there is no source at all: what was looked for, and what to do.
enum FirstRun {
    /// The forms a source is named in, and what else there is.
    private static let ways = [
        ("ctxbrowse DIRECTORY", "open the stores in a directory"),
        ("ctxbrowse FILE.db", "open an SQLite database"),
        ("ctxbrowse sqlite:PATH", "the same, whatever the file is called"),
        ("ctxbrowse NAME", "open a source of your configuration"),
        ("ctxbrowse --demo", "try it on demo stores"),
        ("ctxbrowse --help", "see every option"),
    ]

    /// What could not be taken as a source, each in full.
    static func problemLines(_ state: BrowserState, width: Int) -> [StyledLine] {
        state.problems.flatMap { problem in
            StyledLine.wrapped([Span(Sanitizer.visible(problem.description), .error)], width: width, hanging: 2)
        }
    }

    static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        let width = max(10, rect.width - 4)
        // What was asked for and failed comes first; that nothing was found is said only where something was looked for.
        let problems = problemLines(state, width: width)
        let isNamed = !problems.isEmpty && state.lookedFor.isEmpty
        let title =
            problems
            + (isNamed
                ? [] : StyledLine.wrapped([Span("No store of an LLM tool was found.", .title)], width: width))
        let looked = state.lookedFor.flatMap { place in
            StyledLine.wrapped([Span(Sanitizer.visible(place), .dim)], width: width, indent: 2, hanging: 2)
        }
        let ways = ways.flatMap { command, meaning in
            let isNarrow = width < 27 + meaning.count
            let spans = [
                Span(isNarrow ? command : TextFit.padded(command, to: 25), .keyHint), Span(isNarrow ? "" : meaning),
            ]
            return StyledLine.wrapped(spans, width: width, indent: 2, hanging: 2)
        }
        var lines = [.empty] + title + [.empty]
        if !looked.isEmpty { lines += [StyledLine("Looked for:")] + looked + [.empty] }
        lines += [StyledLine("What you can do:")] + ways
        // Where not everything fits, what to do comes before where was looked.
        if lines.count > rect.height { lines = title + ways + [StyledLine("Looked for:")] + looked }
        let shown = Rect(row: rect.row, column: 2, width: width, height: rect.height)
        grid.put(lines, in: shown)
        grid.cursor = GridPosition(row: rect.row, column: 0)
    }
}
