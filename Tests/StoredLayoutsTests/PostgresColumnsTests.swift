import EngineCore
import JSONText
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// Tables whose columns the database fills by itself, or whose rows no key names.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresColumnsTests {
    private let database: PostgresDatabase
    private let engine: PostgresEngine

    init() async throws {
        database = try PostgresDatabase()
        engine = try await PostgresEngine(location: database.location)
    }

    private func layout() async throws -> MemexRowsLayout { try await MemexPlace.layout(engine) }

    private let rows = "SELECT t::text FROM threads AS t UNION ALL SELECT m::text FROM messages AS m ORDER BY 1"

    @Test(arguments: [false, true])
    func `computed and numbered columns come back as they were`(inexactly: Bool) async throws {
        try database.run(
            """
            CREATE TABLE threads (number bigint GENERATED ALWAYS AS IDENTITY, id text PRIMARY KEY, created_at text,
                updated_at text, metadata text, day text GENERATED ALWAYS AS (left(updated_at, 10)) STORED);
            CREATE TABLE messages (id text PRIMARY KEY, size int GENERATED ALWAYS AS (length(content)) STORED,
                thread_id text REFERENCES threads, content text, role text, created_at text, metadata text,
                token_count int, message_index int, number bigint GENERATED ALWAYS AS IDENTITY)
            """)
        let layout = try await layout()
        let messages = (0..<6).map { number in
            ConversationMessage(
                id: "m\(number)", role: "user", content: .text("some words"), created: MemexPlace.now, tokenCount: 7)
        }
        for id in ["s", "t"] {
            try await layout.saveThread(
                ConversationThread(
                    id: id, created: MemexPlace.now, updated: MemexPlace.now,
                    messages: messages.map { message in
                        var message = message
                        message.id = id + message.id
                        return message
                    }))
        }
        let before = try database.rows(rows)
        for request in [ChangeRequest.trim(keep: 2, snap: false), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, "t")
            let recorder = MemexRecorder(plan)
            _ = try await layout.carryOut(plan, recording: recorder)
            #expect(try database.rows(rows) != before)
            #expect(try await layout.settle(recorder, during: .change) == .applied)
            _ = try await layout.undo(recorder, inexactly: inexactly)
            #expect(try database.rows(rows) == before)
            #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
        }
    }

    @Test func `an index's row with a number of the database's own comes back as it was`() async throws {
        try database.run(
            """
            CREATE TABLE indexes (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE NOT NULL,
                full_state jsonb, search_state jsonb, size int GENERATED ALWAYS AS (length(full_state::text)) STORED);
            INSERT INTO indexes (name, full_state, search_state) SELECT n, '{"blobs": []}', '{}' FROM unnest(ARRAY['a', 'b', 'c']) AS n
            """)
        let found = try await ConnectorsRowsLayout.detect(engine, .test())
        let layout = try #require(found.first as? ConnectorsRowsLayout)
        let all = "SELECT i::text FROM indexes AS i ORDER BY 1"
        let before = try database.rows(all)
        let plan = try await layout.plan(.delete(.record), .index, "b")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        #expect(try database.rows(all).count == 2)
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try database.rows(all) == before)
    }

    @Test func `rows that no key names are trimmed, settled and put back, also those that are equal`() async throws {
        try database.run(
            """
            CREATE TABLE threads (id text, created_at text, updated_at text, metadata json);
            CREATE TABLE messages (id text, thread_id text, content text, role text, metadata json, message_index int);
            INSERT INTO threads VALUES ('t', 'x', 'x', '{"a": 1}');
            INSERT INTO messages SELECT 'same', 't', 'x', 'user', '{"b": [1.0]}', 0 FROM generate_series(1, 3);
            INSERT INTO messages VALUES ('m3', 't', 'x', 'user', NULL, 3), ('m4', 't', 'x', 'user', '{}', NULL)
            """)
        let layout = try await layout()
        let before = try database.rows(rows)
        // A row without a number stands first.
        #expect(try await layout.messages("t", PageRequest(limit: 9)).items.compactMap(\.id).first == "m4")
        let plan = try await layout.plan(.delete(.record), .thread, "t")
        let recorder = MemexRecorder(plan)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)
        _ = try await layout.carryOut(plan, recording: recorder)
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
        #expect(try database.rows(rows) == before)
    }

    @Test func `where a column of small numbers has none left before the first message the undo says so`() async throws
    {
        _ = try await MemexRowsLayout.create(in: engine, MemexPlace.context())
        try database.run(
            """
            INSERT INTO threads VALUES ('t', '2025-03-01', '2025-03-01', '{}');
            INSERT INTO messages SELECT 't-' || m, 't', 'x', 'user', '2025-03-01', '{}', 1, m FROM generate_series(0, 9) AS m
            """)
        let layout = try await layout()
        let plan = try await layout.plan(.trim(keep: 4, snap: false), .thread, "t")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        try database.run(
            """
            UPDATE messages SET message_index = -2147483648 WHERE id = 't-6';
            UPDATE messages SET message_index = 0 WHERE id = 't-9'
            """)
        let before = try database.rows(rows)
        let error = await #expect(throws: StorageError.self) { try await layout.undo(recorder, inexactly: true) }
        #expect(error?.kind == .conflict)
        #expect(error?.reason.contains("no room before it") == true)
        #expect(try database.rows(rows) == before)
    }

    @Test func `token counts too large to be added leave the sum out and are shown all the same`() async throws {
        try database.run(
            """
            CREATE TABLE threads (id text PRIMARY KEY, updated_at text, metadata text);
            CREATE TABLE messages (id text PRIMARY KEY, thread_id text, content text, role text, token_count bigint,
                message_index int);
            INSERT INTO threads VALUES ('t', '2025-03-01', '{}');
            INSERT INTO messages SELECT 'm' || n, 't', 'x', 'user', 9223372036854775807, n FROM generate_series(0, 2) AS n
            """)
        let layout = try await layout()
        let summary = try #require(try await layout.summary(.thread, "t"))
        #expect(summary.messages == 3 && summary.tokens == nil)
        #expect(summary.notes.contains("the token counts are too large to be added"))
        #expect(try await layout.messages("t", PageRequest(limit: 9)).items.map(\.tokens) == [.max, .max, .max])
    }

    @Test func `two indexes of one name are not passed over in silence`() async throws {
        try database.run(
            """
            CREATE TABLE indexes (name text, full_state text, search_state text);
            INSERT INTO indexes VALUES ('a', '{}', '{}'), ('a', '{"blobs": []}', '{}'), ('b', '{}', '{}')
            """)
        let found = try await ConnectorsRowsLayout.detect(engine, .test())
        let records = try await (try #require(found.first)).all(.index)
        #expect(records.map(\.id.key) == ["a", "b"])
        #expect(records[0].notes.contains { $0.contains("more than one row has this name") })
    }

    @Test func `the rows of a table of no known format are paged by its primary key while it changes`() async throws {
        try database.run(
            """
            CREATE TABLE kept (a text, b uuid DEFAULT gen_random_uuid(), n int, PRIMARY KEY (a, b));
            INSERT INTO kept (a, n) SELECT 'k' || n % 7, n FROM generate_series(0, 39) AS n
            """)
        let raw = try #require(try await LayoutDetection.detect(.rows(engine), .test()).first)
        func number(_ message: StoredMessage) -> Int? {
            guard case .row(let columns) = message.raw else { return nil }
            return columns.first { $0.name == "n" }?.value.integer.map { Int($0) }
        }
        var seen: [Int] = []
        var page = try await raw.messages("kept", PageRequest(.first, limit: 6))
        while true {
            seen += page.items.compactMap(number)
            guard let next = page.next else { break }
            // What is behind goes: a page by position would pass over as many.
            if let last = seen.last { try database.run("DELETE FROM kept WHERE n = \(last)") }
            page = try await raw.messages("kept", PageRequest(.after(next), limit: 6))
        }
        #expect(seen.sorted() == Array(0..<40))
        var back: [Int] = []
        page = try await raw.messages("kept", PageRequest(.position(100), limit: 6))
        #expect(page.items.isEmpty)
        while let previous = page.previous {
            page = try await raw.messages("kept", PageRequest(.before(previous), limit: 6))
            back = page.items.compactMap(number) + back
        }
        #expect(back.count == 34 && Set(back).isSubset(of: seen))
        let error = await #expect(throws: StorageError.self) {
            try await raw.messages("kept", PageRequest(.after(PageCursor(">i1;")), limit: 1))
        }
        #expect(error?.kind == .invalid)
    }
}
