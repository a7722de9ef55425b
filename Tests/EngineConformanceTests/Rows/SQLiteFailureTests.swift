import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

/// What SQLite's engine says when something is wrong.
@Suite(.blocks, .timeLimit(.minutes(10))) struct SQLiteFailureTests {
    @Test func `a missing database is made only when that was asked for`() async throws {
        let place = try TemporaryDirectory()
        let path = place.path("new.db")
        await expectFailure(.notFound) { try await SQLiteEngine(path: path) }
        await expectFailure(.readOnly) {
            try await SQLiteEngine(path: path, options: EngineOptions(readOnly: true), create: true)
        }
        await expectFailure(.notFound) { try await SQLiteEngine(path: place.path("no/such/dir.db")) }
        #expect(RawFiles.names(place.path) == [])
        let engine = try await SQLiteEngine(path: path, create: true)
        #expect(try await engine.tables() == [])
        try await engine.transaction("make a table") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("CREATE TABLE t (v)"))
        }
        #expect(try await SQLiteEngine(path: path, create: true).tables().map(\.name) == ["t"])
    }

    @Test func `what is no file is refused and not waited for`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.makePipe(place.path("pipe"))
        await expectFailure(.invalid) { try await SQLiteEngine(path: place.path("pipe")) }
        await expectFailure(.invalid) { try await SQLiteEngine(path: place.path) }
        await expectFailure(.invalid) { try await SQLiteEngine(path: "/dev/zero") }
        await expectFailure(.invalid) { try await SQLiteEngine(path: "") }
        await expectFailure(.invalid) { try await SQLiteEngine(path: "/tmp/a\0b") }
    }

    @Test func `a file that is no database is told as such`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(place.path("text"), String(repeating: "this is only text. ", count: 100))
        let error = await expectFailure(.corrupt) { try await SQLiteEngine(path: place.path("text")) }
        #expect(
            error?.description
                == "cannot open the database in \(place.path("text")): "
                + "the file is not a SQLite database, or it is encrypted; check the path")
        #expect(error?.vendorCode == 26)
        try RawFiles.write(place.path("empty"), "")
        #expect(try await SQLiteEngine(path: place.path("empty")).tables() == [])
    }

    @Test func `a link to a database is followed, and the files beside the database are minded`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(3)
        let place = try TemporaryDirectory()
        try RawFiles.makeLink(place.path("link"), to: harness.path)
        let engine = try await SQLiteEngine(path: place.path("link"))
        #expect(try await engine.query(SQLStatement("SELECT * FROM items")).count == 3)
        await engine.close()
        #expect(RawFiles.names(place.path) == ["link"])
        #expect(RawFiles.names(harness.directory.path).count == 1)
    }

    @Test(arguments: ["delete", "wal"])
    func `a database that another program writes to is busy, and readable in write-ahead mode`(
        mode: String
    ) async throws {
        let harness = try SQLiteHarness(journalMode: mode)
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(30)))
        let other = try RawDatabase(harness.path)
        try other.run("BEGIN EXCLUSIVE")
        let error = await expectFailure(.busy) {
            try await engine.transaction("delete the thread") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM items"))
            }
        }
        #expect(error?.isTemporary == true)
        #expect(
            error?.description
                == "cannot delete the thread in \(harness.path): the database is locked by another program; "
                + "wait until that program is done or close it, then try again")
        if mode == "wal" {
            #expect(try await engine.query(SQLStatement("SELECT * FROM items")).count == 3)
        } else {
            await expectFailure(.busy) { try await engine.query(SQLStatement("SELECT * FROM items")) }
            await expectFailure(.busy) {
                try await harness.engine(EngineOptions(deadline: .seconds(30)))
            }
        }
        try other.run("COMMIT")
        #expect(try await engine.query(SQLStatement("SELECT * FROM items")).count == 3)
    }

    @Test func `waiting for a lock ends when the caller does not wait any more`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(600)))
        let other = try RawDatabase(harness.path)
        try other.run("BEGIN EXCLUSIVE")
        let task = Task { try await engine.query(SQLStatement("SELECT * FROM items")) }
        await Task.yield()
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        try other.run("COMMIT")
        #expect(try await engine.query(SQLStatement("SELECT * FROM items")).count == 3)
    }

    @Test(.writesLargeFiles, arguments: ["delete", "wal"])
    func `a full disk is told as such and the transaction is taken back`(mode: String) async throws {
        let harness = try SQLiteHarness(journalMode: mode)
        try harness.seedItems(3)
        let engine = try await harness.engine()
        let large = StoredValue.bytes([UInt8](repeating: 7, count: FileSizeLimit.bytes + 1))
        try await FileSizeLimit.whileSet {
            await expectFailure(.full) {
                try await engine.transaction("write") { transaction throws(StorageError) in
                    try transaction.execute(SQLStatement("DELETE FROM items"))
                    try transaction.execute(SQLStatement("INSERT INTO items VALUES (9, ?)", [large]))
                }
            }
        }
        #expect(try await engine.query(SQLStatement("SELECT * FROM items")).count == 3)
        await engine.close()
        #expect(try RawDatabase(harness.path).texts("PRAGMA integrity_check") == ["ok"])
    }

    @Test func `a damaged database is an error and never a crash`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.seedItems(3000)
        try harness.run("CREATE INDEX by_name ON items (name)")
        let sound = try RawFiles.read(harness.path)
        var generator = SeededGenerator(seed: 7)
        var failures = 0
        for round in 0..<60 {
            var bytes = sound
            if round % 4 == 0 {
                bytes.removeLast(Int.random(in: 1..<sound.count - 600, using: &generator))
            } else {
                for _ in 0..<40 {
                    bytes[Int.random(in: 100..<sound.count, using: &generator)] = UInt8.random(
                        in: .min ... .max, using: &generator)
                }
            }
            let path = harness.directory.path("damaged\(round)")
            try RawFiles.write(path, bytes)
            do {
                let engine = try await SQLiteEngine(path: path, options: EngineOptions(readOnly: true))
                _ = try await engine.tables()
                _ = try await engine.query(SQLStatement("SELECT * FROM items"))
                _ = try await engine.query(SQLStatement("SELECT * FROM items ORDER BY name"))
            } catch {
                failures += 1
                #expect(error.kind == .corrupt || error.kind == .failed, "\(error)")
            }
            #expect(try RawFiles.read(path) == bytes)
        }
        #expect(failures > 20)
    }

    @Test func `views of what is gone, and tables of other shapes, are listed`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.run(
            """
            CREATE TABLE gone (v); CREATE VIEW broken AS SELECT v FROM gone; DROP TABLE gone;
            CREATE TABLE keyed (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
            CREATE TABLE shadowed (rowid TEXT, v);
            CREATE TABLE named (ROWID INTEGER PRIMARY KEY, v);
            CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, d TEXT GENERATED ALWAYS AS (id || 'x') VIRTUAL);
            CREATE VIRTUAL TABLE words USING fts5(body);
            """)
        let tables = try await harness.engine().tables()
        let byName = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0) })
        #expect(byName["broken"]?.isView == true)
        #expect(byName["broken"]?.columns == [])
        #expect(byName["broken"]?.hasRowIdentity == false)
        #expect(byName["keyed"]?.hasRowIdentity == false)
        #expect(byName["shadowed"]?.hasRowIdentity == false)
        #expect(byName["named"]?.hasRowIdentity == true)
        #expect(byName["counted"]?.columns.map(\.name) == ["id", "d"])
        #expect(byName["words"]?.columns.map(\.name) == ["body"])
        #expect(byName["words_content"] != nil)
        #expect(!tables.contains { $0.name.hasPrefix("sqlite_") })
    }

    @Test func `a database in memory has its rows to itself`() async throws {
        let first = try await SQLiteEngine.inMemory()
        let second = try await SQLiteEngine.inMemory()
        try await first.transaction("set up") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("CREATE TABLE t (v)"))
            try transaction.execute(SQLStatement("INSERT INTO t VALUES (?)", [.text("x")]))
        }
        #expect(try await first.query(SQLStatement("SELECT v FROM t")).map { $0[0] } == [.text("x")])
        try await first.stream(SQLStatement("SELECT v FROM t")) { _ in .stop }
        #expect(try await second.tables() == [])
        await first.close()
        await expectFailure(.unavailable) { try await first.tables() }
    }

    @Test func `a message tells no stored content`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.run("CREATE TABLE t (v TEXT UNIQUE CHECK (v <> 'forbidden'), j)")
        let engine = try await harness.engine()
        for (value, kind) in [("secret", StorageError.Kind.conflict), ("forbidden", .invalid)] {
            let error = await expectFailure(kind) {
                try await engine.transaction("insert") { transaction throws(StorageError) in
                    for _ in 0..<2 {
                        try transaction.execute(SQLStatement("INSERT INTO t (v) VALUES (?)", [.text(value)]))
                    }
                }
            }
            #expect(error?.description.contains("secret") == false)
        }
    }
}
