public import EngineCore
public import StoredRecords

/// Objects of no known format: one record each, with everything below the root.
public struct RawObjectsLayout: RawLayout {
    public let source: String
    private let engine: any ObjectEngine

    public init(engine: any ObjectEngine, context: LayoutContext) {
        source = context.source
        self.engine = engine
    }

    var place: String { engine.place }

    public func capabilities(of kind: RecordKind) -> RecordCapabilities { rawCapabilities(kind, [.key]) }

    /// In key order straight from the engine; only a page from the end or in
    /// descending order walks over all objects, in bounded memory.
    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try requireSort(query, place: place)
        guard query.kind == .raw else { return Page(items: [], total: .exact(0)) }
        var window: KeyWindow<RecordSummary> = try window(query)
        var notes: [String] = []
        var after = window.startsAfter.map { ObjectKey(bytes: $0) }
        let isFromStart = after == nil
        // One object more than the page tells whether there is a next one.
        let limit = query.filter == nil ? min(query.page.limit, Self.pageSize) + 1 : Self.pageSize
        repeat {
            let page = try await engine.list(ObjectListing(after: after, limit: limit))
            notes += page.notes
            after = page.next
            for case .object(let info) in page.entries {
                let record = summary(info)
                guard query.filter?.matches(record) ?? true else { continue }
                window.take(info.key.bytes, record)
            }
            try requireNotCancelled("list raw", place: place)
        } while after != nil && !window.isFull
        let isWhole = after == nil && isFromStart
        return window.finish(total: isWhole ? .exact(window.seen) : .atLeast(window.seen), notes: notes)
    }

    private static let pageSize = 1000

    /// Exact up to a bound, above which counting alone would take long.
    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        guard kind == .raw else { return .exact(0) }
        var count = 0
        var after: ObjectKey?
        repeat {
            let page = try await engine.list(ObjectListing(after: after, limit: Self.countedExactly))
            count += page.entries.count
            after = page.next
            if count >= Self.countedExactly, after != nil { return .atLeast(count) }
        } while after != nil
        return .exact(count)
    }

    private static let countedExactly = 10_000

    private func summary(_ info: ObjectInfo) -> RecordSummary {
        RecordSummary(
            id: recordID(.raw, info.key.description), title: info.key.lastPart.description, updated: info.modified,
            bytes: info.size)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .raw else { return nil }
        return try await engine.stat(ObjectKey(description: key)).map(summary)
    }

    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        throw noMessages(of: .raw, place: place)
    }

    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        let name = ObjectKey(description: key)
        guard kind == .raw, let object = try await engine.read(name) else {
            throw notFound(kind, key, operation: "read \(key)", place: place)
        }
        let title = name.lastPart.description
        return [RecordDocument(name: title, format: RawFormat.of(object.bytes, name: title), bytes: object.bytes)]
    }

    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard kind == .raw else { return nil }
        return try await engine.stat(ObjectKey(description: key))?.tag
    }

    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.raw) else { return }
        var after: ObjectKey?
        repeat {
            let page = try await engine.list(ObjectListing(after: after, limit: Self.pageSize))
            after = page.next
            for case .object(let info) in page.entries {
                try requireNotCancelled("search", place: place)
                let record = summary(info)
                if query.text.matches(record) { _ = delivery.hit(SearchHit(record: record, excerpt: record.id.key)) }
                // An object that went or cannot be read holds no hit; the list shows what is wrong.
                if let bytes = try? await engine.read(info.key)?.bytes {
                    RawText.search(bytes, of: record, document: record.title, delivery)
                }
                if delivery.looked(records: 1) == .stop { return }
            }
        } while after != nil
    }
}
