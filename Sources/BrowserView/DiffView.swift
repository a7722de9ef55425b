import BrowserModel
import JSONText
import StoredRecords
import TerminalSurface

/// The differences of two records: `-` what is gone, `+` what came, `~` what changed.
enum DiffView {
    static func draw(_ screen: DiffScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let body = state.layout.body
        grid.cursor = GridPosition(row: body.row, column: 0)
        drawNames(screen, body, into: &grid)
        let rect = Rect(row: body.row + 1, column: 0, width: body.width, height: body.height - 1)
        guard let comparison = screen.comparison else {
            if let error = screen.error {
                grid.put(message: "error: \(error.description). r tries again.", in: rect, style: .error)
            } else if Waiting.isLong(state, screen.id), let job = state.jobs.first(where: { $0.isFor(screen.id) }) {
                grid.put(message: BottomLine.progress(job, state), in: rect, style: .dim)
            }
            return
        }
        if comparison.count == 0, screen.rows.allSatisfy({ $0.change == .same }), comparison.sections.count < 2 {
            let note = screen.rows.first.flatMap { row in
                if case .document(_, let note) = row.content { note } else { nil }
            }
            return grid.put(message: (note ?? "no difference") + ".", in: rect)
        }
        for line in 0..<rect.height {
            let index = screen.top + line
            guard index < screen.rows.count else { break }
            let row = screen.rows[index]
            let at = rect.row + line
            drawSign(row, at, into: &grid)
            grid.put(DiffText.line(row, screen, width: rect.width - 4), row: at, column: 4, maxWidth: rect.width - 4)
            if index == screen.cursor {
                grid.select(row: at, in: Rect(row: at, column: 0, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: at, column: 0)
            }
        }
    }

    private static func drawNames(_ screen: DiffScreen, _ body: Rect, into grid: inout CellGrid) {
        let names = screen.names
        let room = max(4, (body.width - 8) / 2)
        var column = 2
        column += grid.put("- ", row: body.row, column: column, style: .removed)
        column += grid.put(
            TextFit.truncatedMiddle(names.left, to: room), row: body.row, column: column,
            maxWidth: body.width - column, style: .header)
        column += 2
        column += grid.put("+ ", row: body.row, column: column, maxWidth: body.width - column, style: .added)
        grid.put(
            TextFit.truncatedMiddle(names.right, to: room), row: body.row, column: column,
            maxWidth: body.width - column, style: .header)
    }

    private static func drawSign(_ row: DiffRow, _ at: Int, into grid: inout CellGrid) {
        guard row.sign != " " else { return }
        grid.put(String(row.sign), row: at, column: 2, style: DiffText.style(row.change).with(.bold))
    }

    /// What the status line says.
    static func status(_ screen: DiffScreen) -> (text: String, style: Style) {
        guard let comparison = screen.comparison else { return ("", .dim) }
        if comparison.count == 0 { return ("no difference", .normal) }
        var parts: [String] = []
        if let number = screen.subject?.number {
            parts.append("difference \(Words.grouped(number)) of \(Words.grouped(comparison.count))")
        } else {
            parts.append(Words.count(comparison.count, "differences"))
        }
        if !screen.place.isEmpty { parts.append(screen.place) }
        return (parts.joined(separator: " · "), .normal)
    }

    /// `+3 -1 ~12`
    static func counts(_ screen: DiffScreen) -> String {
        guard let comparison = screen.comparison, comparison.count > 0 else { return "" }
        return
            "+\(Words.grouped(comparison.added)) -\(Words.grouped(comparison.removed)) ~\(Words.grouped(comparison.changed))"
    }
}
