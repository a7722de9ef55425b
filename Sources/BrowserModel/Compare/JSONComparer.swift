internal import JSONText
internal import StoredRecords

/// Compares two JSON documents value by value, without a tree of either in memory.
///
/// Objects are compared by key whatever their order, arrays element by element
/// after they were aligned: by an id where their elements have one, else by
/// what is equal.
struct JSONComparer {
    private let left: JSONOutline
    private let right: JSONOutline
    private let section: Int
    private(set) var comparison: Comparison

    /// Containers that are gone into; what is deeper is compared as a whole.
    private static let deepest = 200
    /// Children of one container that are compared one by one.
    private static let mostChildren = 2_000_000
    /// So many equal children are shown; more are folded to a row.
    private static let fewSame = 2

    init(_ left: JSONOutline, _ right: JSONOutline, section: Int, _ comparison: Comparison) {
        self.left = left
        self.right = right
        self.section = section
        self.comparison = comparison
    }

    mutating func run(_ a: JSONOutlineNode, _ b: JSONOutlineNode, _ isCancelled: () -> Bool, _ report: (Int) -> Void) {
        _ = compare(a, b, depth: 1, note: "", isCancelled, report)
    }

    /// Adds the rows of a pair of values, when they differ.
    private mutating func compare(
        _ a: JSONOutlineNode, _ b: JSONOutlineNode, depth: Int, note: String, _ isCancelled: () -> Bool,
        _ report: (Int) -> Void
    ) -> Bool {
        if isSame(a, b, isCancelled) || isCancelled() || comparison.isFull { return false }
        report(a.start + b.start)
        guard a.kind == b.kind, a.kind.isContainer, depth <= Self.deepest else {
            comparison.changed += 1
            add(.value(left: a, right: b, note: note), .changed, depth, isDifference: true)
            return true
        }
        let heading = comparison.rows.count
        let before = comparison.count
        add(.value(left: a, right: b, note: note), .inside, depth, isUnfolded: true)
        if a.kind == .object {
            compareMembers(a, b, depth, isCancelled, report)
        } else {
            compareElements(a, b, depth, isCancelled, report)
        }
        if comparison.count == before {
            comparison.rows.removeSubrange(heading...)
            return false
        }
        return true
    }

    private mutating func add(
        _ content: DiffRow.Content, _ change: DiffRow.Change, _ depth: Int, isDifference: Bool = false,
        isUnfolded: Bool = false
    ) {
        if comparison.isFull { return }
        comparison.append(
            content, change, section: section, depth: depth, isDifference: isDifference, isUnfolded: isUnfolded)
    }

    private mutating func addOneSided(_ node: JSONOutlineNode, isAdded: Bool, _ depth: Int) {
        if isAdded { comparison.added += 1 } else { comparison.removed += 1 }
        add(
            .value(left: isAdded ? nil : node, right: isAdded ? node : nil, note: ""), isAdded ? .added : .removed,
            depth, isDifference: true)
    }

    // MARK: Equality

    /// Whether two values are the same but for white space and the spelling of a string.
    private func isSame(_ a: JSONOutlineNode, _ b: JSONOutlineNode, _ isCancelled: () -> Bool) -> Bool {
        guard a.kind == b.kind, let endA = a.end, let endB = b.end else { return false }
        let isEqual = left.region.withBytes { x in
            right.region.withBytes { y in
                CompactJSON.areSame(
                    UnsafeRawBufferPointer(rebasing: x[a.start..<endA]),
                    UnsafeRawBufferPointer(rebasing: y[b.start..<endB]), isCancelled)
            }
        }
        if isEqual || a.kind != .string || isCancelled() { return isEqual }
        return Self.text(a, left) == Self.text(b, right)
    }

    private static func text(_ node: JSONOutlineNode, _ outline: JSONOutline) -> [UInt8]? {
        guard let end = node.end else { return nil }
        let bytes = outline.region.withBytes { Array($0[node.start..<end]) }
        guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
        return (try? JSONValue.parse(bytes))?.stringValue.map { Array("\"\($0)\"".utf8) }
    }

    /// The children that are compared, as far as it came when it is stopped.
    private static func children(
        _ node: JSONOutlineNode, _ outline: JSONOutline, _ isCancelled: () -> Bool
    ) -> [JSONOutlineNode] {
        var children: [JSONOutlineNode] = []
        children.reserveCapacity(min(mostChildren, node.childCount ?? 0))
        outline.forEachChild(of: node) { child in
            if children.count == mostChildren || children.count & 0xFFF == 0xFFF && isCancelled() { return false }
            children.append(child)
            return true
        }
        return children
    }

