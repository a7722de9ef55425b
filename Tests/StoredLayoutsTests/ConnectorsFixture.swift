import EngineCore
import FileEngine
import StoredLayouts
import StoredRecords
import Synchronization
import TestSupport

/// The stored indexes of `Fixtures/context-connectors`, on any object engine.
enum ConnectorsFixture {
    /// Every object by its key.
    static func objects() throws -> [(key: String, bytes: [UInt8])] {
        let file = #filePath
        let folder = file[..<(file.lastIndex(of: "/") ?? file.endIndex)]
        return try read("\(folder)/Fixtures/context-connectors", below: "")
    }

    private static func read(_ path: String, below key: String) throws -> [(key: String, bytes: [UInt8])] {
        try RawFiles.names(path).flatMap { name in
            let inner = key.isEmpty ? name : "\(key)/\(name)"
            if name.hasSuffix(".json") { return [(inner, try RawFiles.read("\(path)/\(name)"))] }
            return try read("\(path)/\(name)", below: inner)
        }
    }
}

/// An object engine of a test's own, with what keeps its storage alive.
struct ObjectPlace: Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable {
        case memory, files, moto, seaweedfs

        /// Without the servers that are not there and not required.
        static var allCases: [Kind] { [.memory, .files] + Self.servers.filter { $0.server?.isWanted ?? false } }

        /// Those that need a server.
        static let servers: [Kind] = [.moto, .seaweedfs]

        var server: TestServer? {
            switch self {
            case .memory, .files: nil
            case .moto: .moto
            case .seaweedfs: .seaweedfs
            }
        }
    }

    /// Whether the storage keeps objects of this name: S3 wants UTF-8, and
    /// some servers lose more.
    static func keeps(_ kind: Kind, _ name: ObjectKey) -> Bool {
        guard let server = kind.server else { return true }
        return String(validating: name.bytes, as: UTF8.self) != nil && server.mismatch(name.bytes) == nil
    }

    let engine: any ObjectEngine
    let directory: TemporaryDirectory?
    private let kind: Kind
    var description: String { kind.rawValue }

    init(_ kind: Kind, readOnly: Bool = false, _ objects: [(key: String, bytes: [UInt8])] = []) async throws {
        self.kind = kind
        switch kind {
        case .moto, .seaweedfs:
            directory = nil
            engine = try await Self.bucket(kind, objects).engine(
                EngineOptions(readOnly: readOnly, deadline: .seconds(300)))
        case .memory:
            directory = nil
            let memory = MemoryObjectEngine()
            for (key, bytes) in objects { try await memory.write(ObjectKey(description: key), StoredBytes(bytes)) }
            engine = memory
        case .files:
            let made = try TemporaryDirectory()
            for (key, bytes) in objects {
                let path = made.path(key)
                try RawFiles.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
                try RawFiles.write(path, bytes)
            }
            directory = made
            engine = try FileEngine(root: made.path, options: EngineOptions(readOnly: readOnly))
        }
    }

    /// A prefix of its own with the objects in it.
    static func bucket(_ kind: Kind, _ objects: [(key: String, bytes: [UInt8])]) throws -> TestBucket {
        let bucket = try TestBucket(kind.server ?? .moto)
        try bucket.putAll(objects.map { (ObjectKey(description: $0.key).bytes, $0.bytes) })
        return bucket
    }

    /// Every object with its bytes, as the engine tells them.
    func contents() async throws -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for entry in try await engine.listAll(.root).entries {
            contents[entry.key.description] = try await engine.read(entry.key)?.bytes.array
        }
        return contents
    }
}

/// A recovery entry kept in memory; sealing can be watched or made to fail.
final class TestJournal: RecoveryRecorder, RecoveryEntry {
    private struct State {
        var items: [RecoveryItem] = []
        var isSealed = false
    }

    let record: RecordID
    let request: ChangeRequest
    private let state = Mutex(State())
    private let sealFailure: StorageError?

    init(_ plan: ChangePlan, sealFailure: StorageError? = nil) {
        record = plan.target.id
        request = plan.request
        self.sealFailure = sealFailure
    }

    var isSealed: Bool { state.withLock { $0.isSealed } }
    var recorded: [RecoveryItem] { state.withLock { $0.items } }

    func record(_ item: RecoveryItem) throws(StorageError) { state.withLock { $0.items.append(item) } }

    func seal() throws(StorageError) {
        if let sealFailure { throw sealFailure }
        state.withLock { $0.isSealed = true }
    }

    func items(_ receive: (RecoveryItem) throws(StorageError) -> StreamControl) throws(StorageError) {
        for item in recorded where try receive(item) == .stop { return }
    }
}

extension LayoutContext {
    static func test(_ options: LayoutOptions = LayoutOptions()) -> LayoutContext {
        LayoutContext(source: "test", options: options, clock: Clock(now: { Timestamp(seconds: 1_800_000_000) }))
    }
}

extension RecordLayout {
    /// Every record of a kind, page after page.
    func all(
        _ kind: RecordKind, sort: RecordSort = RecordSort(.key, descending: false), filter: String = "",
        limit: Int = 100
    ) async throws(StorageError) -> [RecordSummary] {
        var records: [RecordSummary] = []
        var start = PageRequest.Start.first
        while true {
            let page = try await list(
                RecordQuery(kind, filter: TextFilter(filter), sort: sort, page: PageRequest(start, limit: limit)))
            records += page.items
            guard let next = page.next else { return records }
            start = .after(next)
        }
    }

    /// Every hit of a search.
    func hits(_ text: String) async throws -> [SearchHit] {
        let found = HitList()
        guard let filter = TextFilter(text) else { return [] }
        try await search(SearchQuery(filter)) { hit in
            found.append(hit)
            return .more
        }
        return found.all
    }
}

private final class HitList: Sendable {
    private let hits = Mutex<[SearchHit]>([])
    func append(_ hit: SearchHit) { hits.withLock { $0.append(hit) } }
    var all: [SearchHit] { hits.withLock { $0 } }
}

/// Keeps places, and so their directories, until a test is over.
final class KeptPlaces: Sendable {
    private let places = Mutex<[ObjectPlace]>([])
    func keep(_ place: ObjectPlace) { places.withLock { $0.append(place) } }
}
