import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.usesPostgres) struct RowTransactionConformance {
    private let broken = StorageError(.invalid, operation: "test", place: "here", reason: "it is enough")

    @Test(arguments: RowBackend.allCases)
    func `a transaction that ends well is there for every reader`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine()
        let other = try await harness.engine()
        let changed = try await engine.transaction("change") { transaction throws(StorageError) in
            let first = try transaction.execute(
                SQLStatement("UPDATE items SET name = ? WHERE id > ?", [.text("x"), .integer(0)]))
            let second = try transaction.execute(SQLStatement("DELETE FROM items WHERE id = ?", [.integer(0)]))
            let third = try transaction.execute(SQLStatement("DELETE FROM items WHERE id = ?", [.integer(0)]))
            return [first, second, third]
        }
        #expect(changed == [2, 1, 0])
        for reader in [engine, other] {
            let rows = try await reader.query(SQLStatement("SELECT id, name FROM items ORDER BY id"))
            #expect(rows.map(\.values) == [[.integer(1), .text("x")], [.integer(2), .text("x")]])
        }
    }

    @Test(arguments: RowBackend.allCases)
    func `a transaction that fails leaves nothing behind`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine()
        let error = await expectFailure(.invalid) {
            try await engine.transaction("change") { [broken] transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM items"))
                try transaction.execute(SQLStatement("CREATE TABLE more (id integer)"))
                throw broken
            }
        }
        #expect(error == broken)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(3))
        #expect(try await engine.tables().map(\.name) == ["items"])
        try await engine.transaction("change") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM items WHERE id = 0"))
        }
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(2))
    }

    @Test(arguments: RowBackend.allCases)
    func `a statement that fails takes the whole transaction back`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine()
        let error = await expectFailure(.conflict) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO items VALUES (?, ?)", [.integer(9), .text("new")]))
                try transaction.execute(SQLStatement("INSERT INTO items VALUES (?, ?)", [.integer(1), .text("again")]))
            }
        }
        #expect(error?.operation == "insert")
        #expect(error?.description.contains("again") == false)
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(3))
    }

    @Test(arguments: RowBackend.allCases)
    func `a transaction sees its own changes and may read while it reads`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(4)
        let engine = try await harness.engine()
        let pairs = try await engine.transaction("walk") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM items WHERE id = ?", [.integer(3)]))
            let statement = SQLStatement("SELECT id FROM items ORDER BY id")
            var pairs: [[StoredValue]] = []
            try transaction.stream(statement) { outer throws(StorageError) in
                try transaction.stream(statement) { inner throws(StorageError) in
                    pairs.append([outer[0], inner[0]])
                    return .more
                }
                return outer[0] == .integer(1) ? .stop : .more
            }
            return pairs
        }
        #expect(
            pairs == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]].map { $0.map { .integer($0) } })
    }

    @Test(arguments: RowBackend.allCases)
    func `the write lock is held from the first statement on`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(1)
        let engines = [try await harness.engine(), try await harness.engine()]
        // Each adds one to what it read: without the lock some of them would be lost.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for engine in engines {
                group.addTask {
                    for _ in 0..<15 {
                        try await whileBusy {
                            try await engine.transaction("count") { transaction throws(StorageError) in
                                let row = try transaction.query(SQLStatement("SELECT max(id) FROM items")).first
                                let next = (row?[0].integer ?? 0) + 1
                                try transaction.execute(
                                    SQLStatement("INSERT INTO items VALUES (?, ?)", [.integer(next), .text("n")]))
                            }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await engines[0].query(SQLStatement("SELECT max(id) FROM items")).first?[0] == .integer(30))
    }

    @Test(arguments: RowBackend.allCases)
    func `foreign keys are obeyed`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let integer = harness.types.integer
        try harness.run("CREATE TABLE parent (id \(integer) PRIMARY KEY)")
        try harness.run(
            "CREATE TABLE child (id \(integer) PRIMARY KEY, p \(integer) REFERENCES parent(id) ON DELETE CASCADE)")
        try harness.run("INSERT INTO parent VALUES (1), (2)")
        try harness.run("INSERT INTO child VALUES (10, 1), (20, 2)")
        let engine = try await harness.engine()
        let deleted = try await engine.transaction("delete") { transaction throws(StorageError) in
            try transaction.execute(SQLStatement("DELETE FROM parent WHERE id = ?", [.integer(1)]))
        }
        #expect(deleted == 1)
        #expect(try await engine.query(SQLStatement("SELECT id FROM child")).map { $0[0] } == [.integer(20)])
        await expectFailure(.invalid) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO child VALUES (30, 99)"))
            }
        }
    }

    @Test(arguments: RowBackend.allCases)
    func `a read-only engine refuses a transaction before anything runs`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(2)
        let engine = try await harness.engine(EngineOptions(readOnly: true))
        #expect(!engine.capabilities.isWritable)
        await expectFailure(.readOnly) {
            try await engine.transaction("change") { transaction throws(StorageError) in
                Issue.record("the body ran")
            }
        }
        #expect(try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0] == .integer(2))
        await engine.close()
        await expectFailure(.readOnly) {
            try await engine.transaction("change") { _ in Issue.record("the body ran") }
        }
    }

    @Test(arguments: RowBackend.allCases)
    func `a writable engine says that its changes take effect together`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(engine.capabilities == EngineCapabilities(family: .rows, write: .available, hasTransactions: true))
    }

    @Test(arguments: RowBackend.allCases)
    func `a closed engine is unavailable`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(1)
        let engine = try await harness.engine()
        _ = try await engine.tables()
        await engine.close()
        await expectFailure(.unavailable) { try await engine.tables() }
        await expectFailure(.unavailable) { try await engine.query(SQLStatement("SELECT 1")) }
        await expectFailure(.unavailable) { try await engine.stream(SQLStatement("SELECT 1")) { _ in .more } }
        await expectFailure(.unavailable) { try await engine.transaction("change") { _ in 1 } }
    }
}
