internal import StoredRecords
internal import TerminalSurface

/// The beginning of a thread in a narrow pane.
enum MessageGlance {
    /// Bytes of one message that are shown; the thread's screen shows all.
    private static let shownBytes = 4096

    /// The messages with the letter of their role in front, and which lines tell the age of which time.
    static func lines(
        _ messages: [StoredMessage], width: Int, now: Timestamp
    ) -> (lines: [StyledLine], ages: [(line: Int, time: Timestamp)]) {
        var screen = ThreadScreen(
            id: ScreenID(0), record: RecordSummary(id: RecordID(source: "", layout: "", kind: .thread, key: "")),
            list: nil, width: width)
        let measure = max(8, width - 2)
        screen.form = ReadingForm(measure: measure, room: measure, usualBytes: shownBytes)
        screen.blocks = messages.map(MessageBlock.init)
        screen.pair()
        var lines: [StyledLine] = []
        var ages: [(line: Int, time: Timestamp)] = []
        for index in screen.blocks.indices {
            screen.lay(index)
            let block = screen.blocks[index]
            for (number, row) in block.rows.enumerated() {
                if row.kind == .heading, let created = block.message.created { ages.append((lines.count, created)) }
                let line =
                    row.kind == .heading ? MessageHeading.line(block.message, width: measure, now: now) : row.line
                let letter = number == block.firstRow ? String(block.message.role.letter) : " "
                let mark = Span(letter + " ", MessageHeading.style(of: block.message.role))
                let gap = line.indent > 0 ? [Span(String(repeating: " ", count: line.indent))] : []
                lines.append(row.kind == .lead ? line : StyledLine([mark] + gap + line.spans))
            }
        }
        return (lines, ages)
    }
}
