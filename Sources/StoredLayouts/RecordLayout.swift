public import StoredRecords

/// The records one tool laid out on one engine: how to list, read, search and
/// change them such that the tool goes on correctly afterwards.
///
/// A layout works against an engine family and never knows which engine it
/// is on. It never keeps what it read: every call looks at the store anew.
public protocol RecordLayout: Sendable {
    /// The layout's name as users write it: "memexllm", "looopy",
    /// "context-connectors", "raw".
    var name: String { get }
    /// The source's unique name, part of every record's id.
    var source: String { get }
    /// The kinds it can hold here, in display order.
    var kinds: [RecordKind] { get }
    /// Whether detection has left open that anything of it is stored: a count or a list tells.
    var isPossible: Bool { get }

    func capabilities(of kind: RecordKind) -> RecordCapabilities

    /// One page of summaries; never reads message bodies.
    ///
    /// A record that does not decode is listed with a note. Throws
    /// `unsupported` for a sort field the capabilities do not name.
    func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary>

    /// How many records of the kind there are.
    func count(_ kind: RecordKind) async throws(StorageError) -> Total

    /// One record with every field filled, also those a list leaves out
    /// because they cost reading (files of an index, tokens of a thread);
    /// `nil` when it is not there.
    func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary?

    /// One page of a thread's messages in the order its tool reads them; the
    /// total is exact. An unknown thread throws `notFound`.
    func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage>

    /// The record's documents as stored, the content first. For a thread:
    /// what is stored about it besides its messages. An unknown record throws
    /// `notFound`.
    func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument]

    /// Tells of hit after hit, and how far it has come, until the receiver
    /// stops; looks into titles, ids, messages, metadata and documents.
    func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError)

    /// Whatever changes when the record changes; `nil` when it is not there.
    /// Cheap enough to be asked every second.
    func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String?

    /// What a trim or delete would do. Changes nothing; what cannot be done
    /// comes back as a plan with a refusal. An unknown record throws `notFound`.
    func plan(_ request: ChangeRequest, _ kind: RecordKind, _ key: String) async throws(StorageError) -> ChangePlan

    /// Does what the plan says.
    ///
    /// Records everything that goes or changes before it goes, checks that
    /// the store still is what the plan was made on (throws `conflict` with
    /// nothing changed otherwise), then changes it in one transaction or in
    /// an order that a crash cannot turn into loss. The recorder is sealed
    /// before the first change takes effect.
    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome

    /// Brings an act on an entry that was cut short by a crash to a definite
    /// end, either all of it or nothing of it, and says where the change stands
    /// then: after an undo `applied` means that nothing was undone,
    /// `notApplied` that all was.
    ///
    /// Where an act is one transaction, the store alone tells, whichever act it was.
    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement

    /// Brings back what the entry holds.
    ///
    /// Throws `conflict`, with nothing changed, when the store has changed so
    /// that an exact undo is impossible, unless `inexactly` allows the way
    /// that loses nothing but is not exact; the error's help says which.
    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome
}

/// What was being done with a recovery entry.
public enum RecoveryAct: Sendable, Hashable {
    /// The change it was written for.
    case change
    /// Its undo.
    case undo
}

/// How a change that was cut short ended.
public enum Settlement: Sendable, Hashable {
    /// Nothing of the change is in the store.
    case notApplied
    /// The whole change is in the store.
    case applied
    /// Nothing of the change is in the store, and what it concerns was written
    /// anew: by somebody before it could begin, or after it was made.
    case unclear
}

extension RecordLayout {
    /// Hands over hit after hit until the receiver stops.
    public func search(
        _ query: SearchQuery, _ receive: @escaping @Sendable (SearchHit) -> StreamControl
    ) async throws(StorageError) {
        try await look(for: query) { news in
            if case .hit(let hit) = news { receive(hit) } else { .more }
        }
    }

    public var isPossible: Bool { false }

    /// The id of one of this layout's records.
    public func recordID(_ kind: RecordKind, _ key: String) -> RecordID {
        RecordID(source: source, layout: name, kind: kind, key: key)
    }
}
