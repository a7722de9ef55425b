import BrowserModel
import StoredRecords
import TerminalSurface

/// What can be undone: an entry a line, and below the list more of the selected one.
enum RecoveryView {
    static func draw(_ screen: RecoveryScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let layout = state.layout
        let body = layout.body
        grid.cursor = GridPosition(row: body.row, column: 0)
        if screen.shown.isEmpty { return drawEmpty(screen, state, into: &grid) }
        let columns = columns(screen, state)
        let first = body.row + layout.headingLines
        if layout.headingLines > 0 {
            var column = 3
            for shown in columns {
                let title = TextFit.padded(
                    shown.title, to: shown.width, alignment: shown.isNumber ? .right : .left, ellipsis: "")
                grid.put(title, row: body.row, column: column, maxWidth: shown.width, style: .dim)
                column += shown.width + 2
            }
        }
        for (index, entry) in screen.shown.dropFirst(screen.top).prefix(layout.recoveryLines).enumerated() {
            let row = first + index
            var column = 3
            let style: Style = entry.obstacle == nil ? .normal : .dim
            grid.put(mark(of: entry), row: row, column: 1, style: entry.obstacle == nil ? .success : .warning)
            for shown in columns {
                let whole = shown.text(entry, state.now)
                let text = TextFit.padded(
                    shown.isTitle ? TextFit.truncatedTitle(whole, to: shown.width) : whole, to: shown.width,
                    alignment: shown.isNumber ? .right : .left)
                grid.put(
                    text, row: row, column: column, maxWidth: shown.width, style: shown.isTitle ? style : .dim)
                column += shown.width + 2
            }
            if screen.top + index == screen.cursor {
                grid.select(row: row, in: Rect(row: row, column: 0, width: body.width, height: 1))
                grid.cursor = GridPosition(row: row, column: 0)
            }
        }
        if let entry = screen.selected, layout.recoveryDetailLines > 0 {
            drawDetail(of: entry, screen, state, into: &grid)
        }
    }

    /// Whether it can be undone, in one character: u yes, - it is undone, ! something stands against it.
    private static func mark(of entry: UndoEntry) -> String {
        let sign: RowSign = entry.obstacle == nil ? .undoable : entry.isUndone ? .undone : .blocked
        return sign.glyph
    }

    // MARK: Columns

    private struct Column {
        var title: String
        var width: Int
        var isNumber = false
        var isTitle = false
        var text: (UndoEntry, Timestamp) -> String
    }

    private static func columns(_ screen: RecoveryScreen, _ state: BrowserState) -> [Column] {
        let width = state.layout.body.width
        let seen = screen.shown.dropFirst(screen.top).prefix(state.layout.recoveryLines)
        var before = [
            Column(title: "when", width: 5) { $0.made.seconds == 0 ? "?" : Words.age(of: $0.made, now: $1) }
        ]
        if width >= 60 {
            let widest = seen.map { $0.act.count }.max() ?? 0
            before.append(
                Column(title: "act", width: min(24, max(6, widest))) { entry, _ in Sanitizer.visible(entry.act) })
        }
        if width >= 76 {
            before.append(Column(title: "kind", width: 8) { entry, _ in entry.record.kind.rawValue })
        }
        var after: [Column] = []
        if width >= 90 {
            after.append(
                Column(title: "source", width: min(24, width / 6)) { entry, _ in
                    TextFit.truncatedMiddle(entry.record.source, to: min(24, width / 6))
                })
        }
        if width >= 50 {
            after.append(
                Column(title: "removed", width: 14, isNumber: true) { entry, _ in Words.count(entry.items, entry.unit) }
            )
        }
        if width >= 30 {
            after.append(Column(title: "size", width: 8, isNumber: true) { entry, _ in Words.size(entry.bytes) })
        }
        let others = before + after
        let used = others.reduce(0) { $0 + $1.width + 2 }
        let title = Column(title: "title or id", width: max(4, width - 4 - used), isTitle: true) { entry, _ in
            entry.title.isEmpty ? entry.record.key : entry.title
        }
        return before + [title] + after
    }

