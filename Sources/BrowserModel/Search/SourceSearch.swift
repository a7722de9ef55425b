public import StoredRecords

/// How the search through one source stands.
public struct SourceSearch: Sendable, Equatable {
    public enum Phase: Sendable, Equatable {
        case searching
        case done
        case failed(StorageError)
        /// The user stopped it.
        case cancelled
        /// It ended because enough was found.
        case full
    }

    public let source: String
    public internal(set) var phase = Phase.searching
    public internal(set) var looked = SearchedAmount()
    public internal(set) var hits = 0

    init(_ source: String) {
        self.source = source
    }

    public var error: StorageError? {
        if case .failed(let error) = phase { error } else { nil }
    }
}
