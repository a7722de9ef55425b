public import BrowserModel
public import StoredRecords

/// What the browser asks of the storage library; tests stand a slow, failing
/// or endless one in for it.
public protocol BrowserLibrary: Sendable {
    /// Opens a source, anew when it was open.
    func open(_ source: String) async throws(StorageError) -> OpenedSource
    /// Takes in another source, written as on the command line; empty when it is there already.
    func add(_ text: String, name: String?) async throws(StorageError) -> [AddedSource]
    /// Writes a source to the user's configuration.
    func keep(_ name: String, location: String) async throws(StorageError)
    /// `nil` when the source holds no such kind.
    func capabilities(_ source: String, _ kind: RecordKind) async throws(StorageError) -> RecordCapabilities?
    func count(_ source: String, _ kind: RecordKind) async throws(StorageError) -> Total
    func list(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary>
    /// Looks through a source and tells of what it finds as it goes.
    func look(
        in source: String, for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError)
    func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary?
    func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage>
    /// Whatever changes when the record changes; `nil` when it is not there. Cheap.
    func revision(_ id: RecordID) async throws(StorageError) -> String?
    func documents(_ id: RecordID) async throws(StorageError) -> [RecordDocument]
    func plan(_ request: ChangeRequest, _ id: RecordID) async throws(StorageError) -> ChangePlan
    func carryOut(_ plan: ChangePlan) async throws(StorageError) -> CarriedOut
    /// Newest first.
    func undoEntries() async throws(StorageError) -> [UndoEntry]
    /// What an entry of the journal holds, made readable and bounded.
    func contents(ofEntry entry: String) async throws(StorageError) -> [RecordDocument]
    /// Removes an entry for good and returns the bytes that became free.
    func forget(_ entry: String) async throws(StorageError) -> Int64
    func undo(_ entry: String, inexactly: Bool) async throws(StorageError) -> ChangeOutcome
    /// The formats a record can be exported in, the usual one first, and a file name without ending.
    func exportForms(_ record: RecordSummary) async -> (formats: [String], name: String)
    /// Writes the file and returns its path and what was remarkable; `conflict` when it is there already.
    func export(
        _ order: ExportOrder, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(StorageError) -> (files: [String], notes: [String])
    /// Writes what is too large for a clipboard to a file that only the user can read, and returns its path.
    func saveCopy(_ order: CopyOrder) throws(StorageError) -> String
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
