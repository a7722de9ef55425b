import EngineCore
import JSONText
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct LooopyReadingTests {
    private func query(
        _ kind: RecordKind, _ sort: RecordSort = .newest, filter: String = "", limit: Int = 100
    ) -> RecordQuery {
        RecordQuery(kind, filter: TextFilter(filter), sort: sort, page: PageRequest(limit: limit))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `the tool's store has 8 threads, 24 artifacts and 16 tasks`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let context = LayoutContext(source: "test", clock: Clock(now: { LooopyTestStore.now }))
        let layouts = try await LooopyLayout.detect(store.engine, context)
        let layout = try #require(layouts.first)
        #expect(try await layout.list(query(.thread)).items.count == 8)
        #expect(try await layout.list(query(.artifact)).items.count == 24)
        #expect(try await layout.list(query(.task)).items.count == 16)
        #expect(try await layout.count(.thread) == .exact(8))
        #expect(try await layout.count(.artifact) == .exact(24))
        #expect(try await layout.count(.task) == .exact(16))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a thread is summarised from its context file and the listing of its messages`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let layout = try await LooopyTestStore.fixture(kind).layout()
        let page = try await layout.list(query(.thread, RecordSort(.key, descending: false), filter: "run-100"))
        let thread = try #require(page.items.first)
        #expect(page.total == .exact(1))
        #expect(thread.id.key == "data-analyst/run-100")
        #expect(thread.title == "About data retention")
        #expect(thread.messages == 41)
        #expect(thread.tokens == 1000)
        #expect(thread.created == Timestamp(iso8601: "2026-01-05T00:00:00.000Z"))
        #expect(thread.updated == Timestamp(iso8601: "2026-11-21T02:35:45.701Z"))
        guard case .thread(let detail) = thread.detail else {
            Issue.record("not a thread")
            return
        }
        #expect(detail == ThreadDetail(agent: "data-analyst", status: "paused", tags: ["research"]))
        #expect(thread.notes.isEmpty)
        #expect(try await layout.summary(.thread, "data-analyst/run-100")?.messages == 41)
        #expect(try await layout.summary(.thread, "data-analyst/none") == nil)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `messages come a page at a time with an exact total`(kind: LooopyTestStore.Kind) async throws {
        let layout = try await LooopyTestStore.fixture(kind).layout()
        let key = "data-analyst/run-100"
        var start = PageRequest.Start.first
        var positions: [Int] = []
        while true {
            let page = try await layout.messages(key, PageRequest(start, limit: 7))
            #expect(page.total == .exact(41))
            positions += page.items.map(\.position)
            guard let next = page.next else { break }
            start = .after(next)
        }
        #expect(positions == Array(0..<41))
        let last = try await layout.messages(key, PageRequest(.last, limit: 2))
        #expect(last.items.map(\.id) == ["run-100-39", "run-100-40"])
        let before = try await layout.messages(key, PageRequest(.before(try #require(last.previous)), limit: 2))
        #expect(before.items.map(\.position) == [37, 38])
        let middle = try await layout.messages(key, PageRequest(.position(4), limit: 2)).items
        #expect(middle[0].role == .assistant)
        #expect(middle[0].toolCalls.map(\.name) == ["lookup"])
        #expect(middle[1].toolCallID == middle[0].toolCalls[0].id)
        #expect(middle[1].plainText.contains("línea"))
        await #expect(throws: StorageError.self) {
            try await layout.messages("data-analyst/none", PageRequest(limit: 1))
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `more than 999 messages are ordered by index, not by name`(kind: LooopyTestStore.Kind) async throws {
        var objects: [String: [UInt8]] = [:]
        // One moment for all, so that the names sort by their padded index alone.
        for index in 990..<1010 {
            let name = LooopyMessageName(time: LooopyTestStore.now, index: index, sequence: index)
            objects["agent=bot/context=c1/messages/\(name.text)"] = Array(LooopyTestStore.message("u", index).utf8)
        }
        let names = objects.keys.sorted()
        let store = try await LooopyTestStore(kind, objects)
        #expect(names.first?.contains("-1000-") == true)
        #expect(try await store.indexes("bot/c1") == Array(990..<1010))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a file whose index differs from its name stands where its index says`(
        kind: LooopyTestStore.Kind
    ) async throws {
        var objects = LooopyTestStore.thread("uuu")
        objects["agent=bot/context=c1/messages/\(LooopyTestStore.fileName(0))"] = Array(
            LooopyTestStore.message("u", 9).utf8)
        let store = try await LooopyTestStore(kind, objects)
        #expect(try await store.indexes("bot/c1") == [1, 2, 9])
        #expect(try await store.layout().messages("bot/c1", PageRequest(.first, limit: 1)).items.first?.id == "c1-1")
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a broken message is shown in its place with a note and its bytes`(
        kind: LooopyTestStore.Kind
    ) async throws {
        var objects = LooopyTestStore.thread("uauau")
        let base = "agent=bot/context=c1/messages/"
        objects[base + LooopyTestStore.fileName(1)] = Array("{\"role\": \"assist".utf8)
        objects[base + LooopyTestStore.fileName(2)] = [0xFF, 0x00]
        objects[base + LooopyTestStore.fileName(3)] = []
        let messages = try await LooopyTestStore(kind, objects).messages("bot/c1")
        #expect(messages.map(\.notes.isEmpty) == [true, false, false, false, true])
        #expect(messages.map(\.position) == [0, 1, 2, 3, 4])
        #expect(messages[1].raw == .bytes(StoredBytes("{\"role\": \"assist")))
        #expect(messages[2].raw == .bytes(StoredBytes([0xFF, 0x00])))
    }

    @Test(arguments: [
        ("\"role\": \"wizard\", \"content\": \"x\"", "x", "the role is none the tool knows"),
        ("\"content\": \"x\"", "x", "the message has no role"),
        ("\"role\": 7, \"content\": \"x\"", "x", "the role is not text"),
        ("\"role\": \"user\", \"content\": 12.50", "12.50", "the content is a number"),
        ("\"role\": \"user\", \"content\": null", "", "the content is null"),
        ("\"role\": \"user\", \"content\": {\"a\":1}", "{\"a\":1}", "the content is an object"),
        ("\"role\": \"user\"", "", "the message has no content"),
        ("\"role\": \"user\", \"content\": \"x\", \"toolCalls\": 3", "x", "toolCalls is a number"),
    ])
    func `odd roles and contents are shown with a note`(members: String, text: String, note: String) {
        let message = LooopyMessageDecoder.message(StoredBytes("{\(members), \"index\": 0}"), position: 0)
        #expect(message.plainText == text)
        #expect(message.notes.contains(note))
    }

    @Test func `a list of content parts becomes blocks in order`() {
        let json =
            "{\"role\":\"user\",\"index\":0,\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"image\",\"url\":\"u\"}]}"
        let message = LooopyMessageDecoder.message(StoredBytes(json), position: 0)
        #expect(message.content.count == 2)
        #expect(message.content.first == .text("a"))
        #expect(message.notes.isEmpty)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an unexpired lock is shown and an expired one is not`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, LooopyTestStore.thread("ua"))
        let expires = Timestamp(seconds: LooopyTestStore.now.seconds + 60).iso8601Milliseconds
        try await store.put(
            "agent=bot/context=c1/context.lock",
            "{\"lockOwnerId\":\"w1\",\"lockedAt\":\"x\",\"expiresAt\":\"\(expires)\"}")
        let held = try await store.layout().summary(.thread, "bot/c1")
        guard case .thread(let detail)? = held?.detail else {
            Issue.record("not a thread")
            return
        }
        #expect(detail.lock?.hasPrefix("w1 until ") == true)
        let later = Timestamp(seconds: LooopyTestStore.now.seconds + 61)
        guard case .thread(let free)? = try await store.layout(now: later).summary(.thread, "bot/c1")?.detail else {
            Issue.record("not a thread")
            return
        }
        #expect(free.lock == nil)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a conversation with a sanitized twin directory is one record`(kind: LooopyTestStore.Kind) async throws {
        var objects = LooopyTestStore.thread("ua", agent: "my_bot", context: "a_b")
        objects["agent=my bot/context=a b/context.json"] = Array("{\"title\":\"Twin\"}".utf8)
        objects["agent=my bot/context=a b/artifacts/x 1/metadata.json"] = Array(
            "{\"type\":\"data\",\"name\":\"n\"}".utf8)
        objects["agent=my bot/context=a b/artifacts/x 1/data.json"] = Array("{}".utf8)
        objects["agent=my_bot/context=a_b/task/t_1.json"] = Array("{\"taskId\":\"t 1\"}".utf8)
        let layout = try await LooopyTestStore(kind, objects).layout()
        let threads = try await layout.list(query(.thread)).items
        #expect(threads.map(\.id.key) == ["my bot/a b"])
        #expect(threads.first?.title == "Twin")
        #expect(threads.first?.messages == 2)
        #expect(try await layout.list(query(.artifact)).items.map(\.id.key) == ["my bot/a b/x 1"])
        #expect(try await layout.list(query(.task)).items.map(\.id.key) == ["my bot/a b/t_1"])
        #expect(try await layout.messages("my_bot/a_b", PageRequest(limit: 9)).items.count == 2)
        #expect(try await layout.documents(.artifact, "my bot/a b/x 1").count == 2)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `ids that only share a sanitized spelling stay apart`(kind: LooopyTestStore.Kind) async throws {
        var objects = LooopyTestStore.thread("ua", context: "a_b")
        objects["agent=bot/context=a b/context.json"] = Array("{\"title\":\"space\"}".utf8)
        objects["agent=bot/context=a.b/context.json"] = Array("{\"title\":\"dot\"}".utf8)
        let threads = try await LooopyTestStore(kind, objects).layout()
            .list(query(.thread, RecordSort(.key, descending: false))).items
        #expect(threads.map(\.id.key) == ["bot/a b", "bot/a.b", "bot/a_b"])
        #expect(threads.allSatisfy { !$0.notes.isEmpty })
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `missing and broken context files are notes, not failures`(kind: LooopyTestStore.Kind) async throws {
        var objects = LooopyTestStore.thread("ua")
        objects["agent=bot/context=c2/context.json"] = Array("{\"title\": tru".utf8)
        let layout = try await LooopyTestStore(kind, objects).layout()
        let threads = try await layout.list(query(.thread, RecordSort(.key, descending: false))).items
        #expect(threads.map(\.id.key) == ["bot/c1", "bot/c2"])
        #expect(threads[0].notes == ["context.json is missing"])
        #expect(threads[0].updated == Timestamp(seconds: 1_795_228_546))
        #expect(threads[1].notes.first?.hasPrefix("context.json is not valid JSON") == true)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `records are sorted by every field their kind names`(kind: LooopyTestStore.Kind) async throws {
        let layout = try await LooopyTestStore.fixture(kind).layout()
        for record in layout.kinds {
            for field in layout.capabilities(of: record).sortFields {
                let page = try await layout.list(query(record, RecordSort(field, descending: true)))
                #expect(page.items.count == [RecordKind.thread: 8, .artifact: 24, .task: 16][record])
            }
        }
        let byMessages = try await layout.list(query(.thread, RecordSort(.messages, descending: false)))
        #expect(byMessages.items.first?.messages == 17)
        await #expect(throws: StorageError.self) {
            try await layout.list(query(.task, RecordSort(.messages, descending: true)))
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `pages of records neither repeat nor lose one`(kind: LooopyTestStore.Kind) async throws {
        let layout = try await LooopyTestStore.fixture(kind).layout()
        var keys: [String] = []
        var start = PageRequest.Start.first
        while true {
            let page = try await layout.list(
                RecordQuery(.artifact, sort: .newest, page: PageRequest(start, limit: 5)))
            keys += page.items.map(\.id.key)
            guard let next = page.next else { break }
            start = .after(next)
        }
        #expect(keys.count == 24)
        #expect(Set(keys).count == 24)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an expired task is shown as expired and stays`(kind: LooopyTestStore.Kind) async throws {
        let key = "agent=bot/context=c1/task/t1.json"
        let state =
            "{\"taskId\":\"t1\",\"completed\":false,\"_metadata\":{\"savedAt\":\"2026-01-01T00:00:00.000Z\",\"expiresAt\":\"2026-01-02T00:00:00.000Z\"}}"
        let store = try await LooopyTestStore(kind, [key: Array(state.utf8)])
        let task = try await store.layout().list(query(.task)).items.first
        guard case .task(let detail)? = task?.detail else {
            Issue.record("not a task")
            return
        }
        #expect(detail.state == "expired")
        #expect(
            try await store.layout().documents(.task, "bot/c1/t1").first?.notes == ["expired at 2026-01-02T00:00:00Z"])
        #expect(try await store.contents()[key] == Array(state.utf8))
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a store below _agent_store, an agent's and a context's directory are found`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let context = LayoutContext(source: "test", clock: Clock(now: { LooopyTestStore.now }))
        let inner = try await LooopyTestStore(
            kind,
            Dictionary(uniqueKeysWithValues: LooopyTestStore.thread("ua").map { ("_agent_store/" + $0.key, $0.value) }))
        let found = try await LooopyLayout.detect(inner.engine, context)
        #expect(try await found.first?.list(query(.thread)).items.map(\.id.key) == ["bot/c1"])

        func cut(_ prefix: String) -> [String: [UInt8]] {
            Dictionary(
                uniqueKeysWithValues: LooopyTestStore.thread("ua").map {
                    (String($0.key.dropFirst(prefix.count)), $0.value)
                })
        }
        let agent = try await LooopyTestStore(kind, cut("agent=bot/"))
        let agents = try await LooopyLayout.detect(agent.engine, context)
        #expect(try await agents.first?.list(query(.thread)).items.map(\.messages) == [2])
        var own = cut("agent=bot/context=c1/")
        own["context.json"] = Array("{\"agentId\":\"bot\",\"contextId\":\"c1\"}".utf8)
        let one = try await LooopyTestStore(kind, own)
        let contexts = try await LooopyLayout.detect(one.engine, context)
        #expect(try await contexts.first?.list(query(.thread)).items.map(\.id.key) == ["bot/c1"])
        #expect(try await contexts.first?.list(query(.thread)).items.map(\.messages) == [2])
        let other = try await LooopyTestStore(kind, ["notes/a.txt": [1]])
        #expect(try await LooopyLayout.detect(other.engine, context).isEmpty)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `the revision changes with messages, state and locks`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, LooopyTestStore.thread("ua"))
        let first = try await store.layout().revision(.thread, "bot/c1")
        #expect(try await store.layout().revision(.thread, "bot/c1") == first)
        try await store.append("more", to: "bot/c1")
        let second = try await store.layout().revision(.thread, "bot/c1")
        #expect(second != first)
        try await store.put("agent=bot/context=c1/context.lock", "{}")
        #expect(try await store.layout().revision(.thread, "bot/c1") != second)
        #expect(try await store.layout().revision(.thread, "bot/none") == nil)
    }
}
