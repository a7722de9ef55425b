import BrowserModel
import StoredRecords
import TerminalSurface

/// A thread: messages one below the other behind a gutter that tells who speaks, and on wide screens the list
/// of the messages beside them.
enum ThreadView {
    static func draw(_ screen: ThreadScreen, _ state: BrowserState, into grid: inout CellGrid) {
        let body = state.layout.body
        guard screen.isLoaded else { return drawEmpty(screen, state, body, into: &grid) }
        if screen.blocks.isEmpty {
            grid.cursor = GridPosition(row: body.row, column: 0)
            let notes = screen.record.notes.map { " ! " + $0 }.joined()
            return grid.put(message: "This thread has no messages." + notes, in: body)
        }
        let left = screen.layout.textColumn
        let rect = Rect(row: body.row, column: left, width: body.width - left, height: body.height)
        let shown =
            state.showsTrim
            ? Rect(row: rect.row, column: rect.column, width: rect.width, height: state.layout.trimBody.height) : rect
        drawText(screen, state, in: shown, into: &grid)
        if screen.layout.listColumns > 0 {
            grid.verticalLine(
                row: body.row, column: left - 1, height: body.height, style: screen.isListFocused ? .title : .border)
            let list = Rect(row: body.row, column: 0, width: left - 1, height: body.height)
            MessageListView.draw(
                screen, in: list, dropsAbove: (state.showsTrim ? state.trimming?.drops : nil) ?? 0, into: &grid)
        }
        if state.showsTrim { TrimView.drawPanel(state, into: &grid) }
    }

    private static func drawText(
        _ screen: ThreadScreen, _ state: BrowserState, in rect: Rect, into grid: inout CellGrid
    ) {
        let text = rect.column + ThreadLayout.gutter
        let highlights = screen.highlights(rows: rect.height)
        var place: MessageLine? = screen.top
        var lettered = -1
        // The message of the cursor is the first that stays; what is above it goes.
        let preview = state.showsTrim && state.layout.trimRuleLines > 0 ? state.trimming : nil
        let hasCut = (preview?.drops ?? 0) > 0
        var isRuled = !hasCut
        var ruleRows = 0
        for row in rect.row..<rect.endRow {
            guard let at = place, let shown = screen.row(at: at) else { break }
            let block = screen.blocks[at.message]
            if !isRuled, at.message == screen.cursor.message, at.line <= block.firstRow, let preview {
                TrimView.drawRule(preview, row: row, from: rect.column, to: rect.endColumn, into: &grid)
                isRuled = true
                ruleRows = 1
                continue
            }
            let isHeading = shown.kind == .heading
            let line =
                isHeading
                ? MessageHeading.line(block.message, width: screen.layout.measure, now: state.now) : shown.line
            grid.put(line, row: row, column: text, maxWidth: rect.endColumn - text)
            let index = row - rect.row - ruleRows
            if !isHeading, highlights.indices.contains(index) {
                for columns in highlights[index] {
                    grid.restyle(Rect(row: row, column: text + columns.lowerBound, width: columns.count, height: 1)) {
                        _ in
                        .match
                    }
                }
            }
            if shown.kind != .lead {
                // The letter stands on the first line of a message that is on the screen, a bar below it.
                let style = MessageHeading.style(of: block.message.role)
                let letter = block.message.role.letter.unicodeScalars.first ?? "?"
                grid.set(
                    lettered == at.message ? Glyph("│") : Glyph(letter), row: row, column: rect.column + 1, style: style
                )
                lettered = at.message
            }
            if hasCut, at.message < screen.cursor.message {
                // Dimmed, and told by a sign too where there is no dim text.
                grid.restyle(Rect(row: row, column: rect.column, width: rect.width, height: 1)) { _ in .dim }
                grid.put("-", row: row, column: rect.column, style: .removed)
            }
            if at == screen.cursor {
                grid.put(">", row: row, column: rect.column, style: Style(.selected))
                if !screen.isListFocused { grid.cursor = GridPosition(row: row, column: rect.column) }
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

/// The messages of a thread, a line each: number, role, time, tokens and the first words.
enum MessageListView {
    /// - Parameter drops: messages at the beginning of the thread that a trim would remove.
    static func draw(
        _ screen: ThreadScreen, in rect: Rect, dropsAbove drops: Int = 0, into grid: inout CellGrid
    ) {
        let last = screen.total.number ?? screen.blocks.last.map { $0.message.position + 1 } ?? 0
        let digits = max(2, String(last).count)
        for row in 0..<rect.height {
            let index = screen.listTop + row
            guard screen.blocks.indices.contains(index) else { break }
            draw(screen.blocks[index], digits, row: rect.row + row, in: rect, into: &grid)
            if screen.blocks[index].message.position < drops {
                let line = Rect(row: rect.row + row, column: rect.column, width: rect.width, height: 1)
                grid.restyle(line) { _ in .dim }
                grid.put("-", row: line.row, column: rect.column, style: .removed)
            }
            guard index == screen.cursor.message else { continue }
            let line = Rect(row: rect.row + row, column: rect.column, width: rect.width, height: 1)
            grid.select(row: line.row, in: line, isFocused: screen.isListFocused)
            if screen.isListFocused { grid.cursor = GridPosition(row: line.row, column: rect.column) }
        }
    }

    private static func draw(
        _ block: MessageBlock, _ digits: Int, row: Int, in rect: Rect, into grid: inout CellGrid
    ) {
        let message = block.message
        let style = MessageHeading.style(of: message.role)
        var column = rect.column + 1
        let number = String(message.position + 1)
        column += grid.put(
            String(repeating: " ", count: max(0, digits - number.count)) + number + " ", row: row, column: column,
            style: .dim)
        column += grid.put(String(message.role.letter) + " ", row: row, column: column, style: style)
        if rect.width >= 44 {
            let time = message.created.map(MessageHeading.clock) ?? ""
            column += grid.put(TextFit.padded(time, to: 6), row: row, column: column, style: .dim)
        }
        let tokens = rect.width >= 40 ? message.tokens.map { "\(Words.grouped($0)) tok" } ?? "" : ""
        let room = rect.endColumn - column - (tokens.isEmpty ? 0 : tokens.count + 1)
        let words = TextFit.truncated(block.digest.words, to: max(0, room))
        let wordsStyle: Style =
            block.digest.isError ? .error : block.digest.isUserTurn ? .normal : Style(.normal, [])
        grid.put(words, row: row, column: column, maxWidth: room, style: wordsStyle)
        if !tokens.isEmpty {
            grid.put(tokens, row: row, column: rect.endColumn - tokens.count, style: .dim)
        }
    }
}

/// Whether a screen waits so long that it should say so.
enum Waiting {
    /// - Parameter screen: the screen something is read for; `nil` for whatever has been going on longest.
    static func isLong(_ state: BrowserState, _ screen: ScreenID?) -> Bool {
        guard let job = state.jobs.first(where: { job in screen.map { job.isFor($0) } ?? true }) else { return false }
        return state.now.milliseconds(since: job.started) >= 200
    }
}
