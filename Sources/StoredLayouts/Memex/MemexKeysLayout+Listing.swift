internal import EngineCore
internal import JSONText
public import StoredRecords

/// A thread's key as the keyspace tells it, without its content.
struct MemexKeyEntry: Sendable {
    var id: [UInt8]
    var info: KeyInfo?
    /// Whether the set of ids names it.
    var isNamed: Bool
}

extension MemexKeysLayout {
    /// All values together up to this size are read for a page.
    static var readableForPage: Int { 16 << 20 }
    /// A single value up to this size is read for a list.
    private static var readableForList: Int { 8 << 20 }
    private static var batch: Int { 500 }
    private static var countedOneByOne: Int { 5000 }

    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        guard query.kind == .thread else { return Page(items: [], total: .exact(0)) }
        try requireSort(query, place: engine.place)
        if query.filter == nil, query.sort.field == .updated, let page = try await discovered(query) { return page }
        let (entries, notes) = try await entries()
        let size = entries.reduce(0) { $0 + ($1.info?.size ?? 0) }
        if size <= Self.readableForPage {
            let all = try await summaries(entries)
            return try SummaryPaging(query).page(
                of: all, notes: notes, operation: "list threads", place: engine.place)
        }
        // Only what the order needs is kept of threads that are not on the page.
        var bare: [RecordSummary] = []
        for part in entries.runs(of: Self.batch) {
            if let filter = query.filter {
                for (entry, summary) in zip(part, try await summaries(part)) where filter.matches(summary) {
                    bare.append(self.bare(entry))
                }
            } else {
                bare += part.map(self.bare)
            }
            try requireNotCancelled("list threads", place: engine.place)
        }
        var paging = query
        paging.filter = nil
        var notesHere = notes
        if query.sort.field == .updated {
            notesHere.append("the threads are too large to be read for their times, and come by key")
        }
        var page = try SummaryPaging(paging).page(
            of: bare, notes: notesHere, operation: "list threads", place: engine.place)
        let byKey = Dictionary(entries.map { (ObjectKey(bytes: $0.id).description, $0) }) { first, _ in first }
        page.items = try await summaries(page.items.compactMap { byKey[$0.id.key] }).map { summary in
            var summary = summary
            // A time would put it elsewhere where lists of several sources are merged.
            if query.sort.field == .updated { summary.updated = nil }
            return summary
        }
        return page
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        guard kind == .thread else { return .exact(0) }
        // Counting all keys takes a while where there are many; the set knows.
        if let set = try await engine.describe([keys.set]).first ?? nil, set.type == .set,
            set.size > Self.countedOneByOne
        {
            return .estimated(set.size)
        }
        return .exact(try await ids().count)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .thread, let entry = try await entry(key) else { return nil }
        let document = entry.info?.type == .string ? try await document(entry) : nil
        var summary = summary(entry, document)
        if let document, document.isThread {
            let counts = document.messages.indices.compactMap {
                document.message(at: $0).value["token_count"]?.intValue
            }
            var sum: Int? = 0
            for count in counts {
                sum = sum.flatMap { sum in
                    let (more, overflow) = sum.addingReportingOverflow(count)
                    return overflow ? nil : more
                }
            }
            if !counts.isEmpty { summary.tokens = sum }
            if sum == nil { summary.notes.append(MemexMessageDecoding.tokensTooLarge) }
        }
        return summary
    }

    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        guard kind == .thread, let entry = try await entry(key) else {
            throw notFound(kind, key, operation: "show the thread", place: engine.place)
        }
        guard entry.info?.type == .string, let document = try await document(entry) else { return [] }
        var documents: [RecordDocument] = []
        if let metadata = document.metadata {
            documents.append(
                RecordDocument(name: "metadata", format: .json, bytes: StoredBytes(metadata.serializedBytes())))
        }
        let isText = document.bytes.text != nil
        let name = keys.thread(entry.id).description
        let isJSON = document.problem != "the value is not JSON"
        documents.append(
            RecordDocument(
                name: name, format: isJSON ? .json : isText ? .text : .binary, bytes: document.bytes,
                isContent: false, notes: document.problem.map { [$0] } ?? []))
        return documents
    }

    /// Size and last bytes of the value: what an append and a trim change.
    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard kind == .thread, let entry = try await entry(key) else { return nil }
        guard let info = entry.info else { return "gone" }
        guard info.type == .string else { return "\(info.type.rawValue).\(info.size)" }
        let size = Int64(info.size)
        let tail = try await engine.string(keys.thread(entry.id), range: max(0, size - 1024)..<size)
        return "\(info.size).\(tail?.contentHash ?? "")"
    }

    // MARK: Finding

    /// The ids of all keys and of the set, in byte order.
    private func ids() async throws(StorageError) -> [(id: [UInt8], isNamed: Bool)] {
        var found: [[UInt8]: Bool] = [:]
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan(keys.pattern, after: cursor, count: 1000)
            for id in page.keys.compactMap(keys.id) { found[id] = false }
            cursor = page.next
            try requireNotCancelled("list threads", place: engine.place)
        } while cursor != nil
        if try await hasSet() {
            repeat {
                let page = try await engine.members(keys.set, after: cursor, count: 1000)
                for id in page.members { found[id] = true }
                cursor = page.next
                try requireNotCancelled("list threads", place: engine.place)
            } while cursor != nil
        }
        return found.map { (id: $0.key, isNamed: $0.value) }.sorted { $0.id.lexicographicallyPrecedes($1.id) }
    }

    /// Whether the key of the set holds one; a key of another type names nothing.
    func hasSet() async throws(StorageError) -> Bool {
        try await engine.describe([keys.set]).first??.type == .set
    }

    func entries() async throws(StorageError) -> (entries: [MemexKeyEntry], notes: [String]) {
        var entries: [MemexKeyEntry] = []
        for part in try await ids().runs(of: Self.batch) {
            let infos = try await engine.describe(part.map { keys.thread($0.id) })
            for (found, info) in zip(part, infos) {
                // A key that went since the scan is none, unless the set names it.
                guard info != nil || found.isNamed else { continue }
                entries.append(MemexKeyEntry(id: found.id, info: info, isNamed: found.isNamed))
            }
        }
        let setType = try await engine.describe([keys.set]).first??.type
        let isWrong = setType != nil && setType != .set
        return (entries, isWrong ? ["the key \(keys.set) holds no set of thread ids"] : [])
    }

    /// `nil` when neither a key nor the set knows the thread.
    func entry(_ key: String) async throws(StorageError) -> MemexKeyEntry? {
        let id = ObjectKey(description: key).bytes
        guard let info = try await engine.describe([keys.thread(id)]).first else { return nil }
        var isNamed = false
        if try await hasSet() { isNamed = try await engine.isMember(keys.set, [id]).first ?? false }
        guard info != nil || isNamed else { return nil }
        return MemexKeyEntry(id: id, info: info, isNamed: isNamed)
    }

    func document(_ entry: MemexKeyEntry) async throws(StorageError) -> MemexDocument? {
        guard let result = try await engine.strings([keys.thread(entry.id)]).first, let bytes = try result.get()
        else { return nil }
        return MemexDocument(bytes)
    }

    // MARK: Summaries

    private func bare(_ entry: MemexKeyEntry) -> RecordSummary {
        RecordSummary(
            id: recordID(.thread, ObjectKey(bytes: entry.id).description),
            bytes: entry.info?.type == .string ? entry.info.map { Int64($0.size) } : nil)
    }

    /// Reads the values of these entries, but for huge ones, a batch in one round trip.
    func summaries(_ entries: [MemexKeyEntry]) async throws(StorageError) -> [RecordSummary] {
        var summaries: [RecordSummary] = []
        for part in entries.runs(of: Self.batch) {
            let readable = part.map { $0.info?.type == .string && $0.info?.size ?? 0 <= Self.readableForList }
            let names = zip(part, readable).filter(\.1).map { keys.thread($0.0.id) }
            var values = try await engine.strings(names)[...]
            for (entry, isReadable) in zip(part, readable) {
                let bytes = isReadable ? try? values.popFirst()?.get() : nil
                summaries.append(summary(entry, bytes.map { MemexDocument($0) }))
            }
        }
        return summaries
    }

    func summary(_ entry: MemexKeyEntry, _ document: MemexDocument?) -> RecordSummary {
        var summary = bare(entry)
        summary.detail = .thread(ThreadDetail())
        if let info = entry.info {
            if info.type != .string {
                summary.notes.append("the key holds a \(info.type.rawValue), not a string")
            } else if let document {
                summary.notes += document.problem.map { [$0] } ?? document.notes
                if document.isThread { summary.messages = document.messages.count }
                summary.metadata = document.metadata
                summary.title = MemexThreadDecoding.title(document.metadata)
                summary.created = document.created
                summary.updated = document.updated
            } else if info.size > Self.readableForList {
                summary.notes.append("too large to be read for a list")
            }
            if let left = info.timeToLive { summary.notes.append("the key expires in \(left.components.seconds) s") }
            if !entry.isNamed {
                summary.notes.append("the set \(keys.set) does not name it: MemexLLM does not list it")
            }
        } else {
            summary.notes.append("its key is gone, only the set \(keys.set) names it; deleting it repairs the set")
        }
        return summary
    }
}

extension Array {
    /// The elements in runs of at most `count`.
    func runs(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min(self.count, $0 + count)]) }
    }
}
