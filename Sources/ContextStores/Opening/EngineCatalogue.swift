internal import EngineCore
internal import FileEngine
internal import Glibc
internal import PostgresEngine
internal import RedisEngine
internal import S3Engine
internal import SQLiteEngine
internal import StoredLayouts
internal import StoredRecords

/// The explicit list of engines: which location opens which.
enum EngineCatalogue {
    /// An opened location: its engine's name for people, and one access for
    /// each family it offers.
    struct Opened: Sendable {
        var engine: String
        var accesses: [EngineAccess]
    }

    /// - Parameter environment: where an engine looks for credentials.
    static func open(
        _ spec: SourceSpec, creating: Bool = false, environment: ProcessEnvironment = .current
    ) async throws(StorageError) -> Opened {
        switch spec.location {
        case .memory:
            return Opened(
                engine: "memory",
                accesses: [
                    .objects(MemoryObjectEngine(options: spec.engineOptions)),
                    .keys(MemoryKeyspaceEngine(options: spec.engineOptions)),
                ])
        case .sqlite(let path):
            return try await database(path, spec, creating: creating)
        case .path(let path):
            let place = spec.prefix.isEmpty ? path : StoreLocation.absolute(spec.prefix, from: path)
            if let engine = try await directory(place, spec, creating: creating) {
                return Opened(engine: "files", accesses: [.objects(engine)])
            }
            return try await database(path, spec, creating: false)
        case .server(let url): return try await server(url, spec, environment)
        }
    }

    private static func server(
        _ url: ServerURL, _ spec: SourceSpec, _ environment: ProcessEnvironment
    ) async throws(StorageError) -> Opened {
        do throws(StorageError) {
            return try await engine(url, spec, environment)
        } catch {
            guard error.place.isEmpty else { throw error }
            // Whoever reads a location does not repeat it, since it may hold a
            // secret; without it nobody knows which source is meant.
            var named = error
            named.operation = "open \(spec.name)"
            if spec.name != url.display { named.place = url.display }
            throw named
        }
    }

    private static func engine(
        _ url: ServerURL, _ spec: SourceSpec, _ environment: ProcessEnvironment
    ) async throws(StorageError) -> Opened {
        switch url.service {
        case .s3:
            var location = try S3Location(url: url.text)
            location.append(spec.prefix)
            var settings = S3Settings()
            settings.variable = { environment.variables[$0] }
            let engine = try await S3Engine(location, options: spec.engineOptions, settings: settings)
            return Opened(engine: "S3", accesses: [.objects(engine)])
        case .redis:
            let engine = try await RedisEngine(url: url.text, options: spec.engineOptions)
            return Opened(engine: "Redis", accesses: [.keys(engine)])
        case .postgres:
            try requireNoPrefix(spec)
            let engine = try await PostgresEngine(location: url.text, options: spec.engineOptions)
            return Opened(engine: "PostgreSQL", accesses: [.rows(engine)])
        }
    }

    /// The files below the path; `nil` when it is no directory.
    ///
    /// On a lane: looking at a path whose server is gone may never return.
    private static func directory(
        _ path: String, _ spec: SourceSpec, creating: Bool
    ) async throws(StorageError) -> FileEngine? {
        let operation = "open \(spec.name)"
        let lane = BlockingLane(place: path, deadline: spec.engineOptions.deadline)
        defer { lane.close() }
        return try await lane.run(operation) { _ throws(StorageError) in
            var info = stat()
            if stat(path, &info) != 0 {
                guard creating, errno == ENOENT else { throw PosixFile.failure(operation, path) }
                try PosixFile.makeDirectory(path, operation: "create \(spec.name)")
            } else if info.st_mode & S_IFMT != S_IFDIR {
                return nil
            }
            return try FileEngine(root: path, options: spec.engineOptions)
        }
    }

    private static func database(
        _ path: String, _ spec: SourceSpec, creating: Bool
    ) async throws(StorageError) -> Opened {
        try requireNoPrefix(spec)
        let engine = try await SQLiteEngine(path: path, options: spec.engineOptions, create: creating)
        return Opened(engine: "SQLite", accesses: [.rows(engine)])
    }

    private static func requireNoPrefix(_ spec: SourceSpec) throws(StorageError) {
        guard spec.prefix.isEmpty else {
            throw StorageError(
                .invalid, operation: "open \(spec.name)", place: spec.displayLocation,
                reason: "a database has nothing that a prefix could name",
                help: "take \"prefix\" out of the configuration, or name the tables by \"tables\"")
        }
    }
}
