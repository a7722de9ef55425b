import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// The keyspace of one test.
private struct Place {
    let engine: any KeyspaceEngine
    let prefix = "context:"

    init(_ backend: KeyBackend) async throws {
        engine = try await backend.harness().engine()
    }

    func fixture(prefix: String? = nil) async throws {
        for (key, bytes) in try ConnectorsFixture.objects() {
            let parts = key.split(separator: "/")
            let name = parts.count == 1 ? "." : parts[1]
            let part = key.hasSuffix("state.json") ? "state" : "search"
            try await set("\(prefix ?? self.prefix)\(name):\(part)", StoredBytes(bytes))
        }
    }

    func set(_ key: String, _ bytes: StoredBytes) async throws {
        try await engine.commit([.setExpiring(StoredKey(description: key), bytes, nil)], expecting: [])
    }

    func contents() async throws -> [String: StoredBytes] {
        var contents: [String: StoredBytes] = [:]
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan("*", after: cursor, count: 10_000)
            for key in page.keys { contents[key.description] = try await engine.strings([key])[0].get() }
            cursor = page.next
        } while cursor != nil
        return contents
    }

    func layout(_ options: LayoutOptions? = nil) async throws -> ConnectorsKeysLayout {
        let found = try await ConnectorsKeysLayout.detect(
            engine, .test(options ?? LayoutOptions(indexKeyPrefix: prefix)))
        return try #require(found.first as? ConnectorsKeysLayout)
    }
}

@Suite(.usesRedis) struct ConnectorsKeysTests {
    @Test(arguments: KeyBackend.wantedOnce)
    func `the stored indexes read the same from keys`(_ backend: KeyBackend) async throws {
        let place = try await Place(backend)
        try await place.fixture()
        try await place.set("\(place.prefix)other", StoredBytes("1"))
        try await place.set("unrelated", StoredBytes("1"))
        let layout = try await place.layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == [".", "billing_service", "docs", "mobile", "web-app"])
        #expect(records.allSatisfy { $0.notes.isEmpty })
        #expect(try await layout.plansUnlikeTheList() == [])
        let mobile = try #require(try await layout.summary(.index, "mobile"))
        guard case .index(let detail) = mobile.detail else { return }
        #expect(detail.files == 1200)
        #expect(try await layout.documents(.index, "docs").map(\.name) == ["state.json", "search.json"])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `the prefix is configurable and its pattern letters mean themselves`(_ backend: KeyBackend) async throws {
        let place = try await Place(backend)
        let prefix = "a*[b]?\\:"
        try await place.fixture(prefix: prefix)
        try await place.set("aXb:zzz:state", StoredBytes("{}"))
        #expect(try await ConnectorsKeysLayout.detect(place.engine, .test()).isEmpty)
        let layout = try await place.layout(LayoutOptions(indexKeyPrefix: prefix))
        #expect(try await layout.count(.index) == .exact(5))
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a key of another type, a lone document and an odd name are shown`(_ backend: KeyBackend) async throws {
        let place = try await Place(backend)
        try await place.engine.commit([.addMember(StoredKey("\(place.prefix)set:state"), [1])], expecting: [])
        try await place.set("\(place.prefix)lone:search", StoredBytes("{"))
        try await place.set("\(place.prefix)a:b\\xff:state", StoredBytes("{\"blobs\":[]}"))
        try await place.engine.commit(
            [.setExpiring(StoredKey("\(place.prefix)brief:state"), StoredBytes("{\"blobs\":[]}"), .seconds(600))],
            expecting: [])
        let layout = try await place.layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == ["a:b\\xff", "brief", "lone", "set"])
        #expect(records[1].notes.contains { $0.hasPrefix("the state key expires in ") })
        #expect(records[2].notes.contains("the state key is missing"))
        #expect(records[3].notes.contains("the state key holds a set, not a string"))
        #expect(try await layout.plan(.delete(.record), .index, "set").refusal?.contains("holds a set") == true)
        #expect(try await layout.documents(.index, "a:b\\xff")[0].bytes.text == "{\"blobs\":[]}")
    }

    @Test(arguments: KeyBackend.wantedOnce, ["mobile", "."])
    func `a delete removes both keys and undo brings them back`(_ backend: KeyBackend, key: String) async throws {
        let place = try await Place(backend)
        try await place.fixture()
        let layout = try await place.layout()
        let before = try await place.contents()
        let plan = try await layout.plan(.delete(.record), .index, key)
        let journal = TestJournal(plan)
        let outcome = try await layout.carryOut(plan, recording: journal)
        #expect(outcome.dropped == 2)
        #expect(try await place.contents().count == before.count - 2)
        #expect(try await layout.settle(journal, during: .change) == .applied)
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await place.contents() == before)
        #expect(try await layout.settle(journal, during: .undo) == .notApplied)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a key that changed or came since the plan conflicts`(_ backend: KeyBackend) async throws {
        let place = try await Place(backend)
        try await place.fixture()
        let layout = try await place.layout()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        try await place.set("\(place.prefix)docs:search", StoredBytes("{}"))
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await layout.count(.index) == .exact(5))

