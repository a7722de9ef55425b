/// One line of a folding tree.
public struct JSONOutlineRow: Sendable, Hashable {
    public var node: JSONOutlineNode
    /// How many containers are around the node.
    public var depth: Int
    /// Whether the node is a container whose children follow.
    public var isUnfolded: Bool

    public init(node: JSONOutlineNode, depth: Int, isUnfolded: Bool) {
        self.node = node
        self.depth = depth
        self.isUnfolded = isUnfolded
    }
}

extension JSONOutline {
    /// Up to `count` rows of the tree from a node on, itself included.
    ///
    /// The work is in the number of rows, not in the size of the document. The
    /// node should be visible; when a container around it is folded, the rows
    /// begin at that container.
    public func rows(from node: JSONOutlineNode, count: Int, folding: JSONFolding) -> [JSONOutlineRow] {
        guard count > 0 else { return [] }
        var cursor = RowCursor(self, folding: folding, at: node)
        var rows = cursor.current.map { [$0] } ?? []
        while rows.count < count, let row = cursor.next() { rows.append(row) }
        return rows
    }

    /// Up to `count` rows of the tree before a node, in the order of the tree.
    public func rows(before node: JSONOutlineNode, count: Int, folding: JSONFolding) -> [JSONOutlineRow] {
        var cursor = RowCursor(self, folding: folding, at: node)
        var rows: [JSONOutlineRow] = []
        while rows.count < count, let row = cursor.previous() { rows.append(row) }
        return rows.reversed()
    }

    /// The last row of the tree, as far as the document has been read.
    public func lastRow(folding: JSONFolding) -> JSONOutlineRow? {
        guard let root else { return nil }
        var cursor = RowCursor(self, folding: folding, at: root)
        return cursor.descendToLast()
    }
}

/// Walks over the rows of a tree in both directions.
///
/// Children are fetched a batch at a time; the batches of the containers
/// around the current row are kept, so a step costs a share of one batch.
private struct RowCursor {
    private struct Level {
        var container: JSONOutlineNode
        /// Successive children, `position` the one that is current or in.
        var batch: [JSONOutlineNode]
        var position: Int
    }

    private static let batchSize = 24

    private let outline: JSONOutline
    private let folding: JSONFolding
    private var levels: [Level] = []
    private(set) var current: JSONOutlineRow?

    init(_ outline: JSONOutline, folding: JSONFolding, at node: JSONOutlineNode) {
        self.outline = outline
        self.folding = folding
        let trail = outline.trail(to: node.start)
        for (depth, step) in trail.enumerated() {
            let node = outline.updated(step)
            if depth > 0, let container = current?.node {
                levels.append(Level(container: container, batch: [node], position: 0))
            }
            setCurrent(node)
            guard current?.isUnfolded == true else { break }
        }
    }

    private mutating func setCurrent(_ node: JSONOutlineNode) {
        current = JSONOutlineRow(
            node: node, depth: levels.count, isUnfolded: folding.isUnfolded(node, depth: levels.count))
    }

    mutating func next() -> JSONOutlineRow? {
        guard let row = current else { return nil }
        if row.isUnfolded, enter(row.node, from: 0) { return current }
        while let level = levels.popLast() {
            var moved = level
            moved.position += 1
            if moved.position >= moved.batch.count, let last = moved.batch.last {
                let from = last.ordinal + 1
                moved.batch = outline.children(of: moved.container, in: from..<from + Self.batchSize)
                moved.position = 0
            }
            if moved.position < moved.batch.count {
                levels.append(moved)
                setCurrent(moved.batch[moved.position])
                return current
            }
        }
        current = nil
        return nil
    }

    mutating func previous() -> JSONOutlineRow? {
        guard current != nil, let level = levels.popLast() else {
            current = nil
            return nil
        }
        var moved = level
        moved.position -= 1
        if moved.position < 0, let first = moved.batch.first, first.ordinal > 0 {
            let from = max(0, first.ordinal - Self.batchSize)
            moved.batch = outline.children(of: moved.container, in: from..<first.ordinal)
            moved.position = moved.batch.count - 1
        }
        guard moved.position >= 0 else {
            setCurrent(moved.container)
            return current
        }
        levels.append(moved)
        setCurrent(moved.batch[moved.position])
        return descendToLast()
    }

    /// Goes from the current row to the last row inside of it.
    mutating func descendToLast() -> JSONOutlineRow? {
        while let row = current, row.isUnfolded, let count = row.node.childCount, count > 0,
            enter(row.node, from: max(0, count - Self.batchSize), atLast: true)
        {}
        return current
    }

    /// Goes to the first or last of a batch of children of the current row; false when there are none.
    private mutating func enter(_ container: JSONOutlineNode, from ordinal: Int, atLast: Bool = false) -> Bool {
        let batch = outline.children(of: container, in: ordinal..<ordinal + Self.batchSize)
        guard let child = atLast ? batch.last : batch.first else { return false }
        levels.append(Level(container: container, batch: batch, position: atLast ? batch.count - 1 : 0))
        setCurrent(child)
        return true
    }
}
