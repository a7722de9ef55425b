internal import EngineCore
internal import FileEngine
internal import Glibc
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

    static func open(_ spec: SourceSpec, creating: Bool = false) async throws(StorageError) -> Opened {
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
            var info = stat()
            guard stat(path, &info) == 0 else {
                if creating, errno == ENOENT {
                    try PosixFile.makeDirectory(path, operation: "create \(spec.name)")
                    return try await open(spec)
                }
                throw PosixFile.failure("open \(spec.name)", path)
            }
            if info.st_mode & S_IFMT == S_IFDIR {
                return Opened(
                    engine: "files", accesses: [.objects(try FileEngine(root: path, options: spec.engineOptions))])
            }
            return try await database(path, spec, creating: false)
        case .unsupported(let scheme, let display):
            throw StorageError(
                .unsupported, operation: "open \(spec.name)", place: display,
                reason: "this version has no engine for \(scheme) locations",
                help: "it reads directories, SQLite databases and memory:")
        }
    }

    private static func database(
        _ path: String, _ spec: SourceSpec, creating: Bool
    ) async throws(StorageError) -> Opened {
        let engine = try await SQLiteEngine(path: path, options: spec.engineOptions, create: creating)
        return Opened(engine: "SQLite", accesses: [.rows(engine)])
    }
}