        let again = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(again)
        _ = try await layout.carryOut(again, recording: journal)
        try await place.set("\(place.prefix)docs:state", StoredBytes("{}"))
        let over = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(over?.kind == .conflict)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `the store saves, loads, lists and deletes under sanitized keys`(_ backend: KeyBackend) async throws {
        let place = try await Place(backend)
        let store = ConnectorsKeysLayout(
            engine: place.engine, context: .test(LayoutOptions(indexKeyPrefix: place.prefix)))
        let full = StoredBytes("{\"contextState\":{\"blobs\":[]}}")
        try await store.save("a/b", full: full, search: StoredBytes("{}"))
        #expect(try await place.contents().keys.sorted() == ["\(place.prefix)a_b:search", "\(place.prefix)a_b:state"])
        #expect(try await store.list() == ["a_b"])
        #expect(try await store.loadState("a/b") == full)
        let revision = try await store.revision(.index, "a_b")
        try await store.save("a_b", full: StoredBytes("{\"contextState\":{\"blobs\":{}}}"), search: StoredBytes("{}"))
        #expect(try await store.revision(.index, "a_b") != revision)
        try await store.delete("a/b")
        try await store.delete("never")
        #expect(try await place.contents().isEmpty)
    }

    /// A cluster keeps the two keys on different servers.
    @Test(.enabled(if: TestServer.redisCluster.isWanted))
    func `a delete or undo that a crash cut short between two servers is brought to its end`() async throws {
        let place = try await Place(.redisCluster)
        try await place.fixture()
        let layout = try await place.layout()
        let before = try await place.contents()
        let state = StoredKey("context:docs:state")
        let bytes = try #require(before["context:docs:state"])
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        let after = try await place.contents()
        #expect(after.count == before.count - 2)
        #expect(try await layout.settle(recorder, during: .change) == .applied)

        // Cut short in the middle of the delete, and of the undo.
        try await place.set("context:docs:state", bytes)
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        #expect(try await place.contents() == after)
        try await place.set("context:docs:state", bytes)
        #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
        #expect(try await place.contents() == before)

        // An index that another program saved under the name stays, and so does the entry.
        _ = try await place.engine.commit([.delete(state)], expecting: [])
        try await place.set("context:docs:search", StoredBytes("{}"))
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        let conflict = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(conflict?.kind == .conflict)
        #expect(try await place.contents()["context:docs:search"] == StoredBytes("{}"))
        #expect(try await place.contents()["context:docs:state"] == nil)

        // Met only at the second key, it has the first taken back.
        _ = try await place.engine.commit([.delete(StoredKey("context:docs:search"))], expecting: [])
        try await place.set("context:docs:state", StoredBytes("{}"))
        await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(try await place.contents()["context:docs:search"] == nil)
        #expect(try await place.contents()["context:docs:state"] == StoredBytes("{}"))
    }
}
