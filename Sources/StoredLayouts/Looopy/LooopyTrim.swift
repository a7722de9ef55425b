internal import StoredRecords

/// Where a thread can be cut: which cuts part a tool call from its result,
/// and the nearest that do not.
struct LooopyCuts: Sendable {
    /// Of each cut position (the index of the first kept message) whether a
    /// call and its result would stand on different sides.
    private let parts: [Bool]

    init(_ heads: [LooopyMessageHead]) {
        var changes = [Int](repeating: 0, count: heads.count + 2)
        var calls: [String: Int] = [:]
        for (position, head) in heads.enumerated() {
            if let id = head.toolCallID, let call = calls[id] {
                changes[call + 1] += 1
                changes[position + 1] -= 1
            }
            for id in head.toolCalls { calls[id] = position }
        }
        var open = 0
        parts = changes.prefix(heads.count + 1).map { change in
            open += change
            return open > 0
        }
    }

    func splitsToolCall(keeping keep: Int) -> Bool {
        let cut = parts.count - 1 - keep
        return parts.indices.contains(cut) && parts[cut]
    }

    /// The nearest counts below and above at which nothing is parted, the
    /// nearer one first and of two equally near ones the larger; empty when
    /// the count itself is such a one.
    func safeKeeps(near keep: Int) -> [Int] {
        guard splitsToolCall(keeping: keep) else { return [] }
        let count = parts.count - 1
        let more = (keep...count).first { !splitsToolCall(keeping: $0) }
        let fewer = stride(from: keep, to: 0, by: -1).first { !splitsToolCall(keeping: $0) }
        switch (more, fewer) {
        case (let more?, let fewer?): return keep - fewer < more - keep ? [fewer, more] : [more, fewer]
        case (let more?, nil): return [more]
        case (nil, let fewer?): return [fewer]
        case (nil, nil): return []
        }
    }
}
