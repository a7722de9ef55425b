import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

/// What SQLite's engine does with the file and those beside it.
@Suite(.blocks) struct SQLiteFilesTests {
    /// Opens, reads in every way and closes.
    private func readEverything(_ harness: SQLiteHarness, readOnly: Bool = true) async throws -> StoredValue? {
        let engine = try await harness.engine(EngineOptions(readOnly: readOnly))
        _ = try await engine.tables()
        try await engine.stream(SQLStatement("SELECT * FROM items")) { _ in .more }
        let count = try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0]
        await engine.close()
        return count
    }

    @Test(arguments: ["delete", "truncate", "persist", "wal"], [true, false])
    func `reading leaves stored bytes and file names as they are`(mode: String, readOnly: Bool) async throws {
        let harness = try SQLiteHarness(journalMode: mode)
        try harness.seedItems(500)
        let before = try harness.storedFiles()
        #expect(try await readEverything(harness, readOnly: readOnly) == .integer(500))
        #expect(try harness.storedFiles() == before)
    }

    @Test func `a log that a program left behind is read and stays`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(5)
        do {
            let writer = try RawDatabase(harness.path)
            try writer.run("INSERT INTO items VALUES (100, 'in the log')")
            writer.keepFilesOnClose()
        }
        #expect(RawFiles.exists(harness.path + "-wal"))
        let before = try harness.storedFiles()
        #expect(before.count == 3)
        #expect(try await readEverything(harness) == .integer(6))
        #expect(try harness.storedFiles() == before)
    }

    @Test func `a log without its index, as in a copied store, is read and stays alone`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(5)
        do {
            let writer = try RawDatabase(harness.path)
            try writer.run("INSERT INTO items VALUES (100, 'in the log')")
            writer.keepFilesOnClose()
        }
        try RawFiles.remove(harness.path + "-shm")
        let before = try harness.storedFiles()
        #expect(before.count == 2)
        #expect(try await readEverything(harness) == .integer(6))
        #expect(try harness.storedFiles() == before)
    }

    @Test func `reading beside a program that has the database open leaves it its files`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(5)
        let writer = try RawDatabase(harness.path)
        try writer.run("INSERT INTO items VALUES (100, 'in the log')")
        let before = try harness.storedFiles()
        #expect(before.count == 3)
        #expect(try await readEverything(harness) == .integer(6))
        #expect(try harness.storedFiles() == before)
        try writer.run("INSERT INTO items VALUES (101, 'more')")
        #expect(try await readEverything(harness) == .integer(7))
    }

    @Test func `a program that came and went while the engine read loses nothing`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(5)
        let engine = try await harness.engine()
        _ = try await engine.tables()
        do {
            let writer = try RawDatabase(harness.path)
            try writer.run("INSERT INTO items VALUES (100, 'from outside')")
        }
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(6))
        await engine.close()
        #expect(try RawDatabase(harness.path).texts("SELECT name FROM items WHERE id = 100") == ["from outside"])
        #expect(try RawDatabase(harness.path).texts("PRAGMA integrity_check") == ["ok"])
    }

    @Test(arguments: ["delete", "wal"])
    func `closing after a write leaves one file`(mode: String) async throws {
        let harness = try SQLiteHarness(journalMode: mode)
        try harness.seedItems(5)
        let engine = try await harness.engine()
        _ = try await engine.tables()
        try await engine.stream(SQLStatement("SELECT 1")) { _ in .more }
        try await engine.transaction("delete") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM items WHERE id < 3"))
        }
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(2))
        await engine.close()
        #expect(RawFiles.names(harness.directory.path).count == 1)
        #expect(try RawDatabase(harness.path).texts("SELECT count(*) FROM items") == ["2"])
        #expect(try RawDatabase(harness.path).texts("PRAGMA journal_mode") == [mode])
    }

    @Test func `a file that was replaced under its name is read anew`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.seedItems(5)
        let engine = try await harness.engine()
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(5))
        let other = try SQLiteHarness(journalMode: "delete")
        try other.seedItems(8)
        try RawFiles.rename(other.path, harness.path)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(8))
        try RawFiles.remove(harness.path)
        await expectFailure(.notFound) { try await engine.tables() }
    }

    @Test func `an unfinished write of a stopped program is named by a reader and taken back by a writer`() async throws
    {
        let harness = try SQLiteHarness(journalMode: "delete")
        try harness.seedItems(2000)
        // The state of a crash in the middle of a commit: a journal with its
        // header written beside a database that is changed already.
        do {
            let writer = try RawDatabase(harness.path)
            try writer.run("PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN; UPDATE items SET name = name || 'x'")
            try RawFiles.write(harness.directory.path("crashed"), RawFiles.read(harness.path))
            try RawFiles.write(harness.directory.path("crashed-journal"), RawFiles.read(harness.path + "-journal"))
            try writer.run("ROLLBACK")
        }
        let path = harness.directory.path("crashed")
        let before = try harness.storedFiles()
        let error = await expectFailure(.failed) {
            try await SQLiteEngine(path: path, options: EngineOptions(readOnly: true))
        }
        #expect(error?.reason.contains("journal") == true)
        #expect(try harness.storedFiles() == before)

        let engine = try await SQLiteEngine(path: path)
        let changed = SQLStatement("SELECT count(*) FROM items WHERE name LIKE '%x'")
        #expect(try await engine.query(changed).first?[0] == .integer(0))
        await engine.close()
        #expect(!RawFiles.exists(path + "-journal"))
    }
}
