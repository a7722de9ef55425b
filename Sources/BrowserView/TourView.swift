import BrowserModel
import TerminalSurface

/// The first keys, in three lines below the list.
enum TourView {
    static func draw(_ state: BrowserState, in rect: Rect, into grid: inout CellGrid) {
        grid.horizontalLine(row: rect.row, column: 0, width: rect.width)
        let column = 2 + grid.put(" First steps ", row: rect.row, column: 2, maxWidth: rect.width - 2, style: .title)
        grid.put(
            "· shown this once, the next key goes on ", row: rect.row, column: column, maxWidth: rect.width - column,
            style: .dim)
        for (index, row) in rows(state).prefix(rect.height - 1).enumerated() {
            draw(row, state, row: rect.row + 1 + index, width: rect.width, into: &grid)
        }
    }

    private static func rows(_ state: BrowserState) -> [[(Command, String)]] {
        let acts: [(Command, String)] =
            state.isReadOnly
            ? [(.mark, "marks"), (.export, "exports"), (.copy, "copies"), (.sort, "sorts")]
            : [
                (.mark, "marks"), (.trim, "trims"), (.delete, "deletes, after asking"),
                (.undo, "undoes, also tomorrow"),
            ]
        return [
            [
                (.open, "opens"), (.back, "goes back"), (.filter, "filters the list"),
                (.searchEverywhere, "searches inside records"),
            ],
            acts,
            [(.help, "tells the keys of any screen"), (.commandLine, "takes commands"), (.up, "goes up, then quits")],
        ]
    }

    /// As many as have room.
    private static func draw(
        _ items: [(Command, String)], _ state: BrowserState, row: Int, width: Int, into grid: inout CellGrid
    ) {
        var column = 3
        for (command, words) in items {
            guard let key = state.keyMap.key(for: command, in: .list) else { continue }
            let columns = CharacterWidth.columns(of: key.name) + 1 + words.count
            guard column + columns < width else { break }
            column += grid.put(key.name, row: row, column: column, style: .keyHint)
            column += grid.put(" " + words, row: row, column: column) + 3
        }
    }
}
