public import StoredRecords

/// What one source contributes to a record list.
public struct SourceWindow: Sendable, Equatable {
    public var source: String
    public var window = PageWindow<RecordSummary>()
    /// The order its records come in because the source cannot order them as the list is.
    public internal(set) var ownSort: RecordSort?
    /// Why the source's last page did not come.
    public var error: StorageError?
    /// Requests under way, one for each end at most.
    var loadingAfter: RequestID?
    var loadingBefore: RequestID?
    /// A request whose answer replaces the whole window.
    var loadingAnew: RequestID?
    /// Whether its items are merged into the list; a source that answers late
    /// joins once its window reaches what the user looks at.
    var isJoined = false

    public init(source: String) {
        self.source = source
    }

    /// A source of which a part far from its beginning is shown.
    init(source: String, window: PageWindow<RecordSummary>, ownSort: RecordSort?) {
        self.source = source
        self.window = window
        self.ownSort = ownSort
        isJoined = true
    }

    public var isLoading: Bool { loadingAfter != nil || loadingBefore != nil || loadingAnew != nil }
    /// Whether its items take part in the list.
    public var isAnswered: Bool { window.isLoaded }

    /// Whether its records stand behind those of the other sources, in the source's own order. Of a source that has
    /// few, all are here and are put in order here.
    public var standsApart: Bool { ownSort != nil && !(window.isWhole && window.count <= RecordList.pageSize) }

    /// Puts the records in the order of the list where the source could not.
    mutating func settle(_ sort: RecordSort) {
        guard ownSort != nil, !standsApart else { return }
        let order = RecordOrder(sort: sort)
        window.sort { order.isBefore($0, $1) }
    }

    var requests: [RequestID] { [loadingAfter, loadingBefore, loadingAnew].compactMap { $0 } }

    mutating func forget(_ request: RequestID) {
        if loadingAfter == request { loadingAfter = nil }
        if loadingBefore == request { loadingBefore = nil }
        if loadingAnew == request { loadingAnew = nil }
    }
}
