/// Which containers of a tree are unfolded.
///
/// Without exceptions everything down to a depth is. Exceptions are kept by
/// where values start, or for all values in a range of bytes, so that "unfold
/// all" costs the same in a document of any size.
public struct JSONFolding: Sendable, Hashable {
    private struct Rule: Hashable {
        var range: Range<Int>
        var isUnfolded: Bool
    }

    /// Containers at a smaller depth are unfolded; the root has depth 0.
    public let depth: Int
    private var rules: [Rule] = []
    private var single: [Int: Bool] = [:]

    public init(depth: Int = 1) { self.depth = depth }

    /// Whether the children of a container are shown.
    public func isUnfolded(_ node: JSONOutlineNode, depth: Int) -> Bool {
        guard node.kind.isContainer else { return false }
        if let isUnfolded = single[node.start] { return isUnfolded }
        return rules.last { $0.range.contains(node.start) }?.isUnfolded ?? (depth < self.depth)
    }

    public mutating func set(_ node: JSONOutlineNode, isUnfolded: Bool) { single[node.start] = isUnfolded }

    /// Folds or unfolds a container and everything in it.
    public mutating func setAll(in node: JSONOutlineNode, isUnfolded: Bool) {
        let range = node.start..<(node.end ?? .max)
        rules.removeAll { range.contains($0.range.lowerBound) }
        single = single.filter { !range.contains($0.key) }
        rules.append(Rule(range: range, isUnfolded: isUnfolded))
    }
}
