public import StoredLayouts
public import StoredRecords
internal import Synchronization

/// Every source of a program in one place: lists, shows, searches, changes
/// and undoes records whatever tool wrote them and wherever they are.
///
/// Sources are opened when they are first asked for and stay open. One source
/// that fails or hangs never delays another.
public final class StoreLibrary: Sendable {
    /// The sources in the order given; nothing is opened by reading this.
    public var specs: [SourceSpec] { sources.withLock { $0 } }
    private let sources: Mutex<[SourceSpec]>
    public let journal: RecoveryJournal
    /// Where this program keeps what it remembers; for this user's eyes only.
    public let stateDirectory: String
    let clock: Clock
    private let opener: @Sendable (SourceSpec) async throws(StorageError) -> OpenSource
    private let opened = Mutex<[String: Task<Result<OpenSource, StorageError>, Never>]>([:])

    public convenience init(
        specs: [SourceSpec], stateDirectory: String, limits: RecoveryLimits = RecoveryLimits(), clock: Clock = .system
    ) {
        self.init(specs: specs, stateDirectory: stateDirectory, limits: limits, clock: clock) {
            spec async throws(StorageError) in
            try await OpenSource.open(spec, clock: clock)
        }
    }

    /// A library whose sources are opened by the caller's own function, for
    /// engines that are not in the catalogue.
    public init(
        specs: [SourceSpec], stateDirectory: String, limits: RecoveryLimits, clock: Clock,
        opener: @escaping @Sendable (SourceSpec) async throws(StorageError) -> OpenSource
    ) {
        sources = Mutex(specs)
        self.clock = clock
        self.opener = opener
        self.stateDirectory = stateDirectory
        journal = RecoveryJournal(stateDirectory: stateDirectory, limits: limits, clock: clock)
    }

    // MARK: Sources

    /// Takes in another source, whose name no other has.
    public func add(_ spec: SourceSpec) {
        sources.withLock { sources in
            if !sources.contains(where: { $0.name == spec.name }) { sources.append(spec) }
        }
    }

    /// Opens the source if it is not open yet and says what is in it.
    ///
    /// A change that a crash cut short there is brought to its end first. A
    /// failed opening is not remembered: the next call tries anew.
    public func open(_ source: String) async throws(StorageError) -> SourceStatus {
        try await access(source).status
    }

    /// Forgets an opened source, so that the next call opens it anew.
    public func reopen(_ source: String) async throws(StorageError) -> SourceStatus {
        let task = opened.withLock { $0.removeValue(forKey: source) }
        if case .success(let old)? = await task?.value { await old.close() }
        return try await open(source)
    }

    public func close() async {
        let tasks = opened.withLock { opened in
            defer { opened = [:] }
            return Array(opened.values)
        }
        for task in tasks {
            if case .success(let source) = await task.value { await source.close() }
        }
    }

    /// What can be done with the source's records of a kind; `nil` when it holds none.
    ///
    /// Where several layouts hold the kind, acts are those of the first, and
    /// sort fields those that all of them have.
    public func capabilities(
        _ source: String, _ kind: RecordKind
    ) async throws(StorageError) -> RecordCapabilities? {
        let all = try await access(source).layouts(of: kind).map { $0.capabilities(of: kind) }
        guard var able = all.first else { return nil }
        able.sortFields.removeAll { field in all.contains { !$0.sortFields.contains(field) } }
        return able
    }

    // MARK: Reading

    /// One page of a source's records of a kind; empty when it holds none.
    public func list(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        guard let sums = query.filter?.bySums else { return try await page(source, query) }
        return try await FilteredPages(sums, query).page { query async throws(StorageError) in
            try await page(source, query)
        }
    }

    private func page(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        let layouts = try await access(source).layouts(of: query.kind)
        switch layouts.count {
        case 0: return Page(items: [], total: .exact(0))
        case 1: return try await layouts[0].list(query)
        default:
            var all: [RecordSummary] = []
            var notes: [String] = []
            for layout in layouts {
                let (items, layoutNotes) = try await Self.all(of: layout, query)
                all += items
                notes += layoutNotes
            }
            return try SummaryPaging(query).page(
                of: all, notes: notes, operation: "list \(query.kind.plural)", place: source)
        }
    }

