import BrowserModel
import JSONText
import TerminalSurface

/// A JSON document as a folding tree.
enum TreeView {
    static func draw(_ tree: TreePane, _ find: String, _ rect: Rect, into grid: inout CellGrid) {
        for (index, row) in tree.rows(height: rect.height).enumerated() {
            let at = rect.row + index
            let line = line(row, tree, width: rect.width - 2)
            grid.put(line, row: at, column: 2, maxWidth: rect.width - 2)
            if !find.isEmpty { Highlight.draw(sought: find, row: at, from: 2, into: &grid) }
            if row.node.start == tree.cursor.start {
                grid.select(row: at, in: Rect(row: at, column: 0, width: rect.width, height: 1))
                grid.cursor = GridPosition(row: at, column: 0)
            }
        }
    }

    private static func line(_ row: JSONOutlineRow, _ tree: TreePane, width: Int) -> StyledLine {
        let node = row.node
        // Deep rows keep room for their value.
        let indent = min(row.depth * 2, max(0, width - 24))
        var spans: [Span] = []
        if node.kind.isContainer, node.childCount != 0 {
            spans.append(Span(row.isUnfolded ? "▾ " : "▸ ", .dim))
        } else {
            spans.append(Span("  "))
        }
        if let key = tree.key(of: node) {
            spans.append(Span(TextFit.truncated(key, to: max(8, width / 2)), .jsonKey))
            spans.append(Span(": ", .dim))
        } else if row.depth > 0 {
            spans.append(Span("\(Words.grouped(node.ordinal)): ", .dim))
        }
        let used = indent + spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
        let room = max(4, width - used)
        spans += inlined(row, tree, room: room) ?? value(node, tree, room: room)
        return StyledLine(spans, indent: indent)
    }

    /// Containers of at most so many bytes are shown with their content while they are folded.
    private static let inlinedBytes = 200

    /// A short folded container on one line; `nil` for any other row.
    private static func inlined(_ row: JSONOutlineRow, _ tree: TreePane, room: Int) -> [Span]? {
        let node = row.node
        guard node.kind.isContainer, !row.isUnfolded, node.childCount != 0, let bytes = node.byteCount,
            bytes <= inlinedBytes
        else { return nil }
        let spelling = tree.spelling(of: node, limit: inlinedBytes)
        guard spelling.isWhole else { return nil }
        return [Span(JSONReading.oneLine(spelling.text, room: room), .dim)]
    }

    private static func value(_ node: JSONOutlineNode, _ tree: TreePane, room: Int) -> [Span] {
        switch node.kind {
        case .object, .array:
            let count = node.childCount.map { Words.grouped($0) + (node.isComplete ? "" : "+") } ?? "…"
            let marks = node.kind == .object ? ("{", "}") : ("[", "]")
            let size = node.byteCount.map { "  \(Words.size(Int64($0)))" } ?? ""
            return [Span(marks.0 + count + marks.1), Span(size, .dim)]
        case .string:
            let spelling = tree.spelling(of: node, limit: min(2000, room * 6))
            let text = JSONReading.readable(spelling.text) + (spelling.isWhole ? "" : "…")
            return [Span(TextFit.truncated(text, to: room), .jsonString)]
        case .number:
            return [Span(TextFit.truncated(tree.spelling(of: node, limit: 4000).text, to: room), .jsonNumber)]
        case .bool, .null:
            return [Span(tree.spelling(of: node, limit: 16).text, .jsonLiteral)]
        }
    }
}

/// JSON strings as people read them.
enum JSONReading {
    /// The spelling of a string with `\u` escapes of visible characters resolved; all other escapes stay.
    static func readable(_ spelling: String) -> String {
        guard spelling.contains("\\u") else { return spelling }
        var result = String.UnicodeScalarView()
        let scalars = Array(spelling.unicodeScalars)
        var at = 0
        while at < scalars.count {
            guard scalars[at] == "\\", at + 1 < scalars.count else {
                result.append(scalars[at])
                at += 1
                continue
            }
            if scalars[at + 1] == "u", let (scalar, length) = escaped(scalars, at) {
                result.append(scalar)
                at += length
            } else {
                result.append(scalars[at])
                result.append(scalars[at + 1])
                at += 2
            }
        }
        return String(result)
    }

    /// A container's JSON on one line of at most `room` columns: the longest
    /// strings are shortened first, so that of a checksum and a path the path stays.
    static func oneLine(_ spelling: String, room: Int) -> String {
        var parts: [(text: String, isString: Bool)] = []
        var plain = ""
        var string: String?
        var isEscaped = false
        // By scalars: a quote and a combining mark behind it would be one character.
        for scalar in spelling.unicodeScalars {
            if let open = string {
                if !isEscaped, scalar == "\"" {
                    parts.append((readable(open), true))
                    string = nil
                } else {
                    string?.unicodeScalars.append(scalar)
                }
                isEscaped = !isEscaped && scalar == "\\"
                continue
            }
            switch scalar {
            case "\"":
                parts.append((plain, false))
                plain = ""
                string = ""
            case " ", "\n", "\r", "\t": break
            case ",", ":": plain += "\(scalar) "
            default: plain.unicodeScalars.append(scalar)
            }
        }
        parts.append((plain + (string ?? ""), false))
        func joined(_ longest: Int) -> String {
            parts.map { $0.isString ? "\"\(TextFit.truncated($0.text, to: longest))\"" : $0.text }.joined()
        }
        // The most columns of a string at which all fits: found by halves, as each try costs the whole line.
        var least = 5
        var most = max(least, parts.reduce(0) { $1.isString ? max($0, CharacterWidth.columns(of: $1.text)) : $0 })
        while least < most {
            let middle = (least + most + 1) / 2
            if CharacterWidth.columns(of: joined(middle)) <= room { least = middle } else { most = middle - 1 }
        }
        return TextFit.truncated(joined(least), to: room)
    }

    /// The visible character an escape stands for, and the scalars it takes.
    private static func escaped(_ scalars: [Unicode.Scalar], _ at: Int) -> (Unicode.Scalar, Int)? {
        guard let first = unit(scalars, at) else { return nil }
        if let scalar = Unicode.Scalar(first) { return first >= 0xA0 ? (scalar, 6) : nil }
        guard (0xD800..<0xDC00).contains(first), let second = unit(scalars, at + 6), (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
        else { return nil }
        return (scalar, 12)
    }

    private static func unit(_ scalars: [Unicode.Scalar], _ at: Int) -> UInt32? {
        guard at + 6 <= scalars.count, scalars[at] == "\\", scalars[at + 1] == "u" else { return nil }
        var digits = String.UnicodeScalarView()
        digits.append(contentsOf: scalars[at + 2..<at + 6])
        return UInt32(String(digits), radix: 16)
    }
}
