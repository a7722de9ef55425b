public import JSONText
public import StoredRecords

/// The differences between two records, or two values of them.
public struct DiffScreen: Sendable, Equatable {
    /// What is compared.
    public enum Pair: Sendable, Equatable {
        case records(RecordID, RecordID)
        case documents(RecordDocument, RecordDocument)
    }

    public let id: ScreenID
    public let pair: Pair
    public internal(set) var comparison: Comparison?
    /// The rows that are shown.
    public internal(set) var rows: [DiffRow] = []
    /// The rows that are shown whole.
    var whole: Set<Int> = []
    public internal(set) var cursor = 0
    public internal(set) var top = 0
    public internal(set) var error: StorageError?
    /// The rows of folded ones, by the row they belong to.
    private var hidden: [Int: [DiffRow]] = [:]
    var loading: RequestID?

    /// Rows that a folded stretch adds at once.
    private static let mostUnfolded = 500

    init(id: ScreenID, pair: Pair) {
        self.id = id
        self.pair = pair
    }

    /// What the last breadcrumb says.
    public var title: String { "differences" }

    public var isLoading: Bool { loading != nil }
    public var row: DiffRow? { rows.indices.contains(cursor) ? rows[cursor] : nil }

    /// What the two sides are called.
    public var names: (left: String, right: String) {
        switch pair {
        case .documents(let left, let right): return (left.name, right.name)
        case .records(let left, let right):
            if left.source != right.source {
                return ("\(left.source)/\(left.key)", "\(right.source)/\(right.key)")
            }
            return (left.key, right.key)
        }
    }

    mutating func show(_ comparison: Comparison, height: Int) {
        self.comparison = comparison
        rows = comparison.rows
        hidden = [:]
        whole = []
        error = nil
        cursor = rows.firstIndex { $0.number != nil } ?? 0
        top = Landing.top(for: cursor, from: 0, height: height)
        scroll(height: height)
    }

    // MARK: What a row shows

    public func section(of row: DiffRow) -> Comparison.Section? {
        guard let sections = comparison?.sections, sections.indices.contains(row.section) else { return nil }
        return sections[row.section]
    }

    func outline(of row: DiffRow, isLeft: Bool) -> JSONOutline? {
        let section = section(of: row)
        return (isLeft ? section?.left : section?.right)?.report?.outline
    }

    /// The beginning of a value's JSON on one side.
    public func spelling(_ node: JSONOutlineNode, of row: DiffRow, isLeft: Bool, limit: Int) -> (
        text: String, isWhole: Bool
    ) {
        outline(of: row, isLeft: isLeft)?.spelling(of: node, limit: limit) ?? ("", true)
    }

    public func key(_ node: JSONOutlineNode, of row: DiffRow, isLeft: Bool) -> String? {
        outline(of: row, isLeft: isLeft)?.key(of: node)
    }

    /// The bytes of a line, or of its twin on the other side.
    public func bytes(_ range: Range<Int>, of row: DiffRow, isLeft: Bool) -> [UInt8] {
        let section = section(of: row)
        return (isLeft ? section?.left : section?.right)?.document.bytes.slice(range) ?? []
    }

    /// Where the row in focus stands: the path of its value, or the numbers of its line.
    public var place: String {
        guard let row = subject else { return "" }
        let name = comparison.map { $0.sections.count > 1 } == true ? (section(of: row)?.name ?? "") + " " : ""
        switch row.content {
        case .document(let name, _): return name
        case .value(let left, let right, _):
            let path =
                right.flatMap { node in outline(of: row, isLeft: false)?.path(of: node) }
                ?? left.flatMap { node in outline(of: row, isLeft: true)?.path(of: node) }
            return name + (path?.description ?? "")
        case .sameChildren(let node, _):
            return name + (outline(of: row, isLeft: false)?.path(of: node).description ?? "")
        case .line(let left, let right, _):
            return name
                + [left.map { "-\($0.number + 1)" }, right.map { "+\($0.number + 1)" }].compactMap(\.self)
                .joined(separator: " ")
        case .sameLines, .note, .whole: return name
        }
    }

    // MARK: Moving

    mutating func move(by count: Int, height: Int) {
        cursor = max(0, min(cursor + max(-rows.count, min(count, rows.count)), rows.count - 1))
        scroll(height: height)
    }

    mutating func scroll(height: Int) {
        cursor = max(0, min(cursor, rows.count - 1))
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        top = max(0, min(top, rows.count - height))
    }

    /// Goes to the next difference, into what is folded too; `false` when there is none that way.
    mutating func moveToDifference(forward: Bool, height: Int) -> Bool {
        var at = cursor
        // What is folded in the row in focus lies behind it.
        if forward, rows.indices.contains(at), hidesDifference(rows[at]) { unfold(at) }
        while true {
            at += forward ? 1 : -1
            guard rows.indices.contains(at) else { return false }
            if hidesDifference(rows[at]) {
                let count = hidden[rows[at].id]?.count ?? 0
                unfold(at)
                // Going back, the rows that appeared are passed from their end.
                if !forward { at += count + 1 }
                continue
            }
            if rows[at].number != nil { break }
        }
        cursor = at
        top = Landing.top(for: at, from: top, height: height)
        scroll(height: height)
        return true
    }

    private func hidesDifference(_ row: DiffRow) -> Bool {
        hidden[row.id]?.contains { $0.number != nil || hidden[$0.id] != nil } ?? false
    }

    mutating func moveTo(difference number: Int, height: Int) {
        unfoldAll(height: height)
        cursor = rows.firstIndex { $0.number == number } ?? cursor
        top = Landing.top(for: cursor, from: top, height: height)
        scroll(height: height)
    }

