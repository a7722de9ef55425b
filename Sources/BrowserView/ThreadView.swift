import BrowserModel
import StoredRecords
import TerminalSurface

/// A thread: messages one below the other, with the cursor in the gutter.
enum ThreadView {
    static func draw(_ screen: ThreadScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.body
        guard screen.isLoaded else { return drawEmpty(screen, state, rect, into: &grid) }
        if screen.blocks.isEmpty {
            grid.cursor = GridPosition(row: rect.row, column: 0)
            let notes = screen.record.notes.map { " ! " + $0 }.joined()
            return grid.put(message: "This thread has no messages." + notes, in: rect)
        }
        var place: MessageLine? = screen.top
        for row in rect.row..<rect.endRow {
            guard let at = place, let line = screen.line(at: at) else { break }
            grid.put(line, row: row, column: 2, maxWidth: rect.width - 2)
            if !screen.searchText.isEmpty { Highlight.draw(screen.searchText, row: row, from: 2, into: &grid) }
            if at == screen.cursor {
                grid.put(">", row: row, column: 0, style: Style(.selected))
                grid.cursor = GridPosition(row: row, column: 0)
            } else if at.message == screen.cursor.message, !line.spans.isEmpty {
                grid.set(
                    Glyph("│"), row: row, column: 0,
                    style: MessageBlock.style(of: screen.blocks[at.message].message.role))
            }
            place = screen.next(at)
        }
    }

    private static func drawEmpty(
        _ screen: ThreadScreen, _ state: BrowserState, _ rect: Rect, into grid: inout CellGrid
    ) {
        grid.cursor = GridPosition(row: rect.row, column: 0)
        if let error = screen.error {
            grid.put(message: "error: \(error.description). r tries again.", in: rect, style: .error)
        } else if Waiting.isLong(state, screen.id) {
            grid.put(message: "Loading messages …", in: rect, style: .dim)
        }
    }
}

/// Whether a screen waits so long that it should say so.
enum Waiting {
    static func isLong(_ state: BrowserState, _ screen: ScreenID) -> Bool {
        guard let job = state.jobs.first(where: { $0.isFor(screen) }) else { return false }
        return state.now.milliseconds(since: job.started) >= 200
    }
}

/// Shows where a search text stands on a row that is drawn already.
enum Highlight {
    static func draw(_ text: String, row: Int, from column: Int, into grid: inout CellGrid) {
        let isExact = text.contains(where: \.isUppercase)
        let needle = Array(isExact ? text : text.lowercased())
        guard !needle.isEmpty else { return }
        var columns: [Int] = []
        var characters: [Character] = []
        for at in column..<grid.width {
            guard let cell = grid.cell(row: row, column: at), !cell.isContinuation else { continue }
            let shown = isExact ? cell.text : cell.text.lowercased()
            characters.append(shown.first ?? " ")
            columns.append(at)
        }
        var start = 0
        while start + needle.count <= characters.count {
            if characters[start..<start + needle.count].elementsEqual(needle) {
                let first = columns[start]
                let last = columns[start + needle.count - 1]
                grid.restyle(Rect(row: row, column: first, width: last - first + 1, height: 1)) { _ in .match }
                start += needle.count
            } else {
                start += 1
            }
        }
    }
}
