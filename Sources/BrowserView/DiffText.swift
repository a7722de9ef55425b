import BrowserModel
import JSONText
import StoredRecords
import TerminalSurface

/// The text of one row of a comparison.
enum DiffText {
    static func line(_ row: DiffRow, _ screen: DiffScreen, width: Int) -> StyledLine {
        // Deep rows keep room for what they say.
        let indent = DiffRow.indent(depth: row.depth, width: width)
        let room = max(4, width - indent)
        let fold = row.canFold ? (row.isUnfolded ? "▾ " : "▸ ") : "  "
        switch row.content {
        case .document(let name, let note):
            let style: Style = row.change == .inside || row.change == .same ? .heading : style(row.change)
            let title = TextFit.truncated(name, to: max(8, room - 2))
            let sizes = screen.section(of: row).flatMap { documentSizes($0, row) } ?? ""
            let facts = [sizes, note].filter { !$0.isEmpty }.joined(separator: ", ")
            return StyledLine([Span(fold, .dim), Span(title, style), Span(facts.isEmpty ? "" : "  " + facts, .dim)])
        case .note(let text):
            return StyledLine([Span("  "), Span(Sanitizer.visible(text), style(row.change))], indent: indent)
        case .whole(let text):
            // Wrapped and in visible form already.
            let style: Style = row.change == .inside ? .dim : row.change == .same ? .normal : style(row.change)
            return StyledLine([Span("  "), Span(text, style)], indent: indent)
        case .sameChildren(_, let range):
            return StyledLine(
                [Span(fold, .dim), Span("… \(Words.grouped(range.count)) unchanged", .dim)], indent: indent)
        case .sameLines(_, _, let count):
            return StyledLine(
                [Span(fold, .dim), Span("… \(Words.count(count, "unchanged lines"))", .dim)], indent: indent)
        case .line(let left, let right, let twin):
            return StyledLine(text(left, right, twin, row, screen, width: room), indent: indent)
        case .value(let left, let right, let note):
            var spans = [Span(fold, .dim)]
            spans += name(left, right, row, screen, room)
            let used = spans.reduce(0) { $0 + CharacterWidth.columns(of: $1.text) }
            spans += values(left, right, row, screen, room: max(4, room - used))
            if !note.isEmpty { spans.append(Span("  \(note)", .warning)) }
            return StyledLine(spans, indent: indent)
        }
    }

    static func style(_ change: DiffRow.Change) -> Style {
        switch change {
        case .added: .added
        case .removed: .removed
        case .changed: .warning
        case .same: .dim
        case .inside: .normal
        }
    }

    // MARK: Values

    private static func name(
        _ left: JSONOutlineNode?, _ right: JSONOutlineNode?, _ row: DiffRow, _ screen: DiffScreen, _ room: Int
    ) -> [Span] {
        guard let node = right ?? left else { return [] }
        let keyStyle: Style =
            switch row.change {
            case .inside: .jsonKey
            case .same: .dim
            default: style(row.change)
            }
        if let key = screen.key(node, of: row, isLeft: right == nil) {
            return [Span(TextFit.truncated(key, to: max(8, room / 2)), keyStyle), Span(": ", .dim)]
        }
        guard row.depth > 1 else { return [] }
        var place = Words.grouped(node.ordinal)
        // An element that has moved stands at other places on the two sides.
        if let left, let right, left.ordinal != right.ordinal { place = "\(Words.grouped(left.ordinal)) → \(place)" }
        return [Span("\(place): ", .dim)]
    }

    private static func values(
        _ left: JSONOutlineNode?, _ right: JSONOutlineNode?, _ row: DiffRow, _ screen: DiffScreen, room: Int
    ) -> [Span] {
        if row.change == .changed, let left, let right {
            let (mine, theirs) = (
                value(left, row, screen, isLeft: true), value(right, row, screen, isLeft: false)
            )
            // Where not all of both can be seen, at least their sizes are.
            let isCut = CharacterWidth.columns(of: mine) + CharacterWidth.columns(of: theirs) > room - 3
            let sizes = isCut && !left.kind.isContainer && !right.kind.isContainer ? sizes(left, right) : ""
            let shown = sizes.isEmpty || room < 40 + sizes.count ? "" : "  " + sizes
            let (before, after) = changed(mine, theirs, room: room - 3 - shown.count)
            return [Span(before, .removed), Span(" → ", .dim), Span(after, .added), Span(shown, .dim)]
        }
        guard let node = right ?? left else { return [] }
        if row.change == .inside { return [Span(shape(left, right), .dim)] }
        let text =
            node.kind.isContainer && row.isUnfolded ? shape(node) : value(node, row, screen, isLeft: right == nil)
        return [Span(TextFit.truncated(text, to: room), row.change == .same ? .dim : style(row.change))]
    }

    /// Two values beside each other; long ones are shown from a little before where they differ.
    private static func changed(_ left: String, _ right: String, room: Int) -> (String, String) {
        let widths = (CharacterWidth.columns(of: left), CharacterWidth.columns(of: right))
        if widths.0 + widths.1 <= room { return (left, right) }
        let half = max(2, room / 2)
        // What the shorter one leaves is for the longer one.
        let rooms =
            widths.0 <= half
            ? (widths.0, max(2, room - widths.0))
            : widths.1 <= half ? (max(2, room - widths.1), widths.1) : (half, half)
        let common = zip(left, right).prefix { $0 == $1 }.count
        func cut(_ text: String, _ width: Int, _ to: Int) -> String {
            guard width > to else { return text }
            let skipped = max(0, common - to / 3)
            guard skipped > 1 else { return TextFit.truncated(text, to: to) }
            return TextFit.truncated("…" + text.dropFirst(skipped), to: to)
        }
        return (cut(left, widths.0, rooms.0), cut(right, widths.1, rooms.1))
    }

