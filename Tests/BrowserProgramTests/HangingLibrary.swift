import BrowserModel
import BrowserProgram
import BrowserTestSupport
import StoredRecords

/// Two sources: one answers at once, the other never.
struct HangingLibrary: BrowserLibrary {
    static let found = FoundSources(
        sources: ["slow", "fast"].map {
            SourceLabel(name: $0, location: "/stores/\($0)", origin: "named", isReadOnly: false)
        }, lookedFor: [])

    /// Waits for ever, whether cancelled or not, as a call into a mount whose server is gone.
    static func neverAnswer() async {
        await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }

    private func hang(_ source: String) async {
        if source == "slow" { await Self.neverAnswer() }
    }

    func open(_ source: String) async throws(StorageError) -> OpenedSource {
        await hang(source)
        return OpenedSource(engine: "memory", layouts: ["pretend"], kinds: [.thread], write: .available)
    }

    func capabilities(_ source: String, _ kind: RecordKind) async throws(StorageError) -> RecordCapabilities? { nil }

    func count(_ source: String, _ kind: RecordKind) async throws(StorageError) -> Total { .exact(3) }

    func list(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        let shelf = PretendRecords.threads(source, 3)
        return Page(items: (0..<3).map(shelf.make), total: .exact(3))
    }

    func look(
        in source: String, for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        _ = receive(.looked(SearchedAmount(records: 7)))
        await hang(source)
        let record = PretendRecords.thread(source, "\(source)-1")
        _ = receive(.hit(SearchHit(record: record, message: 0, role: .user, excerpt: "The only message")))
        // A source that goes on for ever has its hits shown all the same.
        if query.text.text == "message" { await Self.neverAnswer() }
    }

    func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        if id.key == "fast-0" { await Self.neverAnswer() }
        return Page(items: [PretendRecords.message(0, .user, "The only message")], total: .exact(1))
    }

    func revision(_ id: RecordID) async throws(StorageError) -> String? { "1" }
    func add(_ text: String, name: String?) async throws(StorageError) -> [AddedSource] { [] }
    func keep(_ name: String, location: String) async throws(StorageError) {}
    func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary? { nil }
    func documents(_ id: RecordID) async throws(StorageError) -> [RecordDocument] { [] }
    func plan(_ request: ChangeRequest, _ id: RecordID) async throws(StorageError) -> ChangePlan {
        throw PretendRecords.failure
    }
    func carryOut(_ plan: ChangePlan) async throws(StorageError) -> CarriedOut { throw PretendRecords.failure }
    func contents(ofEntry entry: String) async throws(StorageError) -> [RecordDocument] { [] }
    func forget(_ entry: String) async throws(StorageError) -> Int64 { 0 }
    func undoEntries() async throws(StorageError) -> [UndoEntry] { [] }
    func undo(_ entry: String, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        throw PretendRecords.failure
    }
    func exportForms(_ record: RecordSummary) async -> (formats: [String], name: String) { (["json"], "name") }
    func saveCopy(_ order: CopyOrder) throws(StorageError) -> String {
        throw StorageError(.failed, operation: "write a copy", place: "", reason: "it is never asked for")
    }

    func export(
        _ order: ExportOrder, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws(StorageError) -> (files: [String], notes: [String]) {
        guard order.overwrites else {
            throw StorageError(.conflict, operation: "export", place: order.path, reason: "it is there already")
        }
        return ([order.path], [])
    }
}