    // MARK: Folding

    mutating func toggleFold(height: Int) {
        guard let row, row.canFold else { return }
        if row.isUnfolded { fold(cursor) } else { unfold(cursor) }
        scroll(height: height)
    }

    mutating func fold(height: Int) {
        guard let row else { return }
        if row.canFold, row.isUnfolded {
            fold(cursor)
        } else if let parent = rows[..<cursor].lastIndex(where: { $0.depth < row.depth }) {
            cursor = parent
        }
        scroll(height: height)
    }

    mutating func unfold(height: Int) {
        guard let row, row.canFold else { return }
        if row.isUnfolded { cursor += 1 } else { unfold(cursor) }
        scroll(height: height)
    }

    /// Folds the documents, so that each is a row.
    mutating func foldAll(height: Int) {
        let focus = row?.section
        var at = rows.count - 1
        while at >= 0 {
            if rows[at].canFold, rows[at].isUnfolded, rows[at].depth <= 1 { fold(at) }
            at -= 1
        }
        cursor = rows.firstIndex { $0.section == focus } ?? 0
        scroll(height: height)
    }

    /// Unfolds everything in which something differs.
    mutating func unfoldAll(height: Int) {
        let focus = row?.id
        var at = 0
        while at < rows.count {
            if hidden[rows[at].id] != nil, !rows[at].isUnfolded { unfold(at) }
            at += 1
        }
        cursor = rows.firstIndex { $0.id == focus } ?? cursor
        scroll(height: height)
    }

    private mutating func fold(_ at: Int) {
        let depth = rows[at].depth
        let end = rows[(at + 1)...].firstIndex { $0.depth <= depth } ?? rows.count
        hidden[rows[at].id] = Array(rows[(at + 1)..<end])
        rows.removeSubrange((at + 1)..<end)
        rows[at].isUnfolded = false
        if cursor > at { cursor = max(at, cursor - (end - at - 1)) }
    }

    private mutating func unfold(_ at: Int) {
        let row = rows[at]
        let added = hidden.removeValue(forKey: row.id) ?? inner(row)
        guard !added.isEmpty else { return }
        rows[at].isUnfolded = true
        rows.insert(contentsOf: added, at: at + 1)
        if cursor > at { cursor += added.count }
    }

    /// What is in a row that was folded from the beginning.
    private mutating func inner(_ row: DiffRow) -> [DiffRow] {
        switch row.content {
        case .value(let left, let right, _):
            guard row.change != .inside, let node = right ?? left else { return [] }
            let isLeft = right == nil
            return children(of: node, 0..<(node.childCount ?? 0), row, isLeft: isLeft, change: row.change)
        case .sameChildren(let node, let range): return children(of: node, range, row, isLeft: false, change: .same)
        case .sameLines(let left, let right, let count):
            guard let section = section(of: row), let mine = section.left?.document.bytes,
                let theirs = section.right?.document.bytes
            else { return [] }
            var (atLeft, atRight) = (left.range.lowerBound, right.range.lowerBound)
            var added: [DiffRow] = []
            for step in 0..<min(count, Self.mostUnfolded) {
                let a = Self.line(in: mine, from: atLeft)
                let b = Self.line(in: theirs, from: atRight)
                added.append(
                    make(
                        .line(
                            left: DiffRow.Line(number: left.number + step, range: a.range),
                            right: DiffRow.Line(number: right.number + step, range: b.range), twin: nil), .same, row))
                (atLeft, atRight) = (a.next, b.next)
            }
            return added + more(count, row)
        case .document, .line, .note, .whole: return []
        }
    }

    /// The line at an offset, without its end mark, and where the next one begins.
    private static func line(in bytes: StoredBytes, from start: Int) -> (range: Range<Int>, next: Int) {
        bytes.withBytes { buffer in
            let next = ByteSearch.first(10, in: buffer, from: start) ?? buffer.count
            let end = next > start && buffer[next - 1] == 13 ? next - 1 : next
            return (min(start, end)..<end, next + 1)
        }
    }

    private mutating func children(
        of node: JSONOutlineNode, _ range: Range<Int>, _ row: DiffRow, isLeft: Bool, change: DiffRow.Change
    ) -> [DiffRow] {
        guard let outline = outline(of: row, isLeft: isLeft) else { return [] }
        let shown = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.mostUnfolded)
        let nodes = outline.children(of: node, in: shown)
        return nodes.map {
            make(.value(left: isLeft ? $0 : nil, right: isLeft ? nil : $0, note: ""), change, row)
        } + more(range.count, row)
    }

    private mutating func more(_ count: Int, _ row: DiffRow) -> [DiffRow] {
        guard count > Self.mostUnfolded else { return [] }
        return [make(.note("the first \(Self.mostUnfolded) of \(Words.grouped(count))"), .same, row)]
    }

    /// Takes away the lines of what is shown whole, folded rows included.
    mutating func dropWhole() {
        func isKept(_ row: DiffRow) -> Bool { if case .whole = row.content { false } else { true } }
        rows = rows.filter(isKept)
        for (id, folded) in hidden where folded.contains(where: { !isKept($0) }) {
            whole.subtract(folded.map(\.id))
            hidden[id] = folded.filter(isKept)
        }
    }

    mutating func make(_ content: DiffRow.Content, _ change: DiffRow.Change, _ row: DiffRow) -> DiffRow {
        comparison?.lastID += 1
        return DiffRow(
            id: comparison?.lastID ?? 0, section: row.section, depth: row.depth + 1, change: change, content: content)
    }
}
