import EngineCore
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

@Suite(.usesPostgres) struct MemexRowsChangeTests {
    private func trim(_ keep: Int, snap: Bool = false) -> ChangeRequest { .trim(keep: keep, snap: snap) }

    private func longest(_ layout: MemexRowsLayout) async throws -> String {
        let page = try await layout.list(
            RecordQuery(
                .thread, sort: RecordSort(.messages, descending: true), page: PageRequest(limit: 1)))
        return try #require(page.items.first?.id.key)
    }

    // MARK: Plans

    @Test(arguments: MemexPlace.Kind.engines)
    func `a plan tells what goes, what stays and what is lost with it`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try await longest(layout)
        let before = try await place.dump()
        let plan = try await layout.plan(trim(50), .thread, key)
        #expect(plan.keeps == 50)
        #expect(plan.drops == 250)
        #expect(plan.unit == "messages")
        #expect(plan.refusal == nil)
        #expect(plan.firstKept?.position == 250)
        #expect(plan.lastDropped?.position == 249)
        #expect(plan.firstKept?.plainText.hasPrefix("[250]") == true)
        #expect(plan.lastDropped?.plainText.hasPrefix("[249]") == true)
        #expect(plan.warnings.map(\.kind) == [.dropsSystemMessage, .dropsFirstUserMessage])
        #expect(plan.safeKeeps.isEmpty)
        #expect(plan.target.messages == 300)
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a cut that parts a tool call says so and snaps to the nearest safe one`(_ kind: MemexPlace.Kind) async throws
    {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try await longest(layout)
        // Every eleventh message of the store answers a tool call: 285 is one.
        let plan = try await layout.plan(trim(15), .thread, key)
        #expect(plan.firstKept?.role == .tool)
        #expect(plan.warnings.contains { $0.kind == .splitsToolCall && $0.asksAgain })
        #expect(plan.safeKeeps == [14, 16])
        #expect(plan.keeps == 15)
        let snapped = try await layout.plan(trim(15, snap: true), .thread, key)
        #expect(snapped.keeps == 16)
        #expect(snapped.drops == 284)
        #expect(snapped.firstKept?.role != .tool)
        #expect(!snapped.warnings.contains { $0.kind == .splitsToolCall })
        #expect(!snapped.fixUps.isEmpty)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `calls and results among the parts of a content are not parted either`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind == .postgres ? .postgres : .memory)
        try await place.addThread("t", messages: 6)
        let contents = [
            1: #"[{"type":"text","text":"I look"},{"type":"tool_use","id":"u1","name":"f","input":{}}]"#,
            3: #"[{"type":"tool_result","tool_use_id":"u1","content":"found"}]"#,
        ]
        for (index, content) in contents {
            try await place.run(
                "UPDATE messages SET content = ?, role = 'user' WHERE message_index = \(index)", [.text(content)])
        }
        let layout = try await place.layout()
        for keep in [3, 4] {
            let plan = try await layout.plan(trim(keep), .thread, "t")
            #expect(plan.warnings.contains { $0.kind == .splitsToolCall && $0.asksAgain })
            #expect(plan.safeKeeps == [2, 5])
        }
        for keep in [2, 5] {
            let plan = try await layout.plan(trim(keep), .thread, "t")
            #expect(!plan.warnings.contains { $0.kind == .splitsToolCall })
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a thread of results only is never cut by snapping`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 5, roles: ["tool"])
        let layout = try await place.layout()
        let plan = try await layout.plan(trim(2, snap: true), .thread, "t")
        #expect(plan.isEmpty)
        #expect(plan.keeps == 5)
    }

    @Test(arguments: [0, -1, -300])
    func `keeping fewer than one message is refused`(_ keep: Int) async throws {
        let place = try await MemexPlace.fixture()
        let layout = try await place.layout()
        let plan = try await layout.plan(trim(keep), .thread, try await longest(layout))
        #expect(plan.refusal?.contains("delete the thread") == true)
        let recorder = MemexRecorder(plan)
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: recorder)
        }
        #expect(error?.kind == .invalid)
        #expect(recorder.isEmpty)
    }

    @Test(arguments: [300, 301, 1000])
    func `keeping all or more changes nothing`(_ keep: Int) async throws {
        let place = try await MemexPlace.fixture()
        let layout = try await place.layout()
        let before = try await place.dump()
        let plan = try await layout.plan(trim(keep), .thread, try await longest(layout))
        #expect(plan.isEmpty)
        #expect(plan.keeps == 300)
        let recorder = MemexRecorder(plan)
        #expect(try await layout.carryOut(plan, recording: recorder) == ChangeOutcome(kept: 300, dropped: 0))
        #expect(!recorder.isSealed)
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a thread written moments ago is pointed out`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 3, updated: "2025-03-01T10:00:00+02:00")
        let near = try #require(Timestamp(iso8601: "2025-03-01T08:09:59Z"))
        let far = try #require(Timestamp(iso8601: "2025-03-01T08:10:01Z"))
        #expect(
            try await place.layout(now: near).plan(trim(1), .thread, "t").warnings.contains {
                $0.kind == .writtenRecently
            })
        #expect(
            try await !place.layout(now: far).plan(trim(1), .thread, "t").warnings.contains {
                $0.kind == .writtenRecently
            })
    }

    // MARK: Carrying out

    @Test(arguments: MemexPlace.Kind.allCases, [1, 50, 299])
    func `a trim removes the oldest rows, touches nothing else, and is undone exactly`(
        _ kind: MemexPlace.Kind, _ keep: Int
    ) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try await longest(layout)
        let before = try await place.dump()
        let newest = try await layout.messages(key, PageRequest(.last, limit: keep)).items
        let plan = try await layout.plan(trim(keep), .thread, key)
        let recorder = MemexRecorder(plan)
        let outcome = try await layout.carryOut(plan, recording: recorder)
        #expect(outcome == ChangeOutcome(kept: keep, dropped: 300 - keep))
        #expect(recorder.isSealed)

        let after = try await place.dump()
        let gone = before.filter { !after.contains($0) }
        #expect(after == before.filter { !gone.contains($0) })
        #expect(gone.count == 300 - keep)
        let kept = try await layout.messages(key, PageRequest(limit: 1000)).items
        #expect(kept.map(\.raw) == newest.map(\.raw))
        #expect(kept.map(\.position) == Array(0..<keep))
        #expect(try await layout.settle(recorder, during: .change) == .applied)

        let undone = try await layout.undo(recorder, inexactly: false)
        #expect(undone.kept == 300)
        #expect(try await place.dump() == before)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)
    }

    @Test(arguments: MemexPlace.Kind.allCases)
    func `a delete removes messages and thread, and is undone exactly`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let before = try await place.dump()
        for record in try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 100))).items {
            let plan = try await layout.plan(.delete(.record), .thread, record.id.key)
            #expect(!plan.isEmpty)
            let recorder = MemexRecorder(plan)
            let outcome = try await layout.carryOut(plan, recording: recorder)
            #expect(outcome.kept == 0)
            #expect(outcome.dropped == max(1, record.messages ?? 0))
            #expect(try await layout.summary(.thread, record.id.key) == nil)
            #expect(try await layout.settle(recorder, during: .change) == .applied)
            let after = try await place.dump()
            #expect(after.count == before.count - 1 - (record.messages ?? 0))
            #expect(!after.contains { $0.contains(record.id.key) })
            _ = try await layout.undo(recorder, inexactly: false)
            #expect(try await place.dump() == before)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `trims one after the other are undone in either order`(_ kind: MemexPlace.Kind) async throws {
        for order in [[0, 1], [1, 0]] {
            let place = try await MemexPlace.fixture(kind)
            let layout = try await place.layout()
            let key = try await longest(layout)
            let before = try await place.dump()
            var entries: [MemexRecorder] = []
            for keep in [200, 20] {
                let plan = try await layout.plan(trim(keep), .thread, key)
                entries.append(MemexRecorder(plan))
                _ = try await layout.carryOut(plan, recording: entries[entries.count - 1])
            }
            for number in order { _ = try await layout.undo(entries[number], inexactly: false) }
            #expect(try await place.dump() == before)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `what another program saved since the plan is a conflict and changes nothing`(_ kind: MemexPlace.Kind)
        async throws
    {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try await longest(layout)
        let requests = [trim(50), ChangeRequest.delete(.record)]
        for request in requests {
            let plan = try await layout.plan(request, .thread, key)
            var thread = try #require(try await layout.thread(key, messageLimit: nil))
            thread.updated = Timestamp(seconds: thread.updated.seconds + 1)
            thread.messages.append(
                ConversationMessage(
                    id: "new-\(thread.messages.count)", role: "user", content: .text("hello"),
                    created: thread.updated))
            try await layout.saveThread(thread)
            let before = try await place.dump()
            let recorder = MemexRecorder(plan)
            let error = await #expect(throws: StorageError.self) {
                try await layout.carryOut(plan, recording: recorder)
            }
            #expect(error?.kind == .conflict)
            #expect(!recorder.isSealed)
            #expect(try await place.dump() == before)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a row added behind the library's back is a conflict too`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let plan = try await layout.plan(trim(4), .thread, "t")
        try await place.run(
            "INSERT INTO messages VALUES ('x', 't', '', 'user', '', '{}', NULL, 3)")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: MemexRecorder(plan))
        }
        #expect(error?.kind == .conflict)
    }

    @Test(arguments: [
        "DELETE FROM messages WHERE message_index = 6",
        "UPDATE messages SET message_index = 16 WHERE message_index = 6",
        "DELETE FROM messages WHERE message_index = 9", "DELETE FROM messages WHERE message_index = 0",
        "DELETE FROM messages WHERE message_index = 3", "DELETE FROM messages",
    ])
    func `a row gone or moved at either end, at the cut or before it is a conflict`(_ act: String) async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let plan = try await layout.plan(trim(4), .thread, "t")
        try await place.run(act)
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: MemexRecorder(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a journal that is full stops the change before anything goes`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.fixture(kind)
        let layout = try await place.layout()
        let key = try await longest(layout)
        let before = try await place.dump()
        for request in [trim(50), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, key)
            let recorder = MemexRecorder(plan, failsAt: 100)
            let error = await #expect(throws: StorageError.self) {
                try await layout.carryOut(plan, recording: recorder)
            }
            #expect(error?.kind == .full)
            #expect(try await place.dump() == before)
            #expect(try await layout.settle(recorder, during: .change) == .notApplied)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `gaps, a start above zero and indexes below zero are kept as they are`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 6)
        try await place.run("UPDATE messages SET message_index = message_index * 10 - 5")
        let layout = try await place.layout()
        let before = try await place.dump()
        let plan = try await layout.plan(trim(2), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        let rows = try await place.engine.query(SQLStatement("SELECT message_index FROM messages"))
        #expect(rows.map { $0[0].integer } == [35, 45])
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await place.dump() == before)
    }

    @Test func `messages of one index are cut by their row`() async throws {
        let place = try await MemexPlace.lax()
        try await place.run("INSERT INTO threads VALUES ('t', '2025-03-01', '2025-03-01', '{}')")
        for number in 0..<9 {
            let index: StoredValue = number < 2 ? .null : number == 8 ? .text("last") : .integer(1)
            try await place.run(
                "INSERT INTO messages VALUES (?, 't', ?, 'user', 3, 4.5, x'00', ?)",
                [.text("m\(number)"), .invalidText([0xFF, UInt8(number)]), index])
        }
        let layout = try await place.layout()
        let before = try await place.dump()
        for keep in 1...8 {
            let plan = try await layout.plan(trim(keep), .thread, "t")
            let recorder = MemexRecorder(plan)
            #expect(try await layout.carryOut(plan, recording: recorder).dropped == 9 - keep)
            let kept = try await layout.messages("t", PageRequest(limit: 100)).items.compactMap(\.id)
            #expect(kept == (9 - keep..<9).map { "m\($0)" })
            _ = try await layout.undo(recorder, inexactly: false)
            #expect(try await place.dump() == before)
        }
    }

    @Test(arguments: [true, false])
    func `orphaned messages can be trimmed, deleted and put back`(_ isEnforced: Bool) async throws {
        let place = try await isEnforced ? MemexPlace.empty() : MemexPlace.lax()
        try await place.engine.unreferencedTransaction("prepare") { transaction throws(StorageError) in
            for number in 0..<5 {
                try transaction.execute(
                    SQLStatement(
                        "INSERT INTO messages VALUES (?, 'lost', 'x', 'user', '', '{}', NULL, ?)",
                        [.text("m\(number)"), .integer(Int64(number))]))
            }
        }
        let layout = try await place.layout()
        let before = try await place.dump()
        for request in [trim(2), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, "lost")
            let recorder = MemexRecorder(plan)
            _ = try await layout.carryOut(plan, recording: recorder)
            let left = try await place.engine.query(SQLStatement("SELECT count(*) FROM messages"))
            #expect(left.first?[0] == .integer(request == trim(2) ? 2 : 0))
            _ = try await layout.undo(recorder, inexactly: false)
            #expect(try await place.dump() == before)
        }
        // References are enforced again afterwards.
        if isEnforced {
            await #expect(throws: StorageError.self) {
                try await place.run("INSERT INTO messages VALUES ('n', 'none', 'x', 'user', '', '{}', NULL, 0)")
            }
        }
    }
}
