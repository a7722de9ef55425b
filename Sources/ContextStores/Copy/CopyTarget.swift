internal import EngineCore
internal import Glibc
internal import StoredLayouts
internal import StoredRecords

/// The source that gets a copy and the stores in it.
struct CopyTarget: Sendable {
    let status: SourceStatus
    private let layouts: [any RecordLayout]
    /// What was opened for this copy alone.
    private let connection: StoreConnection?
    /// A directory that was made for it.
    private let made: String?

    /// - Parameter stored: the layout the record is stored in; where the
    ///   source holds nothing yet, a store of the same tool is made.
    init(
        _ name: String, of library: StoreLibrary, for id: RecordID, stored: any RecordLayout
    ) async throws(StorageError) {
        if let opened = try await Self.opened(name, of: library), !Self.takesAnother(opened, stored) {
            status = opened.status
            layouts = opened.layouts
            connection = nil
            made = nil
            return
        }
        guard let spec = library.specs.first(where: { $0.name == name }), !spec.isReadOnly else {
            throw StorageError(
                .readOnly, operation: "copy \(id.kind.rawValue) \(id.key)", place: name,
                reason: "there is nothing yet, and the source is read-only")
        }
        try Self.check(spec, id, stored)
        var missing: String?
        if case .path(let path) = spec.location, !SourceResolution.fileExists(path) { missing = path }
        let own = try await StoreConnection.open(spec, creating: true)
        do throws(StorageError) {
            let layout = try await Self.store(in: own, id, stored)
            let opened = OpenSource(spec: spec, engine: "", accesses: own.accesses, layouts: [layout])
            status = opened.status
            layouts = opened.layouts
            connection = own
            made = missing
        } catch {
            await own.close()
            if let missing { rmdir(missing) }
            throw error
        }
    }

    /// Ends a copy that failed: a directory made for it goes while it is empty.
    func takeBack() async {
        await close()
        if let made { rmdir(made) }
    }

    /// The store of one interface; `nil` when what the source holds is of another tool.
    func store<Store>(_ type: Store.Type) -> (store: Store, layout: String)? {
        for layout in layouts {
            if let store = layout as? Store { return (store, layout.name) }
        }
        return nil
    }

    /// Whether records of a kind can be written; a source without any of the kind is told apart later.
    func write(of kind: RecordKind) -> Availability {
        guard status.write.isAvailable, let layout = layouts.first(where: { $0.kinds.contains(kind) }) else {
            return status.write
        }
        return layout.capabilities(of: kind).write
    }

    func close() async { await connection?.close() }

    /// Whether a store of the record's tool can be made beside what is there:
    /// on a server, tools share a keyspace, a database or a bucket.
    private static func takesAnother(_ opened: OpenSource, _ stored: any RecordLayout) -> Bool {
        guard case .server = opened.spec.location, !opened.status.isReadOnly else { return false }
        return !opened.layouts.contains { layout in
            if stored is any ThreadStore { return layout is any ThreadStore }
            if stored is any MessageStore { return layout is any MessageStore }
            return layout is any IndexStore
        }
    }

    /// The source as it is; `nil` when it is not there or holds nothing at all.
    private static func opened(_ name: String, of library: StoreLibrary) async throws(StorageError) -> OpenSource? {
        do throws(StorageError) {
            guard try await library.access(name).status.isUnknown else { return try await library.access(name) }
            // What an earlier copy of the same run made is found by looking anew.
            guard try await library.reopen(name).isUnknown else { return try await library.access(name) }
            let query = RecordQuery(.raw, sort: RecordSort(.key, descending: false), page: PageRequest(limit: 1))
            let contents = try await library.list(name, query)
            return contents.items.isEmpty ? nil : try await library.access(name)
        } catch {
            guard error.kind == .notFound else { throw error }
            return nil
        }
    }

    /// Refuses what cannot end well before anything is made.
    private static func check(_ spec: SourceSpec, _ id: RecordID, _ stored: any RecordLayout) throws(StorageError) {
        let isThread = stored is any ThreadStore
        let isAgents = stored is any MessageStore
        let reason: String
        switch spec.location {
        case .path where isThread:
            reason = "a new directory cannot hold \(stored.name) threads"
        case .sqlite where isAgents:
            reason = "a new database cannot hold \(stored.name) records"
        default: return
        }
        throw StorageError(
            .unsupported, operation: "copy \(id.kind.rawValue) \(id.key)", place: spec.displayLocation, reason: reason,
            help: isThread ? "name a new database by sqlite:PATH" : "name a new directory")
    }

    private static func store(
        in connection: StoreConnection, _ id: RecordID, _ stored: any RecordLayout
    ) async throws(StorageError) -> any RecordLayout {
        let store: Any
        if stored is any ThreadStore {
            store = try await connection.threadStore()
        } else if stored is any MessageStore {
            store = try await connection.messageStore()
        } else {
            store = try await connection.indexStore()
        }
        guard let layout = store as? any RecordLayout else {
            throw StorageError(
                .unsupported, operation: "copy \(id.kind.rawValue) \(id.key)", place: connection.place,
                reason: "no store can be made there")
        }
        return layout
    }
}
