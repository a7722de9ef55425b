public import StoredRecords

/// The order of a record list over several sources: that of `RecordSort`, ties
/// by key, records without the field last in either direction.
///
/// The records of sources that cannot order so and have too many to be put in
/// order here come after all others, source by source, each in an order of its own.
struct RecordOrder: Sendable, Equatable {
    var sort: RecordSort
    /// The sources that stand apart, with their places behind the others and their own orders.
    private var apart: [String: Apart] = [:]

    private struct Apart: Sendable, Equatable {
        var rank: Int
        var sort: RecordSort
    }

    init(sort: RecordSort) {
        self.sort = sort
    }

    init(sort: RecordSort, of windows: [SourceWindow]) {
        self.sort = sort
        for (rank, window) in windows.enumerated() {
            if window.standsApart, let own = window.ownSort { apart[window.source] = Apart(rank: rank + 1, sort: own) }
        }
    }

    /// Whether `left` stands before `right`; `false` when neither has to.
    func isBefore(_ left: RecordSummary, _ right: RecordSummary) -> Bool {
        var sort = sort
        if !apart.isEmpty {
            let (first, second) = (apart[left.id.source], apart[right.id.source])
            let (before, behind) = (first?.rank ?? 0, second?.rank ?? 0)
            if before != behind { return before < behind }
            sort = first?.sort ?? sort
        }
        switch RecordOrder(sort: sort).compare(left, right) {
        case 0:
            // As the layouts have it: by places of a source's own, where there are any, behind the others.
            let (first, second) = (left.ownPlace ?? -1, right.ownPlace ?? -1)
            return first == second ? Self.compareBytes(left.id.key, right.id.key) < 0 : first < second
        case let order: return order < 0
        }
    }

    private func compare(_ left: RecordSummary, _ right: RecordSummary) -> Int {
        switch sort.field {
        case .updated: ordered(left.updated, right.updated)
        case .created: ordered(left.created, right.created)
        case .messages: ordered(left.messages, right.messages)
        case .tokens: ordered(left.tokens, right.tokens)
        case .bytes: ordered(left.bytes, right.bytes)
        case .key: text(left.id.key, right.id.key)
        case .title: text(left.title.lowercased(), right.title.lowercased())
        case .group: text(left.group.lowercased(), right.group.lowercased())
        case .status: text(left.status.lowercased(), right.status.lowercased())
        }
    }

    private func ordered<Value: Comparable>(_ left: Value?, _ right: Value?) -> Int {
        switch (left, right) {
        case (nil, nil): return 0
        case (nil, _): return 1
        case (_, nil): return -1
        case (let left?, let right?):
            if left == right { return 0 }
            return (left < right) != sort.descending ? -1 : 1
        }
    }

    private func text(_ left: String, _ right: String) -> Int {
        if left.isEmpty || right.isEmpty { return left.isEmpty == right.isEmpty ? 0 : left.isEmpty ? 1 : -1 }
        let order = Self.compareBytes(left, right)
        return sort.descending ? -order : order
    }

    /// Stores compare keys byte by byte, and other text so without regard to case; the merge has to as well.
    private static func compareBytes(_ left: String, _ right: String) -> Int {
        if left == right { return 0 }
        return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
    }
}

extension RecordSummary {
    /// What people call it: an index's key, else its title, else its key. Hostile text.
    public var name: String { title.isEmpty || id.kind == .index ? id.key : title }

    /// What `RecordSort.Field.group` sorts by.
    public var group: String {
        switch detail {
        case .index(let index): index.origin
        case .artifact(let artifact): artifact.type
        case .task(let task): task.agent ?? ""
        case .thread(let thread): thread.agent ?? ""
        case .none: ""
        }
    }

    /// What `RecordSort.Field.status` sorts by.
    public var status: String {
        switch detail {
        case .artifact(let artifact): artifact.status
        case .task(let task): task.state
        case .thread(let thread): thread.status ?? ""
        case .index, .none: ""
        }
    }
}
