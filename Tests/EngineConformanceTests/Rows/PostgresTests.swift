import CPostgres
import EngineCore
import PostgresEngine
import StoredRecords
import Synchronization
import TestSupport
import Testing

/// What the row suite does not ask of every database.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresTests {
    private let database: PostgresDatabase

    init() throws { database = try PostgresDatabase() }

    private func engine(_ options: EngineOptions = EngineOptions()) async throws -> PostgresEngine {
        try await PostgresEngine(location: database.location, options: options)
    }

    // MARK: Values

    @Test func `every type comes back as text the server takes again`() async throws {
        try database.run(
            """
            CREATE TABLE kinds (id int PRIMARY KEY, j json, b jsonb, n numeric, t timestamptz, p timestamp, d date, \
            i interval, f boolean, u uuid, a text[], r real, c char(3), m money, e oid);
            INSERT INTO kinds VALUES (1, '{"b":1.0,  "a":[1e2]}', '{"b": 1.50, "a": null}', \
            12345678901234567890.123456789000, '2025-03-01 09:00:00.123456+02', '2025-03-01 09:00:00', '0044-03-15 BC', \
            '1 year 2 days 00:00:03.5', true, '00000000-0000-0000-0000-00000000002a', '{a,"b c",NULL}', 0.1, 'x', 3, 7)
            """)
        let engine = try await engine()
        let row = try #require(try await engine.query(SQLStatement("SELECT * FROM kinds")).first)
        #expect(row["j"] == .text("{\"b\":1.0,  \"a\":[1e2]}"))
        #expect(row["b"] == .text("{\"a\": null, \"b\": 1.50}"))
        #expect(row["n"] == .text("12345678901234567890.123456789000"))
        #expect(row["t"] == .text("2025-03-01 07:00:00.123456+00"))
        #expect(row["p"] == .text("2025-03-01 09:00:00"))
        #expect(row["f"] == .text("true") && row["r"] == .real(0.1) && row["e"] == .integer(7))
        try await engine.transaction("copy") { transaction throws(StorageError) in
            let marks = row.values.map { _ in "?" }.joined(separator: ", ")
            var copy = row.values
            copy[0] = .integer(2)
            try transaction.execute(SQLStatement("INSERT INTO kinds VALUES (\(marks))", copy))
        }
        #expect(
            try database.rows(
                """
                SELECT count(*) FROM kinds x, kinds y WHERE x.id = 1 AND y.id = 2 AND x.j::text = y.j::text AND x.b = y.b \
                AND x.n = y.n AND x.t = y.t AND x.p = y.p AND x.d = y.d AND x.i = y.i AND x.f = y.f AND x.u = y.u \
                AND x.a = y.a AND x.r = y.r AND x.c = y.c AND x.m = y.m
                """) == [["1"]])
    }

    @Test func `sums of large integers are numbers and NUL is refused`() async throws {
        let engine = try await engine()
        let row = try await engine.query(
            SQLStatement("SELECT sum(x), sum(x::numeric / 3) FROM (VALUES (4::bigint), (9)) AS v (x)")
        ).first
        #expect(row?[0] == .integer(13))
        #expect(row?[1].text?.hasPrefix("4.333") == true)
        let error = await expectFailure(.invalid) { try await engine.query(SQLStatement("SELECT ?", [.text("a\0b")])) }
        #expect(error?.description.contains("NUL") == true)
    }

    @Test func `a question mark in a literal, a name or a comment is no placeholder`() async throws {
        let engine = try await engine()
        let text = """
            SELECT '?', E'\\'?', "?", $x$ ? $x$, 'it''s ?' /* ? /* ? */ ? */ -- ?
            FROM (SELECT ?::text AS "?") AS t WHERE ? = 1
            """
        let row = try await engine.query(SQLStatement(text, [.text("v"), .integer(1)])).first
        #expect(row?.values == [.text("?"), .text("'?"), .text("v"), .text(" ? "), .text("it's ?")])
    }

    @Test(arguments: [("LATIN1", "caf\u{E9}"), ("SQL_ASCII", "caf\u{E9}")])
    func `databases of other encodings are read and written`(encoding: String, text: String) async throws {
        let other = try PostgresDatabase(
            "ENCODING '\(encoding)' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0")
        try other.run("CREATE TABLE t (v text)")
        let engine = try await PostgresEngine(location: other.location)
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO t VALUES (?)", [.text(text)]))
        }
        #expect(try await engine.query(SQLStatement("SELECT v FROM t")).first?[0] == .text(text))
        guard encoding == "SQL_ASCII" else { return }
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("UPDATE t SET v = ?", [.invalidText([0x63, 0xE9])]))
        }
        #expect(try await engine.query(SQLStatement("SELECT v FROM t")).first?[0] == .invalidText([0x63, 0xE9]))
    }

    // MARK: Schemas and permissions

    @Test func `tables of other schemas have their schema in the name`() async throws {
        try database.run(
            """
            CREATE TABLE plain (a int); CREATE SCHEMA audit; CREATE TABLE audit.threads (id text PRIMARY KEY);
            CREATE SCHEMA "dot.ted"; CREATE TABLE "dot.ted"."x\"\"y" (a int);
            CREATE TABLE audit.parts (a int) PARTITION BY LIST (a); CREATE TABLE audit.one PARTITION OF audit.parts DEFAULT
            """)
        let engine = try await engine()
        let tables = try await engine.tables()
        #expect(tables.map(\.name) == ["\"dot.ted\".\"x\"\"y\"", "audit.parts", "audit.threads", "plain"])
        for table in tables {
            #expect(try await engine.query(SQLStatement("SELECT * FROM \(engine.dialect.reference(table))")) == [])
        }
        let inside = try await PostgresEngine(
            location: database.location(query: "?options=-csearch_path%3Daudit"))
        #expect(try await inside.tables().map(\.name).contains("threads"))
        #expect(try await inside.tables().map(\.name).contains("public.plain"))
    }

    @Test func `a table without the permission to write says so, and a write is denied`() async throws {
        let user = "u" + database.name
        try database.run(
            """
            CREATE TABLE seen (a int); CREATE TABLE hidden (a int); CREATE ROLE \(user) LOGIN PASSWORD 'secret-word';
            GRANT SELECT ON seen TO \(user)
            """)
        defer { _ = try? database.run("DROP OWNED BY \(user); DROP ROLE \(user)") }
        let engine = try await PostgresEngine(location: database.location(user: user, password: "secret-word"))
        #expect(try await engine.tables().map(\.isWritable) == [false, false])
        let error = await expectFailure(.denied) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO seen VALUES (1)"))
            }
        }
        #expect(error?.reason == "permission denied for table seen")
        await expectFailure(.denied) { try await engine.query(SQLStatement("SELECT * FROM hidden")) }
        #expect(try await engine.query(SQLStatement("SELECT * FROM seen")) == [])
        await engine.close()
    }

    @Test func `a database that only allows reading says so of its tables and refuses a write as that`() async throws {
        try database.run("CREATE TABLE t (a int)")
        #expect(try await engine().tables().map(\.isWritable) == [true])
        try database.run("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
        let engine = try await engine()
        #expect(try await engine.tables().map(\.isWritable) == [false])
        await expectFailure(.readOnly) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
            }
        }
    }

    // MARK: Other programs

    @Test func `a row changed by another program meanwhile is a conflict that changes nothing`() async throws {
        try database.run("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 1), (2, 2)")
        let engine = try await engine()
        let error = await expectFailure(.conflict) { [database] in
            try await engine.transaction("delete") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM t WHERE id = 2"))
                try Self.outside { try database.run("UPDATE t SET v = 9 WHERE id = 1") }
                try transaction.execute(SQLStatement("DELETE FROM t WHERE id = 1"))
            }
        }
        #expect(error?.description.contains("another program") == true)
        #expect(try database.rows("SELECT id, v FROM t ORDER BY id") == [["1", "9"], ["2", "2"]])
        // The turn of the writers is free again.
        try await engine.transaction("delete") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM t"))
        }
        #expect(try database.rows("SELECT count(*) FROM t") == [["0"]])
    }

    private static func outside(_ body: () throws -> Void) throws(StorageError) {
        do { try body() } catch {
            throw StorageError(.failed, operation: "change from outside", place: "", reason: "\(error)")
        }
    }

    @Test func `a lock of another program is busy and not waited for without end`() async throws {
        try database.run("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1)")
        let holder = try #require(PQconnectdb(database.location))
        defer { PQfinish(holder) }
        PQclear(PQexec(holder, "BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE"))
        let engine = try await engine(EngineOptions(deadline: .seconds(60)))
        await expectFailure(.busy) { try await engine.query(SQLStatement("SELECT * FROM t")) }
        let delete: @Sendable (any RowTransaction) throws(StorageError) -> Void = { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM t"))
        }
        await expectFailure(.busy) { try await engine.transaction("delete", delete) }
        PQclear(PQexec(holder, "COMMIT"))
        try await engine.transaction("delete", delete)
        #expect(try await engine.query(SQLStatement("SELECT * FROM t")) == [])
    }

    @Test func `a failed statement that the body passes over does not count as done`() async throws {
        try database.run("CREATE TABLE t (id int PRIMARY KEY)")
        let engine = try await engine()
        await expectFailure(.failed) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
                _ = try? transaction.execute(SQLStatement("INSERT INTO nothing VALUES (1)"))
            }
        }
        #expect(try database.rows("SELECT count(*) FROM t") == [["0"]])
    }

    @Test func `a reference is left unchecked where it may be, and only there`() async throws {
        try database.run("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p)")
        let insert: @Sendable (any RowTransaction) throws(StorageError) -> Void = { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO c VALUES (5)"))
        }
        let engine = try await engine()
        try await engine.unreferencedTransaction("insert", insert)
        #expect(try database.rows("SELECT p FROM c") == [["5"]])
        await expectFailure(.invalid) { try await engine.transaction("insert", insert) }
    }

    @Test func `a row that refers to nothing is refused to those who are no administrators`() async throws {
        let user = "u" + database.name
        try database.run(
            """
            CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p);
            CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT ALL ON p, c TO \(user)
            """)
        let engine = try await PostgresEngine(location: database.location(user: user, password: "word"))
        let error = await expectFailure(.denied) {
            try await engine.unreferencedTransaction("undo") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO c VALUES (5)"))
            }
        }
        #expect(error?.reason == "the server lets only its administrators store rows whose reference leads nowhere")
        try await engine.unreferencedTransaction("undo") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO p VALUES (5)"))
            try transaction.execute(SQLStatement("INSERT INTO c VALUES (5)"))
        }
        #expect(try database.rows("SELECT p FROM c") == [["5"]])
        await engine.close()
        try database.run("DROP OWNED BY \(user); DROP ROLE \(user)")
    }

    @Test func `computed columns are told, and numbered ones take the number they are given`() async throws {
        try database.run(
            """
            CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text NOT NULL,
                size int GENERATED ALWAYS AS (length(a)) STORED, other text DEFAULT 'x')
            """)
        let engine = try await engine()
        let table = try #require(try await engine.tables().first)
        #expect(table.columns.map(\.isGenerated) == [false, false, true, false])
        #expect(table.columns.map(\.isPrimaryKey) == [true, false, false, false])
        #expect(table.columns.map(\.isRequired) == [true, true, false, false])
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(
                SQLStatement("INSERT INTO t (id, a) \(engine.dialect.numberOverride) VALUES (7, 'abc')"))
        }
        #expect(try database.rows("SELECT id, size FROM t") == [["7", "3"]])
    }

    // MARK: Broken connections

    private func endConnections() throws {
        try database.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """)
    }

    @Test func `a connection the server has ended is opened again`() async throws {
        try database.run("CREATE TABLE t (id int)")
        let engine = try await engine()
        for round in 1...3 {
            #expect(try await engine.query(SQLStatement("SELECT 1")).count == 1)
            try await engine.stream(SQLStatement("SELECT 1")) { _ in .more }
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
            }
            #expect(try database.rows("SELECT count(*) FROM t") == [["\(round)"]])
            try endConnections()
        }
    }

    @Test func `a connection that ends in the middle leaves nothing of the transaction`() async throws {
        try database.run("CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 1000)")
        let engine = try await engine()
        let test = self
        let error = await expectFailure(.unavailable) {
            try await engine.transaction("delete") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM t WHERE id < 500"))
                try Self.outside { try test.endConnections() }
                try transaction.execute(SQLStatement("DELETE FROM t"))
            }
        }
        #expect(error?.isTemporary == true)
        let isEnded = Flag()
        let streamed = await expectFailure(.unavailable) {
            try await engine.stream(SQLStatement("SELECT a.id, repeat('x', 1000) FROM t a, t b")) {
                row throws(StorageError) in
                if !isEnded.isSet { try Self.outside { try test.endConnections() } }
                isEnded.set()
                return .more
            }
        }
        #expect(streamed != nil)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM t")).first?[0] == .integer(1000))
    }

    @Test func `a connection that breaks while a change is made final says that it may be done`() async throws {
        try database.run("CREATE TABLE t (id int)")
        let proxy = try ServerProxy(to: try database.port)
        let engine = try await PostgresEngine(location: try database.location(by: proxy))
        for (fault, rows) in [(ServerProxy.Fault.cutBefore("COMMIT"), "0"), (.cutAfter("COMMIT"), "1")] {
            proxy.set(fault)
            let error = await expectFailure(.unavailable) {
                try await engine.transaction("insert") { transaction throws(StorageError) in
                    try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
                }
            }
            #expect(error?.reason.contains("may have been or not") == true)
            // The server may still be at it.
            let busy =
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()"
            while try database.rows(busy) != [] { await Task.yield() }
            #expect(try database.rows("SELECT count(*) FROM t") == [[rows]])
        }
        // Behind the end of the transaction the connection has nothing more to lose.
        proxy.set(.cutBefore("pg_advisory_unlock"))
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
        }
        #expect(try database.rows("SELECT count(*) FROM t") == [["2"]])
        proxy.set(.none)
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO t VALUES (1)"))
        }
        #expect(try database.rows("SELECT count(*) FROM t") == [["3"]])
    }

    @Test func `an early stop ends the statement on the server and keeps the connection`() async throws {
        try database.run("CREATE TABLE big AS SELECT generate_series(1, 1000)")
        let engine = try await engine()
        let processes = Mutex<Set<StoredValue>>([])
        for _ in 0..<5 {
            try await engine.stream(
                SQLStatement("SELECT pg_backend_pid(), repeat('x', 1000) FROM big a, big b, big c")
            ) { row in
                processes.withLock { _ = $0.insert(row[0]) }
                return .stop
            }
        }
        #expect(processes.withLock { $0.count } == 1)
        #expect(
            try database.rows(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'")
                == [["1"]])
    }

    @Test func `a cancelled statement ends on the server too`() async throws {
        let engine = try await engine(EngineOptions(deadline: .seconds(600)))
        let running = """
            SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
            AND pid <> pg_backend_pid()
            """
        let task = Task { try await engine.query(PostgresHarness.endless) }
        // Looks again until it is so; a server that goes on keeps the test from ending.
        while try database.rows(running) == [] { await Task.yield() }
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        while try database.rows(running) != [] { await Task.yield() }
        #expect(try await engine.query(SQLStatement("SELECT 1")).count == 1)
    }

    @Test func `a large value goes and comes`() async throws {
        try database.run("CREATE TABLE t (v bytea, w text)")
        let bytes = [UInt8]((0..<4_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let text = String(repeating: "größer ", count: 400_000)
        let engine = try await engine()
        try await engine.transaction("insert") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("INSERT INTO t VALUES (?, ?)", [.bytes(bytes), .text(text)]))
        }
        let row = try await engine.query(SQLStatement("SELECT v, w FROM t")).first
        #expect(row?[0] == .bytes(bytes))
        #expect(row?[1].text?.utf8.count == text.utf8.count)
    }
}
