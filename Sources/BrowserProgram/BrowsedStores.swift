public import BrowserModel
public import ContextStores
public import StoredRecords

/// The storage library as the browser asks it.
public struct BrowsedStores: BrowserLibrary {
    public let stores: StoreLibrary

    public init(_ stores: StoreLibrary) {
        self.stores = stores
    }

    public func open(_ source: String) async throws(StorageError) -> OpenedSource {
        let status = try await stores.reopen(source)
        return OpenedSource(
            engine: status.engine, layouts: status.layouts, kinds: status.kinds, write: status.write,
            notes: status.notes)
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

    public func summary(_ id: RecordID) async throws(StorageError) -> RecordSummary? {
        try await stores.summary(id)
    }

    public func messages(_ id: RecordID, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        try await stores.messages(id, page)
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
        // Only what took effect and was not undone yet can be brought back.
        try stores.recoveryEntries().filter { $0.state == .done || $0.state == .undoing }.map { entry in
            UndoEntry(
                id: entry.id, made: entry.made, act: entry.act, record: entry.record, title: entry.title,
                items: entry.dropped, unit: entry.unit, bytes: entry.bytes)
        }
    }

    public func undo(_ entry: String, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        try await stores.undo(entry, inexactly: inexactly)
    }
}

extension OpenedLibrary {
    /// Finds the sources that were named, else configured, else found, and
    /// makes the library over them; nothing is opened yet.
    public static func stores(
        _ arguments: [String], configuration: Configuration, environment: ProcessEnvironment, isReadOnly: Bool
    ) -> OpenedLibrary {
        let resolution = SourceResolution.resolve(
            arguments: arguments, configuration: configuration, environment: environment, readOnly: isReadOnly)
        let library = StoreLibrary(
            specs: resolution.specs, stateDirectory: environment.stateDirectory, limits: configuration.recovery)
        return stores(library, resolution, configuration)
    }

    /// The same over a library that is made already.
    public static func stores(
        _ library: StoreLibrary, _ resolution: SourceResolution, _ configuration: Configuration
    ) -> OpenedLibrary {
        let labels = resolution.specs.map { spec in
            SourceLabel(
                name: spec.name, location: spec.displayLocation, origin: spec.origin.rawValue,
                isReadOnly: spec.isReadOnly)
        }
        let problems =
            resolution.problems
            + configuration.problems.map {
                StorageError(
                    .invalid, operation: "read the configuration", place: "", reason: $0,
                    help: configuration.isCertainOfSources ? "" : "every source is read-only until it is corrected")
            }
        return OpenedLibrary(
            library: BrowsedStores(library),
            found: FoundSources(sources: labels, problems: problems, lookedFor: resolution.lookedFor.map(\.place)))
    }
}
