public import JSONText

/// A JSON document as a folding tree, seen through a window.
///
/// What a move costs is in the number of rows on the screen, not in the size
/// of the document.
public struct TreePane: Sendable, Equatable {
    public internal(set) var report: OutlineReport
    public private(set) var folding: JSONFolding
    /// The node in focus and the one in the first row.
    public private(set) var cursor: JSONOutlineNode
    public private(set) var top: JSONOutlineNode
    /// The last match of a search.
    public private(set) var match: Range<Int>?

    /// Containers of at most so many children are unfolded at first.
    private static let fewChildren = 50
    private static let smallDocument = 8192

    /// `nil` when nothing of the document could be read.
    init?(_ report: OutlineReport) {
        guard let root = report.outline.root else { return nil }
        self.report = report
        let isFlat = (root.childCount ?? 0) <= Self.fewChildren
        folding = JSONFolding(depth: report.outline.region.count <= Self.smallDocument ? 3 : isFlat ? 2 : 1)
        cursor = root
        top = root
    }

    private var outline: JSONOutline { report.outline }

    public func rows(height: Int) -> [JSONOutlineRow] {
        outline.rows(from: top, count: height, folding: folding)
    }

    /// The way to the node in focus: `.contextState.blobs[17]`.
    public var path: String { outline.path(of: cursor).description }

    /// The JSON of the node in focus, at most a megabyte of it.
    public var value: String { outline.spelling(of: cursor, limit: 1 << 20).text }

    /// What the node in focus is, with its size and how much it holds.
    public var kindOfCursor: String {
        let size = cursor.byteCount.map { ", " + Words.size(Int64($0)) } ?? ""
        switch cursor.kind {
        case .object: return Words.count(cursor.childCount ?? 0, "members") + size
        case .array: return Words.count(cursor.childCount ?? 0, "elements") + size
        case .string: return "string" + size
        case .number: return "number"
        case .bool: return "truth value"
        case .null: return "null"
        }
    }

    /// The beginning of a node's JSON.
    public func spelling(of node: JSONOutlineNode, limit: Int) -> (text: String, isWhole: Bool) {
        outline.spelling(of: node, limit: limit)
    }

    public func key(of node: JSONOutlineNode) -> String? { outline.key(of: node) }

    /// What is wrong with the document behind what can be shown.
    public var problem: String? { outline.error.map(\.description) }

    /// The part that has been read, in percent; `nil` when all of it has.
    public var percentRead: Int? { outline.isFinished ? nil : Int(outline.progress * 100) }

    /// The node in focus as a document of its own, when it is a string.
    var textOfCursor: String? {
        guard cursor.kind == .string, let end = cursor.end else { return nil }
        let bytes = outline.region.withBytes { Array($0[cursor.start..<end]) }
        return (try? JSONValue.parse(bytes))?.stringValue
    }

    // MARK: Moving

    mutating func read(_ report: OutlineReport) {
        self.report = report
        cursor = outline.updated(cursor)
        top = outline.updated(top)
    }

    mutating func move(by rows: Int, height: Int) {
        cursor = node(from: cursor, by: rows)
        scroll(height: height)
    }

    /// Moves the window and the cursor together, as a page key does.
    mutating func page(by rows: Int, height: Int) {
        top = node(from: top, by: rows)
        move(by: rows, height: height)
    }

    /// Goes to a row counted from the top of the tree as it is folded now.
    mutating func moveTo(row: Int, height: Int) {
        guard let root = outline.root else { return }
        cursor = node(from: root, by: row)
        scroll(height: height)
    }

    private func node(from node: JSONOutlineNode, by rows: Int) -> JSONOutlineNode {
        if rows >= BrowserState.farAway { return outline.lastRow(folding: folding)?.node ?? node }
        if rows <= -BrowserState.farAway { return outline.root ?? node }
        if rows >= 0 { return outline.rows(from: node, count: rows + 1, folding: folding).last?.node ?? node }
        return outline.rows(before: node, count: -rows, folding: folding).first?.node ?? node
    }

    /// Keeps the cursor on the screen, and the screen full where there is enough.
    mutating func scroll(height: Int) {
        let height = max(1, height)
        if cursor.start < top.start { top = cursor }
        let rows = rows(height: height)
        if !rows.contains(where: { $0.node.start == cursor.start }) {
            top = outline.rows(before: cursor, count: height - 1, folding: folding).first?.node ?? cursor
        } else if rows.count < height, let last = rows.last?.node {
            top = outline.rows(before: last, count: height - 1, folding: folding).first?.node ?? top
        }
    }

    // MARK: Folding

    mutating func run(_ command: Command, height: Int) {
        let isUnfolded = outline.rows(from: cursor, count: 1, folding: folding).first?.isUnfolded ?? false
        switch command {
        case .toggleFold: folding.set(cursor, isUnfolded: !isUnfolded)
        case .fold:
            if isUnfolded, cursor.childCount != 0 {
                folding.set(cursor, isUnfolded: false)
            } else if let parent = outline.parent(of: cursor) {
                cursor = parent
            }
        case .unfold:
            if !cursor.kind.isContainer { return }
            if isUnfolded {
                cursor = outline.children(of: cursor, in: 0..<1).first ?? cursor
            } else {
                folding.set(cursor, isUnfolded: true)
            }
        case .foldAll:
            guard let root = outline.root else { return }
            cursor = outline.ancestors(of: cursor).dropFirst().first ?? cursor
            folding.setAll(in: root, isUnfolded: false)
            folding.set(root, isUnfolded: true)
            top = root
        case .unfoldAll:
            guard let root = outline.root else { return }
            folding.setAll(in: root, isUnfolded: true)
        case .nextSibling: moveToSibling(by: 1)
        case .previousSibling: moveToSibling(by: -1)
        default: return
        }
        scroll(height: height)
    }

    private mutating func moveToSibling(by step: Int) {
        guard let parent = outline.parent(of: cursor) else { return }
        let target = cursor.ordinal + step
        guard target >= 0, let sibling = outline.children(of: parent, in: target..<target + 1).first else { return }
        cursor = sibling
    }

    // MARK: Search

    /// A search for the next place of a text from the cursor on.
    func search(_ typed: String, forward: Bool) -> TreeSearch {
        let here = cursor.key?.lowerBound ?? cursor.start
        let from: Int
        if let match, match.lowerBound == here || match.lowerBound == cursor.start {
            from = forward ? match.lowerBound + 1 : match.lowerBound
        } else {
            from = forward ? here + 1 : here
        }
        return TreeSearch(report: report, text: TreeSearchText(typed), from: from, isForward: forward)
    }

    /// Goes to what a search found, unfolding what is around it.
    mutating func show(_ found: Range<Int>, height: Int) {
        match = found
        go(to: found.lowerBound, height: height)
    }

    /// Goes to the value at an offset, unfolding what is around it.
    mutating func go(to offset: Int, height: Int) {
        guard let node = outline.node(containing: offset) else { return }
        for ancestor in outline.ancestors(of: node) { folding.set(ancestor, isUnfolded: true) }
        cursor = node
        let height = max(1, height)
        if !rows(height: height).contains(where: { $0.node.start == node.start }) {
            let above = outline.rows(before: node, count: Landing.linesAbove(height), folding: folding)
            top = above.first?.node ?? node
        }
        scroll(height: height)
    }
}
