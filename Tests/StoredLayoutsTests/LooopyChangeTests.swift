import EngineCore
import JSONText
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct LooopyChangeTests {
    private let run = "data-analyst/run-100"
    private let runMessages = "agent=data-analyst/context=run-100/messages/"

    private func plan(
        _ store: LooopyTestStore, _ request: ChangeRequest, _ key: String, kind: RecordKind = .thread
    ) async throws -> ChangePlan {
        try await store.layout().plan(request, kind, key)
    }

    private func carryOut(_ store: LooopyTestStore, _ plan: ChangePlan) async throws -> LooopyJournal {
        let journal = LooopyJournal(plan)
        _ = try await store.layout().carryOut(plan, recording: journal)
        return journal
    }

    // MARK: Trim

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a trim keeps the newest byte for byte but for index, id and name, numbered from 0`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let original = try await store.contents()
        let plan = try await plan(store, .trim(keep: 3, snap: false), run)
        #expect(plan.keeps == 3)
        #expect(plan.drops == 38)
        #expect(plan.fixUps == ["renumber 3 kept messages from 0"])
        #expect(plan.firstKept?.id == "run-100-38")
        #expect(plan.lastDropped?.id == "run-100-37")
        let journal = try await carryOut(store, plan)
        let trimmed = try await store.contents()

        #expect(
            trimmed.keys.filter { $0.hasPrefix(runMessages) }.sorted() == [
                runMessages + "2026-11-21T02-35-45_720Z-000-000038.json",
                runMessages + "2026-11-21T02-35-45_721Z-001-000039.json",
                runMessages + "2026-11-21T02-35-45_721Z-002-000040.json",
            ])
        for (index, key) in trimmed.keys.filter({ $0.hasPrefix(runMessages) }).sorted().enumerated() {
            let old = try #require(
                original.first { $0.key.hasPrefix(runMessages) && $0.key.hasSuffix("0000\(38 + index).json") })
            let expected = String(decoding: old.value, as: UTF8.self)
                .split(separator: "\n", omittingEmptySubsequences: false)
                .map { line in
                    if line.hasPrefix("  \"index\"") { return "  \"index\": \(index)," }
                    if line.hasPrefix("  \"id\"") { return "  \"id\": \"run-100-\(index)\"," }
                    return String(line)
                }.joined(separator: "\n")
            #expect(String(decoding: trimmed[key] ?? [], as: UTF8.self) == expected)
        }
        #expect(
            trimmed.filter { !$0.key.hasPrefix(runMessages) } == original.filter { !$0.key.hasPrefix(runMessages) })

        let outcome = try await store.layout().undo(journal, inexactly: false)
        #expect(outcome.kept == 41)
        #expect(try await store.contents() == original)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a message appended after a trim sorts last`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        _ = try await carryOut(store, try await plan(store, .trim(keep: 3, snap: false), run))
        try await store.append("first after", to: run)
        try await store.append("second after", to: run)
        #expect(try await store.indexes(run) == [0, 1, 2, 3, 4])
        #expect(try await store.messages(run).suffix(2).map(\.plainText) == ["first after", "second after"])
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an undo after an append is a conflict, and inexactly puts it behind`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let texts = try await store.messages(run).map(\.plainText)
        let journal = try await carryOut(store, try await plan(store, .trim(keep: 3, snap: false), run))
        try await store.append("later", to: run)
        let before = try await store.contents()
        let error = await #expect(throws: StorageError.self) {
            try await store.layout().undo(journal, inexactly: false)
        }
        #expect(error?.kind == .conflict)
        #expect(error?.help != "")
        #expect(try await store.contents() == before)
        let outcome = try await store.layout().undo(journal, inexactly: true)
        #expect(outcome.notes.count == 1)
        #expect(try await store.messages(run).map(\.plainText) == texts + ["later"])
        #expect(try await store.indexes(run) == Array(0...41))
        try await store.append("and more", to: run)
        #expect(try await store.messages(run).last?.plainText == "and more")
    }

    @Test(arguments: [0, -1, -100])
    func `less than one message cannot be kept`(keep: Int) async throws {
        let store = try await LooopyTestStore(.memory, LooopyTestStore.thread("uau"))
        let plan = try await plan(store, .trim(keep: keep, snap: false), "bot/c1")
        #expect(plan.refusal == "at least one message must stay; delete the thread to remove all of it")
        let before = try await store.contents()
        await #expect(throws: StorageError.self) { try await carryOut(store, plan) }
        #expect(try await store.contents() == before)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `keeping as many as there are changes nothing`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, LooopyTestStore.thread("uau"))
        let before = try await store.contents()
        for keep in [3, 4, Int.max] {
            let plan = try await plan(store, .trim(keep: keep, snap: true), "bot/c1")
            #expect(plan.isEmpty)
            #expect(plan.warnings.isEmpty)
            _ = try await carryOut(store, plan)
        }
        #expect(try await store.contents() == before)
    }

    @Test func `a thread numbered higher than it is long is warned of`() async throws {
        var objects = LooopyTestStore.thread("uauau")
        for index in 0..<3 {
            objects["agent=bot/context=c1/messages/\(LooopyTestStore.fileName(index))"] = nil
        }
        let store = try await LooopyTestStore(.memory, objects)
        let plan = try await plan(store, .trim(keep: 9, snap: false), "bot/c1")
        #expect(plan.warnings.map(\.kind) == [.other])
    }

    @Test func `a cut between a tool call and its result is told, with the safe ones`() async throws {
        // Positions: 0 s, 1 u, 2 c, 3 t, 4 u, 5 a.
        let store = try await LooopyTestStore(.memory, LooopyTestStore.thread("suctua"))
        let plan = try await plan(store, .trim(keep: 3, snap: false), "bot/c1")
        #expect(plan.keeps == 3)
        #expect(plan.safeKeeps == [4, 2])
        #expect(plan.warnings.map(\.kind) == [.splitsToolCall, .dropsSystemMessage, .dropsFirstUserMessage])
        let snapped = try await self.plan(store, .trim(keep: 3, snap: true), "bot/c1")
        #expect(snapped.keeps == 4)
        #expect(snapped.drops == 2)
        #expect(snapped.safeKeeps.isEmpty)
        #expect(
            snapped.fixUps == [
                "keep 4 instead of 3, so that no tool call is parted from its result",
                "renumber 4 kept messages from 0",
            ])
        #expect(!snapped.warnings.contains { $0.kind == .splitsToolCall })
        let safe = try await self.plan(store, .trim(keep: 2, snap: true), "bot/c1")
        #expect(safe.keeps == 2)
    }

    @Test func `a lock asks again and fresh messages are told`() async throws {
        let store = try await LooopyTestStore(.memory, LooopyTestStore.thread("ua"))
        try await store.append("now", to: "bot/c1", at: LooopyTestStore.now.seconds - 5)
        let expires = Timestamp(seconds: LooopyTestStore.now.seconds + 60).iso8601Milliseconds
        try await store.put("agent=bot/context=c1/context.lock", "{\"lockOwnerId\":\"w\",\"expiresAt\":\"\(expires)\"}")
        for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record), .delete(.wholeContext)] {
            let plan = try await plan(store, request, "bot/c1")
            #expect(plan.warnings.contains { $0.kind == .locked && $0.asksAgain })
            #expect(plan.warnings.contains { $0.kind == .writtenRecently })
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a trim planned before an append is a conflict and changes nothing`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore(kind, LooopyTestStore.thread("uauau"))
        for request in [ChangeRequest.trim(keep: 2, snap: false), .delete(.record), .delete(.wholeContext)] {
            let plan = try await plan(store, request, "bot/c1")
            try await store.append("meanwhile", to: "bot/c1")
            let before = try await store.contents()
            let journal = LooopyJournal(plan)
            let error = await #expect(throws: StorageError.self) {
                try await store.layout().carryOut(plan, recording: journal)
            }
            #expect(error?.kind == .conflict)
            #expect(error?.reason == "1 file was added since the plan was made")
            #expect(!journal.isSealed)
            #expect(try await store.contents() == before)
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a new name that is taken gets another sequence`(kind: LooopyTestStore.Kind) async throws {
        let base = "agent=bot/context=c1/messages/"
        func name(_ index: Int) -> String {
            LooopyMessageName(time: LooopyTestStore.now, index: index, sequence: 0).text
        }
        // Four processes that each wrote their first message in one millisecond.
        var objects: [String: [UInt8]] = [:]
        for index in 0..<4 { objects[base + name(index)] = Array(LooopyTestStore.message("u", index).utf8) }
        let store = try await LooopyTestStore(kind, objects)
        let journal = try await carryOut(store, try await plan(store, .trim(keep: 2, snap: false), "bot/c1"))
        #expect(try await store.indexes("bot/c1") == [0, 1])
        #expect(try await store.messages("bot/c1").map(\.plainText) == ["question 2", "question 3"])
        _ = try await store.layout().undo(journal, inexactly: false)
        #expect(try await store.contents() == objects)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `odd messages are kept as they are and still counted`(kind: LooopyTestStore.Kind) async throws {
        let base = "agent=bot/context=c1/messages/"
        var objects = LooopyTestStore.thread("uuuuuu")
        objects[base + LooopyTestStore.fileName(3)] = Array("{broken".utf8)
        objects[base + LooopyTestStore.fileName(4)] = Array("{\"role\":\"user\",\"content\":\"no index\"}".utf8)
        objects[base + LooopyTestStore.fileName(5)] = nil
        objects[base + "hand made.json"] = Array("{\"index\": 5.0, \"id\": \"own\", \"content\": \"hand\"}".utf8)
        let store = try await LooopyTestStore(kind, objects)
        let journal = try await carryOut(store, try await plan(store, .trim(keep: 3, snap: false), "bot/c1"))
        let contents = try await store.contents()
        #expect(contents.count == 3)
        let broken = contents.first { $0.key.contains("-000-") }
        #expect(broken?.value == Array("{broken".utf8))
        let unnumbered = try #require(contents.first { $0.key.contains("-001-") })
        #expect(unnumbered.value == Array("{\"role\":\"user\",\"content\":\"no index\",\"index\":1}".utf8))
        #expect(
            contents[base + "hand made.json"] == Array("{\"index\": 2, \"id\": \"own\", \"content\": \"hand\"}".utf8))
        _ = try await store.layout().undo(journal, inexactly: false)
        #expect(try await store.contents() == objects)
    }

    @Test func `numbers and escapes of kept messages keep their spelling`() {
        let text =
            "{\"n\": 1e5, \"big\": 9007199254740993, \"u\": \"\\u00e9\", \"index\" : 7 , \"id\":\"c-7\", \"contextId\":\"c\" }"
        let changed = LooopyRenumbering.renumbered(StoredBytes(text), to: 0)
        #expect(
            changed.text
                == "{\"n\": 1e5, \"big\": 9007199254740993, \"u\": \"\\u00e9\", \"index\" : 0 , \"id\":\"c-0\", \"contextId\":\"c\" }"
        )
        let foreign = "{\"index\": 1, \"id\": \"550e8400-e29b-41d4-a716-446655440000\", \"contextId\": \"c\"}"
        #expect(
            LooopyRenumbering.renumbered(StoredBytes(foreign), to: 0).text
                == "{\"index\": 0, \"id\": \"550e8400-e29b-41d4-a716-446655440000\", \"contextId\": \"c\"}")
    }

    // MARK: Delete

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `deleting a thread removes its messages alone`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let original = try await store.contents()
        let plan = try await plan(store, .delete(.record), run)
        #expect(plan.drops == 41)
        #expect(plan.unit == "messages")
        let journal = try await carryOut(store, plan)
        #expect(try await store.contents() == original.filter { !$0.key.hasPrefix(runMessages) })
        #expect(try await store.layout().summary(.thread, run)?.messages == 0)
        _ = try await store.layout().undo(journal, inexactly: false)
        #expect(try await store.contents() == original)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `deleting the whole context removes both twins and nothing else`(kind: LooopyTestStore.Kind) async throws {
        var objects = LooopyTestStore.thread("uau", context: "a_b")
        objects["agent=bot/context=a b/context.json"] = Array("{}".utf8)
        objects["agent=bot/context=a b/artifacts/x/metadata.json"] = Array("{}".utf8)
        objects["agent=bot/context=a_b/task/t.json"] = Array("{}".utf8)
        let others = LooopyTestStore.thread("ua", context: "other")
        let store = try await LooopyTestStore(kind, objects.merging(others) { first, _ in first })
        let plan = try await plan(store, .delete(.wholeContext), "bot/a b")
        #expect(plan.drops == objects.count)
        let journal = try await carryOut(store, plan)
        #expect(try await store.contents() == others)
        #expect(try await store.layout().summary(.thread, "bot/a b") == nil)
        #expect(try await store.layout().count(.thread) == .exact(1))
        _ = try await store.layout().undo(journal, inexactly: false)
        #expect(try await store.contents() == objects.merging(others) { first, _ in first })
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `artifacts and tasks are deleted one by one and come back`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore.fixture(kind)
        let original = try await store.contents()
        for (record, key, prefix) in [
            (RecordKind.artifact, "\(run)/report-0", "agent=data-analyst/context=run-100/artifacts/report-0/"),
            (.task, "\(run)/task-0-1", "agent=data-analyst/context=run-100/task/task-0-1.json"),
        ] {
            let plan = try await plan(store, .delete(.record), key, kind: record)
            let journal = try await carryOut(store, plan)
            #expect(try await store.contents() == original.filter { !$0.key.hasPrefix(prefix) })
            #expect(try await store.layout().summary(record, key) == nil)
            _ = try await store.layout().undo(journal, inexactly: false)
            #expect(try await store.contents() == original)
        }
    }

    @Test func `a key never leads to a path that was not listed`() async throws {
        let store = try await LooopyTestStore(.memory, LooopyTestStore.thread("ua"))
        for key in ["bot/..", "../bot/c1", "bot/c1/../../x", "bot", "", "/", "bot/c1/messages"] {
            for record in [RecordKind.thread, .artifact, .task] {
                await #expect(throws: StorageError.self) {
                    try await store.layout().plan(.delete(.record), record, key)
                }
            }
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `names with quotes, line breaks and 255 bytes are trimmed, deleted and restored`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let long = String(repeating: "x", count: 255 - "context=".utf8.count)
        for context in ["a \"b\"\n'c'; DROP", "..", "-rf", "日本 \u{1B}]52;c;x\u{7}", long]
        where ObjectPlace.keeps(kind, ObjectKey(context)) {
            var objects = LooopyTestStore.thread("uau", context: LooopyNames.sanitized(context))
            objects["agent=bot/context=\(context)/context.json"] = Array("{}".utf8)
            let store = try await LooopyTestStore(kind, objects)
            let key = "bot/\(context)"
            #expect(try await store.layout().summary(.thread, key)?.messages == 3)
            for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record), .delete(.wholeContext)] {
                let journal = try await carryOut(store, try await plan(store, request, key))
                #expect(try await store.contents() != objects)
                _ = try await store.layout().undo(journal, inexactly: false)
                #expect(try await store.contents() == objects)
            }
        }
    }

    @Test func `a read-only source refuses every plan`() async throws {
        let engine = MemoryObjectEngine(options: EngineOptions(readOnly: true))
        for (key, bytes) in LooopyTestStore.thread("uau") {
            engine.seed(ObjectKey(description: key), StoredBytes(bytes))
        }
        let layout = LooopyLayout(engine, LayoutContext(source: "t", clock: Clock(now: { LooopyTestStore.now })))
        #expect(layout.capabilities(of: .thread).trim == .unavailable("the source is opened read-only"))
        for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record), .delete(.wholeContext)] {
            #expect(try await layout.plan(request, .thread, "bot/c1").refusal == "the source is opened read-only")
        }
    }
}
