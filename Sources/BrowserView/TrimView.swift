import BrowserModel
import StoredRecords
import TerminalSurface

/// The cut of a trim: the rule between the messages, and what it would do below them.
enum TrimView {
    /// The rule before the first message that stays.
    static func drawRule(_ preview: TrimPreview, row: Int, from column: Int, to end: Int, into grid: inout CellGrid) {
        guard let keeps = preview.keeps, let drops = preview.drops else { return }
        grid.horizontalLine(row: row, column: column, width: end - column, style: Style(.warning, .bold))
        let text = " keep \(Words.grouped(keeps)) · drop \(Words.grouped(drops)) "
        grid.put(
            TextFit.truncated(text, to: max(0, end - column - 4)), row: row, column: column + 2,
            maxWidth: max(0, end - column - 2), style: Style(.warning, .bold))
    }

    static func drawPanel(_ state: BrowserState, into grid: inout CellGrid) {
        guard let preview = state.trimming else { return }
        var rect = state.layout.trimPanel
        guard rect.height > 0 else { return }
        grid.fill(rect)
        if rect.height >= 3 {
            grid.horizontalLine(row: rect.row, column: 0, width: rect.width)
            rect = Rect(row: rect.row + 1, column: 0, width: rect.width, height: rect.height - 1)
        }
        let width = max(1, rect.width - 2)
        let told = told(preview, width)
        let room = rect.height - 1
        var lines = [summary(preview, width, hidden: room == 0 ? told.count : 0)]
        let all = told.flatMap { StyledLine.wrapped([$0], width: width, hanging: 2) }
        if all.count <= room {
            lines += all
        } else if room > 0 {
            // A line each, and of the rest how many there are.
            let shown = told.count <= room ? told.count : room - 1
            lines += told.prefix(shown).map { StyledLine([Span(TextFit.truncated($0.text, to: width), $0.style)]) }
            if shown < told.count {
                lines.append(
                    StyledLine(
                        "! \(Words.count(told.count - shown, shown == 0 ? "warnings" : "more")), Enter shows them",
                        .warning))
            }
        }
        grid.put(lines, in: Rect(row: rect.row, column: 1, width: width, height: rect.height))
    }

    private static func summary(_ preview: TrimPreview, _ width: Int, hidden: Int) -> StyledLine {
        let typed = preview.number.isEmpty ? nil : Span(" \(preview.number)_ ", Style(.selected, .bold))
        guard let (keeps, drops) = preview.target else {
            if let typed { return StyledLine([Span("keep "), typed, Span(" messages")]) }
            return StyledLine("reading the thread …", .dim)
        }
        if let typed, let problem = preview.numberProblem {
            return StyledLine([Span("keep "), typed, Span("  \(problem)", .warning)])
        }
        if preview.isRunning { return StyledLine("trimming …", .dim) }
        guard drops > 0 else {
            let text =
                width >= 60
                ? "nothing would go: move to the message the thread shall begin with"
                : "nothing would go; j k move the cut"
            if let typed { return StyledLine([Span("keep "), typed, Span("  nothing would go", .dim)]) }
            return StyledLine(TextFit.truncated(text, to: width), .dim)
        }
        let kept = typed.map { [Span("keep ", .success), $0] } ?? [Span("keep \(Words.grouped(keeps))", .success)]
        var spans =
            kept + [
                Span(" · "),
                Span("drop \(width >= 40 ? Words.count(drops, "messages") : Words.grouped(drops))", .removed),
            ]
        if let verdict = preview.verdict, verdict.keeps == keeps, let bytes = verdict.bytes, width >= 40 {
            spans.append(Span(" (\(Words.size(bytes)))", .dim))
        }
        if width >= 60 { spans.append(Span(" · message \(Words.grouped(drops + 1)) is the first to stay", .dim)) }
        if preview.isPlanning { spans.append(Span(" …", .dim)) }
        if hidden > 0 { spans.append(Span(" !\(hidden)", .warning)) }
        return StyledLine(spans)
    }

    /// What is to be known before it is done, the gravest first.
    private static func told(_ preview: TrimPreview, _ width: Int) -> [Span] {
        var told: [Span] = []
        if let conflict = preview.conflict {
            told.append(Span("! nothing was changed: " + Sanitizer.visible(conflict), .error))
        }
        if let error = preview.error {
            told.append(Span("error: " + Sanitizer.visible(error.description), .error))
        }
        guard let verdict = preview.verdict, preview.drops != 0 else { return told }
        // While the next answer is awaited the last one stays, so that nothing flickers.
        let isOld = preview.isPlanning || verdict.keeps != preview.keeps
        if let refusal = verdict.refusal {
            told.append(Span("not possible: " + Sanitizer.visible(refusal), isOld ? .dim : .error))
            return told
        }
        var safe = ""
        if !verdict.safeKeeps.isEmpty {
            safe = "; s keeps \(verdict.safeKeeps.map(Words.grouped).joined(separator: " or "))"
        }
        for warning in verdict.warnings {
            let more = warning.kind == .splitsToolCall ? safe : ""
            told.append(Span("! " + Sanitizer.visible(warning.text) + more, isOld ? .dim : .warning))
        }
        return told
    }
}
