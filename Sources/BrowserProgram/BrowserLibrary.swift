public import BrowserModel
public import StoredRecords

/// What the browser asks of the storage library; tests stand a slow, failing
/// or endless one in for it.
public protocol BrowserLibrary: Sendable {
    /// Opens a source, anew when it was open.
    func open(_ source: String) async throws(StorageError) -> OpenedSource
    /// `nil` when the source holds no such kind.
    func capabilities(_ source: String, _ kind: RecordKind) async throws(StorageError) -> RecordCapabilities?
    func count(_ source: String, _ kind: RecordKind) async throws(StorageError) -> Total
    func list(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary>
    func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary?
    func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage>
    func documents(_ id: RecordID) async throws(StorageError) -> [RecordDocument]
    func plan(_ request: ChangeRequest, _ id: RecordID) async throws(StorageError) -> ChangePlan
    func carryOut(_ plan: ChangePlan) async throws(StorageError) -> CarriedOut
    /// Newest first.
    func undoEntries() async throws(StorageError) -> [UndoEntry]
    func undo(_ entry: String, inexactly: Bool) async throws(StorageError) -> ChangeOutcome
    /// The formats a record can be exported in, the usual one first, and a file name without ending.
    func exportForms(_ record: RecordSummary) async -> (formats: [String], name: String)
    /// Writes the file and returns its path and what was remarkable; `conflict` when it is there already.
    func export(
        _ order: ExportOrder, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(StorageError) -> (files: [String], notes: [String])
}

/// The library and what it was made from.
public struct OpenedLibrary: Sendable {
    public var library: any BrowserLibrary
    public var found: FoundSources

    public init(library: any BrowserLibrary, found: FoundSources) {
        self.library = library
        self.found = found
    }
}
