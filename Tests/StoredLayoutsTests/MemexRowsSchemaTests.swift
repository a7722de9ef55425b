import EngineCore
import JSONText
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Databases whose tables do more than MemexLLM's own: computed columns,
/// triggers and numbers at the end of the range.
@Suite(.usesPostgres) struct MemexRowsSchemaTests {
    @Test(arguments: ["VIRTUAL", "STORED"])
    func `a table with computed columns is changed, undone exactly and stored into`(_ kind: String) async throws {
        let place = try await MemexPlace.lax(["DROP TABLE messages", "DROP TABLE threads"])
        try await place.run(
            """
            CREATE TABLE threads (id TEXT PRIMARY KEY, created_at TEXT, updated_at TEXT, metadata TEXT, \
            day TEXT GENERATED ALWAYS AS (substr(updated_at, 1, 10)) \(kind))
            """)
        try await place.run(
            """
            CREATE TABLE messages (id TEXT PRIMARY KEY, size INTEGER GENERATED ALWAYS AS (length(content)) \(kind), \
            thread_id TEXT, content TEXT, role TEXT, created_at TEXT, metadata TEXT, message_index INTEGER, \
            token_count INTEGER AS (length(content) / 4) \(kind))
            """)
        let layout = try await place.layout()
        let messages = (0..<6).map { number in
            ConversationMessage(
                id: "m\(number)", role: "user", content: .text("some words"), created: MemexPlace.now, tokenCount: 7)
        }
        try await layout.saveThread(
            ConversationThread(id: "t", created: MemexPlace.now, updated: MemexPlace.now, messages: messages))
        let before = try await place.dump()
        for request in [ChangeRequest.trim(keep: 2, snap: false), .delete(.record)] {
            for inexactly in [false, true] {
                let plan = try await layout.plan(request, .thread, "t")
                let recorder = MemexRecorder(plan)
                _ = try await layout.carryOut(plan, recording: recorder)
                #expect(try await place.dump() != before)
                #expect(try await layout.settle(recorder, during: .change) == .applied)
                _ = try await layout.undo(recorder, inexactly: inexactly)
                #expect(try await place.dump() == before)
                #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
            }
        }
    }

    @Test func `what a trigger of the database does at a trim is no other program`() async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 6)
        try await place.run(
            """
            CREATE TRIGGER touch AFTER DELETE ON messages BEGIN \
            UPDATE threads SET updated_at = '2026-01-01T00:00:00+00:00' WHERE id = OLD.thread_id; END
            """)
        let layout = try await place.layout()
        let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "t")
        let outcome = try await layout.carryOut(plan, recording: MemexRecorder(plan))
        #expect(outcome == ChangeOutcome(kept: 2, dropped: 4))
    }

    @Test func `token counts too large to be added leave the sum out and are shown all the same`() async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 3)
        try await place.run("UPDATE messages SET token_count = ?", [.integer(.max)])
        let layout = try await place.layout()
        let summary = try #require(try await layout.summary(.thread, "t"))
        #expect(summary.messages == 3)
        #expect(summary.tokens == nil)
        #expect(summary.notes == ["the token counts are too large to be added"])
        #expect(try await layout.messages("t", PageRequest(limit: 9)).items.map(\.tokens) == [.max, .max, .max])
    }
}
