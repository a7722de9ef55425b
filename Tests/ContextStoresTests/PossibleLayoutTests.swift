import EngineCore
import StoredLayouts
import StoredRecords
import Testing

@testable import ContextStores

/// Keyspaces too large to be looked through when they are opened.
@Suite struct PossibleLayoutTests {
    /// The memory keyspace scans in order, so that keys behind these come late.
    private func library(_ others: [String], count: Int) async throws -> StoreLibrary {
        let engine = MemoryKeyspaceEngine()
        for number in 0..<count { engine.seed(StoredKey("a\(number)"), .string(StoredBytes("x"))) }
        for key in others { engine.seed(StoredKey(key), .string(StoredBytes(#"{"blobs":[]}"#))) }
        engine.seed(StoredKey("threads"), .set([Array("1".utf8)]))
        engine.seed(StoredKey("thread:1"), .string(StoredBytes(#"{"messages":[]}"#)))
        return StoreLibrary(
            specs: [SourceSpec(name: "keys", location: .memory)], stateDirectory: "/nonexistent",
            limits: RecoveryLimits(), clock: .system
        ) { spec async throws(StorageError) in
            try await OpenSource.open(spec, engine: "memory", accesses: [.keys(engine)], clock: .system)
        }
    }

    private func counts(_ library: StoreLibrary, _ kinds: [RecordKind]) async throws -> [RecordKind: Total] {
        var counts: [RecordKind: Total] = [:]
        for kind in kinds { counts[kind] = try await library.count("keys", kind) }
        return counts
    }

    @Test func `an index behind very many other keys is counted, listed, found and then named`() async throws {
        let library = try await library(["context:late:state"], count: 12_000)
        let status = try await library.open("keys")
        #expect(status.layouts == ["memexllm"])
        #expect(status.possible == [PossibleLayout(name: "context-connectors", kinds: [.index])])
        #expect(status.kinds == [.index, .thread].sorted())
        let counts = try await counts(library, status.kinds)
        #expect(counts == [.index: .exact(1), .thread: .exact(1)])
        #expect(status.told(by: counts).layouts == ["memexllm", "context-connectors"])
        #expect(try await library.list("keys", RecordQuery(.index, page: PageRequest(limit: 9))).items.count == 1)
        #expect(await library.find(.index, "late").ids.map(\.layout) == ["context-connectors"])
    }

    @Test func `a layout that a count does not find is not named`() async throws {
        let library = try await library([], count: 12_000)
        let status = try await library.open("keys")
        let told = status.told(by: try await counts(library, status.kinds))
        #expect(told.layouts == ["memexllm"] && told.kinds == [.thread] && told.possible.isEmpty)
    }

    @Test func `of a keyspace that a short scan shows whole nothing is left open`() async throws {
        let status = try await library([], count: 900).open("keys")
        #expect(status.layouts == ["memexllm"] && status.possible.isEmpty && status.kinds == [.thread])
    }
}