    /// Says so where a container is too large to be compared to its end.
    private mutating func noteLimit(_ a: JSONOutlineNode, _ b: JSONOutlineNode) {
        let most = max(a.childCount ?? 0, b.childCount ?? 0)
        if most > Self.mostChildren {
            comparison.notes.append(
                "of \(Words.grouped(most)) elements the first \(Words.grouped(Self.mostChildren)) are compared")
        }
    }

    // MARK: Rows of equal children

    /// Equal children in a row, not shown yet.
    private struct SameRun {
        var start = 0
        var count = 0

        mutating func add(_ ordinal: Int) {
            if count == 0 { start = ordinal }
            count += 1
        }
    }

    /// Puts the equal children before a place among the rows.
    private mutating func flush(
        _ run: inout SameRun, of container: JSONOutlineNode, _ depth: Int, at place: Int? = nil
    ) {
        defer { run = SameRun() }
        guard run.count > 0, !comparison.isFull else { return }
        let start = comparison.rows.count
        let range = run.start..<run.start + run.count
        if run.count <= Self.fewSame {
            for child in right.children(of: container, in: range) {
                add(.value(left: nil, right: child, note: ""), .same, depth)
            }
        } else {
            add(.sameChildren(of: container, range), .same, depth)
        }
        guard let place, place < start else { return }
        let added = Array(comparison.rows[start...])
        comparison.rows.removeSubrange(start...)
        comparison.rows.insert(contentsOf: added, at: place)
    }

    private mutating func comparePair(
        _ a: JSONOutlineNode, _ b: JSONOutlineNode, _ run: inout SameRun, of container: JSONOutlineNode, _ depth: Int,
        note: String = "", _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) {
        let place = comparison.rows.count
        if compare(a, b, depth: depth, note: note, isCancelled, report) {
            flush(&run, of: container, depth, at: place)
        } else if note.isEmpty {
            run.add(b.ordinal)
        } else {
            flush(&run, of: container, depth)
            comparison.changed += 1
            add(.value(left: nil, right: b, note: note), .changed, depth, isDifference: true)
        }
    }

    // MARK: Objects

    private mutating func compareMembers(
        _ a: JSONOutlineNode, _ b: JSONOutlineNode, _ depth: Int, _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) {
        noteLimit(a, b)
        let (mine, theirs) = (Self.children(a, left, isCancelled), Self.children(b, right, isCancelled))
        if isCancelled() { return }
        // Of duplicate keys the first belongs to the first, the second to the second.
        var places: [MemberName: Int] = [:]
        for (index, name) in Self.names(mine, left, isCancelled).enumerated() { places[name] = index }
        let partners = Self.names(theirs, right, isCancelled).map { places[$0] }
        if isCancelled() { return }
        let kept = Set(partners.compactMap(\.self))
        var run = SameRun()
        var next = 0
        func removed(before limit: Int) -> [JSONOutlineNode] {
            var nodes: [JSONOutlineNode] = []
            while next < limit {
                if !kept.contains(next) { nodes.append(mine[next]) }
                next += 1
            }
            return nodes
        }
        for (index, child) in theirs.enumerated() {
            if let partner = partners[index] {
                for node in removed(before: partner) {
                    flush(&run, of: b, depth + 1)
                    addOneSided(node, isAdded: false, depth + 1)
                }
                comparePair(mine[partner], child, &run, of: b, depth + 1, isCancelled, report)
            } else {
                flush(&run, of: b, depth + 1)
                addOneSided(child, isAdded: true, depth + 1)
            }
        }
        for node in removed(before: mine.count) {
            flush(&run, of: b, depth + 1)
            addOneSided(node, isAdded: false, depth + 1)
        }
        flush(&run, of: b, depth + 1)
    }

    private struct MemberName: Hashable {
        var key: [UInt8]
        var occurrence: Int
    }

    private static func names(
        _ members: [JSONOutlineNode], _ outline: JSONOutline, _ isCancelled: () -> Bool
    ) -> [MemberName] {
        var seen: [[UInt8]: Int] = [:]
        var names: [MemberName] = []
        names.reserveCapacity(members.count)
        for member in members {
            if names.count & 0xFFF == 0xFFF, isCancelled() { return names }
            let key = Array((outline.key(of: member) ?? "").utf8)
            let occurrence = seen[key, default: 0]
            seen[key] = occurrence + 1
            names.append(MemberName(key: key, occurrence: occurrence))
        }
        return names
    }

    // MARK: Arrays