    public func count(_ source: String, _ kind: RecordKind) async throws(StorageError) -> Total {
        var total = Total.exact(0)
        for layout in try await access(source).layouts(of: kind) {
            total = total + (try await layout.count(kind))
        }
        return total
    }

    public func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary? {
        try await layout(of: id).summary(id.kind, id.key)
    }

    public func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        try await layout(of: id).messages(id.key, page)
    }

    public func documents(_ id: RecordID) async throws(StorageError) -> [RecordDocument] {
        try await layout(of: id).documents(id.kind, id.key)
    }

    public func revision(_ id: RecordID) async throws(StorageError) -> String? {
        try await layout(of: id).revision(id.kind, id.key)
    }

    /// Looks through a source for what it holds, layout after layout, and tells
    /// of what it finds and how far it has come as it goes.
    ///
    /// Searches of several sources at once do not wait for each other.
    public func look(
        in source: String, for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        let stopped = Mutex(false)
        for layout in try await access(source).layouts {
            guard query.kinds.isEmpty || layout.kinds.contains(where: query.kinds.contains) else { continue }
            try await layout.look(for: query) { news in
                let control = receive(news)
                if control == .stop { stopped.withLock { $0 = true } }
                return control
            }
            if stopped.withLock({ $0 }) { return }
        }
    }

    /// The same for who wants hits alone.
    public func search(
        _ source: String, _ query: SearchQuery, _ receive: @escaping @Sendable (SearchHit) -> StreamControl
    ) async throws(StorageError) {
        try await look(in: source, for: query) { news in
            if case .hit(let hit) = news { receive(hit) } else { .more }
        }
    }

    /// Where there is a record with this kind and key, over the sources that
    /// answer, and the failures of the others. Reads as little as tells.
    public func find(
        _ kind: RecordKind, _ key: String
    ) async -> (ids: [RecordID], failures: [StorageError]) {
        var ids: [RecordID] = []
        var failures: [StorageError] = []
        for spec in specs {
            do throws(StorageError) {
                for layout in try await access(spec.name).layouts(of: kind) {
                    if try await layout.revision(kind, key) != nil { ids.append(layout.recordID(kind, key)) }
                }
            } catch {
                failures.append(error)
            }
        }
        return (ids, failures)
    }

    /// The opened source, for the store interfaces.
    public func access(_ source: String) async throws(StorageError) -> OpenSource {
        guard let spec = specs.first(where: { $0.name == source }) else {
            throw StorageError(.notFound, operation: "open \(source)", place: "", reason: "there is no such source")
        }
        let task = opened.withLock { opened in
            if let task = opened[source] { return task }
            let task = Task { [opener, journal] () -> Result<OpenSource, StorageError> in
                do throws(StorageError) {
                    let source = try await opener(spec)
                    return .success(await RecoverySettler(journal: journal, clock: clock).settle(source))
                } catch {
                    return .failure(error)
                }
            }
            opened[source] = task
            return task
        }
        let result = await task.value
        if case .failure = result {
            opened.withLock { opened in
                if opened[source] == task { opened[source] = nil }
            }
        }
        return try result.get()
    }

    func layout(of id: RecordID) async throws(StorageError) -> any RecordLayout {
        let source = try await access(id.source)
        guard let layout = source.layouts.first(where: { $0.name == id.layout && $0.kinds.contains(id.kind) }) else {
            throw StorageError(
                .notFound, operation: "find \(id.kind.rawValue) \(id.key)", place: source.status.place,
                reason: "the source no longer holds \(id.layout) \(id.kind.plural)", help: "refresh the list")
        }
        return layout
    }

    private static func all(
        of layout: any RecordLayout, _ query: RecordQuery
    ) async throws(StorageError) -> (items: [RecordSummary], notes: [String]) {
        var items: [RecordSummary] = []
        var notes: [String] = []
        var start = PageRequest.Start.first
        while true {
            var part = query
            part.page = PageRequest(start, limit: 1000)
            let page = try await layout.list(part)
            items += page.items
            notes += page.notes
            guard let next = page.next else { return (items, notes) }
            start = .after(next)
        }
    }
}
