import EngineCore
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// MemexLLM's tables with the types a database server offers, and with other programs at work in them.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresMemexTests {
    private let database: PostgresDatabase
    private let engine: PostgresEngine

    init() async throws {
        database = try PostgresDatabase()
        engine = try await PostgresEngine(location: database.location)
    }

    private func layout() async throws -> MemexRowsLayout { try await MemexPlace.layout(engine) }

    /// - Parameter id: the type of the ids; the threads are 1 ... 3, each with four messages.
    private func fill(id: String, time: String, json: String, schema: String = "public") throws {
        func key(_ number: String) -> String {
            id == "uuid"
                ? "('00000000-0000-0000-0000-' || lpad((\(number))::text, 12, '0'))::uuid" : "(\(number))::\(id)"
        }
        try database.run(
            """
            CREATE TABLE threads (id \(id) PRIMARY KEY, created_at \(time) NOT NULL, updated_at \(time) NOT NULL,
                metadata \(json) NOT NULL);
            CREATE TABLE messages (id \(id) PRIMARY KEY, thread_id \(id) NOT NULL REFERENCES threads ON DELETE CASCADE,
                content text NOT NULL, role varchar(20) NOT NULL, created_at \(time) NOT NULL, metadata \(json) NOT NULL,
                token_count bigint, message_index int NOT NULL);
            CREATE INDEX ON messages (thread_id, message_index);
            INSERT INTO threads SELECT \(key("t")), '2025-03-01 08:00:00.5+00', ('2025-03-0' || t || ' 08:00:00+00')::\(time),
                ('{"title": "Thread ' || t || '", "n": 1.50}')::\(json) FROM generate_series(1, 3) AS t;
            INSERT INTO messages SELECT \(key("t * 100 + m")), \(key("t")), CASE m WHEN 2 THEN 'zebra' ELSE 'message' END, 'user',
                '2025-03-01 08:00:00+00', '{}', 5, m FROM generate_series(1, 3) AS t, generate_series(0, 3) AS m
            """)
    }

    @Test(arguments: [
        ("text", "text", "text"), ("varchar(64)", "timestamptz", "jsonb"), ("uuid", "timestamp", "json"),
        ("bigint", "timestamptz", "jsonb"),
    ])
    func `threads are listed, read, trimmed, deleted and brought back, whatever the columns are`(
        id: String, time: String, json: String
    ) async throws {
        try fill(id: id, time: time, json: json)
        let layout = try await layout()
        let page = try await layout.list(RecordQuery(.thread, page: PageRequest(.first, limit: 100)))
        #expect(page.items.map(\.title) == ["Thread 3", "Thread 2", "Thread 1"])
        #expect(page.items.map(\.messages) == [4, 4, 4] && page.total == .exact(3))
        #expect(page.items.map(\.updated) == [3, 2, 1].map { Timestamp(iso8601: "2025-03-0\($0)T08:00:00Z") })
        #expect(page.items.allSatisfy { id == "bigint" || $0.notes.isEmpty })
        let key = page.items[1].id.key
        #expect(try await layout.summary(.thread, key)?.tokens == 20)
        for field in [RecordSort.Field.updated, .created, .key, .title, .messages] {
            for descending in [false, true] {
                let sort = RecordSort(field, descending: descending)
                let single = try await layout.all(.thread, sort: sort, limit: 1)
                let whole = try await layout.list(
                    RecordQuery(.thread, sort: sort, page: PageRequest(.first, limit: 100)))
                #expect(single.map(\.id) == whole.items.map(\.id), "\(field) \(descending)")
            }
        }
        let beyond = try await layout.messages(key, PageRequest(.position(99), limit: 2))
        let back = try #require(beyond.previous)
        #expect(try await layout.messages(key, PageRequest(.before(back), limit: 2)).items.map(\.position) == [2, 3])

        let dump = "SELECT t::text FROM threads AS t UNION ALL SELECT m::text FROM messages AS m ORDER BY 1"
        let before = try database.rows(dump)
        for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, key)
            let recorder = MemexRecorder(plan)
            let outcome = try await layout.carryOut(plan, recording: recorder)
            #expect(outcome.dropped == plan.drops && outcome.notes.isEmpty)
            #expect(try database.rows(dump).count == before.count - (plan.drops == 4 ? 5 : 3))
            #expect(try await layout.settle(recorder, during: .change) == .applied)
            _ = try await layout.undo(recorder, inexactly: false)
            #expect(try await layout.settle(recorder, during: .undo) == .notApplied)
            #expect(try database.rows(dump) == before)
        }
        #expect(try await layout.hits("zebra").count == 3)
    }

    @Test func `a user who may only read is told why nothing can be changed`() async throws {
        try fill(id: "text", time: "text", json: "text")
        let user = "u" + database.name
        try database.run(
            "CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT SELECT ON threads TO \(user); GRANT ALL ON messages TO \(user); GRANT SELECT ON messages TO \(user)"
        )
        let reader = try await PostgresEngine(location: database.location(user: user, password: "word"))
        let layout = try #require(
            try await MemexRowsLayout.detect(reader, MemexPlace.context()).first as? MemexRowsLayout)
        let reason = "the database lets this user only read threads"
        #expect(layout.capabilities(of: .thread).trim.reason == reason)
        #expect(try await layout.plan(.trim(keep: 1, snap: false), .thread, "1").refusal == reason)
        await reader.close()
        try database.run("DROP OWNED BY \(user); DROP ROLE \(user)")
    }

    @Test func `ids sort by their bytes whatever the database's collation is`() async throws {
        _ = try await MemexRowsLayout.create(in: engine, MemexPlace.context())
        let ids = ["a", "B", "_c", "É", "e", "Z", "10", "9", "a-b", "ab", "日本"]
        for id in ids {
            try await engine.transaction("fill") { transaction throws(StorageError) in
                try transaction.execute(
                    SQLStatement("INSERT INTO threads VALUES (?, 'x', 'x', '{}')", [.text(id)]))
            }
        }
        // Orphans are put among them by comparison in this program.
        try database.run(
            """
            ALTER TABLE messages DROP CONSTRAINT messages_thread_id_fkey;
            INSERT INTO messages SELECT 'm' || i, i, 'x', 'user', 'x', '{}', NULL, 0 FROM unnest(ARRAY['C', 'aa', 'z']) AS i
            """)
        let layout = try await layout()
        let sorted = (ids + ["C", "aa", "z"]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for limit in [1, 3, 100] {
            let up = try await layout.all(.thread, sort: RecordSort(.key, descending: false), limit: limit)
            #expect(up.map(\.id.key) == sorted, "limit \(limit)")
        }
    }

    @Test func `a thousand trims lose none of the messages another program appends meanwhile`() async throws {
        try database.run(
            """
            CREATE TABLE threads (id text PRIMARY KEY, created_at text, updated_at text, metadata text);
            CREATE TABLE messages (id text PRIMARY KEY, thread_id text REFERENCES threads ON DELETE CASCADE, content text,
                role text, created_at text, metadata text, token_count int, message_index int);
            CREATE INDEX ON messages (thread_id, message_index);
            INSERT INTO threads VALUES ('t', 'x', 'x', '{}');
            INSERT INTO messages SELECT 'old-' || n, 't', 'x', 'user', 'x', '{}', 1, n FROM generate_series(0, 9) AS n
            """)
        let layout = try await layout()
        let database = database
        // Two more for each trim; every second one leaves the thread's own row as it is.
        let append = """
            INSERT INTO messages SELECT 'new-' || n, 't', 'x', 'user', 'x', '{}', 1,
                (SELECT coalesce(max(message_index), 0) + 1 FROM messages WHERE thread_id = 't')
            FROM generate_series(@, @) AS n;
            UPDATE threads SET updated_at = '@' WHERE id = 't' AND @ % 2 = 0
            """
        var other = OtherWriter { turn in
            for count in [2 * turn, 2 * turn + 1] {
                try database.run(append.replacing("@", with: "\(count)"))
            }
            // Else every look passes over the rows that went.
            if turn % 50 == 49 { try database.run("VACUUM messages, threads") }
        }
        var lost = 0
        var removed: Set<String> = []
        for number in 0..<1000 {
            let meeting = OtherWriter.Meeting(try: number)
            if meeting != .race {
                other.write()
                try await other.settle()
            }
            let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "t")
            if plan.isEmpty, meeting == .race { continue }
            if meeting != .before { other.write() }
            if meeting == .between { try await other.settle() }
            let recorder = MemexRecorder(plan)
            do throws(StorageError) {
                let outcome = try await layout.carryOut(plan, recording: recorder)
                #expect(meeting != .between)
                #expect(outcome.dropped == plan.drops)
                for case .row(_, let columns, let values) in try recorder.allItems() {
                    removed.insert(Row(columns: columns, values: values)["id"]?.text ?? "")
                }
            } catch {
                // The other may be kept from its end for longer than a lock is waited for.
                #expect(error.kind == .conflict || error.kind == .busy, "\(error)")
                #expect(meeting != .before)
                if error.kind == .conflict { lost += 1 }
            }
        }
        try await other.end()
        #expect(lost >= 50)
        #expect(removed.count >= 50)
        let left = Set(try database.rows("SELECT id FROM messages").compactMap { $0[0] })
        // Every message is either still there or was recorded by the trim that took it.
        let all = Set((0..<10).map { "old-\($0)" } + (0..<2 * other.told).map { "new-\($0)" })
        #expect(left.union(removed) == all)
        #expect(left.isDisjoint(with: removed))
    }
}
