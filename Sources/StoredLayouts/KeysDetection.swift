internal import EngineCore
internal import StoredRecords

/// Tells which layouts a keyspace holds by one bounded scan that they share.
///
/// A large keyspace that already has something to show is not scanned at all:
/// its first list is a scan of its own, and a part of so many keys would rule
/// nothing out.
///
/// A keyspace has no order, so that the only key of a format may come last of
/// millions. What the scan has neither found nor ruled out is left open: such a
/// layout is possible, and its own counts and lists, which look at every key,
/// tell later.
enum KeysDetection {
    static func layouts(
        _ engine: any KeyspaceEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        var threads = MemexKeysLayout(engine: engine, context: context)
        var indexes = ConnectorsKeysLayout(engine: engine, context: context)
        var (hasThreads, hasIndexes) = (Finding(threads, context), Finding(indexes, context))
        if hasThreads == .open, try await threads.hasSet() { hasThreads = .found }
        var cursor: KeyCursor?
        var rounds = 0
        while hasThreads == .open || hasIndexes == .open {
            let isAlone = hasThreads != .found && hasIndexes != .found
            guard rounds < (isAlone ? roundsAlone : roundsBesides) else { break }
            if rounds == 0, !isAlone, try await isLarge(engine) { break }
            let page = try await engine.scan("*", after: cursor, count: scanCount)
            rounds += 1
            if hasThreads == .open, try await threads.holdsThread(page.keys) { hasThreads = .found }
            if hasIndexes == .open, indexes.shelf.holdsDocument(page.keys) { hasIndexes = .found }
            cursor = page.next
            guard cursor == nil else { continue }
            if hasThreads == .open { hasThreads = .absent }
            if hasIndexes == .open { hasIndexes = .absent }
        }
        threads.isPossible = hasThreads == .open
        indexes.isPossible = hasIndexes == .open
        var layouts: [any RecordLayout] = []
        if hasThreads != .absent { layouts.append(threads) }
        if hasIndexes != .absent { layouts.append(indexes) }
        return layouts
    }

    /// Whether there are more keys than are looked at beside what is found.
    private static func isLarge(_ engine: any KeyspaceEngine) async throws(StorageError) -> Bool {
        try await engine.keyCount().map { $0 > roundsBesides * scanCount } ?? false
    }

    private static let scanCount = 1000
    /// How far is looked where nothing is found, and where a source can be shown already.
    private static let (roundsAlone, roundsBesides) = (10, 3)

    private enum Finding {
        case absent, open, found

        /// A layout that the options name is there, as the first save makes it.
        init(_ layout: any RecordLayout, _ context: LayoutContext) {
            let options = context.options
            self = options.layouts.contains(layout.name) ? .found : options.wants(layout.name) ? .open : .absent
        }
    }
}
