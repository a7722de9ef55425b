import BrowserModel
import BrowserView
import Glibc
import TerminalSurface
import Testing

/// Compares screens with the text files beside this one.
enum Snapshot {
    private static let directory: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast().joined(separator: "/") + "/Snapshots"
    }()

    /// Fails when the screen is not the recorded one, and when none was recorded yet.
    static func expect(_ state: BrowserState, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let grid = BrowserView.grid(state)
        let text = describe(grid)
        let path = "\(directory)/\(name)-\(grid.width)x\(grid.height).txt"
        let recorded = read(path)
        if recorded == text { return }
        if recorded == nil || getenv("RECORD_SNAPSHOTS") != nil {
            write(text, to: path)
            Issue.record("recorded \(name) at \(grid.width)x\(grid.height); look at it", sourceLocation: sourceLocation)
        } else {
            Issue.record(
                "\(name) at \(grid.width)x\(grid.height) is\n\(text)\nbut was\n\(recorded ?? "")",
                sourceLocation: sourceLocation)
        }
    }

    /// The text of the screen between bars, and below it where which styles are.
    private static func describe(_ grid: CellGrid) -> String {
        var lines: [String] = []
        for row in 0..<grid.height { lines.append("|" + grid.text(row: row) + "|") }
        lines.append("cursor: \(grid.cursor.map { "\($0.row) \($0.column)" } ?? "hidden")")
        for row in 0..<grid.height {
            let runs = styles(grid, row)
            if !runs.isEmpty { lines.append("\(row): \(runs.joined(separator: ", "))") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func styles(_ grid: CellGrid, _ row: Int) -> [String] {
        var runs: [String] = []
        var start = 0
        while start < grid.width {
            let style = grid.cell(row: row, column: start)?.style ?? .normal
            var end = start + 1
            while end < grid.width, grid.cell(row: row, column: end)?.style == style { end += 1 }
            if style != .normal { runs.append("\(start)-\(end - 1) \(name(style))") }
            start = end
        }
        return runs
    }

    private static func name(_ style: Style) -> String {
        var name = "\(style.role)"
        for (attribute, letter) in [
            (TextAttributes.bold, "+bold"), (.dim, "+dim"), (.italic, "+italic"), (.underline, "+underline"),
            (.reverse, "+reverse"),
        ] where style.attributes.contains(attribute) {
            name += letter
        }
        return name
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer.prefix(count) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func write(_ text: String, to path: String) {
        guard let file = fopen(path, "w") else { return }
        defer { fclose(file) }
        let bytes = Array(text.utf8)
        fwrite(bytes, 1, bytes.count, file)
    }
}
