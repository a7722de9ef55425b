public import StoredRecords

/// One thing a change removes or rewrites, with all that is needed to bring it back.
public enum RecoveryItem: Sendable, Hashable {
    /// An object before and after the change; `nil` where it is absent.
    case object(key: [UInt8], before: StoredBytes?, after: StoredBytes?)
    /// What the engine keeps beside the content of the object in the item
    /// that follows; left out where that is nothing.
    case attributes(key: [UInt8], before: [String: String], after: [String: String])
    /// A row that is deleted, with every column and, where the table has one,
    /// its row identity under the dialect's name for it.
    case row(table: String, columns: [String], values: [StoredValue])
    /// A row whose columns are changed: which one, and the values before and after.
    case updatedRow(table: String, identity: [RawColumn], before: [RawColumn], after: [RawColumn])
    /// A string key before and after the change; `nil` where it is absent.
    case key(key: [UInt8], before: StoredBytes?, timeToLive: Duration?, after: StoredBytes?)
    /// Members a set loses.
    case member(key: [UInt8], member: [UInt8])
    /// A fact the undo needs: counts, the newest kept id.
    case fact(name: String, value: StoredValue)
}

/// Takes down what a change will remove; implemented by the recovery journal.
///
/// Called in a transaction, on an engine's thread. Memory stays bounded:
/// items are written out as they come.
public protocol RecoveryRecorder: Sendable {
    /// Throws `full` when the journal's size limit or the disk does not allow
    /// it; the change must not go on then.
    func record(_ item: RecoveryItem) throws(StorageError)
    /// Makes the entry durable. After it returns, a crash is settled from the entry.
    func seal() throws(StorageError)
}

/// A sealed entry of the journal, for settling and undoing.
public protocol RecoveryEntry: Sendable {
    /// The record the change was made to.
    var record: RecordID { get }
    var request: ChangeRequest { get }
    /// Every item in the order recorded, one at a time, until the receiver stops.
    func items(_ receive: (RecoveryItem) throws(StorageError) -> StreamControl) throws(StorageError)
}

extension RecoveryEntry {
    /// All items at once; for entries that are known to be small.
    public func allItems() throws(StorageError) -> [RecoveryItem] {
        var all: [RecoveryItem] = []
        try items { item throws(StorageError) in
            all.append(item)
            return .more
        }
        return all
    }
}
