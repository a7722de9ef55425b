import EngineCore
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Triggers that change what an undo puts back.
@Suite(.usesPostgres, .timeLimit(.minutes(10))) struct MemexRowsTriggerTests {
    typealias Kind = MemexPlace.Kind

    private static let changes = [ChangeRequest.trim(keep: 2, snap: false), .delete(.record)]

    /// - Parameter body: a statement about the row `NEW` that is being stored.
    private func onInsert(_ table: String, _ body: String, in place: MemexPlace) async throws {
        if let database = place.database {
            try database.run(
                """
                CREATE FUNCTION act() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(body); RETURN NULL; END $$;
                CREATE TRIGGER act AFTER INSERT ON \(table) FOR EACH ROW EXECUTE FUNCTION act()
                """)
        } else {
            try await place.run("CREATE TRIGGER act AFTER INSERT ON \(table) BEGIN \(body); END")
        }
    }

    private func removed(
        _ request: ChangeRequest, from place: MemexPlace
    ) async throws -> (MemexRowsLayout, MemexRecorder, left: [String]) {
        let layout = try await place.layout()
        let plan = try await layout.plan(request, .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        return (layout, recorder, try await place.dump())
    }

    @Test(arguments: Kind.everyEngine, changes)
    func `a trigger that changes the messages that come back makes an exact undo a conflict`(
        _ kind: Kind, _ request: ChangeRequest
    ) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await onInsert(
            "messages", "UPDATE messages SET created_at = 'now' WHERE id = NEW.id AND message_index < 2", in: place)
        let (layout, recorder, left) = try await removed(request, from: place)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason == "a trigger of messages changes what goes back")
        #expect(try await place.dump() == left)
        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.kept == 6)
        #expect(outcome.notes.contains("a trigger of messages has changed 2 of the rows that went back"))
    }

    @Test(.enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"))
    func `a trigger that changes a row before it is stored is seen as well`() async throws {
        let place = try await MemexPlace.withTwoThreads(.postgres)
        try place.database?.run(
            """
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.updated_at := now()::text; RETURN NEW; END $$;
            CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON threads FOR EACH ROW EXECUTE FUNCTION touch()
            """)
        let (layout, recorder, left) = try await removed(.delete(.record), from: place)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict && error?.reason == "a trigger of threads changes what goes back")
        #expect(try await place.dump() == left)
        let outcome = try await layout.undo(recorder, inexactly: true)
        #expect(outcome.notes.contains("a trigger of threads has changed 1 of the rows that went back"))
    }

    @Test(arguments: Kind.everyEngine)
    func `a trigger of the messages that changes the thread's own row is seen as well`(_ kind: Kind) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await onInsert(
            "messages", "UPDATE threads SET updated_at = 'now' WHERE id = NEW.thread_id", in: place)
        let (layout, recorder, left) = try await removed(.delete(.record), from: place)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: false) }
        #expect(error?.kind == .conflict && error?.reason == "a trigger of messages changes what goes back")
        #expect(try await place.dump() == left)
    }

    @Test(arguments: Kind.everyEngine, changes)
    func `a trigger that changes nothing of what comes back is in nobody's way`(
        _ kind: Kind, _ request: ChangeRequest
    ) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await place.run("CREATE TABLE stored (id TEXT)")
        try await onInsert("messages", "INSERT INTO stored VALUES (NEW.id)", in: place)
        let rows = try await place.dump()
        let (layout, recorder, _) = try await removed(request, from: place)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await place.dump() == rows)
    }

    @Test(arguments: Kind.everyEngine)
    func `a trigger that changes an index that comes back makes an exact undo a conflict`(_ kind: Kind) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.run(
            "CREATE TABLE indexes (name TEXT PRIMARY KEY, full_state TEXT, search_state TEXT, kept TEXT)")
        try await place.run("INSERT INTO indexes VALUES ('a', '{\"blobs\":[]}', '{}', 'then')")
        try await onInsert("indexes", "UPDATE indexes SET kept = 'now' WHERE name = NEW.name", in: place)
        let layout = try #require(try await ConnectorsRowsLayout.detect(place.engine, .test()).first)
        let plan = try await layout.plan(.delete(.record), .index, "a")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(error?.kind == .conflict && error?.reason == "a trigger of indexes changes what goes back")
        #expect(try await layout.count(.index) == .exact(0))
        let outcome = try await layout.undo(journal, inexactly: true)
        #expect(outcome.notes == ["a trigger of indexes has changed the row that went back"])
        #expect(try await layout.count(.index) == .exact(1))
    }
}
