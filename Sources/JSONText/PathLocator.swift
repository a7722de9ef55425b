/// Finds the values at a set of paths while a document is read once.
///
/// The paths form a trie; only containers on the way to a path are followed,
/// everything else is passed with one counter.
struct PathLocator: JSONVisitor {
    private struct Node {
        var keys: [(text: String, node: Int)] = []
        var indexes: [Int: Int] = [:]
        /// Positions in `spans` of the paths that end here.
        var targets: [Int] = []
    }

    private struct Frame {
        var node: Int
        var kind: JSONKind
        var start: Int
        var key: Range<Int>?
        var childCount = 0
    }

    private let bytes: JSONBytes
    private var nodes: [Node] = [Node()]
    private(set) var spans: [JSONSpan?]
    private var frames: [Frame] = []
    /// How many containers are open that no path leads into.
    private var skipped = 0
    private var pendingKey: Range<Int>?
    private var pendingNode: Int?

    init(_ paths: [JSONPath], in bytes: JSONBytes) {
        self.bytes = bytes
        spans = Array(repeating: nil, count: paths.count)
        for (position, path) in paths.enumerated() {
            var node = 0
            for component in path.components { node = self.node(behind: component, of: node) }
            nodes[node].targets.append(position)
        }
    }

    private mutating func node(behind component: JSONPath.Component, of parent: Int) -> Int {
        switch component {
        case .key(let text):
            if let known = nodes[parent].keys.first(where: { sameBytes($0.text, text) }) { return known.node }
            nodes[parent].keys.append((text, nodes.count))
        case .index(let index):
            if let known = nodes[parent].indexes[index] { return known }
            nodes[parent].indexes[index] = nodes.count
        }
        nodes.append(Node())
        return nodes.count - 1
    }

    var isFinished: Bool { false }

    mutating func key(_ range: Range<Int>) {
        guard skipped == 0, let frame = frames.last else { return }
        pendingKey = range
        pendingNode = nil
        let keys = nodes[frame.node].keys
        guard !keys.isEmpty else { return }
        let key = JSONString(quoted: range, in: bytes)
        guard let match = keys.first(where: { key.means($0.text) }) else { return }
        pendingNode = match.node
        // Readers see the last of duplicate keys, so what an earlier one led to does not count.
        forget(match.node)
    }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        guard skipped == 0 else { return }
        let (node, key) = beginChild()
        guard let node else { return }
        record(JSONSpan(kind: kind, range: range, key: key), at: node)
    }

    mutating func open(_ kind: JSONKind, at offset: Int) {
        guard skipped == 0 else {
            skipped += 1
            return
        }
        let (node, key) = beginChild()
        if let node {
            frames.append(Frame(node: node, kind: kind, start: offset, key: key))
        } else {
            skipped = 1
        }
    }

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {
        if skipped > 0 {
            skipped -= 1
        } else if let frame = frames.popLast() {
            let range = frame.start..<offset
            record(
                JSONSpan(kind: frame.kind, range: range, key: frame.key, childCount: frame.childCount), at: frame.node)
        }
    }

    /// Counts a child of the innermost container and tells which node it is, if any.
    private mutating func beginChild() -> (node: Int?, key: Range<Int>?) {
        guard !frames.isEmpty else { return (0, nil) }
        let last = frames.count - 1
        let position = frames[last].childCount
        frames[last].childCount += 1
        if frames[last].kind == .object {
            defer {
                pendingNode = nil
                pendingKey = nil
            }
            return (pendingNode, pendingKey)
        }
        let indexes = nodes[frames[last].node].indexes
        return (indexes.isEmpty ? nil : indexes[position], nil)
    }

    private mutating func record(_ span: JSONSpan, at node: Int) {
        for target in nodes[node].targets { spans[target] = span }
    }

    private mutating func forget(_ node: Int) {
        var rest = [node]
        while let next = rest.popLast() {
            for target in nodes[next].targets { spans[target] = nil }
            rest += nodes[next].keys.map(\.node)
            rest += nodes[next].indexes.values
        }
    }
}
