internal import EngineCore
internal import StoredRecords

/// What the layout needs of an entry besides the objects' bytes.
struct LooopyRecoveryFacts: Sendable {
    /// The messages directory of the change; `nil` when it touched no messages.
    private(set) var directory: ObjectKey?
    /// The keys that were there before the change, and after it.
    private(set) var before: Set<ObjectKey> = []
    private(set) var after: Set<ObjectKey> = []

    init(_ entry: any RecoveryEntry) throws(StorageError) {
        var directory: ObjectKey?
        var before: Set<ObjectKey> = []
        var after: Set<ObjectKey> = []
        try entry.items { item in
            switch item {
            case .object(let key, let old, let new):
                if old != nil { before.insert(ObjectKey(bytes: key)) }
                if new != nil { after.insert(ObjectKey(bytes: key)) }
            case .fact("directory", .bytes(let key)): directory = ObjectKey(bytes: key)
            default: break
            }
            return .more
        }
        self.directory = directory
        self.before = before
        self.after = after
    }
}
