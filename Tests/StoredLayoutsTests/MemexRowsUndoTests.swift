import EngineCore
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Undoing after another program has stored the thread again.
@Suite(.usesPostgres) struct MemexRowsUndoTests {
    private func trimmed(_ place: MemexPlace, keep: Int) async throws -> (MemexRowsLayout, MemexRecorder) {
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let plan = try await layout.plan(.trim(keep: keep, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        return (layout, recorder)
    }

    private func ids(_ layout: MemexRowsLayout) async throws -> [String] {
        try await layout.messages("t", PageRequest(limit: 100)).items.compactMap(\.id)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a thread saved anew is a conflict, and inexactly the trimmed messages go before it`(_ kind: MemexPlace.Kind)
        async throws
    {
        let place = try await MemexPlace.empty(kind)
        let (layout, recorder) = try await trimmed(place, keep: 4)
        var thread = try #require(try await layout.thread("t", messageLimit: nil))
        thread.messages.append(
            ConversationMessage(id: "new", role: "user", content: .text("later"), created: MemexPlace.now))
        try await layout.saveThread(thread)
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(error?.help.contains("inexact") == true)
        #expect(try await place.dump() == before)

        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.kept == 11)
        #expect(try await ids(layout) == (0..<10).map { "t-\($0)" } + ["new"])
        let kept = try await place.dump()
        #expect(before.allSatisfy { kept.contains($0) })
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a writer that brings the messages back leaves nothing to put back`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let held = try #require(try await layout.thread("t", messageLimit: nil))
        let plan = try await layout.plan(.trim(keep: 4, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        try await layout.saveThread(held)
        await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        let before = try await place.dump()
        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.notes.contains("6 messages were there already"))
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a deleted thread that was stored again keeps its new messages`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 3)
        let layout = try await place.layout()
        let plan = try await layout.plan(.delete(.record), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        try await layout.saveThread(
            ConversationThread(
                id: "t", created: MemexPlace.now, updated: MemexPlace.now,
                messages: [
                    ConversationMessage(id: "new", role: "user", content: .text("x"), created: MemexPlace.now)
                ]))
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        _ = try await layout.undo(recorder, inexactly: true)
        #expect(try await ids(layout) == ["t-0", "t-1", "t-2", "new"])
        #expect(try await layout.summary(.thread, "t")?.updated == MemexPlace.now)
    }

    @Test func `row numbers taken by other threads are given anew only inexactly`() async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 3)
        let layout = try await place.layout()
        let plan = try await layout.plan(.delete(.record), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        try await place.addThread("other", messages: 2)
        let before = try await place.dump()
        await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(try await place.dump() == before)
        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.kept == 3)
        #expect(try await ids(layout) == ["t-0", "t-1", "t-2"])
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a trim of a thread that is gone cannot be undone`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let (layout, recorder) = try await trimmed(place, keep: 4)
        try await layout.deleteThread("t")
        for inexactly in [false, true] {
            let error = await #expect(throws: StorageError.self) {
                try await layout.undo(recorder, inexactly: inexactly)
            }
            #expect(error?.kind == .conflict)
        }
    }

    @Test(arguments: MemexPlace.Kind.engines)
    func `a table that lost a column refuses the undo`(_ kind: MemexPlace.Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        let (_, recorder) = try await trimmed(place, keep: 4)
        try await place.run("ALTER TABLE messages DROP COLUMN token_count")
        let layout = try await place.layout()
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(try await place.dump() == before)
        #expect(try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 9))).notes.count == 1)
    }
}
