public import StoredRecords

/// What one source contributes to a record list.
public struct SourceWindow: Sendable, Equatable {
    public var source: String
    public var window = PageWindow<RecordSummary>()
    /// The order its records come in because the source cannot order them as
    /// the list is; they stand behind those of the other sources.
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

    public var isLoading: Bool { loadingAfter != nil || loadingBefore != nil || loadingAnew != nil }
    /// Whether its items take part in the list.
    public var isAnswered: Bool { window.isLoaded }

    var requests: [RequestID] { [loadingAfter, loadingBefore, loadingAnew].compactMap { $0 } }

    mutating func forget(_ request: RequestID) {
        if loadingAfter == request { loadingAfter = nil }
        if loadingBefore == request { loadingBefore = nil }
        if loadingAnew == request { loadingAnew = nil }
    }
}
