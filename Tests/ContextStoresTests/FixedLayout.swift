import ContextStores
import JSONText
import StoredLayouts
import StoredRecords
import Synchronization

/// A layout over records a test made, for what does not depend on how they are stored.
struct FixedLayout: RecordLayout {
    var name = "fixed"
    var source = "s"
    var kinds: [RecordKind] = RecordKind.allCases
    var records: [RecordSummary] = []
    var threads: [String: [StoredMessage]] = [:]
    var documents: [String: [RecordDocument]] = [:]
    /// What a change fails with once its entry is sealed; without it none can be planned.
    var failure: StorageError?

    func capabilities(of kind: RecordKind) -> RecordCapabilities {
        RecordCapabilities(
            delete: .unavailable("fixed"), trim: .unavailable("fixed"), write: .unavailable("fixed"),
            sortFields: RecordSort.Field.allCases)
    }

    func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try SummaryPaging(query).page(
            of: records.filter { $0.id.kind == query.kind }, operation: "list", place: source)
    }

    func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        .exact(records.count { $0.id.kind == kind })
    }

    func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        records.first { $0.id.kind == kind && $0.id.key == key }
    }

    func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        let all = threads[key] ?? []
        let from: Int =
            switch page.start {
            case .first: 0
            case .position(let position): position
            case .after(let cursor): Int(cursor.text) ?? 0
            case .last, .before: max(0, all.count - page.limit)
            }
        let items = Array(all.dropFirst(from).prefix(page.limit))
        let end = from + items.count
        return Page(items: items, next: end < all.count ? PageCursor(String(end)) : nil, total: .exact(all.count))
    }

    func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        documents[key] ?? []
    }

    func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {}

    func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? { nil }

    func plan(_ request: ChangeRequest, _ kind: RecordKind, _ key: String) async throws(StorageError) -> ChangePlan {
        guard failure != nil, let target = try await summary(kind, key) else { throw refused }
        return ChangePlan(request: request, target: target, unit: "messages", keeps: 0, drops: 1, basis: PlanBasis())
    }

    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        guard let failure else { throw refused }
        try recorder.record(.row(table: "messages", columns: ["id"], values: [.text("m")]))
        try recorder.seal()
        throw failure
    }

    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement {
        .notApplied
    }

    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome { throw refused }

    private var refused: StorageError {
        StorageError(.unsupported, operation: "change", place: source, reason: "the records are fixed")
    }

    // MARK: Building

    /// A library whose one source "s" holds this layout.
    var library: StoreLibrary {
        let spec = SourceSpec(name: source, location: .memory)
        return StoreLibrary(
            specs: [spec], stateDirectory: "/nonexistent", limits: RecoveryLimits(), clock: .system
        ) { [self] spec async throws(StorageError) in
            OpenSource(spec: spec, engine: "fixed", accesses: [], layouts: [self])
        }
    }

    mutating func add(
        _ kind: RecordKind, _ key: String, title: String = "", detail: RecordDetail = .none,
        documents: [RecordDocument] = [], messages: [StoredMessage] = []
    ) {
        records.append(
            RecordSummary(id: recordID(kind, key), title: title, messages: messages.count, detail: detail))
        self.documents[key] = documents
        threads[key] = messages
    }
}

extension StoredMessage {
    /// A message stored as the given JSON text.
    static func stored(_ position: Int, _ role: MessageRole, _ text: String, raw: String? = nil) -> StoredMessage {
        let bytes = raw ?? JSONValue(members: [("role", .text(role.rawValue)), ("content", .text(text))]).serialized()
        return StoredMessage(
            position: position, id: "m\(position)", role: role, content: [.text(text)], raw: .bytes(StoredBytes(bytes)))
    }
}

/// Keeps what an export writes.
final class BytesSink: ExportSink {
    private let kept = Mutex<[UInt8]>([])

    func write(_ bytes: [UInt8]) async throws(StorageError) {
        kept.withLock { $0 += bytes }
    }

    var text: String { kept.withLock { String(decoding: $0, as: UTF8.self) } }
}
