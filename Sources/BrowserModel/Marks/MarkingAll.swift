internal import StoredRecords

/// Marking every record that a list's filter lets through, by reading on where
/// the list is not wholly loaded.
struct MarkingAll: Sendable, Equatable {
    static let pageSize = 1000

    let id: RequestID
    let kind: RecordKind
    let filter: RecordQuery
    /// The sources still to be read, the present one first.
    var sources: [String]
    /// Records met so far.
    var found = 0
    /// How many there are at most, when that is known.
    let total: Int?
    /// Why records of some sources are not marked, one sentence each.
    var obstacles: [String]
}
