public import BrowserModel
public import ContextStores
public import StoredRecords

/// The storage library as the browser asks it.
public struct BrowsedStores: BrowserLibrary {
    public let stores: StoreLibrary
    let surroundings: Surroundings

    /// What another source is resolved and kept with.
    struct Surroundings: Sendable {
        var configuration: Configuration
        var environment: ProcessEnvironment
        var isReadOnly: Bool
        /// The configuration file; `nil` where nothing is to be kept.
        var file: ConfigurationFile?
    }

    public func open(_ source: String) async throws(StorageError) -> OpenedSource {
        let status = try await stores.reopen(source)
        return OpenedSource(
            engine: status.engine, layouts: status.layouts, possible: status.possible, kinds: status.kinds,
            write: write(status.write), notes: status.notes)
    }

    /// Whether a source may be changed: where the configuration is not understood, that is why not.
    private func write(_ availability: Availability) -> Availability {
        guard availability == .readOnly, !surroundings.configuration.isCertainOfSources else { return availability }
        return .unavailable("the configuration file has an error, ! tells which")
    }

    public func capabilities(_ source: String, _ kind: RecordKind) async throws(StorageError) -> RecordCapabilities? {
        try await stores.capabilities(source, kind)
    }

    public func count(_ source: String, _ kind: RecordKind) async throws(StorageError) -> Total {
        try await stores.count(source, kind)
    }

    public func list(_ source: String, _ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        try await stores.list(source, query)
    }

    public func look(
        in source: String, for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        try await stores.look(in: source, for: query, telling: receive)
    }

    public func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary? {
        try await stores.summary(id)
    }

    public func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        try await stores.messages(id, page)
    }

    public func revision(_ id: RecordID) async throws(StorageError) -> String? {
        try await stores.revision(id)
    }

    public func documents(_ id: RecordID) async throws(StorageError) -> [RecordDocument] {
        try await stores.documents(id)
    }

    public func plan(_ request: ChangeRequest, _ id: RecordID) async throws(StorageError) -> ChangePlan {
        try await stores.plan(request, id)
    }

    public func carryOut(_ plan: ChangePlan) async throws(StorageError) -> CarriedOut {
        let receipt = try await stores.carryOut(plan)
        return CarriedOut(outcome: receipt.outcome, entry: receipt.entry, notes: receipt.journalNotes)
    }

    public func undoEntries() async throws(StorageError) -> [UndoEntry] {
        let (standings, unreadable) = try await stores.recoveryStandings()
        return standings.map(Self.entry)
            + unreadable.map { name in
                UndoEntry(
                    id: name, made: Timestamp(seconds: 0), act: "unknown",
                    record: RecordID(source: "", layout: "", kind: .raw, key: name), title: "", items: 0,
                    unit: "records",
                    bytes: 0, obstacle: "it cannot be read, or another version wrote it",
                    place: stores.journal.directory,
                    canBeForgotten: false)
            }
    }

    private static func entry(_ standing: RecoveryStanding) -> UndoEntry {
        let entry = standing.summary
        var record = entry.record
        // A source may be named otherwise today.
        if let source = standing.source { record.source = source }
        return UndoEntry(
            id: entry.id, made: entry.made, act: entry.act, record: record, title: entry.title,
            items: entry.dropped, unit: entry.unit, bytes: entry.bytes, obstacle: standing.obstacle,
            place: entry.prefix.isEmpty ? entry.location : "\(entry.location) \(entry.prefix)", note: standing.note,
            isUndone: entry.state == .undone, canBeForgotten: standing.canBeForgotten,
            group: entry.group)
    }

    public func contents(ofEntry entry: String) async throws(StorageError) -> [RecordDocument] {
        try stores.contents(ofEntry: entry)
    }

    public func forget(_ entry: String) async throws(StorageError) -> Int64 { try stores.forget(entry) }

    public func undo(_ entry: String, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        try await stores.undo(entry, inexactly: inexactly)
    }
}

extension OpenedLibrary {
    /// Finds the sources that were named, else configured, else found, and
    /// makes the library over them; nothing is opened yet.
    ///
    /// - Parameter file: the configuration file, for sources that are added.
    public static func stores(
        _ arguments: [String], configuration: Configuration, file: String, environment: ProcessEnvironment,
        isReadOnly: Bool
    ) -> OpenedLibrary {
        let resolution = SourceResolution.resolve(
            arguments: arguments, configuration: configuration, environment: environment, readOnly: isReadOnly)
        let library = StoreLibrary(
            specs: resolution.specs, stateDirectory: environment.stateDirectory, limits: configuration.recovery)
        let surroundings = BrowsedStores.Surroundings(
            configuration: configuration, environment: environment, isReadOnly: isReadOnly,
            file: ConfigurationFile(file, environment: environment))
        return stores(library, resolution, surroundings)
    }

    /// The same over a library that is made already, whose sources are not kept.
    public static func stores(
        _ library: StoreLibrary, _ resolution: SourceResolution, configuration: Configuration,
        environment: ProcessEnvironment, isReadOnly: Bool
    ) -> OpenedLibrary {
        stores(
            library, resolution,
            BrowsedStores.Surroundings(
                configuration: configuration, environment: environment, isReadOnly: isReadOnly))
    }

    private static func stores(
        _ library: StoreLibrary, _ resolution: SourceResolution, _ surroundings: BrowsedStores.Surroundings
    ) -> OpenedLibrary {
        let configuration = surroundings.configuration
        let problems =
            resolution.problems
            + configuration.problems.map {
                StorageError(
                    .invalid, operation: "read the configuration", place: "", reason: $0,
                    help: configuration.isCertainOfSources ? "" : "every source is read-only until it is corrected")
            }
        return OpenedLibrary(
            library: BrowsedStores(stores: library, surroundings: surroundings),
            found: FoundSources(
                sources: resolution.specs.map(SourceLabel.init), problems: problems,
                lookedFor: resolution.lookedFor.map(\.place)))
    }
}

extension SourceLabel {
    init(_ spec: SourceSpec) {
        self.init(
            name: spec.name, location: spec.displayLocation, origin: spec.origin.rawValue, isReadOnly: spec.isReadOnly)
    }
}
