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
        let namesSources =
            screen.scope == nil && state.sources(of: screen).filter { $0.kinds.contains(list.kind) }.count > 1
        // Two columns for the selection and notes, one free at the right edge.
        let columns = RecordColumns.fitted(
            list.kind, rows: rows, width: rect.width - 3, namesSources: namesSources, now: state.now)
        if state.layout.headingLines > 0 {
            drawHeading(
                columns, list.sort, Rect(row: rect.row, column: rect.column, width: rect.width, height: 1), into: &grid)
        }
        let first = rect.row + state.layout.headingLines
        for (index, record) in rows.enumerated() {
            let row = first + index
            var column = rect.column + 2
            if !record.notes.isEmpty { grid.put("!", row: row, column: rect.column + 1, style: .warning) }
            for (shown, width) in columns {
                let text = shown.fitted(record, width)
                grid.put(text, row: row, column: column, maxWidth: width, style: shown.style(record))
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

    private static func drawHeading(
        _ columns: [(column: RecordColumn, width: Int)], _ sort: RecordSort, _ rect: Rect, into grid: inout CellGrid
    ) {
        var column = rect.column + 2
        for (shown, width) in columns {
            let isSorted = shown.field == sort.field
            let title = isSorted ? shown.title + (sort.descending ? "↓" : "↑") : shown.title
            grid.put(
                TextFit.padded(title, to: width, alignment: shown.alignment, ellipsis: ""), row: rect.row,
                column: column,
                maxWidth: width, style: isSorted ? Style(.dim, .bold) : .dim)
            column += width + 2
        }
    }

    // MARK: Empty

    /// The four reasons for an empty list: loading, failed, filtered out, empty.
    private static func drawEmpty(
        _ list: RecordList?, _ screen: BrowseScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid
    ) {
        let sources = state.sources(of: screen)
        let connecting = sources.filter { $0.phase == .connecting }
        let kind = screen.kind.map { $0 == .raw ? "unexplained objects" : $0.plural } ?? "records"
        grid.cursor = GridPosition(row: rect.row, column: rect.column)
        if !state.knowsSources || list?.isLoading == true || !connecting.isEmpty {
            let started = state.jobs.first?.started ?? state.now
            // What comes at once needs no word; only what takes a while is announced.
            guard state.now.milliseconds(since: started) >= 200 else { return }
            let waiting = connecting.map(\.name) + (list?.windows.filter(\.isLoading).map(\.source) ?? [])
            let names = waiting.isEmpty ? "" : " from \(waiting.joined(separator: ", "))"
            return grid.put(message: "Loading \(kind)\(names) …", in: rect, style: .dim)
        }
        if let failure = list?.failures.first, let error = failure.error {
            return grid.put(
                message:
                    "The \(kind) of \(failure.source) cannot be listed: \(error.description). r tries again, ! tells more.",
                in: rect, style: .error)
        }
        if let filter = list?.filter {
            return grid.put(
                message: "No \(kind) match \"\(filter.text)\". Esc clears the filter.", in: rect, style: .normal)
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
