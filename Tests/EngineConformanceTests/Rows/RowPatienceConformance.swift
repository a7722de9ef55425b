import EngineCore
import StoredRecords
import TestSupport
import Testing

/// Endless statements end when the caller does not wait any more. A call that
/// did not come back would keep these tests from ever ending.
@Suite(.usesPostgres, .timeLimit(.minutes(10))) struct RowPatienceConformance {
    private func countOfItems(_ engine: any RowEngine) async throws -> StoredValue? {
        try await engine.query(SQLStatement("SELECT count(*) FROM items")).first?[0]
    }

    @Test(arguments: RowBackend.allCases)
    func `an endless query ends at the deadline, and the engine goes on`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(10)))
        let error = await expectFailure(.timedOut) { try await engine.query(harness.endlessQuery) }
        #expect(error?.isTemporary == true)
        #expect(try await countOfItems(engine) == .integer(3))
    }

    @Test(arguments: RowBackend.allCases)
    func `an endless query ends when its task is cancelled`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(600)))
        // Cancelled before, while and after it has started: every moment must do.
        for _ in 0..<20 {
            let task = Task { try await engine.query(harness.endlessQuery) }
            await Task.yield()
            task.cancel()
            await expectFailure(.cancelled) { try await task.value }
        }
        #expect(try await countOfItems(engine) == .integer(3))
    }

    @Test(arguments: RowBackend.allCases)
    func `a cancelled stream gives its thread back`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(600)))
        let started = Gate()
        let statement = SQLStatement("SELECT 1 FROM items a, items b")
        let task = Task {
            try await engine.stream(statement) { _ in
                started.open()
                return .more
            }
            try await engine.stream(harness.endlessQuery) { _ in .more }
        }
        await expectFailure(.cancelled) {
            await started.opened()
            task.cancel()
            try await task.value
        }
        try await engine.stream(statement) { _ in .stop }
    }

    private static func insert(_ engine: any RowEngine) async -> StorageError? {
        do throws(StorageError) {
            try await engine.transaction("insert") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("INSERT INTO items VALUES (3, 'n3')"))
            }
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: RowBackend.allCases)
    func `a cancelled transaction is taken back`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(600)))
        let started = Gate()
        let task = Task {
            try await engine.transaction("change") { transaction throws(StorageError) in
                try transaction.execute(SQLStatement("DELETE FROM items"))
                started.open()
                _ = try transaction.query(harness.endlessQuery)
            }
        }
        await started.opened()
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        // The lock becomes free, as soon as the server has ended what was
        // cancelled, and nothing of the transaction is left.
        var failure: StorageError?
        repeat {
            failure = await Self.insert(engine)
        } while failure?.kind == .busy
        #expect(failure == nil)
        #expect(try await countOfItems(engine) == .integer(4))
    }

    @Test(arguments: RowBackend.allCases)
    func `an endless stream does not keep queries waiting`(backend: RowBackend) async throws {
        let harness = try backend.harness()
        try harness.seedItems(3)
        let engine = try await harness.engine(EngineOptions(deadline: .seconds(600)))
        let task = Task { try await engine.stream(harness.endlessQuery) { _ in .more } }
        #expect(try await countOfItems(engine) == .integer(3))
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
    }
}
