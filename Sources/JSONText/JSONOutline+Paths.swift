extension JSONOutline {
    /// The innermost value that holds an offset, as far as the document has been read.
    ///
    /// The key of a member counts as part of its value, the space between
    /// values as part of the container.
    public func node(containing offset: Int) -> JSONOutlineNode? {
        trail(to: offset).last.map(updated)
    }

    /// The node of the value that starts at an offset; nil when none does.
    public func node(startingAt offset: Int) -> JSONOutlineNode? {
        node(containing: offset).flatMap { $0.start == offset ? $0 : nil }
    }

    /// The containers around a node, from the root to its parent.
    public func ancestors(of node: JSONOutlineNode) -> [JSONOutlineNode] {
        trail(to: node.start).dropLast().map(updated)
    }

    /// The container that holds a node; nil for the root.
    public func parent(of node: JSONOutlineNode) -> JSONOutlineNode? {
        trail(to: node.start).dropLast().last.map(updated)
    }

    /// The path of a node. Of duplicate keys all have the path that leads to the last.
    public func path(of node: JSONOutlineNode) -> JSONPath {
        JSONPath(
            trail(to: node.start).dropFirst().map { node in
                key(of: node).map(JSONPath.Component.key) ?? .index(node.ordinal)
            })
    }

    /// The value at a path; nil when there is none, or none has been read yet.
    ///
    /// A key may need a look at all members of an object, which takes time in
    /// the size of that object; of duplicate keys the last one is found.
    public func node(at path: JSONPath) -> JSONOutlineNode? {
        var found = root
        for component in path.components {
            guard let container = found else { return nil }
            switch component {
            case .index(let index):
                guard container.kind == .array, index >= 0 else { return nil }
                found = children(of: container, in: index..<index + 1).first
            case .key(let text):
                found = nil
                guard container.kind == .object else { return nil }
                forEachChild(of: container) { child in
                    if hasKey(child, text) { found = child }
                    return true
                }
            }
        }
        return found
    }

    /// The decoded key of a member.
    public func key(of node: JSONOutlineNode) -> String? {
        node.key.flatMap { key in withRead { JSONString(quoted: key, in: $0).text } }
    }

    /// The beginning of a value as it is spelled, for a row of a tree.
    ///
    /// - Returns: At most `limit` bytes, cut between two characters, and whether that is all of the value.
    public func spelling(of node: JSONOutlineNode, limit: Int = 256) -> (text: String, isWhole: Bool) {
        let excerpt = excerpt(node.start..<max(node.start, node.end ?? readCount), limit)
        return (excerpt.text, excerpt.isWhole && node.isComplete)
    }

    /// The beginning of a member's key as it is spelled, quotes included; nil for what is not a member.
    public func keySpelling(of node: JSONOutlineNode, limit: Int = 256) -> (text: String, isWhole: Bool)? {
        node.key.map { excerpt($0, limit) }
    }

    private func excerpt(_ range: Range<Int>, _ limit: Int) -> (text: String, isWhole: Bool) {
        withRead { bytes in
            let end = range.lowerBound + min(range.count, max(0, limit))
            let cut = end == range.upperBound ? end : bytes.characterStart(atOrBefore: end, notBefore: range.lowerBound)
            return (String(decoding: bytes.slice(range.lowerBound..<cut), as: UTF8.self), cut == range.upperBound)
        } ?? ("", false)
    }

    private func hasKey(_ node: JSONOutlineNode, _ text: String) -> Bool {
        guard let key = node.key else { return false }
        return withRead { JSONString(quoted: key, in: $0).means(text) } ?? false
    }

    /// The values around an offset from the root inwards; what is not recorded may lack its end and count.
    func trail(to offset: Int) -> [JSONOutlineNode] {
        guard offset >= 0, offset < region.count else { return [] }
        return withRead { bytes in
            let anchor = index.anchor(before: offset)
            var outer: [JSONOutlineNode] = []
            var next = anchor.container
            while let record = next {
                outer.append(node(of: record, in: bytes))
                next = index.records[record].parent
            }
            outer.reverse()

            var inside: JSONOutlineNode?
            let innermost = outer.popLast()
            if let innermost, anchor.offset > innermost.start {
                inside = innermost
                inside?.childCount = anchor.ordinal
            }
            var visitor = OutlineTrailVisitor(to: offset, in: inside)
            var grammar = index.grammar(from: anchor)
            if let string = read(bytes, with: &grammar, telling: &visitor) { visitor.addUnfinished(string: string) }

            var nodes = visitor.nodes
            // The record knows more of its container than the reading has told.
            if let innermost { nodes.replaceSubrange(..<min(1, nodes.count), with: [innermost]) }
            return outer + nodes
        } ?? []
    }

    private func node(of record: Int, in bytes: JSONBytes) -> JSONOutlineNode {
        let record = index.records[record]
        var key: Range<Int>?
        if let keyStart = record.keyStart, let end = try? bytes.stringEnd(keyStart + 1) { key = keyStart..<end + 1 }
        return JSONOutlineNode(
            kind: record.kind, start: record.start, end: record.end, key: key, ordinal: record.ordinal,
            childCount: record.childCount)
    }
}
