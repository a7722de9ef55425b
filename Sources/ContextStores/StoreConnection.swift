public import EngineCore
public import StoredLayouts
public import StoredRecords

/// One location opened for the store interfaces, so that a Swift program can
/// keep its agents' data where the original tools read it.
///
/// ```swift
/// let connection = try await StoreConnection.open("sqlite:agents.db", creating: true)
/// let threads = try await connection.threadStore()
/// try await threads.saveThread(thread)
/// ```
///
/// | location | index | thread | message, artifact, task |
/// |---|---|---|---|
/// | a directory | yes | | yes |
/// | `sqlite:PATH` | yes | yes | |
/// | `postgres://...` | yes | yes | |
/// | `redis://...`, `rediss://...`, `unix://...` | yes | yes | |
/// | `s3://BUCKET/PREFIX` | yes | | yes |
/// | `memory:` | yes | yes | yes |
///
/// Asking for a store the location cannot hold throws `unsupported`.
public struct StoreConnection: Sendable {
    public let accesses: [EngineAccess]
    /// For people; never a password.
    public let place: String
    private let context: LayoutContext

    /// Opens the location; with `creating`, a directory or database file
    /// that is not there is made; databases of a server and buckets are not.
    ///
    /// - Parameter environment: where relative paths begin, and where a bucket's credentials are looked for.
    public static func open(
        _ location: String, options: EngineOptions = EngineOptions(), layout: LayoutOptions = LayoutOptions(),
        creating: Bool = false, environment: ProcessEnvironment = .current, clock: Clock = .system
    ) async throws(StorageError) -> StoreConnection {
        let place = StoreLocation(location, relativeTo: environment.currentDirectory)
        // The name stands in messages, and a server's location may hold a password.
        var name = location
        if case .server(let url) = place { name = url.display }
        let spec = SourceSpec(name: name, location: place, engineOptions: options, layoutOptions: layout)
        return try await open(spec, creating: creating, environment: environment, clock: clock)
    }

    /// The same for a source that is described already.
    static func open(
        _ spec: SourceSpec, creating: Bool, environment: ProcessEnvironment = .current, clock: Clock = .system
    ) async throws(StorageError) -> StoreConnection {
        let opened = try await EngineCatalogue.open(spec, creating: creating, environment: environment)
        return StoreConnection(
            accesses: opened.accesses, place: spec.displayLocation,
            context: LayoutContext(source: spec.name, options: spec.placedLayoutOptions, clock: clock))
    }

    public func close() async {
        for access in accesses { await access.engine.close() }
    }

    public func indexStore() async throws(StorageError) -> any IndexStore {
        for access in accesses {
            switch access {
            case .objects(let engine): return ConnectorsObjectsLayout(engine: engine, context: context)
            case .rows(let engine): return try await ConnectorsRowsLayout.create(in: engine, context)
            case .keys(let engine): return ConnectorsKeysLayout(engine: engine, context: context)
            }
        }
        throw unsupported("indexes")
    }

    public func threadStore() async throws(StorageError) -> any ThreadStore {
        for access in accesses {
            switch access {
            case .objects: continue
            case .rows(let engine): return try await MemexRowsLayout.create(in: engine, context)
            case .keys(let engine): return MemexKeysLayout(engine: engine, context: context)
            }
        }
        throw unsupported("threads")
    }

    public func messageStore() async throws(StorageError) -> any MessageStore { try agents("messages") }

    public func artifactStore() async throws(StorageError) -> any ArtifactStore { try agents("artifacts") }

    public func taskStateStore() async throws(StorageError) -> any TaskStateStore { try agents("task states") }

    private func agents(_ what: String) throws(StorageError) -> LooopyLayout {
        for case .objects(let engine) in accesses { return LooopyLayout(engine, context) }
        throw unsupported(what)
    }

    private func unsupported(_ what: String) -> StorageError {
        StorageError(
            .unsupported, operation: "store \(what)", place: place, reason: "this kind of location cannot hold \(what)",
            help: "the table in StoreConnection's documentation says which can")
    }
}
