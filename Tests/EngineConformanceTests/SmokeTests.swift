import EngineCore
import FileEngine
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

@Suite struct SmokeTests {
    @Test func `files are listed read written and deleted`() async throws {
        let place = try TemporaryDirectory()
        let engine = try FileEngine(root: place.path)
        try await engine.write(ObjectKey("a/b.txt"), StoredBytes("one"))
        try await engine.write(ObjectKey("a-b"), StoredBytes("two"), condition: .ifAbsent)
        try await engine.write(ObjectKey("a.b"), StoredBytes("3"))
        let keys = try await engine.listAll(.root).entries.map(\.key.description)
        #expect(keys == ["a-b", "a.b", "a/b.txt"])
        let tops = try await engine.listAll(.root, isDelimited: true).entries.map(\.key.description)
        #expect(tops == ["a-b", "a.b", "a/"])
        #expect(try await engine.read(ObjectKey("a/b.txt"))?.bytes.text == "one")
        await #expect(throws: StorageError.self) {
            try await engine.write(ObjectKey("a-b"), StoredBytes("x"), condition: .ifAbsent)
        }
        let gone = try await engine.delete([ObjectKey("a/b.txt"), ObjectKey("none")], pruning: .root)
        #expect(gone.allSatisfy { $0.failure == nil })
        #expect(RawFiles.names(place.path) == ["a-b", "a.b"])
        await engine.close()
    }

    @Test(arguments: ["delete", "wal"])
    func `rows are written and read`(mode: String) async throws {
        let place = try TemporaryDirectory()
        let path = place.path("a b%?#.db")
        let engine = try await SQLiteEngine(path: path, create: true)
        try await engine.transaction("set up") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("CREATE TABLE t(id INTEGER PRIMARY KEY, v)"))
            try transaction.execute(SQLStatement("INSERT INTO t(v) VALUES (?)", [.text("a")]))
        }
        _ = mode
        #expect(try await engine.query(SQLStatement("SELECT v FROM t")).map { $0[0] } == [.text("a")])
        #expect(try await engine.tables().map(\.name) == ["t"])
        await engine.close()
        #expect(RawFiles.names(place.path) == ["a b%?#.db"])
    }
}
