import BrowserModel
import StoredRecords
import TerminalSurface

/// A list of records as a table.
enum RecordsView {
    static func draw(_ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid) {
        guard let list = screen.list else { return drawEmpty(nil, screen, state, in: rect, into: &grid) }
        if list.rows.isEmpty { return drawEmpty(list, screen, state, in: rect, into: &grid) }
        let lines = state.layout.recordLines
        let rows = Array(list.rows.dropFirst(list.top).prefix(lines))
        let columns = state.columns(of: screen)
        if state.layout.headingLines > 0 {
            drawHeading(
                columns, list.sort, Rect(row: rect.row, column: rect.column, width: rect.width, height: 1), into: &grid)
        }
        let first = rect.row + state.layout.headingLines
        let range = list.range
        for (index, record) in rows.enumerated() {
            let row = first + index
            var column = rect.column + 2
            let isMarked = state.marks.contains(record.id)
            drawGutter(
                record, isInRange: range?.contains(list.top + index) ?? false, row, rect.column, state, into: &grid)
            for (shown, width) in columns {
                let text = shown.fitted(record, width)
                let style = isMarked && column == rect.column + 2 ? Style.marked : shown.style(record)
                grid.put(text, row: row, column: column, maxWidth: width, style: style)
                column += width + 2
            }
            if list.top + index == list.cursor {
                let isFocused = screen.focus == .records
                grid.select(
                    row: row, in: Rect(row: row, column: rect.column, width: rect.width, height: 1),
                    isFocused: isFocused)
                if isFocused { grid.cursor = GridPosition(row: row, column: rect.column) }
            }
        }
    }

    /// Beside the sign of the selection: the mark, else the sign of a note.
    private static func drawGutter(
        _ record: RecordSummary, isInRange: Bool, _ row: Int, _ column: Int, _ state: BrowserState,
        into grid: inout CellGrid
    ) {
        if let mark = state.marks[record.id] {
            let hasFailed = mark.reason != nil
            let sign: RowSign = hasFailed ? .failed : .marked
            grid.put(sign.glyph, row: row, column: column + 1, style: hasFailed ? .error : .marked)
        } else if isInRange {
            grid.put(RowSign.inRange.glyph, row: row, column: column + 1, style: .marked)
        } else if !record.notes.isEmpty {
            grid.put(RowSign.note.glyph, row: row, column: column + 1, style: .warning)
        }
    }

    private static func drawHeading(
        _ columns: [(column: RecordColumn, width: Int)], _ sort: RecordSort, _ rect: Rect, into grid: inout CellGrid
    ) {
        var column = rect.column + 2
        for (shown, width) in columns {
            let isSorted = shown.field == sort.field
            let title = isSorted ? shown.title + (sort.descending ? RowSign.sortedDown : .sortedUp).glyph : shown.title
            grid.put(
                TextFit.padded(title, to: width, alignment: shown.alignment, ellipsis: ""), row: rect.row,
                column: column,
                maxWidth: width, style: isSorted ? Style(.dim, .bold) : .dim)
            column += width + 2
        }
    }

    // MARK: Empty

    /// Says of words like `tag:ci` that they mean no more than they say.
    private static func unknown(_ filter: RecordFilter) -> String {
        filter.unknownNamesSentence.map { $0 + "; :help filter lists them. " } ?? ""
    }

    /// The four reasons for an empty list: loading, failed, filtered out, empty.
    private static func drawEmpty(
        _ list: RecordList?, _ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid
    ) {
        let sources = state.sources(of: screen)
        let connecting = sources.filter { $0.phase == .connecting }
        let kind = screen.kind.map { $0 == .raw ? "raw records" : $0.plural } ?? "records"
        grid.cursor = GridPosition(row: rect.row, column: rect.column)
        if !state.knowsSources || list?.isLoading == true || !connecting.isEmpty {
            let started = state.jobs.first?.started ?? state.now
            // What comes at once needs no word; only what takes a while is announced.
            guard state.now.milliseconds(since: started) >= 200 else { return }
            let waiting = connecting.map(\.name) + (list?.windows.filter(\.isLoading).map(\.source) ?? [])
            let names = waiting.isEmpty ? "" : " from \(waiting.joined(separator: ", "))"
            let act = list?.filter == nil ? "Loading \(kind)" : "Looking for \(kind) that match"
            return grid.put(message: "\(act)\(names) …", in: rect, style: .dim)
        }
        if let failure = list?.failures.first, let error = failure.error {
            return grid.put(
                message:
                    "The \(kind) of \(failure.source) cannot be listed: \(error.description). r tries again, ! tells more.",
                in: rect, style: .error)
        }
        if let filter = list?.filter {
            return grid.put(
                message:
                    "No \(kind) match \(Words.quoted(filter.text)). \(unknown(filter))Esc clears the filter, S searches contents.",
                in: rect, style: .normal)
        }
        let failed = sources.filter { $0.error != nil }
        if !failed.isEmpty, failed.count == sources.count {
            let names = failed.map { "\($0.name): \($0.error?.reason ?? "")" }.joined(separator: "; ")
            return grid.put(
                message: "No source could be opened. \(names). r tries again, ! tells more.", in: rect, style: .error)
        }
        let place = screen.scope ?? (sources.count == 1 ? sources[0].name : "these \(sources.count) sources")
        var text = "There are no \(kind) in \(place)."
        if !failed.isEmpty { text += " \(Words.count(failed.count, "sources")) could not be opened; 5 lists them." }
        grid.put(message: text, in: rect, style: .normal)
    }
}