    private static func value(_ node: JSONOutlineNode, _ row: DiffRow, _ screen: DiffScreen, isLeft: Bool) -> String {
        if node.kind.isContainer, (node.byteCount ?? .max) > 200 { return shape(node) }
        let spelling = screen.spelling(node, of: row, isLeft: isLeft, limit: 2000)
        let text =
            node.kind.isContainer
            ? JSONReading.oneLine(spelling.text, room: 400) : JSONReading.readable(spelling.text)
        return Sanitizer.visible(text + (spelling.isWhole ? "" : "…"))
    }

    /// What a container holds on both sides.
    private static func shape(_ left: JSONOutlineNode?, _ right: JSONOutlineNode?) -> String {
        guard let left, let right, left.kind == right.kind else { return (right ?? left).map { shape($0) } ?? "" }
        let counts = both(Words.grouped(left.childCount ?? 0), Words.grouped(right.childCount ?? 0))
        return (left.kind == .object ? "{\(counts)}" : "[\(counts)]") + "  " + sizes(left, right)
    }

    private static func sizes(_ left: JSONOutlineNode, _ right: JSONOutlineNode) -> String {
        guard let mine = left.byteCount, let theirs = right.byteCount else { return "" }
        return sizes(mine, theirs)
    }

    /// `1.2 KB → 1.4 KB`; where both are said alike but are not, the bytes they differ by.
    private static func sizes(_ left: Int, _ right: Int) -> String {
        let (mine, theirs) = (Words.size(Int64(left)), Words.size(Int64(right)))
        guard mine == theirs, left != right else { return both(mine, theirs) }
        return "\(theirs) (\(right > left ? "+" : "-")\(Words.size(Int64(abs(right - left)))))"
    }

    private static func both(_ left: String, _ right: String) -> String {
        left == right ? right : "\(left) → \(right)"
    }

    private static func documentSizes(_ section: Comparison.Section, _ row: DiffRow) -> String? {
        // Of JSON the row below says it.
        guard let left = section.left, let right = section.right,
            !row.isUnfolded || left.document.format != .json
        else { return nil }
        return sizes(left.document.bytes.count, right.document.bytes.count)
    }

    private static func shape(_ node: JSONOutlineNode) -> String {
        let count = Words.grouped(node.childCount ?? 0)
        let size = node.byteCount.map { "  " + Words.size(Int64($0)) } ?? ""
        switch node.kind {
        case .object: return "{\(count)}\(size)"
        case .array: return "[\(count)]\(size)"
        default: return size
        }
    }

    // MARK: Lines

    private static func text(
        _ left: DiffRow.Line?, _ right: DiffRow.Line?, _ twin: Range<Int>?, _ row: DiffRow, _ screen: DiffScreen,
        width: Int
    ) -> [Span] {
        guard let line = right ?? left else { return [] }
        let number = TextFit.padded(Words.grouped(line.number + 1), to: 5, alignment: .right) + "  "
        let limit = width * 4
        let isLeft = right == nil
        let whole = line.range
        let bytes = screen.bytes(whole.prefix(limit), of: row, isLeft: isLeft)
        let style = style(row.change)
        let room = max(1, width - number.count)
        guard let twin else {
            let shown = Sanitizer.visible(bytes: bytes)
            return [
                Span(number, .dim), Span(TextFit.truncated(shown, to: room), row.change == .same ? .normal : style),
            ]
        }
        // What is the same in both lines is dim, so that the difference is seen.
        let other = screen.bytes(twin.prefix(limit), of: row, isLeft: !isLeft)
        let start = common(bytes, other)
        let end = min(bytes.count, other.count) - start > 0 ? commonEnd(bytes, other, behind: start) : 0
        let parts = [
            (bytes[..<start], style), (bytes[start..<(bytes.count - end)], style.with([.bold, .reverse])),
            (bytes[(bytes.count - end)...], style),
        ]
        var spans = [Span(number, .dim)]
        var left = room
        for (part, style) in parts where !part.isEmpty && left > 0 {
            let text = TextFit.truncated(Sanitizer.visible(bytes: Array(part)), to: left)
            left -= CharacterWidth.columns(of: text)
            spans.append(Span(text, style))
        }
        return spans
    }

    /// Bytes two lines begin with, whole characters only.
    private static func common(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var count = zip(left, right).prefix { $0 == $1 }.count
        while count > 0, count < left.count, left[count] & 0xC0 == 0x80 { count -= 1 }
        return count
    }

    private static func commonEnd(_ left: [UInt8], _ right: [UInt8], behind start: Int) -> Int {
        let most = min(left.count, right.count) - start
        var count = 0
        while count < most, left[left.count - 1 - count] == right[right.count - 1 - count] { count += 1 }
        while count > 0, left[left.count - count] & 0xC0 == 0x80 { count -= 1 }
        return count
    }
}
