import EngineCore
import FileEngine
import SQLiteEngine
import StoredRecords
import Synchronization
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct DetectionTests {
    private let kept = KeptPlaces()

    private func detect(
        _ kind: ObjectPlace.Kind, _ objects: [(key: String, bytes: [UInt8])], _ options: LayoutOptions = LayoutOptions()
    ) async throws -> [any RecordLayout] {
        let place = try await ObjectPlace(kind, objects)
        kept.keep(place)
        return try await LayoutDetection.detect(.objects(place.engine), .test(options))
    }

    private func text(_ objects: [(String, String)]) -> [(key: String, bytes: [UInt8])] {
        objects.map { ($0.0, Array($0.1.utf8)) }
    }

    private let message = "{\"role\":\"user\",\"content\":\"hi\",\"index\":0}"

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `a base directory, and a directory that holds one, are context-connectors`(
        kind: ObjectPlace.Kind
    ) async throws {
        let objects = try ConnectorsFixture.objects()
        let found = try await detect(kind, objects)
        #expect(found.map(\.name) == ["context-connectors"])
        let above = try await detect(kind, objects.map { ("context-connectors/\($0.key)", $0.bytes) })
        #expect(above.map(\.name) == ["context-connectors"])
        #expect(try await above[0].count(.index) == .exact(5))
    }

    @Test func `stores of two tools below one directory are both found`() async throws {
        let mixed =
            try ConnectorsFixture.objects().filter { $0.key.hasPrefix("indexes/") }
            + text([("_agent_store/agent=a/context=c/messages/2026-01-01T00-00-00_000Z-000-000000.json", message)])
            + text([("README.md", "# mine")])
        let found = try await detect(.files, mixed)
        #expect(found.map(\.name) == ["looopy", "context-connectors"])
        #expect(try await found[0].count(.thread) == .exact(1))
        #expect(try await found[1].count(.index) == .exact(4))
    }

    @Test(arguments: ObjectPlace.Kind.allCases)
    func `what is no store is raw`(kind: ObjectPlace.Kind) async throws {
        let other = text([
            ("terraform/state.json", "{\"resources\":[]}"), ("src/main.swift", "print(1)"),
            ("indexes/notes.txt", "x"), ("state.json", "{\"a\":\"contextState\"}"),
        ])
        #expect(try await detect(kind, other).map(\.name) == ["raw"])
        #expect(try await detect(kind, []).map(\.name) == ["raw"])
    }

    @Test func `a damaged base is still told by its form`() async throws {
        let damaged = text([("indexes/a/state.json", "{ \"vers"), ("indexes/a/search.json", "")])
        #expect(try await detect(.files, damaged).map(\.name) == ["context-connectors"])
    }

    @Test func `only the layouts that are named are looked for`() async throws {
        let objects = try ConnectorsFixture.objects()
        #expect(try await detect(.memory, objects, LayoutOptions(layouts: ["looopy"])).isEmpty)
        #expect(try await detect(.memory, objects, LayoutOptions(layouts: ["raw"])).map(\.name) == ["raw"])
        let both = LayoutOptions(layouts: ["raw", "context-connectors"])
        #expect(try await detect(.memory, objects, both).map(\.name) == ["context-connectors", "raw"])
    }

    @Test func `an empty place is a store of the layout that is named`() async throws {
        let options = LayoutOptions(layouts: ["context-connectors"])
        let found = try await detect(.files, [], options)
        let store = try #require(found.first as? ConnectorsObjectsLayout)
        try await store.save("k", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        #expect(try await store.list() == ["k"])
        let keys = try await LayoutDetection.detect(.keys(MemoryKeyspaceEngine()), .test(options))
        #expect(keys.map(\.name) == ["context-connectors"])
    }

    @Test func `a large directory of other files is told by a bounded number of questions`() async throws {
        let memory = MemoryObjectEngine()
        for number in 0..<20_000 {
            try await memory.write(ObjectKey("d\(number % 500)/\(number)"), StoredBytes([]))
        }
        let counting = CountingEngine(memory)
        #expect(try await LayoutDetection.detect(.objects(counting), .test()).map(\.name) == ["raw"])
        #expect(counting.calls < 500)
        #expect(counting.listed < 5000)
    }

    @Test func `telling that a huge directory holds nothing known lists none of it to its end`() async throws {
        let directory = try TemporaryDirectory()
        for number in 0..<12_000 { try RawFiles.write(directory.path("file-\(number)"), "") }
        let counting = CountingEngine(try FileEngine(root: directory.path))
        #expect(try await LayoutDetection.detect(.objects(counting), .test()).map(\.name) == ["raw"])
        #expect(counting.listed == 0)
        // A look sees what a listing sees, as far as it goes.
        let engine = try FileEngine(root: directory.path)
        #expect(try await engine.look(.root, limit: 20_000).count == 10_000)
        #expect(try await engine.look(ObjectKey("file-"), limit: 7).count == 7)
        try RawFiles.makeDirectory(directory.path("below/agent=a"))
        try RawFiles.write(directory.path("below/agent=file"), "")
        let found = try await engine.look(ObjectKey("below/agent="), limit: 9).map(\.key.description)
        #expect(found.sorted() == ["below/agent=a/", "below/agent=file"])
        #expect(try await engine.look(ObjectKey("none/agent="), limit: 9).isEmpty)
    }

    @Test func `a database shows its indexes and the tables nobody has taken`() async throws {
        let directory = try TemporaryDirectory()
        let engine = try await SQLiteEngine(path: directory.path("a.db"), create: true)
        #expect(try await LayoutDetection.detect(.rows(engine), .test()).map(\.name) == ["raw"])
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            _ = try transaction.execute(SQLStatement("CREATE TABLE indexes (name, full_state, search_state)"))
        }
        #expect(try await LayoutDetection.detect(.rows(engine), .test()).map(\.name) == ["context-connectors"])
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            _ = try transaction.execute(SQLStatement("CREATE TABLE other (x)"))
        }
        let found = try await LayoutDetection.detect(.rows(engine), .test())
        #expect(found.map(\.name) == ["context-connectors", "raw"])
        #expect(try await found[1].all(.raw).map(\.id.key) == ["other"])
    }

    @Test func `a keyspace is told by a key of the format, else raw`() async throws {
        let engine = MemoryKeyspaceEngine()
        #expect(try await LayoutDetection.detect(.keys(engine), .test()).map(\.name) == ["raw"])
        try await engine.commit([.set(StoredKey("context:a:state"), StoredBytes("{}"))], expecting: [])
        #expect(try await LayoutDetection.detect(.keys(engine), .test()).map(\.name) == ["context-connectors"])
    }
}

/// Counts what is asked of an engine.
private final class CountingEngine: ObjectEngine {
    private let engine: any ObjectEngine
    private let counts = Mutex((calls: 0, listed: 0))

    init(_ engine: any ObjectEngine) {
        self.engine = engine
    }

    var calls: Int { counts.withLock { $0.calls } }
    var listed: Int { counts.withLock { $0.listed } }

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }
    func close() async {}

    private func call() { counts.withLock { $0.calls += 1 } }

    func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        call()
        let page = try await engine.list(listing)
        counts.withLock { $0.listed += page.entries.count }
        return page
    }
    func look(_ prefix: ObjectKey, limit: Int) async throws(StorageError) -> [ObjectEntry] {
        call()
        return try await engine.look(prefix, limit: limit)
    }
    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        call()
        return try await engine.stat(key)
    }
    func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        call()
        return try await engine.read(key, range: range)
    }
    func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        call()
        return try await engine.readMany(keys)
    }
    func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        try await engine.write(write)
    }
    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        try await engine.delete(keys, pruning: pruning)
    }
}
