import EngineCore
import JSONText
import SQLiteEngine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Undoing where something stands in the way, and undoing out of order.
@Suite(.usesPostgres) struct MemexRowsPartialUndoTests {
    private func trim(_ layout: MemexRowsLayout, keep: Int) async throws -> MemexRecorder {
        let plan = try await layout.plan(.trim(keep: keep, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        return recorder
    }

    private func ids(_ layout: MemexRowsLayout) async throws -> [String] {
        try await layout.messages("t", PageRequest(limit: 100)).items.compactMap(\.id)
    }

    private func names(_ numbers: some Sequence<Int>) -> [String] { numbers.map { "t-\($0)" } }

    /// A trigger that lets no row in.
    private static func deafTrigger(_ kind: MemexPlace.Kind) -> [String] {
        guard kind == .postgres else {
            return ["CREATE TRIGGER deaf BEFORE INSERT ON messages BEGIN SELECT RAISE(IGNORE); END"]
        }
        return [
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
            "CREATE TRIGGER deaf BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION refuse()",
        ]
    }

    // MARK: Something stands in the way

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `a message whose id another thread has taken is named, and comes back once the id is free`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let before = try await place.dump()
        let recorder = try await trim(layout, keep: 6)
        try await place.addThread("other", messages: 1)
        try await place.run(
            "UPDATE messages SET id = 't-2'\(place.engine.dialect.rowIdentity.map { ", \($0) = 100" } ?? "") WHERE id = 'other-0'"
        )

        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: true) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("t-2") == true)
        #expect(error?.reason.contains("3 messages are back") == true)
        #expect(try await ids(layout) == names([0, 1, 3, 4, 5, 6, 7, 8, 9]))
        // A crash right behind the commit must not close the entry either.
        #expect(try await layout.settle(recorder, during: .undo) == .applied)

        try await place.run("DELETE FROM messages WHERE thread_id = 'other'")
        try await place.run("DELETE FROM threads WHERE id = 'other'")
        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.notes == ["1 message is back", "3 messages were there already"])
        #expect(try await place.dump() == before)
        #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
    }

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `the same message with other words is not taken for the one that went`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 4)
        let layout = try await place.layout()
        let recorder = try await trim(layout, keep: 2)
        try await place.run(
            "INSERT INTO messages VALUES ('t-1', 't', 'rewritten', 'user', '2025-03-01T08:00:00+00:00', '{}', 1, 1)")
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: true) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("t-1") == true)
        #expect(try await ids(layout).sorted() == names(0..<4))
        let words = try await place.engine.query(SQLStatement("SELECT content FROM messages WHERE id = 't-1'"))
        #expect(words.first?[0] == .text("rewritten"))
    }

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `rows that a trigger turns away are not said to be back`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 6)
        let layout = try await place.layout()
        let before = try await place.dump()
        let recorder = try await trim(layout, keep: 2)
        let trimmed = try await place.dump()
        for text in Self.deafTrigger(kind) { try await place.run(text) }
        for inexactly in [false, true] {
            let error = await #expect(throws: StorageError.self) {
                try await layout.undo(recorder, inexactly: inexactly)
            }
            #expect(error?.kind == .conflict)
            #expect(error?.reason.contains("t-0") == true)
            #expect(error?.reason.contains("stored again") == false)
            #expect(try await place.dump() == trimmed)
        }
        try await place.run("DROP TRIGGER deaf\(kind == .postgres ? " ON messages" : "")")
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await place.dump() == before)
    }

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `a partial undo that numbers anew leaves the place of what is missing free`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 6)
        let layout = try await place.layout()
        let recorder = try await trim(layout, keep: 2)
        let saved = try #require(try await layout.thread("t", messageLimit: nil))
        try await layout.saveThread(saved)
        try await place.addThread("other", messages: 1)
        try await place.run("UPDATE messages SET id = 't-2' WHERE id = 'other-0'")
        await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: true) }
        #expect(try await ids(layout) == names([0, 1, 3, 4, 5]))
        try await place.run("UPDATE messages SET id = 'other-0' WHERE id = 't-2'")
        _ = try await layout.undo(recorder, inexactly: true)
        #expect(try await ids(layout) == names(0..<6))
    }

    @Test func `identical rows of a table without keys all come back`() async throws {
        let place = try await MemexPlace.lax(["INSERT INTO threads VALUES ('t', '2025-03-01', '2025-03-01', '{}')"])
        for number in [0, 0, 0, 3, 4] {
            try await place.run(
                "INSERT INTO messages VALUES ('same', 't', 'x', 'user', '', '{}', NULL, ?)", [.integer(Int64(number))])
        }
        let layout = try await place.layout()
        let before = try await place.dump()
        let recorder = try await trim(layout, keep: 2)
        try await place.run(
            "INSERT INTO messages (rowid, id, thread_id, content, role, created_at, metadata, message_index) "
                + "VALUES (2, 'same', 't', 'x', 'user', '', '{}', 0)")
        _ = try await layout.undo(recorder, inexactly: true)
        #expect(try await place.dump() == before)
        #expect(try await layout.undo(recorder, inexactly: true).notes.contains("3 messages were there already"))
        #expect(try await place.dump() == before)
    }

    @Test(arguments: [Int64.min, Int64.min + 3])
    func `where no number is left before the first message the undo says so`(_ lowest: Int64) async throws {
        let place = try await MemexPlace.empty()
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let recorder = try await trim(layout, keep: 4)
        try await place.run("UPDATE messages SET message_index = ? WHERE id = 't-6'", [.integer(lowest)])
        try await place.run("UPDATE messages SET message_index = 0 WHERE id = 't-9'")
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: true) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("number") == true)
        #expect(try await place.dump() == before)
    }

    // MARK: Out of order

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `trims undone in any order put every message back exactly`(
        _ kind: MemexPlace.Kind
    ) async throws {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let place = try await MemexPlace.empty(kind)
            try await place.addThread("t", messages: 10)
            let layout = try await place.layout()
            let before = try await place.dump()
            var entries: [MemexRecorder] = []
            for keep in [6, 3, 1] { entries.append(try await trim(layout, keep: keep)) }
            for number in order {
                _ = try await layout.undo(entries[number], inexactly: false)
                #expect(try await ids(layout) == ids(layout).sorted())
            }
            #expect(try await place.dump() == before)
        }
    }

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `numbers that are free only because the thread was stored anew are no gap`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        _ = try await trim(layout, keep: 6)
        let newer = try await trim(layout, keep: 3)
        // m7 to m9 become 0 to 2: the recorded 4 to 6 are free and behind them.
        let saved = try #require(try await layout.thread("t", messageLimit: nil))
        try await layout.saveThread(saved)
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(newer, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("stored anew") == true)
        #expect(try await place.dump() == before)
        _ = try await layout.undo(newer, inexactly: true)
        #expect(try await ids(layout) == names(4..<10))
    }

    @Test(arguments: MemexPlace.Kind.everyEngine)
    func `a message that another program put into the gap is a conflict with its true reason`(
        _ kind: MemexPlace.Kind
    ) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.addThread("t", messages: 10)
        let layout = try await place.layout()
        let recorder = try await trim(layout, keep: 3)
        try await place.run("INSERT INTO messages VALUES ('new', 't', 'x', 'user', '', '{}', NULL, 2)")
        let before = try await place.dump()
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("anew") == false)
        #expect(try await place.dump() == before)
        _ = try await layout.undo(recorder, inexactly: true)
        #expect(try await ids(layout) == names(0..<7) + ["new"] + names(7..<10))
    }
}