    private mutating func compareElements(
        _ a: JSONOutlineNode, _ b: JSONOutlineNode, _ depth: Int, _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) {
        noteLimit(a, b)
        let (mine, theirs) = (Self.children(a, left, isCancelled), Self.children(b, right, isCancelled))
        if isCancelled() { return }
        let ids = ElementIDs(mine, left, theirs, right, isCancelled)
        let tokens =
            ids.map { ($0.left, $0.right) } ?? (
                Self.tokens(mine, left, isCancelled), Self.tokens(theirs, right, isCancelled)
            )
        if isCancelled() { return }
        let diff = SequenceDiff(tokens.0, tokens.1, isCancelled: isCancelled)
        if diff.isCancelled { return }
        if diff.isBounded { comparison.note("where arrays differ much their elements are compared by place", section) }
        var places: [Int: Int] = [:]
        var arrived: Set<Int> = []
        if ids != nil {
            for (index, token) in tokens.0.enumerated() { places[token] = index }
            arrived = Set(tokens.1)
        }
        var run = SameRun()
        var (atLeft, atRight) = (0, 0)
        for matched in diff.runs + [SequenceDiff.Run(left: mine.count, right: theirs.count, count: 0)] {
            var removed = Array(atLeft..<matched.left)
            var added = Array(atRight..<matched.right)
            if ids == nil {
                // What stands at the same place in a gap was changed; the rest came or went.
                let pairs = min(removed.count, added.count)
                for place in 0..<pairs {
                    comparePair(
                        mine[removed[place]], theirs[added[place]], &run, of: b, depth + 1, isCancelled, report)
                }
                removed.removeFirst(pairs)
                added.removeFirst(pairs)
            }
            for index in removed where ids == nil || !arrived.contains(tokens.0[index]) {
                flush(&run, of: b, depth + 1)
                addOneSided(mine[index], isAdded: false, depth + 1)
            }
            for index in added {
                if ids != nil, let from = places[tokens.1[index]] {
                    comparePair(
                        mine[from], theirs[index], &run, of: b, depth + 1, note: "moved from [\(from)]", isCancelled,
                        report)
                } else {
                    flush(&run, of: b, depth + 1)
                    addOneSided(theirs[index], isAdded: true, depth + 1)
                }
            }
            for step in 0..<matched.count {
                comparePair(
                    mine[matched.left + step], theirs[matched.right + step], &run, of: b, depth + 1, isCancelled, report
                )
            }
            atLeft = matched.left + matched.count
            atRight = matched.right + matched.count
            if isCancelled() { return }
        }
        flush(&run, of: b, depth + 1)
    }

    /// The same for elements that are spelled alike, white space left out.
    private static func tokens(
        _ elements: [JSONOutlineNode], _ outline: JSONOutline, _ isCancelled: () -> Bool
    ) -> [Int] {
        var tokens: [Int] = []
        tokens.reserveCapacity(elements.count)
        outline.region.withBytes { bytes in
            for element in elements {
                if tokens.count & 0xFFF == 0xFFF, isCancelled() { return }
                guard let end = element.end else {
                    tokens.append(element.start)
                    continue
                }
                tokens.append(
                    CompactJSON.hash(UnsafeRawBufferPointer(rebasing: bytes[element.start..<end]), isCancelled))
            }
        }
        return tokens
    }
}

/// What tells the elements of two arrays apart, where all of them have such a member.
private struct ElementIDs {
    let left: [Int]
    let right: [Int]

    private static let names = ["id", "_id", "uuid", "key", "name", "path", "message_id", "tool_call_id"]

    init?(
        _ mine: [JSONOutlineNode], _ left: JSONOutline, _ theirs: [JSONOutlineNode], _ right: JSONOutline,
        _ isCancelled: () -> Bool
    ) {
        guard let first = mine.first, first.kind == .object, theirs.first?.kind == .object else { return nil }
        let known = left.children(of: first, in: 0..<64).compactMap(left.key(of:))
        for name in Self.names where known.contains(name) {
            guard let a = Self.ids(name, mine, left, isCancelled), let b = Self.ids(name, theirs, right, isCancelled)
            else { continue }
            self.left = a
            self.right = b
            return
        }
        return nil
    }

    /// `nil` when an element has no such member or two have the same.
    private static func ids(
        _ name: String, _ elements: [JSONOutlineNode], _ outline: JSONOutline, _ isCancelled: () -> Bool
    ) -> [Int]? {
        var ids: [Int] = []
        var seen: Set<Int> = []
        for element in elements {
            if ids.count & 0xFFF == 0, isCancelled() { return nil }
            var found: Int?
            outline.forEachChild(of: element) { child in
                guard outline.key(of: child) == name, !child.kind.isContainer, let end = child.end else { return true }
                found = outline.region.withBytes {
                    CompactJSON.hash(UnsafeRawBufferPointer(rebasing: $0[child.start..<end]), isCancelled)
                }
                return false
            }
            guard let found, seen.insert(found).inserted else { return nil }
            ids.append(found)
        }
        return ids
    }
}
