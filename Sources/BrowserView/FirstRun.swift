import BrowserModel
import StoredRecords
import TerminalSurface

/// The screen when there is no source at all: what was looked for, and what to do.
enum FirstRun {
    /// What a source is written as, for `:add` and on the command line.
    private static let forms = [
        ("~/work/_agent_store", "a directory of looopy, context-connectors, ..."),
        ("memexllm.db", "an SQLite database; sqlite:PATH whatever its name"),
        ("postgres://HOST/DATABASE", "PostgreSQL"),
        ("redis://HOST", "Redis; rediss:// with TLS"),
        ("s3://BUCKET/PREFIX", "S3, ?endpoint=URL for others that speak it"),
    ]

    private static func ways(_ state: BrowserState) -> [(String, String)] {
        func key(_ command: Command, _ usual: String) -> String {
            state.keyMap.key(for: command, in: .list)?.name ?? usual
        }
        return [
            (key(.openDemo, ":open-demo"), "open demo stores to try everything on"),
            (":add SOURCE", "open a store, and keep it if you like"),
            (key(.refresh, ":refresh"), "look again"),
            (key(.help, ":help"), "the keys; \(key(.up, ":quit")) quits"),
        ]
    }

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
        let ways = table(ways(state), column: 13, width: width)
        let forms = [StyledLine("A source is written as", .heading)] + table(forms, column: 27, width: width)
        let looked = lookedLines(state, width: width)
        // Where not everything fits, what to do comes before what a source is, and that before where was looked.
        var blocks = [title, ways]
        for block in [forms, looked] where !block.isEmpty {
            let taken = (blocks + [block]).reduce(0) { $0 + $1.count + 1 }
            if taken <= rect.height { blocks.append(block) }
        }
        let isTight = blocks.reduce(0) { $0 + $1.count + 1 } > rect.height
        var lines: [StyledLine] = []
        for block in isTight ? [title, ways, forms, looked] : blocks {
            if !isTight { lines.append(.empty) }
            lines += block
        }
        if !isTight, !looked.isEmpty, blocks.count < 4, rect.height - lines.count >= 3 {
            // As many places as have room, and how many there are.
            let room = rect.height - lines.count - 2
            lines.append(.empty)
            lines += looked.prefix(room)
            lines.append(
                StyledLine(
                    "first \(room - 1) of \(looked.count - 1) lines; \(state.keyMap.key(for: .help, in: .list)?.name ?? ":help") lists all",
                    .dim))
        }
        grid.put(lines, in: Rect(row: rect.row, column: 2, width: width, height: rect.height))
        grid.cursor = GridPosition(row: rect.row, column: 0)
    }

    private static func lookedLines(_ state: BrowserState, width: Int) -> [StyledLine] {
        guard !state.lookedFor.isEmpty else { return [] }
        let places = state.lookedFor.flatMap { place in
            StyledLine.wrapped([Span(Sanitizer.visible(place), .dim)], width: width, indent: 2, hanging: 2)
        }
        return [StyledLine("Looked for, and not found", .heading)] + places
    }

    private static func table(_ rows: [(String, String)], column: Int, width: Int) -> [StyledLine] {
        rows.flatMap { name, meaning in
            let isNarrow = width < column + 2 + meaning.count
            let spans =
                isNarrow && width < column + 14
                ? [Span(name, .keyHint)] : [Span(TextFit.padded(name, to: column), .keyHint), Span(meaning)]
            return StyledLine.wrapped(spans, width: width, indent: 2, hanging: column)
        }
    }
}
