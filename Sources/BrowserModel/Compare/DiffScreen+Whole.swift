internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// Showing a long value or line whole, both sides below its row.
extension DiffScreen {
    /// Bytes of a side that are shown.
    static let mostShown = 65_536
    /// Strings up to so many bytes are shown as what they mean, longer ones as they are spelled.
    private static let mostDecoded = 1 << 20

    /// What the row in focus is about: the row that a line of text below it belongs to, else itself.
    public var subject: DiffRow? {
        subjectIndex.map { rows[$0] }
    }

    private var subjectIndex: Int? {
        guard rows.indices.contains(cursor) else { return nil }
        return rows[...cursor].lastIndex { if case .whole = $0.content { false } else { true } }
    }

    /// Whether the row in focus has a value or line that can be shown whole.
    public var canShowWhole: Bool {
        guard let subject else { return false }
        return !sides(of: subject).isEmpty
    }

    /// Shows the row in focus whole, or its beginning again.
    ///
    /// - Parameter columns: of the screen, signs included.
    mutating func toggleWhole(columns: Int, height: Int) {
        guard let at = subjectIndex else { return }
        let subject = rows[at]
        if whole.contains(subject.id) {
            hideWhole(at)
        } else {
            let added = wholeRows(of: subject, columns: columns)
            guard !added.isEmpty else { return }
            whole.insert(subject.id)
            rows.insert(contentsOf: added, at: at + 1)
            cursor = at
            // As much of it as there is room for comes onto the screen, its beginning first.
            if at + added.count >= top + height { top = min(at, at + added.count - height + 1) }
        }
        scroll(height: height)
    }

    private mutating func hideWhole(_ at: Int) {
        whole.remove(rows[at].id)
        let count = rows[(at + 1)...].prefix { if case .whole = $0.content { true } else { false } }.count
        rows.removeSubrange((at + 1)..<(at + 1 + count))
        cursor = at
    }

    /// Wraps what is shown whole for another width.
    mutating func rewrap(columns: Int, height: Int) {
        guard !whole.isEmpty else { return scroll(height: height) }
        let focus = subject?.id
        let line = cursor - top
        dropWhole()
        var wrapped: [DiffRow] = []
        wrapped.reserveCapacity(rows.count)
        for row in rows {
            wrapped.append(row)
            if whole.contains(row.id) { wrapped += wholeRows(of: row, columns: columns) }
        }
        rows = wrapped
        cursor = rows.firstIndex { $0.id == focus } ?? cursor
        top = cursor - line
        scroll(height: height)
    }

    private mutating func wholeRows(of row: DiffRow, columns: Int) -> [DiffRow] {
        let width = DiffRow.textColumns(depth: row.depth + 1, columns: columns)
        var added: [DiffRow] = []
        for side in sides(of: row) {
            let change: DiffRow.Change = row.change == .same ? .same : side.isLeft ? .removed : .added
            let text = text(of: side.part, row, isLeft: side.isLeft)
            added += TextFit.wrapped(text.shown, to: width).map { make(.whole($0), change, row) }
            if let left = text.left {
                let note = "the first \(Words.size(Int64(Self.mostShown))) of \(Words.size(Int64(left))); y copies all"
                added.append(make(.whole(note), .inside, row))
            }
        }
        return added
    }

    private enum Part {
        case value(JSONOutlineNode)
        case bytes(Range<Int>)
    }

    /// The sides of a row that have something to be shown; what is the same on both is shown once.
    private func sides(of row: DiffRow) -> [(isLeft: Bool, part: Part)] {
        var sides: [(isLeft: Bool, part: Part)] = []
        switch row.content {
        case .value(let left, let right, _):
            guard row.change != .inside else { return [] }
            if let left, row.change != .same || right == nil { sides.append((true, .value(left))) }
            if let right { sides.append((false, .value(right))) }
            return sides.filter { if case .value(let node) = $0.part { !node.kind.isContainer } else { true } }
        case .line(let left, let right, let twin):
            if let left, row.change != .same || right == nil { sides.append((true, .bytes(left.range))) }
            if let right {
                if left == nil, let twin { sides.append((true, .bytes(twin))) }
                sides.append((false, .bytes(right.range)))
            } else if let twin {
                sides.append((false, .bytes(twin)))
            }
            return sides
        case .document, .sameChildren, .sameLines, .whole, .note: return []
        }
    }

    /// The text of a side, and how many bytes it has where not all of them are shown.
    private func text(of part: Part, _ row: DiffRow, isLeft: Bool) -> (shown: String, left: Int?) {
        switch part {
        case .bytes(let range):
            let shown = Sanitizer.visible(bytes: bytes(range.prefix(Self.mostShown), of: row, isLeft: isLeft))
            return (shown, range.count > Self.mostShown ? range.count : nil)
        case .value(let node):
            let count = node.byteCount ?? .max
            if node.kind == .string, count <= Self.mostDecoded, let text = string(node, row, isLeft: isLeft) {
                let left = text.utf8.count > Self.mostShown ? text.utf8.count : nil
                return (left == nil ? text : ToolFacts.prefix(text, Self.mostShown), left)
            }
            let spelling = spelling(node, of: row, isLeft: isLeft, limit: Self.mostShown)
            return (spelling.text, spelling.isWhole ? nil : count)
        }
    }

    /// What a string means.
    func string(_ node: JSONOutlineNode, _ row: DiffRow, isLeft: Bool) -> String? {
        guard node.kind == .string, let end = node.end, let outline = outline(of: row, isLeft: isLeft) else {
            return nil
        }
        let bytes = outline.region.withBytes { Array($0[node.start..<end]) }
        return (try? JSONValue.parse(bytes))?.stringValue
    }
}

extension DiffRow {
    /// Columns before what a row says, its sign left out: deep rows keep room for what they say.
    public static func indent(depth: Int, width: Int) -> Int { min(max(0, depth - 1) * 2, max(0, width - 24)) }

    /// Columns of a line of text at a depth, on a screen of so many.
    static func textColumns(depth: Int, columns: Int) -> Int {
        let width = columns - 4
        return max(4, width - indent(depth: depth, width: width) - 2)
    }
}
