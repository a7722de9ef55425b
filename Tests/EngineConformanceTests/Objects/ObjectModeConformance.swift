import EngineCore
import StoredRecords
import TestSupport
import Testing

/// What every engine does with its mode, its end and a caller that no longer waits.
@Suite(.blocks) struct ObjectModeConformance {
    @Test(arguments: ObjectBackend.allCases)
    func `a read-only engine reads and refuses every write`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a", "b/c"])
        let engine = try await harness.engine(EngineOptions(readOnly: true))
        #expect(!engine.capabilities.isWritable)
        let before = try await engine.listAll(.root).entries
        #expect(before.count == 2)
        await expectFailure(.readOnly) { try await engine.write(ObjectKey("new"), StoredBytes("x")) }
        await expectFailure(.readOnly) {
            try await engine.write(ObjectKey("a"), StoredBytes("x"), condition: .ifUnchanged("tag"))
        }
        await expectFailure(.readOnly) { try await engine.delete([ObjectKey("a")], pruning: .root) }
        #expect(try await engine.listAll(.root).entries == before)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a refused write touches nothing, not even a closed engine`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine(EngineOptions(readOnly: true))
        await engine.close()
        await expectFailure(.readOnly) { try await engine.write(ObjectKey("new"), StoredBytes("x")) }
        await expectFailure(.readOnly) { try await engine.delete([ObjectKey("a")], pruning: nil) }
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a writable engine says so and writes`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(engine.capabilities.isWritable)
        #expect(engine.capabilities.family == .objects)
        try await engine.write(ObjectKey("new"), StoredBytes("x"))
        #expect(try await engine.stat(ObjectKey("new")) != nil)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a closed engine is unavailable`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a"])
        let engine = try await harness.engine()
        _ = try await engine.stat(ObjectKey("a"))
        await engine.close()
        await expectFailure(.unavailable) { try await engine.list(ObjectListing()) }
        await expectFailure(.unavailable) { try await engine.stat(ObjectKey("a")) }
        await expectFailure(.unavailable) { try await engine.read(ObjectKey("a")) }
        await expectFailure(.unavailable) { try await engine.readMany([ObjectKey("a")]) }
        await expectFailure(.unavailable) { try await engine.write(ObjectKey("a"), StoredBytes("x")) }
        await expectFailure(.unavailable) { try await engine.delete([ObjectKey("a")], pruning: nil) }
        #expect(try await harness.engine().read(ObjectKey("a"))?.bytes.text == "content of a")
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a cancelled task gets no answer and changes nothing`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a"])
        let engine = try await harness.engine()
        let kinds = await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return [
                await expectFailure(.cancelled) { try await engine.list(ObjectListing()) }?.kind,
                await expectFailure(.cancelled) { try await engine.read(ObjectKey("a")) }?.kind,
                await expectFailure(.cancelled) { try await engine.write(ObjectKey("n"), StoredBytes("x")) }?.kind,
                await expectFailure(.cancelled) { try await engine.delete([ObjectKey("a")], pruning: nil) }?.kind,
            ]
        }.value
        #expect(kinds == [.cancelled, .cancelled, .cancelled, .cancelled])
        #expect(try await engine.listAll(.root).entries.map(\.key.description) == ["a"])
    }
}
