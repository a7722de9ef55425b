import EngineCore
import JSONText
import StoredLayouts
import StoredRecords
import Synchronization
import TestSupport
import Testing

/// On every keyspace; a cluster keeps a thread and the set of ids on different servers.
@Suite(.usesRedis) struct MemexKeysTests {
    /// A thread spelled as no serializer would spell it again.
    private static let odd =
        #"{"id":"odd", "metadata": {"title": "Odd \u00e9", "n": 9007199254740993, "e": 1e5}, "extra" : [1, 2.50],"#
        + "\n \"messages\": [ "
        + #"{"content":"zero","role":"system","metadata":{},"created_at":"2025-03-01T08:00:00+00:00"},"#
        + "\n   "
        + #"{"role":"user", "content" : "one \u2028", "x": 0.10, "metadata": {"a": 1E+2}} ,"#
        + #"{"content":[{"type":"text","text":"two"},{"type":"image","url":"u"}],"role":"assistant"}, "#
        + #"{"content":"three","role":"tool","tool_call_id":"c"},{"content":null} ] , "tail":true}"#

    private func engine(
        _ backend: KeyBackend, _ options: EngineOptions = EngineOptions()
    ) async throws -> any KeyspaceEngine {
        let harness = try backend.harness()
        try harness.seed("thread:odd", .string(StoredBytes(Self.odd)), life: .seconds(500))
        try harness.seed("thread:plain", #"{"id":"plain","metadata":{},"messages":[]}"#)
        try harness.seed("thread:broken", #"{"id":"broken","messages":[{"#)
        try harness.seed("thread:list", .list([[1]]), life: nil)
        try harness.seed("thread:unnamed", #"{"messages":[{"content":"x","role":"user"}]}"#)
        try harness.seed("thread:number", "7")
        try harness.seed("other", "not ours")
        let named = ["odd", "plain", "broken", "list", "number", "gone"].map { Array($0.utf8) } + [[0xFF]]
        try harness.seed("threads", .set(Set(named)), life: nil)
        let engine = try await harness.engine()
        try await engine.commit(
            [.set(StoredKey(bytes: Array("thread:".utf8) + [0xFF]), StoredBytes(#"{"messages":[]}"#))], expecting: [])
        return options.readOnly ? try await harness.engine(options) : engine
    }

    private func layout(_ engine: any KeyspaceEngine, maxMessages: Int? = nil) async throws -> MemexKeysLayout {
        let found = try await MemexKeysLayout.detect(engine, MemexPlace.context(maxMessages: maxMessages))
        return try #require(found.first as? MemexKeysLayout)
    }

    /// Every key with its value, type and remaining life, which a server's
    /// clock shortens while the test runs, in steps of 100 seconds.
    private func dump(_ engine: any KeyspaceEngine) async throws -> [String] {
        var lines: [String] = []
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan("*", after: cursor, count: 1000)
            for (key, info) in zip(page.keys, try await engine.describe(page.keys)) {
                var line = "\(key) \(info.map { "\($0.type) \($0.size) \(life($0).map { "\($0)" } ?? "")" } ?? "")"
                if info?.type == .string { line += try await engine.strings([key])[0].get()?.lossyText ?? "" }
                if info?.type == .set {
                    line += try await engine.members(key, after: nil, count: 1000).members.map { "\($0)" }.sorted()
                        .joined()
                }
                lines.append(line)
            }
            cursor = page.next
        } while cursor != nil
        return lines.sorted()
    }

    private func life(_ info: KeyInfo?) -> Duration? {
        info?.timeToLive.map { .seconds(($0.components.seconds + 99) / 100 * 100) }
    }

    /// Without the seconds that a key has left.
    private func timeless(_ notes: [String]?) -> [String]? {
        notes?.map { $0.hasPrefix("the key expires in ") ? "the key expires" : $0 }
    }

    private func query(
        _ start: PageRequest.Start = .first, limit: Int = 100, sort: RecordSort = .newest, filter: String = ""
    ) -> RecordQuery {
        RecordQuery(.thread, filter: TextFilter(filter), sort: sort, page: PageRequest(start, limit: limit))
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `keys and set members are listed together, each with what is wrong`(_ backend: KeyBackend) async throws {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        let page = try await layout.list(query(sort: RecordSort(.key, descending: false)))
        #expect(page.items.map(\.id.key) == ["\\xff", "broken", "gone", "list", "number", "odd", "plain", "unnamed"])
        #expect(page.total == .exact(8))
        #expect(try await layout.count(.thread) == .exact(8))
        let byKey = Dictionary(uniqueKeysWithValues: page.items.map { ($0.id.key, $0) })
        #expect(byKey["odd"]?.title == "Odd é")
        #expect(byKey["odd"]?.messages == 5)
        #expect(timeless(byKey["odd"]?.notes) == ["the key expires"])
        #expect(byKey["plain"]?.notes == [])
        #expect(byKey["broken"]?.notes == ["the value is not JSON"])
        #expect(byKey["number"]?.notes == ["the value is no JSON object"])
        #expect(byKey["list"]?.notes == ["the key holds a list, not a string"])
        #expect(byKey["gone"]?.notes.first?.hasPrefix("its key is gone") == true)
        #expect(byKey["unnamed"]?.notes.contains { $0.hasPrefix("the set threads does not name it") } == true)
        for record in page.items {
            let summary = try await layout.summary(.thread, record.id.key)
            #expect(timeless(summary?.notes) == timeless(record.notes))
            #expect(try await layout.messages(record.id.key, PageRequest(limit: 9)).items.count == record.messages ?? 0)
            _ = try await layout.documents(.thread, record.id.key)
            #expect(try await layout.revision(.thread, record.id.key) != nil)
        }
        let filtered = try await layout.list(query(filter: "odd"))
        #expect(filtered.items.map(\.id.key) == ["odd"])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a plan tells of a thread what the list tells`(_ backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(
            "thread:t",
            #"{"id":"t","updated_at":"2025-03-01T08:00:00.249523+00:00","messages":[{"content":"x","role":"user"}]}"#)
        try harness.seed("threads", .set([Array("t".utf8)]), life: nil)
        let layout = try await layout(try await harness.engine())
        let listed = try await layout.all(.thread)
        #expect(listed.map(\.messages) == [1])
        #expect(listed.first?.updated != nil)
        #expect(try await layout.plansUnlikeTheList() == [])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `token counts too large to be added leave the sum out`(_ backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let message = #"{"content":"x","role":"user","token_count":9223372036854775807}"#
        try harness.seed("thread:large", #"{"messages":[\#(message),\#(message)]}"#)
        let layout = try await layout(try await harness.engine())
        let summary = try #require(try await layout.summary(.thread, "large"))
        #expect(summary.messages == 2)
        #expect(summary.tokens == nil)
        #expect(summary.notes.contains("the token counts are too large to be added"))
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `an empty or foreign keyspace is not taken for one of threads`(_ backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("other", "x")
        try harness.seed("thread:list", .list([[1]]), life: nil)
        let engine = try await harness.engine()
        #expect(try await MemexKeysLayout.detect(engine, MemexPlace.context()).isEmpty)
        var context = MemexPlace.context()
        context.options.layouts = ["memexllm"]
        #expect(try await MemexKeysLayout.detect(engine, context).count == 1)
    }

    @Test(arguments: KeyBackend.wantedOnce, [1, 2, 3, 5, 9])
    func `messages are paged in either direction`(_ backend: KeyBackend, _ limit: Int) async throws {
        let layout = try await layout(try await engine(backend))
        let all = try await layout.messages("odd", PageRequest(limit: 100)).items
        #expect(all.map(\.position) == [0, 1, 2, 3, 4])
        #expect(all[1].plainText == "one \u{2028}")
        #expect(all[1].raw.displayText.text?.contains("0.10") == true)
        #expect(all[2].content.first == .text("two"))
        #expect(all[3].toolCallID == "c")
        #expect(all[4].role == .missing)
        #expect(all[4].notes == ["the content is null", "the role is missing"])
        var forward: [StoredMessage] = []
        var start = PageRequest.Start.first
        while true {
            let page = try await layout.messages("odd", PageRequest(start, limit: limit))
            #expect(page.total == .exact(5))
            forward += page.items
            guard let next = page.next else { break }
            start = .after(next)
        }
        #expect(forward == all)
        var backward: [StoredMessage] = []
        start = .last
        while true {
            let page = try await layout.messages("odd", PageRequest(start, limit: limit))
            backward = page.items + backward
            guard let previous = page.previous else { break }
            start = .before(previous)
        }
        #expect(backward == all)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a message cursor stays right after messages before it go`(_ backend: KeyBackend) async throws {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        let page = try await layout.messages("odd", PageRequest(limit: 3))
        let next = try #require(page.next)
        let plan = try await layout.plan(.trim(keep: 3, snap: false), .thread, "odd")
        _ = try await layout.carryOut(plan, recording: MemexRecorder(plan))
        let rest = try await layout.messages("odd", PageRequest(.after(next), limit: 9))
        #expect(rest.items.first?.plainText == "three")
    }

    @Test(arguments: KeyBackend.wantedOnce, 1...4)
    func `a trim keeps every other byte and the key's life, and is undone exactly`(_ backend: KeyBackend, _ keep: Int)
        async throws
    {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        let before = try await dump(engine)
        let plan = try await layout.plan(.trim(keep: keep, snap: false), .thread, "odd")
        #expect(plan.drops == 5 - keep)
        #expect(plan.warnings.contains { $0.kind == .dropsSystemMessage })
        #expect(plan.firstKept?.position == 5 - keep)
        let recorder = MemexRecorder(plan)
        #expect(try await layout.carryOut(plan, recording: recorder) == ChangeOutcome(kept: keep, dropped: 5 - keep))
        #expect(recorder.isSealed)
        let value = try #require(try await engine.strings([StoredKey("thread:odd")])[0].get()?.text)
        let parts = Self.odd.utf8.split(separator: UInt8(ascii: "["), maxSplits: 2, omittingEmptySubsequences: false)
        #expect(value.hasPrefix(String(decoding: parts[0], as: UTF8.self)))
        let tail = #"{"content":null} ] , "tail":true}"#
        #expect(value.hasSuffix(tail))
        #expect(
            keep < 4
                || value.contains(#"{"role":"user", "content" : "one \u2028", "x": 0.10, "metadata": {"a": 1E+2}} ,"#))
        #expect(life(try await engine.describe([StoredKey("thread:odd")])[0]) == .seconds(500))
        #expect(try await layout.messages("odd", PageRequest(limit: 9)).items.count == keep)
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await dump(engine) == before)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)
    }

    @Test(arguments: KeyBackend.wantedOnce, ["odd", "plain", "broken", "unnamed", "number", "gone", "\\xff"])
    func `a delete removes key and member, and is undone exactly`(_ backend: KeyBackend, _ key: String) async throws {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        let before = try await dump(engine)
        let plan = try await layout.plan(.delete(.record), .thread, key)
        #expect(!plan.isEmpty)
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        #expect(try await layout.summary(.thread, key) == nil)
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await dump(engine) == before)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `what cannot be changed is refused with a reason`(_ backend: KeyBackend) async throws {
        let layout = try await layout(try await engine(backend))
        for (request, key) in [
            (ChangeRequest.delete(.record), "list"), (.trim(keep: 1, snap: false), "broken"),
            (.trim(keep: 1, snap: false), "gone"), (.trim(keep: 0, snap: false), "odd"),
            (.trim(keep: 1, snap: false), "list"),
        ] {
            let plan = try await layout.plan(request, .thread, key)
            #expect(plan.refusal != nil)
            await #expect(throws: StorageError.self) {
                try await layout.carryOut(plan, recording: MemexRecorder(plan))
            }
        }
        let error = await #expect(throws: StorageError.self) {
            try await layout.plan(.delete(.record), .thread, "unknown")
        }
        #expect(error?.kind == .notFound)
        let readOnly = try await self.layout(try await engine(backend, EngineOptions(readOnly: true)))
        #expect(!readOnly.capabilities(of: .thread).trim.isAvailable)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a snapped trim keeps a result with what it answers`(_ backend: KeyBackend) async throws {
        let layout = try await layout(try await engine(backend))
        let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "odd")
        #expect(plan.warnings.contains { $0.kind == .splitsToolCall && $0.asksAgain })
        #expect(plan.safeKeeps == [1, 3])
        #expect(try await layout.plan(.trim(keep: 2, snap: true), .thread, "odd").keeps == 3)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a thread written since the plan is a conflict and changes nothing`(_ backend: KeyBackend) async throws {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, "odd")
            let bytes = try #require(try await engine.strings([StoredKey("thread:odd")])[0].get()).array
            try await engine.commit([.set(StoredKey("thread:odd"), StoredBytes(bytes + [0x20]))], expecting: [])
            let before = try await dump(engine)
            let recorder = MemexRecorder(plan)
            let error = await #expect(throws: StorageError.self) {
                try await layout.carryOut(plan, recording: recorder)
            }
            #expect(error?.kind == .conflict)
            #expect(!recorder.isSealed)
            #expect(try await dump(engine) == before)
        }
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `an undo after another save puts what is missing first, only when allowed`(_ backend: KeyBackend) async throws
    {
        let engine = try await engine(backend)
        let layout = try await layout(engine)
        let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "odd")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        var thread = try #require(try await layout.thread("odd", messageLimit: nil))
        thread.messages.append(
            ConversationMessage(id: "", role: "user", content: .text("later"), created: MemexPlace.now))
        try await layout.saveThread(thread)
        let before = try await dump(engine)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(error?.help.contains("inexact") == true)
        #expect(try await dump(engine) == before)
        _ = try await layout.undo(recorder, inexactly: true)
        let texts = try await layout.messages("odd", PageRequest(limit: 9)).items.map(\.plainText)
        #expect(texts.first == "zero")
        #expect(texts.last == "later")
        #expect(texts.count == 6)
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `a message that stayed does not stand for one that went and reads the same`(_ backend: KeyBackend) async throws
    {
        let harness = try backend.harness()
        let yes = #"{"role":"user","content":"yes"}"#
        let messages = [#"{"role":"user","content":"hi"}"#, yes, #"{"role":"user","content":"q"}"#, yes]
        try harness.seed("thread:t", #"{"id":"t","messages":[\#(messages.joined(separator: ", "))]}"#)
        try harness.seed("threads", .set([Array("t".utf8)]), life: nil)
        let engine = try await harness.engine()
        let layout = try await layout(engine)
        let plan = try await layout.plan(.trim(keep: 1, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        let later = #"{"id":"t","messages":[\#(yes), {"role":"user","content":"later"}]}"#
        try await engine.commit([.set(StoredKey("thread:t"), StoredBytes(later))], expecting: [])
        #expect(try await layout.settle(recorder, during: .change) == .unclear)
        _ = try await layout.undo(recorder, inexactly: true)
        let texts = try await layout.messages("t", PageRequest(limit: 9)).items.map(\.plainText)
        #expect(texts == ["hi", "yes", "q", "yes", "later"])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `the store writes the documented form and reads it back`(_ backend: KeyBackend) async throws {
        let engine = try await backend.harness().engine()
        let layout = MemexKeysLayout(engine: engine, context: MemexPlace.context(maxMessages: 2))
        let time = Timestamp(seconds: 1_740_816_000)
        let messages = (0..<3).map { index in
            ConversationMessage(
                id: "m\(index)", role: "user", content: .text("Grüße \(index)"), created: time,
                metadata: .object([JSONMember("i", .integer(index))]), tokenCount: index)
        }
        var thread = ConversationThread(id: "t:1", created: time, updated: time, messages: messages)
        try await layout.saveThread(thread)
        let stored = try await engine.strings([StoredKey("thread:t:1")])[0].get()?.text
        #expect(
            stored?.hasPrefix(
                #"{"id": "t:1", "metadata": {}, "messages": [{"content": "Gr\u00fc\u00dfe 1", "role": "user", "#
                    + #""metadata": {"i": 1}, "created_at": "2025-03-01T08:00:00+00:00""#) == true)
        #expect(try await engine.isMember(StoredKey("threads"), [Array("t:1".utf8)]) == [true])
        thread.messages.removeFirst()
        let read = try #require(try await layout.thread("t:1", messageLimit: nil))
        #expect(read.messages.map(\.id) == ["m1", "m2"])
        #expect(read.messages.map { $0.content.stringValue } == ["Grüße 1", "Grüße 2"])
        #expect(read.updated == time)
        #expect(try await layout.thread("t:1", messageLimit: 1)?.messages.map(\.id) == ["m2"])
        thread.id = "later"
        thread.updated = Timestamp(seconds: time.seconds + 1)
        try await layout.saveThread(thread)
        #expect(try await layout.listThreads(limit: 9, offset: 0).map(\.id) == ["later", "t:1"])
        #expect(try await layout.listThreads(limit: 9, offset: 1).map(\.id) == ["t:1"])
        #expect(try await layout.searchThreads(ThreadSearch(content: "GRÜSSE")).isEmpty)
        #expect(try await layout.searchThreads(ThreadSearch(content: "GRÜßE 1")).count == 2)
        #expect(try await layout.deleteThread("later"))
        #expect(try await !layout.deleteThread("later"))
        #expect(try await engine.isMember(StoredKey("threads"), [Array("later".utf8)]) == [false])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `large keyspaces are listed without reading more than the page`(_ backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let padding = String(repeating: "x", count: 40_000)
        for number in 0..<500 {
            let value = #"{"metadata":{"title":"T\#(number)"},"updated_at":"2025-03-01","messages":["\#(padding)"]}"#
            try harness.seed("thread:\(1000 + number)", value)
        }
        try harness.seed("thread:huge", .string(StoredBytes([UInt8](repeating: 0x20, count: 9 << 20))), life: nil)
        let engine = try await harness.engine()
        let layout = try await layout(engine)
        let first = try await layout.list(query(limit: 3))
        #expect(first.items.map(\.title) == ["T0", "T1", "T2"])
        #expect(first.items.allSatisfy { $0.updated == nil && $0.messages == 1 })
        #expect(first.notes.count == 1)
        #expect(first.total == .exact(501))
        let next = try await layout.list(query(.after(try #require(first.next)), limit: 3))
        #expect(next.items.map(\.title) == ["T3", "T4", "T5"])
        let last = try await layout.list(query(.last, limit: 2))
        #expect(last.items.last?.id.key == "huge")
        #expect(last.items.last?.notes.first == "too large to be read for a list")
        let filtered = try await layout.list(query(limit: 5, filter: "T49"))
        #expect(filtered.items.map(\.title) == ["T49", "T490", "T491", "T492", "T493"])
        let biggest = try await layout.list(query(limit: 1, sort: RecordSort(.bytes, descending: true)))
        #expect(biggest.items.map(\.id.key) == ["huge"])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `search finds text in threads, messages and broken values`(_ backend: KeyBackend) async throws {
        let layout = try await layout(try await engine(backend))
        let hits = Mutex<[SearchHit]>([])
        for text in ["odd é", "TWO", "broken", "nothing like that"] {
            try await layout.search(SearchQuery(try #require(TextFilter(text.lowercased())))) { hit in
                hits.withLock { $0.append(hit) }
                return .more
            }
        }
        let found = hits.withLock { $0 }
        #expect(found.map(\.record.id.key) == ["odd", "odd", "broken", "broken"])
        #expect(found.map(\.message) == [nil, 2, nil, nil])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `quoted words are searched for as they stand`(_ backend: KeyBackend) async throws {
        let layout = try await layout(try await engine(backend))
        func count(_ text: String) async throws -> Int {
            let count = Mutex(0)
            try await layout.search(SearchQuery(try #require(try TextFilter.read(text)))) { _ in
                count.withLock { $0 += 1 }
                return .more
            }
            return count.withLock { $0 }
        }
        #expect(try await count("é odd") > 0)
        #expect(try await count(#""é odd""#) == 0)
        #expect(try await count(#""odd é""#) == (try await count("odd é")))
    }
}
