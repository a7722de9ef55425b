import EngineCore
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Tables of an application's own that refer to MemexLLM's: what the database
/// would remove or change by itself is in no plan and no recovery entry.
@Suite(.usesPostgres, .timeLimit(.minutes(10))) struct MemexRowsReferenceTests {
    typealias Kind = MemexPlace.Kind

    static let actions = ["CASCADE", "SET NULL", "SET DEFAULT"]
    private static let changes = [ChangeRequest.trim(keep: 2, snap: false), .delete(.record)]

    /// A table of ratings, of which one is of the message.
    private func rate(_ message: String, _ action: String, in place: MemexPlace) async throws {
        try await place.run(
            """
            CREATE TABLE ratings (id INTEGER PRIMARY KEY, message_id TEXT DEFAULT NULL \
            REFERENCES messages (id) ON DELETE \(action), stars INTEGER)
            """)
        try await place.run("INSERT INTO ratings VALUES (1, '\(message)', 5)")
    }

    private func ratings(_ place: MemexPlace) async throws -> [[StoredValue]] {
        try await place.engine.query(SQLStatement("SELECT id, message_id, stars FROM ratings ORDER BY id")).map(
            \.values)
    }

    @Test(arguments: Kind.everyEngine, actions)
    func `a change that would take ratings of the messages along is refused and says why`(
        _ kind: Kind, _ action: String
    ) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await rate("t-1", action, in: place)
        let (rows, rated) = (try await place.dump(), try await ratings(place))
        let layout = try await place.layout()
        for request in Self.changes {
            var plan = try await layout.plan(request, .thread, "t")
            let refusal = plan.refusal ?? ""
            #expect(refusal.contains("rows of ratings refer to these messages"), "\(refusal)")
            #expect(refusal.contains("(ON DELETE \(action))"), "\(refusal)")
            // As if the rating had come after the plan.
            plan.refusal = nil
            let recorder = MemexRecorder(plan)
            let error = await #expect(throws: StorageError.self) {
                try await layout.carryOut(plan, recording: recorder)
            }
            #expect(error?.kind == .conflict)
            #expect(error?.reason.contains("rows of ratings refer to these messages") == true)
            #expect(!recorder.isSealed)
            #expect(try await place.dump() == rows)
            #expect(try await ratings(place) == rated)
        }
        // Another thread's messages have no ratings.
        #expect(try await layout.plan(.delete(.record), .thread, "s").refusal == nil)
    }

    @Test(arguments: Kind.everyEngine)
    func `ratings of messages that stay are no reason to refuse`(_ kind: Kind) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await rate("t-5", "CASCADE", in: place)
        let (rows, rated) = (try await place.dump(), try await ratings(place))
        let layout = try await place.layout()
        let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "t")
        #expect(plan.refusal == nil)
        let recorder = MemexRecorder(plan)
        #expect(try await layout.carryOut(plan, recording: recorder).dropped == 4)
        #expect(try await ratings(place) == rated)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await place.dump() == rows)
        #expect(try await layout.plan(.delete(.record), .thread, "t").refusal != nil)
    }

    @Test(.enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"))
    func `a user who may not see the ratings takes none along either`() async throws {
        let place = try await MemexPlace.withTwoThreads(.postgres)
        try await rate("t-1", "CASCADE", in: place)
        let database = try #require(place.database)
        let user = "u" + database.name
        try database.run("CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT ALL ON threads, messages TO \(user)")
        let engine = try await PostgresEngine(location: database.location(user: user, password: "word"))
        let layout = try await MemexPlace.layout(engine)
        var plan = try await layout.plan(.delete(.record), .thread, "t")
        #expect(plan.refusal?.contains("this user may not look whether there are any") == true)
        plan.refusal = nil
        let stale = plan
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(stale, recording: MemexRecorder(stale))
        }
        #expect(error?.kind == .conflict)
        #expect(try await ratings(place).count == 1)
        await engine.close()
        try database.run("DROP OWNED BY \(user); DROP ROLE \(user)")
    }

    @Test(arguments: Kind.everyEngine)
    func `rows that refer to the thread are in the way of its deletion only`(_ kind: Kind) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await place.run(
            "CREATE TABLE tags (name TEXT, thread TEXT REFERENCES threads ON DELETE CASCADE, PRIMARY KEY (name, thread))"
        )
        try await place.run("INSERT INTO tags VALUES ('mine', 't')")
        let layout = try await place.layout()
        #expect(try await layout.plan(.trim(keep: 2, snap: false), .thread, "t").refusal == nil)
        let refusal = try await layout.plan(.delete(.record), .thread, "t").refusal ?? ""
        #expect(refusal.hasPrefix("rows of tags refer to this thread and would go with it (ON DELETE CASCADE)"))
        #expect(try await layout.plan(.delete(.record), .thread, "s").refusal == nil)
    }

    @Test(arguments: Kind.everyEngine, actions)
    func `a trim does not reach messages that stay, and a whole thread of them goes and comes back`(
        _ kind: Kind, _ action: String
    ) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        try await place.run(
            "ALTER TABLE messages ADD COLUMN parent_id TEXT DEFAULT NULL REFERENCES messages (id) ON DELETE \(action)")
        try await place.run("UPDATE messages SET parent_id = 't-1' WHERE id IN ('t-2', 't-5')")
        let rows = try await place.dump()
        let layout = try await place.layout()
        var plan = try await layout.plan(Self.changes[0], .thread, "t")
        let refusal = plan.refusal ?? ""
        #expect(refusal.contains("messages that stay") && refusal.contains("(ON DELETE \(action))"), "\(refusal)")
        plan.refusal = nil
        let stale = plan
        await #expect(throws: StorageError.self) { try await layout.carryOut(stale, recording: MemexRecorder(stale)) }
        #expect(try await place.dump() == rows)

        let whole = try await layout.plan(Self.changes[1], .thread, "t")
        #expect(whole.refusal == nil)
        let recorder = MemexRecorder(whole)
        #expect(try await layout.carryOut(whole, recording: recorder).dropped == 6)
        #expect(try await layout.count(.thread) == .exact(1))
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await place.dump() == rows)
    }

    @Test(arguments: Kind.everyEngine, ["t-3", "t-5"])
    func `a trigger that takes a message that stays stops the trim`(_ kind: Kind, _ taken: String) async throws {
        let place = try await MemexPlace.withTwoThreads(kind)
        let reach = "DELETE FROM messages WHERE id = '\(taken)'"
        if let database = place.database {
            try database.run(
                """
                CREATE FUNCTION reach() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN \(reach); RETURN NULL; END $$;
                CREATE TRIGGER reach AFTER DELETE ON messages FOR EACH ROW WHEN (OLD.id = 't-0')
                    EXECUTE FUNCTION reach()
                """)
        } else {
            try await place.run("CREATE TRIGGER reach AFTER DELETE ON messages BEGIN \(reach); END")
        }
        let rows = try await place.dump()
        let layout = try await place.layout()
        let plan = try await layout.plan(.trim(keep: 3, snap: false), .thread, "t")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: MemexRecorder(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await place.dump() == rows)
    }

    @Test(arguments: Kind.everyEngine, actions)
    func `an index that rows of another table refer to is not deleted`(_ kind: Kind, _ action: String) async throws {
        let place = try await MemexPlace.empty(kind)
        try await place.run("CREATE TABLE indexes (name TEXT PRIMARY KEY, full_state TEXT, search_state TEXT)")
        for name in ["a", "b"] { try await place.run("INSERT INTO indexes VALUES ('\(name)', '{\"blobs\":[]}', '{}')") }
        try await place.run(
            "CREATE TABLE notes (id INTEGER PRIMARY KEY, index_name TEXT REFERENCES indexes ON DELETE \(action))")
        try await place.run("INSERT INTO notes VALUES (1, 'a')")
        let layout = try #require(try await ConnectorsRowsLayout.detect(place.engine, .test()).first)
        var plan = try await layout.plan(.delete(.record), .index, "a")
        let refusal = plan.refusal ?? ""
        #expect(refusal.hasPrefix("rows of notes refer to this index"), "\(refusal)")
        #expect(refusal.contains("(ON DELETE \(action))"))
        plan.refusal = nil
        let stale = plan
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(stale, recording: TestJournal(stale))
        }
        #expect(error?.kind == .conflict)
        let notes = try await place.engine.query(SQLStatement("SELECT id, index_name FROM notes")).map(\.values)
        #expect(notes == [[.integer(1), .text("a")]])
        #expect(try await layout.plan(.delete(.record), .index, "b").refusal == nil)
    }
}
