import BrowserModel
import TerminalSurface

/// Bytes with the ones that were gone to or found marked.
enum HexView {
    static func draw(_ hex: HexPane, _ width: Int, _ rect: Rect, into grid: inout CellGrid) {
        grid.put(hex.lines(width: width, height: rect.height), in: rect)
        guard let mark = hex.mark else { return }
        let each = HexPane.bytesPerRow(width: width)
        let top = hex.top(width: width)
        let first = max(mark.lowerBound, top * each)
        let last = min(mark.upperBound, (top + rect.height) * each)
        guard first < last else { return }
        for offset in first..<last {
            let row = rect.row + offset / each - top
            let columns = HexPane.columns(of: offset % each, width: width)
            let digits = Rect(
                row: row, column: rect.column + columns.digits.lowerBound, width: columns.digits.count, height: 1)
            let character = Rect(row: row, column: rect.column + columns.character, width: 1, height: 1)
            for place in [digits, character] { grid.restyle(place) { _ in .match } }
            if offset == first {
                grid.put(">", row: row, column: rect.column - 2, style: .match)
                grid.cursor = GridPosition(row: row, column: digits.column)
            }
        }
    }
}
