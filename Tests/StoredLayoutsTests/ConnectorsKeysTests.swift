import EngineCore
import StoredRecords
import Testing

@testable import StoredLayouts

@Suite struct ConnectorsKeysTests {
    private let engine = MemoryKeyspaceEngine()

    private func fixture(prefix: String = "context:") async throws {
        for (key, bytes) in try ConnectorsFixture.objects() {
            let parts = key.split(separator: "/")
            let name = parts.count == 1 ? "." : parts[1]
            let part = key.hasSuffix("state.json") ? "state" : "search"
            try await set("\(prefix)\(name):\(part)", StoredBytes(bytes))
        }
    }

    private func set(_ key: String, _ bytes: StoredBytes) async throws {
        try await engine.commit([.setExpiring(StoredKey(description: key), bytes, nil)], expecting: [])
    }

    private func contents() async throws -> [String: StoredBytes] {
        var contents: [String: StoredBytes] = [:]
        for key in try await engine.scan("*", after: nil, count: 10_000).keys {
            contents[key.description] = try await engine.strings([key])[0].get()
        }
        return contents
    }

    private func layout(_ options: LayoutOptions = LayoutOptions()) async throws -> ConnectorsKeysLayout {
        let found = try await ConnectorsKeysLayout.detect(engine, .test(options))
        return try #require(found.first as? ConnectorsKeysLayout)
    }

    @Test func `the stored indexes read the same from keys`() async throws {
        try await fixture()
        try await set("context:other", StoredBytes("1"))
        try await set("unrelated", StoredBytes("1"))
        let layout = try await layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == [".", "billing_service", "docs", "mobile", "web-app"])
        #expect(records.allSatisfy { $0.notes.isEmpty })
        let mobile = try #require(try await layout.summary(.index, "mobile"))
        guard case .index(let detail) = mobile.detail else { return }
        #expect(detail.files == 1200)
        #expect(try await layout.documents(.index, "docs").map(\.name) == ["state.json", "search.json"])
    }

    @Test func `the prefix is configurable and its pattern letters mean themselves`() async throws {
        let prefix = "a*[b]?\\:"
        try await fixture(prefix: prefix)
        try await set("aXb:zzz:state", StoredBytes("{}"))
        #expect(try await ConnectorsKeysLayout.detect(engine, .test()).isEmpty)
        let layout = try await layout(LayoutOptions(indexKeyPrefix: prefix))
        #expect(try await layout.count(.index) == .exact(5))
    }

    @Test func `a key of another type, a lone document and an odd name are shown`() async throws {
        try await engine.commit([.addMember(StoredKey("context:set:state"), [1])], expecting: [])
        try await set("context:lone:search", StoredBytes("{"))
        try await set("context:a:b\\xff:state", StoredBytes("{\"blobs\":[]}"))
        try await engine.commit(
            [.setExpiring(StoredKey("context:brief:state"), StoredBytes("{\"blobs\":[]}"), .seconds(600))],
            expecting: [])
        let layout = try await layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == ["a:b\\xff", "brief", "lone", "set"])
        #expect(records[1].notes.contains { $0.hasPrefix("the state key expires in ") })
        #expect(records[2].notes.contains("the state key is missing"))
        #expect(records[3].notes.contains("the state key holds a set, not a string"))
        #expect(try await layout.plan(.delete(.record), .index, "set").refusal?.contains("holds a set") == true)
        #expect(try await layout.documents(.index, "a:b\\xff")[0].bytes.text == "{\"blobs\":[]}")
    }

    @Test(arguments: ["mobile", "."])
    func `a delete removes both keys and undo brings them back`(key: String) async throws {
        try await fixture()
        let layout = try await layout()
        let before = try await contents()
        let plan = try await layout.plan(.delete(.record), .index, key)
        let journal = TestJournal(plan)
        let outcome = try await layout.carryOut(plan, recording: journal)
        #expect(outcome.dropped == 2)
        #expect(try await contents().count == before.count - 2)
        #expect(try await layout.settle(journal, during: .change) == .applied)
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await contents() == before)
        #expect(try await layout.settle(journal, during: .undo) == .notApplied)
    }

    @Test func `a key that changed or came since the plan conflicts`() async throws {
        try await fixture()
        let layout = try await layout()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        try await set("context:docs:search", StoredBytes("{}"))
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await layout.count(.index) == .exact(5))

        let again = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(again)
        _ = try await layout.carryOut(again, recording: journal)
        try await set("context:docs:state", StoredBytes("{}"))
        let over = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(over?.kind == .conflict)
    }

    @Test func `the store saves, loads, lists and deletes under sanitized keys`() async throws {
        let store = ConnectorsKeysLayout(engine: engine, context: .test())
        let full = StoredBytes("{\"contextState\":{\"blobs\":[]}}")
        try await store.save("a/b", full: full, search: StoredBytes("{}"))
        #expect(try await contents().keys.sorted() == ["context:a_b:search", "context:a_b:state"])
        #expect(try await store.list() == ["a_b"])
        #expect(try await store.loadState("a/b") == full)
        let revision = try await store.revision(.index, "a_b")
        try await store.save("a_b", full: StoredBytes("{\"contextState\":{\"blobs\":{}}}"), search: StoredBytes("{}"))
        #expect(try await store.revision(.index, "a_b") != revision)
        try await store.delete("a/b")
        try await store.delete("never")
        #expect(try await contents().isEmpty)
    }
}
