public import EngineCore
internal import JSONText
public import StoredRecords

/// Keys of no known format: one record each, with its value.
public struct RawKeysLayout: RawLayout {
    public let source: String
    private let engine: any KeyspaceEngine

    public init(engine: any KeyspaceEngine, context: LayoutContext) {
        source = context.source
        self.engine = engine
    }

    var place: String { engine.place }

    private static let scanCount = 1000

    public func capabilities(of kind: RecordKind) -> RecordCapabilities { rawCapabilities(kind, [.key]) }

    /// A scan has no order, so that each page looks at every key's name, in
    /// bounded memory; types and sizes are asked for the page alone.
    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try requireSort(query, place: place)
        guard query.kind == .raw else { return Page(items: [], total: .exact(0)) }
        var window: KeyWindow<StoredKey> = try window(query)
        let isOneRound = try await forEachKey { key in
            guard query.filter?.matches([key.description]) ?? true else { return .more }
            window.take(key.bytes, key)
            return .more
        }
        let page = window.finish(total: Self.total(window.seen, isOneRound: isOneRound), notes: [])
        var items: [RecordSummary] = []
        for (key, info) in zip(page.items, try await engine.describe(page.items)) {
            // A key may have gone since the scan.
            if let info { items.append(summary(key, info)) }
        }
        return Page(
            items: items, next: page.next, previous: page.previous, total: page.total, notes: page.notes)
    }

    /// Whether one round of the scan handed over everything.
    @discardableResult
    private func forEachKey(_ receive: (StoredKey) -> StreamControl) async throws(StorageError) -> Bool {
        var cursor: KeyCursor?
        var rounds = 0
        repeat {
            let page = try await engine.scan("*", after: cursor, count: Self.scanCount)
            for key in page.keys where receive(key) == .stop { return false }
            cursor = page.next
            rounds += 1
            try requireNotCancelled("list raw", place: place)
        } while cursor != nil
        return rounds == 1
    }

    private func summary(_ key: StoredKey, _ info: KeyInfo) -> RecordSummary {
        var notes: [String] = []
        if let left = info.timeToLive { notes.append("expires in \(left.components.seconds) s") }
        let isString = info.type == .string
        return RecordSummary(
            id: recordID(.raw, key.description),
            title: isString ? info.type.rawValue : "\(info.type.rawValue) of \(info.size)",
            bytes: isString ? Int64(info.size) : nil, notes: notes)
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        guard kind == .raw else { return .exact(0) }
        var count = 0
        let isOneRound = try await forEachKey { _ in
            count += 1
            return .more
        }
        return Self.total(count, isOneRound: isOneRound)
    }

    /// A key may come twice in several rounds; where none came at all, there is none.
    private static func total(_ count: Int, isOneRound: Bool) -> Total {
        isOneRound || count == 0 ? .exact(count) : .estimated(count)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        guard kind == .raw else { return nil }
        let stored = StoredKey(description: key)
        return try await engine.describe([stored]).first.flatMap(\.self).map { summary(stored, $0) }
    }

    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        throw noMessages(of: .raw, place: place)
    }

    /// A string's value, or a set's members, one a line; of other types a note.
    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        let stored = StoredKey(description: key)
        guard kind == .raw, let info = try await engine.describe([stored]).first.flatMap(\.self) else {
            throw notFound(kind, key, operation: "read \(key)", place: place)
        }
        switch info.type {
        case .string:
            guard let bytes = try await engine.strings([stored]).first?.get() else {
                throw notFound(kind, key, operation: "read \(key)", place: place)
            }
            return [RecordDocument(name: key, format: RawFormat.of(bytes, name: ""), bytes: bytes)]
        case .set:
            var lines: [UInt8] = []
            var cursor: KeyCursor?
            repeat {
                let page = try await engine.members(stored, after: cursor, count: Self.scanCount)
                for member in page.members {
                    lines += JSONValue.text(ObjectKey(bytes: member).description).serializedBytes(.compact) + [0x0A]
                }
                cursor = page.next
            } while cursor != nil
            return [RecordDocument(name: key, format: .jsonLines(columns: []), bytes: StoredBytes(lines))]
        case .list, .hash, .sortedSet, .stream, .other:
            return [
                RecordDocument(
                    name: key, format: .text, bytes: StoredBytes([]),
                    notes: ["a \(info.type.rawValue) of \(info.size); values of this type are not shown"])
            ]
        }
    }

    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let delivery = SearchDelivery(query, receive)
        guard delivery.wants(.raw) else { return }
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan("*", after: cursor, count: Self.scanCount)
            cursor = page.next
            for (key, info) in zip(page.keys, try await engine.describe(page.keys)) {
                try requireNotCancelled("search", place: place)
                guard let info else { continue }
                let record = summary(key, info)
                if query.text.matches(record) { _ = delivery.hit(SearchHit(record: record, excerpt: record.id.key)) }
                if info.type == .string, let bytes = try await engine.strings([key]).first?.get() {
                    RawText.search(bytes, of: record, document: record.id.key, delivery)
                }
                if delivery.looked(records: 1) == .stop { return }
            }
        } while cursor != nil
    }

    /// Type and size, and of a string its two ends.
    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        let stored = StoredKey(description: key)
        guard kind == .raw, let info = try await engine.describe([stored]).first.flatMap(\.self) else { return nil }
        var hash = ContentHash()
        if info.type == .string {
            let size = Int64(info.size)
            for range in [0..<min(size, 256), max(0, size - 256)..<size] {
                hash.add(try await engine.string(stored, range: range)?.array ?? [])
            }
        }
        return "\(info.type.rawValue).\(info.size).\(hash.text)"
    }
}
