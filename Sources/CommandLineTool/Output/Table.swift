internal import TerminalSurface

/// Rows of columns for people: aligned to the width of a terminal, otherwise
/// one line a row with a tab between the columns and nothing cut.
///
/// All text is made visible first, so a stored tab or line break never parts
/// a column or a row.
struct Table {
    struct Column {
        var title: String
        var isNumber = false
        /// Whether it gives way first when the terminal is narrow.
        var isFlexible = false
        /// Whether it gives way before the other flexible ones: a remark that few rows have.
        var isRemark = false
        /// Whether it goes altogether before others become unreadable.
        var isOptional = false
        /// Whether its ends tell values apart, as those of ids do.
        var keepsEnds = false
    }

    let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    mutating func add(_ row: [String]) {
        rows.append(row.map { Sanitizer.visible($0, tabWidth: 1) })
    }

    var isEmpty: Bool { rows.isEmpty }

    /// - Parameter width: columns of the terminal; `nil` for tab-separated lines without a heading.
    func lines(width: Int?) -> [String] {
        guard let width else { return rows.map { $0.joined(separator: "\t") } }
        let widths = widths(fitting: width)
        return ([columns.map(\.title)] + rows).map { row in
            var line = ""
            for (index, cell) in row.enumerated() where widths[index] > 0 {
                if !line.isEmpty { line += "  " }
                let fitted = columns[index].keepsEnds ? TextFit.truncatedMiddle(cell, to: widths[index]) : cell
                line += TextFit.padded(
                    fitted, to: widths[index], alignment: columns[index].isNumber ? .right : .left)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// The natural width of every column, less what flexible ones have to give.
    private func widths(fitting width: Int) -> [Int] {
        var widths = columns.indices.map { index in
            let cells = rows.map { CharacterWidth.columns(of: $0[index]) }.max() ?? 0
            return cells == 0 ? 0 : max(cells, columns[index].title.count)
        }
        /// By how much the row is too wide.
        func excess() -> Int { widths.reduce(0, +) + max(0, widths.count { $0 > 0 } - 1) * 2 - width }
        func shrink(to least: Int, where mayShrink: (Column) -> Bool = { _ in true }) {
            while excess() > 0 {
                let flexible = columns.indices.filter {
                    columns[$0].isFlexible && widths[$0] > least && mayShrink(columns[$0])
                }
                guard let widest = flexible.max(by: { widths[$0] < widths[$1] }) else { return }
                widths[widest] -= 1
            }
        }
        shrink(to: 12) { $0.isRemark }
        shrink(to: 8) { !$0.keepsEnds }
        // An id is of use only when it is whole: what can go makes room for it first.
        for index in columns.indices where columns[index].isOptional && excess() > 0 { widths[index] = 0 }
        shrink(to: 8)
        shrink(to: 4)
        return widths
    }
}
