/// Which records a list shows and in which order.
public struct RecordQuery: Sendable, Hashable {
    public var kind: RecordKind
    public var filter: RecordFilter?
    public var sort: RecordSort
    public var page: PageRequest
    /// Ids and sizes are enough: what a list of very many would have to read
    /// contents for, titles and times among it, may be left out.
    public var isBrief: Bool

    public init(
        _ kind: RecordKind, filter: RecordFilter? = nil, sort: RecordSort = .newest, page: PageRequest,
        isBrief: Bool = false
    ) {
        self.isBrief = isBrief
        self.kind = kind
        self.filter = filter
        self.sort = sort
        self.page = page
    }

    /// A query whose filter is words, phrases and patterns alone.
    public init(_ kind: RecordKind, filter: TextFilter?, sort: RecordSort = .newest, page: PageRequest) {
        self.init(kind, filter: filter.map { RecordFilter($0) }, sort: sort, page: page)
    }
}

/// The order of a record list; ties are broken by the record's key, ascending.
/// Records without the field come last in either direction.
public struct RecordSort: Sendable, Hashable {
    public enum Field: String, Sendable, Hashable, CaseIterable {
        case updated, created, key, title, messages, tokens, bytes
        /// Kind specific: an index's origin, an artifact's type, a task's agent.
        case group
        /// Kind specific: an artifact's or task's status.
        case status
    }

    public var field: Field
    public var descending: Bool

    public init(_ field: Field, descending: Bool) {
        self.field = field
        self.descending = descending
    }

    public static let newest = RecordSort(.updated, descending: true)
}
