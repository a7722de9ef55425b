internal import EngineCore
internal import StoredRecords

/// One of the two documents of an index.
enum IndexPart: String, Sendable, Hashable, CaseIterable {
    /// The full document, with `blobs`.
    case state
    /// The document for search clients, without `blobs`.
    case search

    /// The tool's file name; also the document's name on rows and keys.
    var fileName: String { "\(rawValue).json" }
}

/// A document that is there, without its bytes.
struct IndexPiece: Sendable, Hashable {
    /// Stored bytes; `nil` when only reading would tell.
    var size: Int64?
    /// Changes when the document changes.
    var tag: String
    var modified: Timestamp?
    /// Why it cannot be read as a document: "holds a set, not a string".
    var problem: String?
}

/// An index that is there, with at least one document.
struct IndexEntry<Address: Sendable>: Sendable {
    var key: String
    var address: Address
    var state: IndexPiece?
    var search: IndexPiece?
    var notes: [String] = []
    /// Whether only its name is known yet; it may turn out to be no index.
    var isUnseen = false

    subscript(part: IndexPart) -> IndexPiece? {
        get { part == .state ? state : search }
        set { if part == .state { state = newValue } else { search = newValue } }
    }

    /// The documents that are there.
    var parts: [IndexPart] { IndexPart.allCases.filter { self[$0] != nil } }

    /// The size of both documents; `nil` when one of them is not known.
    var bytes: Int64? {
        var sum: Int64 = 0
        for part in parts {
            guard let size = self[part]?.size else { return nil }
            sum += size
        }
        return sum
    }

    /// What the pieces themselves tell of it.
    var revision: String { "\(state?.tag ?? "-")|\(search?.tag ?? "-")" }
}

/// What a plan to delete an index rests on.
struct IndexDeletion: Sendable {
    var basis: PlanBasis
    var fixUps: [String] = []
    var warnings: [PlanWarning] = []
    var refusal: String?
}

/// Where one engine family keeps the two documents of each index.
///
/// The layouts differ in nothing else; what the documents mean is decided
/// once, above.
protocol IndexShelf: Sendable {
    associatedtype Address: Sendable
    typealias Entry = IndexEntry<Address>

    var place: String { get }
    var capabilities: EngineCapabilities { get }
    /// Whether anything here can be changed.
    var write: Availability { get }

    /// What a part is called here, for notes: "state.json", "full_state".
    func label(_ part: IndexPart) -> String

    /// All indexes, in no particular order, and what could not be looked at.
    func entries() async throws(StorageError) -> (entries: [Entry], notes: [String])
    /// The same for a list: where there are very many, some may be unseen.
    /// - Parameter isBegun: whether a list that was begun goes on, for which names known already will do.
    func names(isBegun: Bool) async throws(StorageError) -> (entries: [Entry], notes: [String])
    /// The entries with their documents, without those that are no indexes.
    func look(at entries: [Entry]) async throws(StorageError) -> [Entry]
    /// The index with this key; `nil` when neither document is there.
    func entry(_ key: String) async throws(StorageError) -> Entry?

    /// One document of each of these indexes; `nil` where it is not there.
    func read(
        _ part: IndexPart, of entries: [Entry]
    ) async throws(StorageError) -> [Result<StoredBytes?, StorageError>]
    /// The part of a document in `range`, clamped to its size.
    func read(
        _ part: IndexPart, of entry: Entry, range: Range<Int64>
    ) async throws(StorageError) -> StoredBytes?

    /// Changes when a document of the index changes.
    func revision(of entry: Entry) async throws(StorageError) -> String

    /// Writes both documents under a sanitized key.
    func write(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError)
    /// Removes the documents without taking them down first.
    func remove(_ entry: Entry) async throws(StorageError)

    func deletion(of entry: Entry) async throws(StorageError) -> IndexDeletion
    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome
    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement
    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome
}

extension IndexShelf {
    var write: Availability { capabilities.write }

    func names(isBegun: Bool) async throws(StorageError) -> (entries: [Entry], notes: [String]) { try await entries() }

    func look(at entries: [Entry]) async throws(StorageError) -> [Entry] { entries }

    func revision(of entry: Entry) async throws(StorageError) -> String { entry.revision }

    func read(_ part: IndexPart, of entry: Entry) async throws(StorageError) -> StoredBytes? {
        try await read(part, of: [entry]).first?.get() ?? nil
    }
}
