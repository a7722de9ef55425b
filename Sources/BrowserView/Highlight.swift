import BrowserModel
import TerminalSurface

/// Shows where a search text stands on a row that is drawn already.
enum Highlight {
    /// Shows what was searched for by a typed text, which may be a pattern.
    static func draw(sought typed: String, row: Int, from column: Int, into grid: inout CellGrid) {
        let needle = TextNeedle(typed)
        guard needle.isPattern else { return draw(typed, row: row, from: column, into: &grid) }
        var text = ""
        // The byte of the text each column begins at.
        var starts: [(byte: Int, column: Int)] = []
        for at in column..<grid.width {
            guard let cell = grid.cell(row: row, column: at), !cell.isContinuation else { continue }
            starts.append((text.utf8.count, at))
            text += cell.text
        }
        while text.last == " " { text.removeLast() }
        for range in needle.ranges(in: text, limit: grid.width) {
            let columns = starts.filter { range.contains($0.byte) }.map(\.column)
            guard let first = columns.first, let last = columns.last else { continue }
            grid.restyle(Rect(row: row, column: first, width: last - first + 1, height: 1)) { _ in .match }
        }
    }

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
