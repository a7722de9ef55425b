internal import TerminalSurface

/// A table of pipes laid out in columns.
///
/// What does not fit is wrapped inside its column; where not even that leaves
/// columns wide enough to read, each row becomes a list of its cells.
struct MarkdownTable {
    static let narrowestColumn = 6

    private var header: [[Span]]
    private var alignments: [TextFit.Alignment]
    /// The rows with the places of their source lines.
    private var rows: [(source: Int, cells: [[Span]])] = []
    private let headerSource: Int

    /// The table that a line with its line of dashes begins; `nil` when they begin none.
    init?(header: String, dashes: String, source: Int) {
        guard let alignments = Self.alignments(dashes) else { return nil }
        let cells = Self.cells(header)
        guard cells.count == alignments.count else { return nil }
        self.alignments = alignments
        self.header = cells.map { MarkdownInline.spans($0, Style(.normal, .bold)) }
        headerSource = source
    }

    static func isRow(_ line: String) -> Bool { line.utf8.contains(UInt8(ascii: "|")) }

    mutating func add(_ line: String, source: Int) {
        var cells = Self.cells(line).map { MarkdownInline.spans($0) }
        // Cells beyond the header's would be lost: they go to the last one.
        if cells.count > header.count, let last = header.indices.last {
            let rest = cells[header.count...].flatMap { [Span(" | ", .dim)] + $0 }
            cells = Array(cells.prefix(header.count))
            cells[last] += rest
        }
        while cells.count < header.count { cells.append([]) }
        rows.append((source, cells))
    }

    /// The lines of the table with the places of their source lines.
    func lines(room: Int, indent: Int) -> [(source: Int, line: StyledLine)] {
        let gaps = 3 * (header.count - 1)
        guard let widths = widths(room - indent - gaps) else { return list(room: room, indent: indent) }
        var lines: [(source: Int, line: StyledLine)] = []
        let head = row(header, widths, indent)
        lines += head.map { (headerSource, $0) }
        let rule = StyledLine(
            [Span(widths.map { String(repeating: "─", count: $0) }.joined(separator: "─┼─"), .border)], indent: indent)
        lines.append((headerSource, rule))
        let laid = rows.map { (source: $0.source, lines: row($0.cells, widths, indent)) }
        // Rows of several lines run into each other without a line between them.
        let isParted = laid.contains { $0.lines.count > 1 }
        for (index, row) in laid.enumerated() {
            if isParted, index > 0 { lines.append((row.source, rule)) }
            lines += row.lines.map { (row.source, $0) }
        }
        return lines
    }

    private func row(_ cells: [[Span]], _ widths: [Int], _ indent: Int) -> [StyledLine] {
        let wrapped = cells.enumerated().map { StyledLine.wrapped($1, width: widths[$0]) }
        let height = wrapped.reduce(1) { max($0, $1.count) }
        return (0..<height).map { line in
            var spans: [Span] = []
            for column in cells.indices {
                if column > 0 { spans.append(Span(" │ ", .border)) }
                let piece = wrapped[column].indices.contains(line) ? wrapped[column][line].spans : []
                let missing = max(0, widths[column] - Self.columns(piece))
                let before =
                    switch alignments[column] {
                    case .left: 0
                    case .right: missing
                    case .center: missing / 2
                    }
                if before > 0 { spans.append(Span(String(repeating: " ", count: before))) }
                spans += piece
                if missing > before, column + 1 < cells.count {
                    spans.append(Span(String(repeating: " ", count: missing - before)))
                }
            }
            return StyledLine(spans, indent: indent)
        }
    }

    /// Each cell behind the name of its column.
    private func list(room: Int, indent: Int) -> [(source: Int, line: StyledLine)] {
        var lines: [(source: Int, line: StyledLine)] = []
        for (number, row) in rows.enumerated() {
            if number > 0 { lines.append((row.source, StyledLine([Span("─", .border)], indent: indent))) }
            for (column, cell) in row.cells.enumerated() {
                let spans = header[column] + [Span(": ", Style(.normal, .bold))] + cell
                lines += StyledLine.wrapped(spans, width: room, indent: indent, hanging: 2).map { (row.source, $0) }
            }
        }
        return lines.isEmpty
            ? [(headerSource, StyledLine(header.flatMap { $0 + [Span(" ")] }, indent: indent))] : lines
    }

    /// Columns as wide as their widest cell, the widest ones cut down until all fit.
    private func widths(_ room: Int) -> [Int]? {
        var widths = header.map { max(1, Self.columns($0)) }
        for row in rows {
            for column in widths.indices { widths[column] = max(widths[column], Self.columns(row.cells[column])) }
        }
        guard widths.reduce(0, +) > room else { return widths }
        var level = widths.max() ?? 0
        while level > Self.narrowestColumn, widths.reduce(0, { $0 + min($1, level) }) > room {
            let over = widths.reduce(0) { $0 + min($1, level) } - room
            let wide = widths.count { $0 >= level }
            level -= max(1, over / max(1, wide))
        }
        level = max(level, Self.narrowestColumn)
        let cut = widths.map { min($0, level) }
        return cut.reduce(0, +) <= room ? cut : nil
    }

    private static func columns(_ spans: [Span]) -> Int {
        spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
    }

    /// The cells of a row: what stands between pipes that are neither escaped nor in code.
    private static func cells(_ line: String) -> [String] {
        var cells: [String] = []
        var current: [UInt8] = []
        var isEscaped = false
        var isCode = false
        for byte in line.utf8 {
            if byte == UInt8(ascii: "|"), !isEscaped, !isCode {
                cells.append(trimmed(current))
                current = []
            } else {
                if byte == UInt8(ascii: "|"), isEscaped { current.removeLast() }
                if byte == UInt8(ascii: "`"), !isEscaped { isCode.toggle() }
                current.append(byte)
            }
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        let last = trimmed(current)
        if !last.isEmpty { cells.append(last) }
        if cells.first?.isEmpty == true, line.utf8.first(where: { $0 != 32 }) == UInt8(ascii: "|") {
            cells.removeFirst()
        }
        return cells
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        let head = bytes.drop { $0 == 32 }
        let end = head.lastIndex { $0 != 32 }.map { $0 + 1 } ?? head.startIndex
        return String(decoding: head[..<max(head.startIndex, end)], as: UTF8.self)
    }

    private static func alignments(_ dashes: String) -> [TextFit.Alignment]? {
        guard dashes.utf8.contains(UInt8(ascii: "|")), dashes.utf8.contains(UInt8(ascii: "-")),
            dashes.utf8.allSatisfy({ "|-: ".utf8.contains($0) })
        else { return nil }
        let cells = cells(dashes)
        guard !cells.isEmpty, cells.allSatisfy({ $0.contains("-") }) else { return nil }
        return cells.map { cell in
            let left = cell.hasPrefix(":")
            return cell.hasSuffix(":") ? (left ? .center : .right) : .left
        }
    }
}
