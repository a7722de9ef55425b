import EngineCore
import JSONText
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct LooopyStoreTests {
    private let base = "agent=data-analyst/context=run-100/"

    private func value(_ bytes: [UInt8]?) throws -> JSONValue {
        try JSONValue.parse(try #require(bytes))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `appended messages are the very files the tool writes`(kind: LooopyTestStore.Kind) async throws {
        let fixture = try LooopyTestStore.fixtureObjects().filter { $0.key.hasPrefix(base + "messages/") }
        let store = try await LooopyTestStore(kind)
        let layout = store.layout()
        for key in fixture.keys.sorted() {
            let stored = try value(fixture[key])
            let time = try #require(stored["timestamp"]?.stringValue.flatMap(Timestamp.init(iso8601:)))
            var message = stored
            for added in ["id", "contextId", "index", "timestamp"] { message.set(nil, for: added) }
            let returned = try await layout.addMessage(message, agent: "data-analyst", context: "run-100", at: time)
            #expect(returned == stored)
        }
        #expect(try await store.contents() == fixture)
        #expect(try await layout.messages(agent: "data-analyst", context: "run-100").count == 41)
        #expect(try await layout.messages(agent: "data-analyst", context: "none").isEmpty)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `messages and tasks sanitize ids and artifacts do not`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind)
        let layout = store.layout()
        let time = LooopyTestStore.now
        try await layout.addMessage(["role": "user", "content": "hi"], agent: "my bot", context: "a/b é👩", at: time)
        try await layout.save(
            ["taskId": "t 1", "agentId": "my bot", "contextId": "a b", "iteration": 1], at: time,
            timeToLive: .seconds(1))
        try await layout.create(
            NewArtifact(
                agent: "my bot", context: "a b", task: "t 1", id: "r 1.md", name: "r",
                content: .file(StoredBytes("x"), mimeType: "text/plain", isBase64: false)), at: time)
        let keys = try await store.contents().keys.sorted()
        #expect(
            keys == [
                "agent=my bot/context=a b/artifacts/r 1.md/content.txt",
                "agent=my bot/context=a b/artifacts/r 1.md/metadata.json",
                "agent=my_bot/context=a_b/task/t_1.json",
                "agent=my_bot/context=a_b____/messages/\(LooopyMessageName(time: time, index: 0, sequence: 0).text)",
            ])
        #expect(try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 9))).items.count == 2)
    }

    @Test func `a message that is no object is refused`() async throws {
        let store = try await LooopyTestStore(.memory)
        await #expect(throws: StorageError.self) {
            try await store.layout().addMessage("text", agent: "a", context: "c", at: LooopyTestStore.now)
        }
        #expect(try await store.contents().isEmpty)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `two processes that append in one millisecond both keep their message`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore(kind)
        // Both begin their sequence at 0; the second finds the first one's file and counts it.
        for layout in [store.layout(), store.layout()] {
            try await layout.addMessage(
                ["role": "user", "content": "x"], agent: "a", context: "c", at: LooopyTestStore.now)
        }
        #expect(try await store.indexes("a/c") == [0, 1])
    }

    @Test func `a broken message is an error of the store, naming the file`() async throws {
        var objects = LooopyTestStore.thread("ua")
        let key = "agent=bot/context=c1/messages/\(LooopyTestStore.fileName(1))"
        objects[key] = Array("{".utf8)
        let store = try await LooopyTestStore(.memory, objects)
        let error = await #expect(throws: StorageError.self) {
            try await store.layout().messages(agent: "bot", context: "c1")
        }
        #expect(error?.kind == .corrupt)
        #expect(error?.reason.hasPrefix(key) == true)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a data artifact is written as the tool writes it, but for the times`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let fixture = try LooopyTestStore.fixtureObjects()
        let folder = base + "artifacts/summary-0/"
        let original = try value(fixture[folder + "metadata.json"])
        let time = try #require(Timestamp(iso8601: "2026-11-21T02:35:45.728Z"))
        let store = try await LooopyTestStore(kind)
        try await store.layout().create(
            NewArtifact(
                agent: "data-analyst", context: "run-100", task: "task-0", id: "summary-0", name: "summary",
                description: "Numbers", content: .data(try #require(original["data"]))), at: time)
        let contents = try await store.contents()
        #expect(contents[folder + "data.json"] == fixture[folder + "data.json"])
        let written = String(decoding: contents[folder + "metadata.json"] ?? [], as: UTF8.self)
        let expected = String(decoding: fixture[folder + "metadata.json"] ?? [], as: UTF8.self)
            .replacing("45.729Z", with: "45.728Z").replacing("545729", with: "545728")
        #expect(written == expected)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `file and dataset artifacts have the members of the tool's, in its order`(
        kind: LooopyTestStore.Kind
    ) async throws {
        func members(_ value: JSONValue) -> [String] { (value.objectValue ?? []).map(\.key.text) }
        let fixture = try LooopyTestStore.fixtureObjects()
        let store = try await LooopyTestStore(kind)
        let rows: [JSONValue] = [["month": "2026-01", "amount": 1.5], ["month": "2026-02", "amount": 2]]
        for artifact in [
            NewArtifact(
                agent: "data-analyst", context: "run-100", task: "task-0", id: "report-0", name: "report 0.md",
                description: "Generated report",
                content: .file(StoredBytes("# Häuser\n"), mimeType: "text/markdown", isBase64: false)),
            NewArtifact(
                agent: "data-analyst", context: "run-100", task: "task-0", id: "sales-0", name: "sales",
                content: .dataset(columns: [TableColumn(name: "month", type: "string")], rows: rows)),
        ] {
            try await store.layout().create(artifact, at: LooopyTestStore.now)
            let folder = base + "artifacts/\(artifact.id)/"
            let written = try value(try await store.contents()[folder + "metadata.json"])
            let original = try value(fixture[folder + "metadata.json"])
            #expect(members(written) == members(original))
            #expect(written["status"] == "complete")
        }
        let contents = try await store.contents()
        #expect(contents[base + "artifacts/report-0/content.txt"] == Array("# Häuser\n".utf8))
        #expect(
            contents[base + "artifacts/sales-0/rows.jsonl"]
                == Array("{\"month\":\"2026-01\",\"amount\":1.5}\n{\"month\":\"2026-02\",\"amount\":2}\n".utf8))
        let read = try await store.layout().artifact(agent: "data-analyst", context: "run-100", id: "report-0")
        #expect(read?.first?.bytes.text == "# Häuser\n")
        #expect(try await store.layout().artifact(agent: "data-analyst", context: "run-100", id: "none") == nil)
    }

    @Test func `an artifact id in use, a path as id and text that is none are refused`() async throws {
        let store = try await LooopyTestStore(.memory)
        func artifact(_ id: String, _ bytes: [UInt8] = [0x61], isBase64: Bool = false) -> NewArtifact {
            NewArtifact(
                agent: "a", context: "c", task: "t", id: id, name: "n",
                content: .file(StoredBytes(bytes), mimeType: "text/plain", isBase64: isBase64))
        }
        try await store.layout().create(artifact("x"), at: LooopyTestStore.now)
        let before = try await store.contents()
        let again = await #expect(throws: StorageError.self) {
            try await store.layout().create(artifact("x"), at: LooopyTestStore.now)
        }
        #expect(again?.kind == .conflict)
        for id in ["", "..", ".", "a/b", "../x", "a\0b"] {
            await #expect(throws: StorageError.self) {
                try await store.layout().create(artifact(id), at: LooopyTestStore.now)
            }
        }
        await #expect(throws: StorageError.self) {
            try await store.layout().create(artifact("y", [0xFF]), at: LooopyTestStore.now)
        }
        #expect(try await store.contents() == before)
        try await store.layout().create(artifact("y", [0xFF], isBase64: true), at: LooopyTestStore.now)
        #expect(try await store.layout().artifact(agent: "a", context: "c", id: "y")?.first?.bytes.array == [0xFF])
        #expect(try await store.contents()["agent=a/context=c/artifacts/y/content.txt"] == Array("/w==".utf8))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a saved task is the tool's file, and expired it is not loaded and not deleted`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let fixture = try LooopyTestStore.fixtureObjects()
        let key = base + "task/task-0-0.json"
        var state = try value(fixture[key])
        state.set(nil, for: "_metadata")
        let store = try await LooopyTestStore(kind)
        let saved = try #require(Timestamp(iso8601: "2026-11-21T02:35:45.741Z"))
        let expires = try #require(Timestamp(iso8601: "2036-11-18T02:35:45.741Z"))
        try await store.layout().save(state, at: saved, timeToLive: .seconds(expires.seconds - saved.seconds))
        #expect(try await store.contents() == [key: try #require(fixture[key])])
        let loaded = try await store.layout().load(
            agent: "data-analyst", context: "run-100", task: "task-0-0", at: expires)
        #expect(loaded == state)
        let late = Timestamp(seconds: expires.seconds + 1)
        #expect(
            try await store.layout().load(agent: "data-analyst", context: "run-100", task: "task-0-0", at: late) == nil)
        #expect(try await store.contents().count == 1)
        await #expect(throws: StorageError.self) {
            try await store.layout().save(["taskId": "x"], at: saved, timeToLive: .seconds(1))
        }
    }
}
