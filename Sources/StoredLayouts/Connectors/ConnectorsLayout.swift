internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Context-connectors' indexes on any engine family: all that does not depend
/// on where the two documents are kept.
///
/// Format: two JSON documents an index, `state.json` and `search.json`, as
/// Augment's context-connectors writes them; see `IndexFacts` for what is read.
protocol ConnectorsLayout: RecordLayout, IndexStore {
    associatedtype Shelf: IndexShelf
    var shelf: Shelf { get }
}

/// The name of the layout on every family.
let connectorsLayoutName = "context-connectors"

extension ConnectorsLayout {
    typealias Entry = IndexEntry<Shelf.Address>

    public var name: String { connectorsLayoutName }
    public var kinds: [RecordKind] { [.index] }

    public func capabilities(of kind: RecordKind) -> RecordCapabilities {
        guard kind == .index else { return .none(kind, of: name) }
        let change = shelf.write
        return RecordCapabilities(
            delete: change, trim: .unavailable(IndexRefusal.trim), write: change,
            sortFields: [.updated, .key, .title, .bytes, .group])
    }

    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try requireSort(query, place: shelf.place)
        guard query.kind == .index else { return Page(items: [], total: .exact(0)) }
        let isByName = query.sort.field == .key || query.sort.field == .updated
        let (entries, notes) =
            isByName ? try await shelf.names(isBegun: query.page.start != .first) : try await shelf.entries()
        if entries.contains(where: \.isUnseen) { return try await pageOfMany(query, entries, notes) }
        let records = try await summaries(of: entries)
        var page = try SummaryPaging(query).page(
            of: records, notes: notes, operation: "list indexes", place: shelf.place)
        try await look(closerAt: &page.items, entries)
        return page
    }

    /// A page by key of so many indexes that only its own are looked at.
    private func pageOfMany(
        _ query: RecordQuery, _ entries: [Entry], _ notes: [String]
    ) async throws(StorageError) -> Page<RecordSummary> {
        var shown = entries
        if let filter = query.filter {
            shown = []
            for part in entries.runs(of: 200) {
                let seen = try await shelf.look(at: part)
                shown += zip(seen, try await summaries(of: seen)).filter { filter.matches($1) }.map(\.0)
            }
        }
        var paging = query
        paging.filter = nil
        var page = try SummaryPaging(paging).page(
            of: shown.map { RecordSummary(id: recordID(.index, $0.key)) }, notes: notes, operation: "list indexes",
            place: shelf.place)
        if query.filter == nil { page.total = .estimated(shown.count) }
        if query.sort.field == .updated {
            page.notes.append("the indexes are too many to be looked at for their times, and come by key")
        }
        let byKey = Dictionary(shown.map { ($0.key, $0) }) { first, _ in first }
        let seen = try await shelf.look(at: page.items.compactMap { byKey[$0.id.key] })
        page.items = try await summaries(of: seen)
        try await look(closerAt: &page.items, seen)
        // A time would put it elsewhere where lists of several sources are merged.
        if query.sort.field == .updated { for index in page.items.indices { page.items[index].updated = nil } }
        return page
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        guard kind == .index else { return .exact(0) }
        let entries = try await shelf.names(isBegun: false).entries
        return entries.contains(where: \.isUnseen) ? .estimated(entries.count) : .exact(entries.count)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .index, let entry = try await shelf.entry(key) else { return nil }
        return try await fullSummary(of: entry)
    }

    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        throw noMessages(of: .index, place: shelf.place)
    }

    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        guard kind == .index, let entry = try await shelf.entry(key) else {
            throw notFound(kind, key, operation: "read \(kind.rawValue) \(key)", place: shelf.place)
        }
        var documents: [RecordDocument] = []
        for part in entry.parts {
            if let problem = entry[part]?.problem {
                documents.append(
                    RecordDocument(name: part.fileName, format: .text, bytes: StoredBytes([]), notes: [problem]))
            } else if let bytes = try await shelf.read(part, of: entry) {
                documents.append(RecordDocument(name: part.fileName, format: .json, bytes: bytes))
            }
        }
        // Both may have gone between the two looks.
        if documents.isEmpty {
            throw notFound(kind, key, operation: "read index \(key)", place: shelf.place)
        }
        if let missing = IndexPart.allCases.first(where: { entry[$0] == nil }) {
            documents[0].notes.append("\(shelf.label(missing)) is missing")
        }
        return documents
    }

    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard kind == .index, let entry = try await shelf.entry(key) else { return nil }
        return try await shelf.revision(of: entry)
    }

    // MARK: Changes

    public func plan(
        _ request: ChangeRequest, _ kind: RecordKind, _ key: String
    ) async throws(StorageError) -> ChangePlan {
        guard kind == .index, let entry = try await shelf.entry(key) else {
            throw notFound(kind, key, operation: "plan a change", place: shelf.place)
        }
        let target = try await summaries(of: [entry])[0]
        var plan = ChangePlan(
            request: request, target: target, unit: "documents", keeps: entry.parts.count, drops: 0, basis: PlanBasis())
        switch request {
        case .trim:
            plan.refusal = IndexRefusal.trim
        case .delete(.wholeContext):
            plan.refusal = IndexRefusal.wholeContext
        case .delete(.record):
            plan.refusal = shelf.write.reason
            guard plan.refusal == nil else { return plan }
            let deletion = try await shelf.deletion(of: entry)
            plan.basis = deletion.basis
            plan.fixUps = deletion.fixUps
            plan.warnings = deletion.warnings
            plan.refusal = deletion.refusal
            if deletion.refusal == nil {
                plan.keeps = 0
                plan.drops = entry.parts.count
                plan.bytes = entry.bytes
            }
        }
        return plan
    }

    public func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let operation = "delete index \(plan.target.id.key)"
        if let refusal = plan.refusal {
            throw StorageError(.unsupported, operation: operation, place: shelf.place, reason: refusal)
        }
        return try await shelf.carryOut(plan, recording: recorder)
    }

    public func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        try await shelf.settle(entry, during: act)
    }

    public func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        try await shelf.undo(entry, inexactly: inexactly)
    }
}

/// Why a change of an index is not possible.
enum IndexRefusal {
    static let trim = "an index holds no messages; it can only be deleted whole"
    static let wholeContext = "an index belongs to no conversation; delete the index itself"
}
