import EngineCore
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// What is left, and said, when the server goes away or refuses in the middle.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresFailureTests {
    private let database: PostgresDatabase
    private let proxy: ServerProxy

    init() async throws {
        database = try PostgresDatabase()
        proxy = try ServerProxy(to: try database.port)
    }

    private func engine() async throws -> PostgresEngine {
        try await PostgresEngine(location: try database.location(by: proxy))
    }

    /// Threads `t0`, `t1` ... with six messages each.
    private func fill(_ threads: Int) async throws {
        let engine = try await PostgresEngine(location: database.location)
        _ = try await MemexRowsLayout.create(in: engine, MemexPlace.context())
        await engine.close()
        try database.run(
            """
            INSERT INTO threads SELECT 't' || t, '2025-03-01T08:00:00+00:00', '2025-03-01T08:00:00+00:00', '{}'
                FROM generate_series(0, \(threads - 1)) AS t;
            INSERT INTO messages SELECT 't' || t || '-' || m, 't' || t, 'words', 'user', '2025-03-01T08:00:00+00:00',
                '{}', 1, m FROM generate_series(0, \(threads - 1)) AS t, generate_series(0, 5) AS m
            """)
    }

    private let rows = "SELECT t::text FROM threads AS t UNION ALL SELECT m::text FROM messages AS m ORDER BY 1"

    // MARK: The server goes away

    @Test(arguments: [false, true])
    func `a server that is gone in the middle of a trim leaves all of it or nothing, and it is told which`(
        hearsTheLast: Bool
    ) async throws {
        try await fill(1)
        let before = try database.rows(rows)
        var moment = 0
        var isDone = false
        while !isDone, moment < 100 {
            moment += 1
            proxy.set(.none)
            let engine = try await engine()
            let layout = try await MemexPlace.layout(engine)
            let plan = try await layout.plan(.trim(keep: 2, snap: false), .thread, "t0")
            let recorder = MemexRecorder(plan)
            proxy.set(.goneAtRead(proxy.seen.reads + moment, passesOn: hearsTheLast))
            do throws(StorageError) {
                #expect(try await layout.carryOut(plan, recording: recorder).dropped == 4)
                isDone = true
            } catch {
                #expect(error.kind == .unavailable && error.isTemporary, "moment \(moment): \(error)")
            }
            proxy.set(.none)
            let left = try database.rows(rows).count
            #expect(left == before.count || left == before.count - 4, "moment \(moment)")
            #expect(!isDone || left == before.count - 4)
            if recorder.isSealed {
                let isApplied = left < before.count
                #expect(try await layout.settle(recorder, during: .change) == (isApplied ? .applied : .notApplied))
                if isApplied { _ = try await layout.undo(recorder, inexactly: false) }
            }
            #expect(try database.rows(rows) == before, "moment \(moment)")
            await engine.close()
        }
        // Opening the session that writes and the statements of the trim.
        #expect(isDone && moment > 12)
    }

    @Test
    func `a server that is gone in the middle of a list or a read is said to be, and the next try finds it again`()
        async throws
    {
        try await fill(5)
        let engine = try await engine()
        let layout = try await MemexPlace.layout(engine)
        func read(asList isList: Bool) async throws(StorageError) -> Int {
            isList
                ? try await layout.list(RecordQuery(.thread, page: PageRequest(.first, limit: 10))).items.count
                : try await layout.messages("t3", PageRequest(.first, limit: 5)).items.count
        }
        for isList in [true, false] {
            var moment = 0
            var isDone = false
            while !isDone, moment < 100 {
                moment += 1
                proxy.set(.goneAtRead(proxy.seen.reads + moment, passesOn: moment.isMultiple(of: 2)))
                do throws(StorageError) {
                    #expect(try await read(asList: isList) == 5)
                    isDone = true
                } catch {
                    #expect(error.kind == .unavailable && error.isTemporary, "moment \(moment): \(error)")
                }
                proxy.set(.none)
                #expect(try await read(asList: isList) == 5)
            }
            #expect(isDone && moment > 2)
        }
    }

    @Test func `a server that falls silent is given up at the deadline, and others are unaffected`() async throws {
        try await fill(3)
        let location = try database.location(by: proxy)
        let engine = try await PostgresEngine(location: location, options: EngineOptions(deadline: .seconds(15)))
        let layout = try await MemexPlace.layout(engine)
        let other = try await MemexPlace.layout(try await PostgresEngine(location: database.location))
        proxy.set(.silence)
        let error = await #expect(throws: StorageError.self) {
            try await layout.list(RecordQuery(.thread, page: PageRequest(.first, limit: 10)))
        }
        #expect(error?.kind == .timedOut && error?.description.contains("word") == false)
        #expect(try await other.count(.thread) == .exact(3))
        proxy.set(.none)
        #expect(try await layout.count(.thread) == .exact(3))
    }

    // MARK: The server refuses

    @Test func `messages without a thread are brought back only by one who may, and another is told so`() async throws {
        try await fill(1)
        let user = "u" + database.name
        try database.run(
            """
            SET session_replication_role = replica;
            INSERT INTO messages SELECT 'o' || m, 'gone', 'x', 'user', 'x', '{}', 1, m FROM generate_series(0, 3) AS m;
            RESET session_replication_role;
            CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT ALL ON threads, messages TO \(user)
            """)
        let before = try database.rows(rows)
        let mine = try await PostgresEngine(location: database.location(user: user, password: "word"))
        let layout = try await MemexPlace.layout(mine)
        for request in [ChangeRequest.trim(keep: 1, snap: false), .delete(.record)] {
            let plan = try await layout.plan(request, .thread, "gone")
            let recorder = MemexRecorder(plan)
            _ = try await layout.carryOut(plan, recording: recorder)
            for inexactly in [false, true] {
                let error = await #expect(throws: StorageError.self) {
                    try await layout.undo(recorder, inexactly: inexactly)
                }
                #expect(error?.kind == .denied)
                #expect(error?.reason.contains("administrators") == true)
            }
            let administrator = try await MemexPlace.layout(try await PostgresEngine(location: database.location))
            _ = try await administrator.undo(recorder, inexactly: false)
            #expect(try database.rows(rows) == before)
        }
        await mine.close()
        try database.run("DROP OWNED BY \(user); DROP ROLE \(user)")
    }

    @Test(arguments: ["uuid", "bigint", "text"])
    func `an id that the column cannot hold is one of no thread`(type: String) async throws {
        try database.run(
            """
            CREATE TABLE threads (id \(type) PRIMARY KEY, updated_at text, metadata text);
            CREATE TABLE messages (id \(type) PRIMARY KEY, thread_id \(type), content text, role text, message_index int)
            """)
        let layout = try await MemexPlace.layout(try await engine())
        let keys = [
            "no such id", "99999999999999999999", "1.5", "\u{2460}", ThreadID(.text("a\0b")).key,
            ThreadID(.bytes([1])).key,
            ThreadID(.invalidText([0x63, 0xE9])).key, ThreadID(.real(0.5)).key, ThreadID(.integer(7)).key,
            "12345678-1234",
        ]
        for key in keys {
            #expect(try await layout.summary(.thread, key) == nil, "\(key)")
            #expect(try await layout.revision(.thread, key) == nil)
            for act in ["show", "read", "plan"] {
                let error = await #expect(throws: StorageError.self) {
                    switch act {
                    case "show": _ = try await layout.documents(.thread, key)
                    case "read": _ = try await layout.messages(key, PageRequest(.first, limit: 1))
                    default: _ = try await layout.plan(.delete(.record), .thread, key)
                    }
                }
                #expect(error?.kind == .notFound, "\(act) \(key)")
            }
        }
    }

    @Test func `tables whose ids cannot be compared are shown as they are`() async throws {
        try database.run(
            """
            CREATE TABLE threads (id uuid PRIMARY KEY, updated_at text, metadata text);
            CREATE TABLE messages (id text PRIMARY KEY, thread_id text, content text, role text, message_index int)
            """)
        let found = try await LayoutDetection.detect(.rows(try await engine()), .test())
        #expect(found.map(\.name) == ["raw"])
    }

    // MARK: A list changes while it is paged

    @Test(arguments: [RecordSort.Field.updated, .created, .key, .title, .messages], [false, true])
    func `a list that changes while it is paged holds every thread that stayed, once`(
        field: RecordSort.Field, descending: Bool
    ) async throws {
        try await fill(60)
        try database.run(
            """
            UPDATE threads SET updated_at = '2025-03-01T08:00:' || lpad((substr(id, 2)::int * 7 % 60)::text, 2, '0') || '+00:00',
                metadata = '{"title": "Title ' || substr(id, 2)::int % 10 || '"}'
            """)
        let layout = try await MemexPlace.layout(try await engine())
        var seen: [String] = []
        var start = PageRequest.Start.first
        var round = 0
        while true {
            let page = try await layout.list(
                RecordQuery(
                    .thread, sort: RecordSort(field, descending: descending), page: PageRequest(start, limit: 7)))
            seen += page.items.map(\.id.key)
            guard let next = page.next else { break }
            start = .after(next)
            // One goes, one comes and one moves, anywhere in the list.
            try database.run(
                """
                DELETE FROM threads WHERE id = 't\(round)';
                INSERT INTO threads VALUES ('n\(round)', '2025-03-01T08:00:00+00:00', '2025-03-01T08:00:\(round + 10)+00:00', '{}');
                UPDATE threads SET updated_at = '2026-01-01T00:00:00+00:00', created_at = '2026-01-01T00:00:00+00:00',
                    metadata = '{"title": "moved"}' WHERE id = 't\(59 - round)'
                """)
            round += 1
        }
        let stayed = (round..<(60 - round)).map { "t\($0)" }
        #expect(round >= 7 && stayed.count > 30)
        #expect(seen.filter { stayed.contains($0) }.sorted() == stayed.sorted())
    }
}
