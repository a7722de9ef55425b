extension JSONOutline {
    /// Goes on with a search for about `budget` bytes; a single longer string is searched whole.
    public func step(_ search: inout JSONSearch, budget: Int = 4 << 20) -> JSONSearch.Outcome {
        guard !search.isEmpty, region.count > 0 else { return .exhausted }
        return withRead { bytes in
            switch search.direction {
            case .forward: stepForward(&search, max(1, budget), bytes)
            case .backward: stepBackward(&search, max(1, budget), bytes)
            }
        } ?? .exhausted
    }

    /// The node that a match is in: the value itself, or for a key the value behind it.
    public func node(of match: JSONSearch.Match) -> JSONOutlineNode? {
        node(containing: match.range.lowerBound)
    }

    private func stepForward(_ search: inout JSONSearch, _ budget: Int, _ bytes: JSONBytes) -> JSONSearch.Outcome {
        let end = search.position + budget
        while search.position < min(end, readCount) {
            let anchor = index.anchor(before: search.position)
            var visitor = OutlineSearchVisitor(search, bytes, findsLast: false)
            let stop = read(bytes, from: anchor, to: max(end, anchor.offset + 1), telling: &visitor)
            if let match = visitor.match {
                search.position = match.range.lowerBound + 1
                return .found(match)
            }
            // Behind the document, or in a token that has not been read to its end.
            guard stop > search.position else { break }
            search.position = stop
        }
        if search.position >= end { return .searching }
        return isFinished ? .exhausted : .waiting
    }

    private func stepBackward(_ search: inout JSONSearch, _ budget: Int, _ bytes: JSONBytes) -> JSONSearch.Outcome {
        search.position = min(search.position, readCount)
        let end = search.position - budget
        while search.position > 0 {
            let anchor = index.anchor(before: search.position - 1)
            var visitor = OutlineSearchVisitor(search, bytes, findsLast: true)
            _ = read(bytes, from: anchor, to: search.position, telling: &visitor)
            if let match = visitor.match {
                search.position = match.range.lowerBound
                return .found(match)
            }
            search.position = anchor.offset
            if search.position > 0, search.position <= end { return .searching }
        }
        return .exhausted
    }

    /// Reads tokens from an anchor on, up to the end of its container or a token behind `pause`.
    ///
    /// - Returns: Where the reading stopped.
    private func read(
        _ bytes: JSONBytes, from anchor: OutlineIndex.Anchor, to pause: Int, telling visitor: inout OutlineSearchVisitor
    ) -> Int {
        if anchor.container == nil, anchor.isBehindChild { return bytes.count }
        var grammar = index.grammar(from: anchor)
        // A fault is the one that ended the outline; all tokens before it have been told.
        guard (try? grammar.run(bytes, &visitor, pause: min(pause, limit), stringPause: limit)) != nil
        else { return readCount }
        return grammar.tokenOffset
    }
}

/// Compares keys and values with a search's text.
private struct OutlineSearchVisitor: JSONVisitor {
    private let search: JSONSearch
    private let bytes: JSONBytes
    private let findsLast: Bool
    private(set) var match: JSONSearch.Match?

    init(_ search: JSONSearch, _ bytes: JSONBytes, findsLast: Bool) {
        self.search = search
        self.bytes = bytes
        self.findsLast = findsLast
    }

    var isFinished: Bool { !findsLast && match != nil }

    mutating func key(_ range: Range<Int>) {
        if search.scope != .values, isMeant(range), search.isFound(range, isString: true, in: bytes) {
            match = JSONSearch.Match(range: range, isKey: true)
        }
    }

    mutating func scalar(_ kind: JSONKind, _ range: Range<Int>) {
        guard search.scope != .keys, isMeant(range) else { return }
        if search.isFound(range, isString: kind == .string, in: bytes) {
            match = JSONSearch.Match(range: range, isKey: false)
        }
    }

    mutating func open(_ kind: JSONKind, at offset: Int) {}

    mutating func close(_ kind: JSONKind, endingAt offset: Int) {}

    private func isMeant(_ range: Range<Int>) -> Bool {
        findsLast ? range.lowerBound < search.position : range.lowerBound >= search.position
    }
}
