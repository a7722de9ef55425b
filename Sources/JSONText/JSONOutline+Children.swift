extension JSONOutline {
    /// The value of the whole document; nil before it has begun.
    public var root: JSONOutlineNode? {
        withRead { bytes in
            var root: JSONOutlineNode?
            tell(from: JSONGrammar(valueAt: 0), depth: 1, ordinal: 0, nextRecord: 0, in: bytes) { node in
                root = node
                return false
            }
            return root
        } ?? nil
    }

    /// The children of a container whose positions lie in a range, as far as they have been read.
    public func children(of container: JSONOutlineNode, in range: Range<Int>) -> [JSONOutlineNode] {
        guard !range.isEmpty else { return [] }
        var children: [JSONOutlineNode] = []
        forEachChild(of: container, from: max(0, range.lowerBound)) { child in
            if child.ordinal < range.upperBound { children.append(child) }
            return child.ordinal + 1 < range.upperBound
        }
        return children
    }

    /// Tells the children of a container from a position on until `body` returns false.
    public func forEachChild(
        of container: JSONOutlineNode, from ordinal: Int = 0, _ body: (JSONOutlineNode) -> Bool
    ) {
        guard container.kind.isContainer else { return }
        _ = withRead { bytes in
            let record = index.record(startingAt: container.start)
            let anchor = record.map { index.anchor(in: $0) { $0.ordinal <= ordinal } }
            let grammar = anchor.map(index.grammar(from:)) ?? JSONGrammar(valueAt: container.start)
            let offset = anchor?.offset ?? container.start
            tell(
                from: grammar, depth: offset > container.start ? 1 : 0, ordinal: anchor?.ordinal ?? 0,
                // A container without a record holds none with one.
                nextRecord: record == nil ? nil : index.firstRecord(from: max(offset, container.start + 1)), in: bytes
            ) { child in
                child.ordinal < ordinal || body(child)
            }
        }
    }

    /// The node again, with what has become known of it since.
    public func updated(_ node: JSONOutlineNode) -> JSONOutlineNode {
        guard !node.isComplete else { return node }
        return withRead { bytes in
            var updated = node
            let record = index.firstRecord(from: node.start)
            tell(from: JSONGrammar(valueAt: node.start), depth: 1, ordinal: 0, nextRecord: record, in: bytes) { value in
                updated.end = value.end
                updated.childCount = value.childCount
                return false
            }
            return updated
        } ?? node
    }

    /// Reads with a machine up to the end of its container, leaping over recorded children.
    private func tell(
        from start: JSONGrammar, depth: Int, ordinal: Int, nextRecord: Int?, in bytes: JSONBytes,
        _ body: (JSONOutlineNode) -> Bool
    ) {
        withoutActuallyEscaping(body) { body in
            var grammar = start
            var depth = depth
            var ordinal = ordinal
            var next = nextRecord ?? index.records.count
            while true {
                let record = next < index.records.count ? index.records[next] : nil
                var visitor = OutlineChildVisitor(
                    depth: depth, ordinal: ordinal, recordStart: record?.start ?? -1, body: body)
                let string = read(bytes, with: &grammar, telling: &visitor)
                guard visitor.isAtRecord, let record else {
                    if !visitor.isSatisfied { visitor.tellUnfinished(string: string) }
                    return
                }
                ordinal = visitor.ordinal
                let node = JSONOutlineNode(
                    kind: record.kind, start: record.start, end: record.end, key: visitor.recordKey, ordinal: ordinal,
                    childCount: record.childCount)
                guard body(node), let end = record.end, let parent = record.parent else { return }
                grammar = JSONGrammar(resumingIn: index.records[parent].kind, at: end, isBehindChild: true)
                depth = 1
                ordinal += 1
                next = index.firstRecord(from: end)
            }
        }
    }

    /// Reads with a machine as far as the outline has come.
    ///
    /// - Returns: Where the string value begins that the reading ended in.
    func read(
        _ bytes: JSONBytes, with grammar: inout JSONGrammar, telling visitor: inout some JSONVisitor
    ) -> Int? {
        do throws(JSONFault) {
            try grammar.run(bytes, &visitor, pause: limit, stringPause: limit)
            return grammar.unfinishedString
        } catch {
            // What was read once is valid, so this is the fault that ended the outline too.
            return error.string
        }
    }
}
