import EngineCore
import StoredRecords
import Synchronization
import TestSupport
import Testing

@Suite(.usesPostgres) struct RowReadingConformance {
    @Test(arguments: RowBackend.allCases)
    func `an empty database has no tables`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(try await engine.tables() == [])
        await expectFailure(.failed) { try await engine.query(SQLStatement("SELECT * FROM nothing")) }
    }

    @Test(arguments: RowBackend.allCases)
    func `tables and views come in name order with their columns`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let types = harness.types
        try harness.run("CREATE TABLE zeta (b \(types.text), a \(types.integer) PRIMARY KEY)")
        try harness.run("CREATE TABLE \"a \"\"b\"\"\" (\"select\" \(types.text), \"日本\" \(types.bytes))")
        try harness.run("CREATE VIEW middle AS SELECT b FROM zeta")
        let tables = try await harness.engine().tables()
        #expect(tables.map(\.name) == ["a \"b\"", "middle", "zeta"])
        #expect(tables.map(\.isView) == [false, true, false])
        #expect(tables.map { $0.columns.map(\.name) } == [["select", "日本"], ["b"], ["b", "a"]])
        #expect(tables[2].columns.map(\.isPrimaryKey) == [false, true])
        #expect(tables[2].columns.map(\.type) == [types.text, types.integer])
        #expect(tables[2].hasColumns(["a", "b"]))
        #expect(!tables[2].hasColumns(["a", "c"]))
    }

    @Test(arguments: RowBackend.allCases)
    func `quoted identifiers reach tables of any name`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        for name in ["plain", "sp ace", "qu\"ote", "'", "semi;colon", "日本", "select", "--", "[x]", "%_"] {
            let quoted = engine.dialect.quote(name)
            try harness.run("CREATE TABLE \(quoted) (\(quoted) \(harness.types.text))")
            try harness.run("INSERT INTO \(quoted) VALUES ('in it')")
            let rows = try await engine.query(SQLStatement("SELECT \(quoted) FROM \(quoted)"))
            #expect(rows.map(\.columns) == [[name]])
            #expect(rows.first?[name] == .text("in it"))
        }
    }

    @Test(arguments: RowBackend.allCases)
    func `hostile text is a value and never a part of the statement`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine()
        let hostile = "x'; DROP TABLE items; --"
        #expect(
            try await engine.query(SQLStatement("SELECT id FROM items WHERE name = ?", [.text(hostile)])) == [])
        #expect(try await engine.tables().map(\.name) == ["items"])
    }

    @Test(arguments: RowBackend.allCases)
    func `a wrong number of values is refused`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine()
        let text = "SELECT id FROM items WHERE id = ?"
        await expectFailure(.invalid) { try await engine.query(SQLStatement(text)) }
        await expectFailure(.invalid) { try await engine.query(SQLStatement(text, [.integer(1), .integer(2)])) }
        #expect(try await engine.query(SQLStatement(text, [.integer(1)])).map { $0[0] } == [.integer(1)])
    }

    @Test(arguments: RowBackend.allCases)
    func `reading takes exactly one statement that reads`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine()
        for text in ["SELECT 1; DROP TABLE items", "DELETE FROM items", "DROP TABLE items", "", ";", "-- nothing"] {
            await expectFailure(.invalid) { try await engine.query(SQLStatement(text)) }
            await expectFailure(.invalid) { try await engine.stream(SQLStatement(text)) { _ in .more } }
        }
        #expect(try await engine.query(SQLStatement("SELECT id FROM items;")).count == 2)
    }

    @Test(arguments: RowBackend.allCases)
    func `statements read together see one state, whoever writes meanwhile`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine()
        let names = SQLStatement("SELECT name FROM items ORDER BY id")
        let writing: @Sendable () throws -> Void = {
            try harness.run("UPDATE items SET name = 'other'; INSERT INTO items VALUES (2, 'new')")
        }
        let seen = try await engine.read { reader throws(StorageError) in
            var seen = [try reader.query(names)]
            // With a rollback journal the writer is told to wait for the reader.
            try? writing()
            seen.append(try reader.query(names))
            try reader.stream(names) { row in
                seen[1].append(row)
                return .more
            }
            return seen.map { $0.map { $0[0] } }
        }
        let before: [StoredValue] = [.text("n0"), .text("n1")]
        #expect(seen == [before, before + before])
        // Nothing is held any longer.
        try harness.run("DELETE FROM items WHERE id = 2")
        try writing()
        #expect(try await engine.query(names).map { $0[0] } == [.text("other"), .text("other"), .text("new")])
    }

    @Test(arguments: RowBackend.allCases)
    func `reading together refuses to change anything, and the next reading does well`(backend: RowBackend) async throws
    {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine()
        for text in ["DELETE FROM items", "SELECT nothing FROM items"] {
            let kind: StorageError.Kind = text.hasPrefix("DELETE") ? .invalid : .failed
            await expectFailure(kind) {
                try await engine.read { reader throws(StorageError) in
                    _ = try reader.query(SQLStatement("SELECT id FROM items"))
                    return try reader.query(SQLStatement(text))
                }
            }
            let rows = try await engine.read { reader throws(StorageError) in
                try reader.query(SQLStatement("SELECT id FROM items"))
            }
            #expect(rows.count == 2)
        }
        try harness.run("DELETE FROM items")
        #expect(try await engine.query(SQLStatement("SELECT id FROM items")) == [])
    }

    @Test(arguments: RowBackend.allCases)
    func `a stream hands over every row in order`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(5000)
        let engine = try await harness.engine()
        let seen = Mutex<[StoredValue]>([])
        try await engine.stream(SQLStatement("SELECT id FROM items ORDER BY id")) { row in
            seen.withLock { $0.append(row[0]) }
            return .more
        }
        #expect(seen.withLock { $0 } == (0..<5000).map { .integer($0) })
    }

    @Test(arguments: RowBackend.allCases)
    func `a stream stops when the receiver says so`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(100)
        let engine = try await harness.engine()
        let seen = Mutex(0)
        try await engine.stream(SQLStatement("SELECT id FROM items")) { _ in
            seen.withLock {
                $0 += 1
                return $0 == 3 ? .stop : .more
            }
        }
        #expect(seen.withLock { $0 } == 3)
    }

    @Test(arguments: RowBackend.allCases)
    func `a receiver's failure ends the stream and reaches the caller`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(10)
        let engine = try await harness.engine()
        let failure = StorageError(.corrupt, operation: "decode", place: "row", reason: "it is broken")
        let error = await expectFailure(.corrupt) {
            try await engine.stream(SQLStatement("SELECT id FROM items")) { _ throws(StorageError) in throw failure }
        }
        #expect(error == failure)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(10))
    }

    @Test(arguments: RowBackend.allCases)
    func `keyset pages of every size join to all rows, also across inserts`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(23)
        let engine = try await harness.engine()
        for limit in 1...24 {
            var ids: [Int64] = []
            var after: Int64 = -1
            while true {
                let rows = try await engine.query(
                    SQLStatement(
                        "SELECT id FROM items WHERE id > ? ORDER BY id LIMIT ?",
                        [.integer(after), .integer(Int64(limit))]))
                ids += rows.compactMap { $0[0].integer }
                guard rows.count == limit, let last = ids.last else { break }
                after = last
            }
            #expect(ids == Array(0..<23), "limit \(limit)")
        }
        let first = try await engine.query(SQLStatement("SELECT id FROM items ORDER BY id LIMIT 5"))
        try harness.run("INSERT INTO items VALUES (-5, 'before'), (100, 'after')")
        let rest = try await engine.query(
            SQLStatement("SELECT id FROM items WHERE id > ? ORDER BY id", [first[4][0]]))
        #expect(rest.first?[0] == .integer(5))
        #expect(rest.last?[0] == .integer(100))
    }

    @Test(arguments: RowBackend.allCases)
    func `a row knows its columns by name and by position`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(1)
        let engine = try await harness.engine()
        let row = try #require(
            try await engine.query(SQLStatement("SELECT id AS a, name AS b, id AS a FROM items")).first)
        #expect(row.columns == ["a", "b", "a"])
        #expect(row["b"] == .text("n0"))
        #expect(row["c"] == nil)
        #expect(row[9] == .null)
    }

    @Test(arguments: RowBackend.allCases)
    func `columns added meanwhile are seen by a statement used before`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(1)
        let engine = try await harness.engine()
        let statement = SQLStatement("SELECT * FROM items")
        #expect(try await engine.query(statement).first?.columns == ["id", "name"])
        try harness.run("ALTER TABLE items ADD COLUMN more \(harness.types.text)")
        #expect(try await engine.query(statement).first?.columns == ["id", "name", "more"])
    }

    @Test(arguments: RowBackend.allCases)
    func `two readers and a writer work at once`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(200)
        let first = try await harness.engine()
        let second = try await harness.engine()
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for engine in [first, second] {
                group.addTask {
                    var rows = 0
                    for _ in 0..<20 {
                        rows += try await whileBusy {
                            try await engine.query(SQLStatement("SELECT * FROM items")).count
                        }
                    }
                    return rows
                }
            }
            group.addTask {
                for round in 0..<10 {
                    try await whileBusy {
                        try await first.transaction("change") { transaction throws(StorageError) in
                            try transaction.execute(
                                SQLStatement("UPDATE items SET name = ?", [.text("round \(round)")]))
                        }
                    }
                }
                return 0
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(counts.sorted() == [0, 4000, 4000])
    }
}
