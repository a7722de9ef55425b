public import StoredRecords

/// What the journal shows of one entry.
public struct RecoverySummary: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        /// Being written; nothing has changed in the store.
        case recording
        /// Durable; the change may be under way.
        case sealed
        /// The change took effect and can be undone.
        case done
        /// Being undone.
        case undoing
        /// Undone; kept until its age or the journal's size removes it.
        case undone
    }

    /// Names the entry on the command line; ascending with time.
    public var id: String
    public var made: Timestamp
    public var request: ChangeRequest
    public var record: RecordID
    /// The record's title when it was changed. Hostile: sanitize before drawing.
    public var title: String
    /// Where the source was; opens it again.
    public var location: String
    /// A subdirectory or key prefix below the location.
    public var prefix: String
    /// Number of units that went, and their word.
    public var dropped: Int
    public var unit: String
    /// Size on disk.
    public var bytes: Int64
    public var state: State
    /// What the entries of one act on many records share: the id of its first one.
    public var group: String?

    /// One line for lists: "trim to 50, 250 messages of thread x".
    public var act: String {
        switch request {
        case .trim(let keep, _): "trim to \(keep)"
        case .delete(.record): "delete"
        case .delete(.wholeContext): "delete the whole context"
        }
    }

    /// Whether the act and its undo, if there was one, came to their ends.
    var isFinished: Bool { state == .done || state == .undone }

    /// Whether it changed this record, in whichever source that is listed.
    func isOnRecord(of id: RecordID) -> Bool {
        record.layout == id.layout && record.kind == id.kind && record.key.isExactly(id.key)
    }
}
