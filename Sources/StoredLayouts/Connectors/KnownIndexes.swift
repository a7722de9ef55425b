internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// The names that a list of very many indexes found, kept for its further pages.
final class KnownIndexes: Sendable {
    typealias Found = (entries: [IndexEntry<ObjectKey>], notes: [String])

    private struct Kept {
        var found: Found
        var since: ContinuousClock.Instant
    }

    private let kept = Mutex<Kept?>(nil)

    /// - Parameter evenIfOld: for a list that goes on; one that begins takes
    ///   only what the count beside it has just found.
    func entries(evenIfOld: Bool) -> Found? {
        kept.withLock { kept in
            guard let kept, evenIfOld || ContinuousClock.now - kept.since < .seconds(3) else { return nil }
            return kept.found
        }
    }

    func keep(_ found: Found) { kept.withLock { $0 = Kept(found: found, since: .now) } }

    /// After a change of our own.
    func forget() { kept.withLock { $0 = nil } }
}
