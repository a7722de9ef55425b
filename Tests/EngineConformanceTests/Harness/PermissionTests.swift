import EngineCore
import FileEngine
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

/// Missing permissions, as a user without root's rights meets them.
@Suite(.enabled(if: !Unprivileged.isRoot, "no missing permission stops root; RootTests runs these as another user"))
struct PermissionTests {
    @Test func `an unreadable directory is a note and the rest is listed`() async throws {
        let place = try TemporaryDirectory()
        for path in ["a/1", "closed/2", "listed/3", "z"] {
            try RawFiles.write(root: place.path, Array(path.utf8), [1])
        }
        try RawFiles.setMode(place.path("closed"), 0)
        // Names can be read here, and nothing behind them.
        try RawFiles.setMode(place.path("listed"), 0o444)
        let engine = try FileEngine(root: place.path)
        let all = try await engine.listAll(.root)
        #expect(all.entries.map(\.key.description) == ["a/1", "z"])
        #expect(all.notes.count == 2)
        #expect(all.notes.first?.hasPrefix("closed/ cannot be read: the permission is missing") == true)
        #expect(all.notes.last?.hasPrefix("listed/3 cannot be looked up: the permission is missing") == true)
        let page = try await engine.list(ObjectListing(prefix: ObjectKey("closed/")))
        #expect(page.entries == [])
        #expect(page.notes.count == 1)
    }

    @Test func `an unreadable file is listed and its reading denied`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(place.path("closed"), "x")
        try RawFiles.write(place.path("open"), "y")
        try RawFiles.setMode(place.path("closed"), 0)
        let engine = try FileEngine(root: place.path)
        #expect(try await engine.listAll(.root).entries.count == 2)
        let error = await expectFailure(.denied) { try await engine.read(ObjectKey("closed")) }
        #expect(error?.description.hasPrefix("cannot read closed in \(place.path): the permission is missing") == true)
        let many = try await engine.readMany([ObjectKey("closed"), ObjectKey("open")])
        #expect(throws: StorageError.self) { try many[0].get() }
        #expect(try many[1].get()?.bytes.text == "y")
    }

    @Test func `an unreadable root is denied`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.makeDirectory(place.path("root"))
        let engine = try FileEngine(root: place.path("root"))
        try RawFiles.setMode(place.path("root"), 0)
        await expectFailure(.denied) { try FileEngine(root: place.path("root")) }
        await expectFailure(.denied) { try await engine.list(ObjectListing()) }
    }

    @Test func `a directory without write permission denies writes and deletions and stays as it is`() async throws {
        let place = try TemporaryDirectory()
        try RawFiles.write(root: place.path, Array("dir/file".utf8), [1])
        try RawFiles.setMode(place.path("dir"), 0o555)
        let engine = try FileEngine(root: place.path)
        await expectFailure(.denied) { try await engine.write(ObjectKey("dir/file"), StoredBytes("x")) }
        await expectFailure(.denied) { try await engine.write(ObjectKey("dir/new"), StoredBytes("x")) }
        let deleted = try await engine.delete([ObjectKey("dir/file")], pruning: .root)
        #expect(deleted.map { $0.failure?.kind } == [.denied])
        #expect(RawFiles.names(place.path("dir")) == ["file"])
        #expect(try RawFiles.read(place.path("dir/file")) == [1])
    }

    @Test func `a database without read permission is denied`() async throws {
        let harness = try SQLiteHarness(journalMode: "delete")
        try RawFiles.setMode(harness.path, 0)
        let error = await expectFailure(.denied) { try await harness.engine() }
        #expect(error?.help.isEmpty == false)
    }

    @Test(arguments: [true, false])
    func `a database in write-ahead mode is read without permission to write`(isDirectoryClosed: Bool) async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(7)
        try RawFiles.setMode(harness.path, 0o444)
        if isDirectoryClosed { try RawFiles.setMode(harness.directory.path, 0o555) }
        let engine = try await harness.engine()
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(7))
        #expect(RawFiles.names(harness.directory.path).count == 1)
        await expectFailure(.readOnly) {
            try await engine.transaction("change") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM items"))
            }
        }
        // A change by somebody who may is seen.
        try RawFiles.setMode(harness.directory.path, 0o755)
        try RawFiles.setMode(harness.path, 0o644)
        try harness.run("INSERT INTO items VALUES (50, 'new')")
        try RawFiles.setMode(harness.path, 0o444)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(8))
        await engine.close()
        #expect(RawFiles.names(harness.directory.path).count == 1)
    }

    @Test func `a log that cannot be read without writing is told as such`() async throws {
        let harness = try SQLiteHarness(journalMode: "wal")
        try harness.seedItems(7)
        do {
            let writer = try RawDatabase(harness.path)
            try writer.run("INSERT INTO items VALUES (100, 'in the log')")
            writer.keepFilesOnClose()
        }
        try RawFiles.remove(harness.path + "-shm")
        let before = try harness.storedFiles()
        try RawFiles.setMode(harness.directory.path, 0o555)
        let error = await expectFailure(.denied) { try await harness.engine() }
        #expect(error?.description.contains("copy the database") == true)
        #expect(try harness.storedFiles() == before)
    }
}

@Suite(.blocks, .enabled(if: Unprivileged.isRoot, "the permission tests have run already"))
struct RootTests {
    @Test func `the permission tests pass for a user without root's rights`() async throws {
        guard let run = try Unprivileged.runTests("PermissionTests") else {
            Issue.record("setpriv is missing, or the user nobody may not run this test program")
            return
        }
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("Suite PermissionTests passed"), "\(run.output)")
    }
}
