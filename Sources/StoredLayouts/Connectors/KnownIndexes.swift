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

    /// How long a list that begins takes what was found just before.
    private let freshness: Duration
    private let kept = Mutex<Kept?>(nil)
    private let listed = Mutex<(pages: [ObjectListing: ObjectPage], since: ContinuousClock.Instant)?>(nil)

    init(freshness: Duration) {
        self.freshness = freshness
    }

    /// - Parameter evenIfOld: for a list that goes on; one that begins takes
    ///   only what the count beside it has just found.
    func entries(evenIfOld: Bool) -> Found? {
        kept.withLock { kept in
            guard let kept, evenIfOld || ContinuousClock.now - kept.since < freshness else { return nil }
            return kept.found
        }
    }

    func keep(_ found: Found) { kept.withLock { $0 = Kept(found: found, since: .now) } }

    /// First pages, of those that do not show all, for a list that begins at once.
    func keep(_ pages: [ObjectListing: ObjectPage]) {
        let long = pages.filter { $1.next != nil }
        listed.withLock { $0 = long.isEmpty ? nil : (long, .now) }
    }

    /// The page, for one use.
    func page(_ listing: ObjectListing) -> ObjectPage? {
        listed.withLock { listed in
            guard let since = listed?.since, ContinuousClock.now - since < freshness else {
                listed = nil
                return nil
            }
            return listed?.pages.removeValue(forKey: listing)
        }
    }

    /// After a change of our own.
    func forget() {
        kept.withLock { $0 = nil }
        listed.withLock { $0 = nil }
    }
}
