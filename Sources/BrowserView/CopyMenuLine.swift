import BrowserModel
import TerminalSurface

/// What `y` waits for, in the bottom line.
enum CopyMenuLine {
    static func draw(_ menu: CopyMenu, _ rect: Rect, into grid: inout CellGrid) {
        grid.cursor = GridPosition(row: rect.row, column: 0)
        if let offer = menu.offer { return draw(offer, rect, into: &grid) }
        var column = grid.put(" copy ", row: rect.row, column: 0, maxWidth: rect.width, style: .title)
        let words = menu.items.map { "\($0.letter) \($0.label)  " } + ["Esc cancel"]
        // Where the words do not fit, the letters alone are shown.
        let isWide = column + 1 + words.reduce(0) { $0 + $1.count } <= rect.width
        for item in menu.items {
            column += grid.put(
                " \(item.letter)", row: rect.row, column: column, maxWidth: rect.width - column, style: .keyHint)
            if isWide {
                column += grid.put(" \(item.label) ", row: rect.row, column: column, maxWidth: rect.width - column)
            }
        }
        guard isWide else { return }
        column += grid.put(" Esc", row: rect.row, column: column, style: .keyHint)
        grid.put(" cancel", row: rect.row, column: column, maxWidth: rect.width - column, style: .dim)
    }

    private static func draw(_ offer: CopyMenu.Offer, _ rect: Rect, into grid: inout CellGrid) {
        let keys = [("f", " to a file  "), ("Esc", " cancel")]
        let columns = keys.reduce(0) { $0 + $1.0.count + $1.1.count } + 1
        let room = max(0, rect.width - columns - 2)
        let reason = offer.slip.map { "\($0) is no answer: \(offer.reason)" } ?? offer.reason
        var column =
            1
            + grid.put(
                TextFit.truncated(reason, to: room), row: rect.row, column: 1, maxWidth: room, style: .warning)
        if room > 0 { column += 2 }
        for (key, word) in keys {
            column += grid.put(key, row: rect.row, column: column, maxWidth: rect.width - column, style: .keyHint)
            column += grid.put(word, row: rect.row, column: column, maxWidth: rect.width - column, style: .dim)
        }
    }
}