    // MARK: The selected entry

    private static func drawDetail(
        of entry: UndoEntry, _ screen: RecoveryScreen, _ state: BrowserState, into grid: inout CellGrid
    ) {
        let layout = state.layout
        let body = layout.body
        let top = body.endRow - layout.recoveryDetailLines
        grid.horizontalLine(row: top, column: 0, width: body.width)
        let width = max(1, body.width - 2)
        var lines: [StyledLine] = []
        if let obstacle = entry.obstacle {
            lines += StyledLine.wrapped(
                [
                    Span("cannot be undone: ", .dim),
                    Span(Sanitizer.visible(obstacle), entry.isUndone ? .normal : .warning),
                ],
                width: width)
        } else {
            let others = screen.undoable(with: entry) - 1
            let together =
                others == 1
                ? ", alone or with the other one of its act"
                : others > 1 ? ", alone or with the \(Words.grouped(others)) others of its act" : ""
            lines.append(StyledLine([Span("can be undone", .success), Span(together)]))
        }
        if let note = entry.note, entry.obstacle == nil {
            lines += StyledLine.wrapped([Span(Sanitizer.visible(note), .dim)], width: width)
        }
        let place = entry.place.isEmpty ? "" : ", \(entry.place)"
        let act = body.width < 60 ? "\(entry.act), " : ""
        lines.append(
            StyledLine([
                Span("in  ", .dim),
                Span(
                    TextFit.truncatedMiddle(
                        "\(act)\(entry.record.source) (\(entry.record.layout))\(place)", to: max(1, width - 4))),
            ]))
        lines.append(
            StyledLine([Span("id  ", .dim), Span(TextFit.truncatedMiddle(entry.record.key, to: max(1, width - 4)))]))
        let made = entry.made.seconds == 0 ? "" : ", \(Words.moment(entry.made))"
        lines.append(StyledLine([Span("entry  ", .dim), Span(TextFit.truncated(entry.id + made, to: width), .dim)]))
        grid.put(
            lines,
            in: Rect(row: top + 1, column: 1, width: body.width - 1, height: layout.recoveryDetailLines - 1))
    }

    // MARK: Empty

    private static func drawEmpty(_ screen: RecoveryScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        if let error = screen.error {
            grid.put(message: "error: \(error.description). r tries again.", in: rect, style: .error)
        } else if !screen.isLoaded {
            let isKnown = state.knowsSources
            if Waiting.isLong(state, isKnown ? screen.id : nil) {
                let text =
                    isKnown ? "Reading the recovery journal …" : "Looking for stores, then for what can be undone …"
                grid.put(message: text, in: rect, style: .dim)
            }
        } else if let filter = screen.filter, !screen.entries.isEmpty {
            grid.put(message: "No entry matches \"\(filter.text)\". Esc clears the filter.", in: rect)
        } else {
            grid.put(
                message:
                    "There is nothing to undo. What a trim or delete removes is kept here, for 90 days by default.",
                in: rect)
        }
    }

    /// The status line: how many, how large, how many can be undone.
    static func status(_ screen: RecoveryScreen) -> String {
        guard screen.isLoaded else { return "" }
        var parts: [String] = []
        if screen.shown.count == screen.entries.count {
            parts.append(Words.count(screen.entries.count, "entries"))
        } else {
            parts.append("\(Words.grouped(screen.shown.count)) of \(Words.count(screen.entries.count, "entries"))")
        }
        if let filter = screen.filter { parts.append("filter \"\(TextFit.truncated(filter.text, to: 24))\"") }
        parts.append(Words.size(screen.bytes))
        parts.append("\(Words.grouped(screen.undoable)) can be undone")
        return parts.joined(separator: " · ")
    }
}
