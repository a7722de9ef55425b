import BrowserModel
import StoredRecords
import TerminalSurface

/// The sources, as a table of their own or as a narrow column beside the records.
enum SourcesView {
    static func drawTable(
        _ screen: BrowseScreen, _ state: BrowserState, _ table: SourcesTable, into grid: inout CellGrid
    ) {
        let rect = table.rect
        let sources = state.sources(of: screen)
        let heading = state.layout.headingLines
        let lines = max(1, rect.height - heading)
        let (nameWidth, counts, countWidth) = (table.nameWidth, table.counts, SourcesTable.countWidth)
        if heading > 0 {
            var column = rect.column + 2
            column += grid.put(TextFit.padded("source", to: nameWidth), row: rect.row, column: column, style: .dim) + 2
            for kind in counts {
                column += grid.put(
                    TextFit.padded(kind.plural, to: countWidth - 1, alignment: .right) + " ", row: rect.row,
                    column: column, style: .dim)
            }
            grid.put(" state", row: rect.row, column: column, maxWidth: rect.endColumn - column, style: .dim)
        }
        for (index, source) in sources.dropFirst(screen.sourceTop).prefix(lines).enumerated() {
            let row = rect.row + heading + index
            var column = rect.column + 2
            column +=
                grid.put(
                    TextFit.padded(TextFit.truncatedMiddle(source.name, to: nameWidth), to: nameWidth), row: row,
                    column: column) + 2
            // Without counts there is that much more room for what is wrong.
            let shown = source.error == nil ? counts : []
            for kind in shown {
                let text =
                    source.kinds.contains(kind)
                    ? source.counts[kind].map(Words.total) ?? RowSign.unknown.glyph : RowSign.noSuchKind.glyph
                column += grid.put(
                    TextFit.padded(text, to: countWidth - 1, alignment: .right) + " ", row: row, column: column,
                    style: text == RowSign.noSuchKind.glyph ? .dim : .normal)
            }
            let described = describe(
                source, state, width: rect.endColumn - column - 1, withCounts: counts.isEmpty)
            grid.put(
                " " + described.text, row: row, column: column, maxWidth: rect.endColumn - column,
                style: described.style)
            if source.name == screen.source {
                grid.select(row: row, in: Rect(row: row, column: rect.column, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: row, column: rect.column)
            }
        }
    }

    static func drawColumn(_ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid) {
        let sources = state.sources(of: screen)
        grid.put("  sources", row: rect.row, column: rect.column, maxWidth: rect.width, style: .dim)
        if let kind = screen.kind {
            // The numbers below count what the list beside them shows.
            let word = kind.plural
            grid.put(word, row: rect.row, column: rect.endColumn - word.count - 1, style: .dim)
        }
        var row = rect.row + 1
        for source in sources.dropFirst(screen.sourceTop) {
            guard row < rect.endRow else { break }
            let described = describe(source, state, width: rect.width - 5)
            let sign: RowSign? = source.error != nil ? .sourceFailed : source.opened == nil ? .unopened : nil
            let mark = (sign?.glyph ?? " ") + " "
            let right = count(screen.kind, source)
            let nameWidth = rect.width - 4 - right.count
            grid.put(mark, row: row, column: rect.column + 1, style: described.style)
            grid.put(
                TextFit.truncatedMiddle(source.name, to: nameWidth), row: row, column: rect.column + 2,
                maxWidth: nameWidth)
            grid.put(right, row: row, column: rect.endColumn - right.count - 1, style: .dim)
            if source.name == screen.source, screen.focus == .sources {
                grid.select(row: row, in: Rect(row: row, column: rect.column, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: row, column: rect.column)
            }
            row += 1
            if row < rect.endRow {
                grid.put(
                    described.text, row: row, column: rect.column + 4, maxWidth: rect.width - 5,
                    style: source.error == nil ? .dim : described.style)
                row += 1
            }
        }
    }

    /// How many records of the kind the list shows a source has.
    private static func count(_ kind: RecordKind?, _ source: SourceState) -> String {
        guard source.opened != nil, let kind else { return "" }
        guard source.kinds.contains(kind) else { return RowSign.noSuchKind.glyph }
        return source.counts[kind].map(Words.total) ?? RowSign.unknown.glyph
    }

    /// State, engine and layouts in one line of at most `width` columns.
    ///
    /// - Parameter withCounts: whether the counts have no columns of their own.
    private static func describe(
        _ source: SourceState, _ state: BrowserState, width: Int, withCounts: Bool = false
    ) -> (text: String, style: Style) {
        let word = source.stateText(now: state.now)
        switch source.phase {
        case .connecting: return (TextFit.truncated(word + " …", to: width), .warning)
        case .failed(let error, let retry):
            guard let retry, CharacterWidth.columns(of: word) > width else {
                return (TextFit.truncated(word, to: width), .error)
            }
            // Of a long reason the beginning tells enough; when it is tried again stands behind it.
            let end = ", retry in \(max(0, retry.seconds - state.now.seconds)) s"
            let room = width - CharacterWidth.columns(of: end)
            let reason = "error: \(error.reason)"
            return (
                room < 16 ? TextFit.truncated(reason, to: width) : TextFit.truncated(reason, to: room) + end, .error
            )
        case .open(let opened):
            let layouts = source.layouts.isEmpty ? "nothing known" : source.layouts.joined(separator: ", ")
            var parts = [word]
            if withCounts, !source.isEmpty {
                let counts = opened.kinds.compactMap { kind in
                    source.counts[kind].map { "\(Words.total($0)) \($0 == .exact(1) ? kind.rawValue : kind.plural)" }
                }
                if !counts.isEmpty { parts.append(counts.joined(separator: ", ")) }
            }
            parts += [opened.engine, layouts]
            return (
                TextFit.truncated(parts.joined(separator: " · "), to: width), source.isEmpty ? .dim : .normal
            )
        }
    }
}

/// What is known of the source in focus, beside the list of sources.
enum SourceFacts {
    static func draw(_ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid) {
        var shown = screen.scope == nil ? FirstRun.problemLines(state, width: rect.width) : []
        if !shown.isEmpty { shown.append(.empty) }
        if let source = state.sources(of: screen).first(where: { $0.name == screen.source }) {
            shown += lines(source, width: rect.width, state)
        }
        grid.put(shown, in: rect)
    }

    private static func lines(_ source: SourceState, width: Int, _ state: BrowserState) -> [StyledLine] {
        var lines = StyledLine.wrapped([Span(Sanitizer.visible(source.name), .title)], width: width)
        func fact(_ name: String, _ value: String, _ style: Style = .normal) {
            let label = name + String(repeating: " ", count: max(1, 10 - name.count))
            lines += StyledLine.wrapped(
                [Span(label, .dim), Span(Sanitizer.visible(value), style)], width: width, hanging: 10)
        }
        fact("place", source.label.location)
        fact("origin", source.label.origin)
        if let opened = source.opened {
            fact("engine", opened.engine)
            fact("layouts", source.layouts.isEmpty ? "none known" : source.layouts.joined(separator: ", "))
            fact("state", source.stateText(now: state.now))
            if let refusal = opened.refusal { fact("why", refusal, .warning) }
            for kind in opened.kinds { fact(kind.plural, source.counts[kind].map(Words.total) ?? "…") }
            for note in opened.notes { fact("note", note, .warning) }
        } else if let error = source.error {
            fact("error", error.description, .error)
            if let retry = source.retry {
                fact("retry", "in \(max(0, retry.seconds - state.now.seconds)) s; Enter tries now")
            }
        } else {
            fact("state", "connecting …", .warning)
        }
        return lines
    }
}
