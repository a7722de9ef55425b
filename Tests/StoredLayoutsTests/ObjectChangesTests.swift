import EngineCore
import StoredRecords
import Testing

@testable import StoredLayouts

@Suite struct ObjectChangesTests {
    private let before: [String: [UInt8]] = ["d/a": [1], "d/b": [2], "d/c": [3], "e/x": [9]]
    private let after: [String: [UInt8]] = ["d/b": [20], "d/new": [1, 1], "e/x": [9]]

    private func changes(_ engine: any ObjectEngine) async throws -> [ObjectChange] {
        func tag(_ key: String) async throws -> String {
            try #require(try await engine.stat(ObjectKey(key))?.tag)
        }
        return [
            .delete(ObjectKey("d/a"), tag: try await tag("d/a")),
            ObjectChange(
                ObjectKey("d/new"), tag: nil,
                result: .derived(from: ObjectKey("d/a"), tag: try await tag("d/a")) {
                    StoredBytes($0.array + $0.array)
                }),
            ObjectChange(ObjectKey("d/b"), tag: try await tag("d/b"), result: .bytes(StoredBytes([20]))),
            .delete(ObjectKey("d/c"), tag: try await tag("d/c")),
        ]
    }

    private func changer(_ engine: any ObjectEngine) -> ObjectChanges {
        ObjectChanges(engine: engine, operation: "change d")
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a change takes effect and its undo restores every byte`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        let notes = try await changer(store.engine).carryOut(try await changes(store.engine), recording: journal)
        #expect(notes.isEmpty)
        #expect(journal.isSealed)
        #expect(try await store.contents() == after)
        #expect(try await changer(store.engine).undo(journal, inexactly: false).isEmpty)
        #expect(try await store.contents() == before)
    }

    /// What the engine keeps beside the objects, by the key.
    private func attributes(_ engine: any ObjectEngine) async throws -> [String: [String: String]] {
        var found: [String: [String: String]] = [:]
        for entry in try await engine.listAll(.root).entries {
            found["\(entry.key)"] = try await engine.read(entry.key)?.attributes
        }
        return found
    }

    @Test func `what an engine keeps beside an object stays, is taken over and comes back, also after a kill`()
        async throws
    {
        let kept = ["d/a": ["x": "1"], "d/b": ["y": "2", "z": ""], "d/c": [:], "e/x": ["w": "3"]]
        let changed = ["d/b": kept["d/b"], "d/new": kept["d/a"], "e/x": kept["e/x"]]
        for (act, steps) in [RecoveryAct.change, .undo].flatMap({ act in (1...4).map { (act, $0) } }) {
            let engine = MemoryObjectEngine()
            for (key, bytes) in before {
                engine.seed(ObjectKey(key), StoredBytes(bytes), attributes: kept[key] ?? [:])
            }
            let journal = LooopyJournal()
            let planned = try await changes(engine)
            let first: any ObjectEngine = act == .change ? DyingEngine(engine, after: steps) : engine
            _ = try? await changer(first).carryOut(planned, recording: journal)
            if act == .change { _ = try await changer(engine).settle(journal, during: .change) }
            #expect(try await attributes(engine) == changed)
            if act == .undo {
                _ = try? await changer(DyingEngine(engine, after: steps)).undo(journal, inexactly: false)
                _ = try await changer(engine).settle(journal, during: .undo)
            } else {
                _ = try await changer(engine).undo(journal, inexactly: false)
            }
            #expect(try await attributes(engine) == kept, "\(act) \(steps)")
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `what changed since the plan is a conflict before anything is sealed`(
        kind: LooopyTestStore.Kind
    ) async throws {
        for (key, text) in [("d/a", "other"), ("d/b", "other"), ("d/new", "taken")] {
            let store = try await LooopyTestStore(kind, before)
            let planned = try await changes(store.engine)
            try await store.put(key, text)
            let changed = try await store.contents()
            let journal = LooopyJournal()
            let error = await #expect(throws: StorageError.self) {
                try await changer(store.engine).carryOut(planned, recording: journal)
            }
            #expect(error?.kind == .conflict)
            #expect(!journal.isSealed)
            #expect(try await store.contents() == changed)
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `killed after any change it is settled to all or nothing`(kind: LooopyTestStore.Kind) async throws {
        for steps in 0...4 {
            let store = try await LooopyTestStore(kind, before)
            let journal = LooopyJournal()
            let planned = try await changes(store.engine)
            let dying = DyingEngine(store.engine, after: steps)
            _ = try? await changer(dying).carryOut(planned, recording: journal)
            let settled = try await changer(store.engine).settle(journal, during: .change).settlement
            #expect(settled == (steps == 0 ? .notApplied : .applied))
            #expect(try await store.contents() == (steps == 0 ? before : after))
            #expect(try await changer(store.engine).settle(journal, during: .change).settlement == settled)
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an undo killed after any change is settled to all or nothing`(kind: LooopyTestStore.Kind) async throws {
        for steps in 0...4 {
            let store = try await LooopyTestStore(kind, before)
            let journal = LooopyJournal()
            _ = try await changer(store.engine).carryOut(try await changes(store.engine), recording: journal)
            let dying = DyingEngine(store.engine, after: steps)
            _ = try? await changer(dying).undo(journal, inexactly: false)
            let settled = try await changer(store.engine).settle(journal, during: .undo).settlement
            #expect(settled == (steps == 0 ? .applied : .notApplied))
            #expect(try await store.contents() == (steps == 0 ? after : before))
        }
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `settling leaves what another program has changed since`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        let dying = DyingEngine(store.engine, after: 1)
        _ = try? await changer(dying).carryOut(try await changes(store.engine), recording: journal)
        try await store.put("d/c", "theirs")
        let settled = try await changer(store.engine).settle(journal, during: .change)
        #expect(settled.settlement == .applied)
        #expect(settled.notes == ["d/c was changed by another program and is left as it is"])
        var expected = after
        expected["d/c"] = Array("theirs".utf8)
        #expect(try await store.contents() == expected)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a change that was made and written over since is not taken for one that never began`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        let planned = try await changes(store.engine)
        _ = try await changer(store.engine).carryOut(planned, recording: journal)
        for change in planned { try await store.put("\(change.key)", "theirs") }
        let theirs = try await store.contents()
        #expect(try await changer(store.engine).settle(journal, during: .change).settlement == .unclear)
        #expect(try await store.contents() == theirs)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a write that fails takes the ones before it back`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        var planned = try await changes(store.engine)
        // Appears after the check, so that the second write meets it.
        let racing = RacingEngine(store.engine, when: ObjectKey("d/new")) { try? await store.put("d/late", "theirs") }
        planned.append(.create(ObjectKey("d/late"), StoredBytes([7])))
        let error = await #expect(throws: StorageError.self) {
            try await changer(racing).carryOut(planned, recording: journal)
        }
        #expect(error?.kind == .conflict)
        var expected = before
        expected["d/late"] = Array("theirs".utf8)
        #expect(try await store.contents() == expected)
        #expect(try await changer(store.engine).settle(journal, during: .change).settlement == .unclear)
        #expect(try await store.contents() == expected)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `an undo over foreign changes is a conflict, and inexactly keeps them`(
        kind: LooopyTestStore.Kind
    ) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        _ = try await changer(store.engine).carryOut(try await changes(store.engine), recording: journal)
        try await store.put("d/new", "theirs")
        let changed = try await store.contents()
        let error = await #expect(throws: StorageError.self) {
            try await changer(store.engine).undo(journal, inexactly: false)
        }
        #expect(error?.kind == .conflict)
        #expect(try await store.contents() == changed)
        let notes = try await changer(store.engine).undo(journal, inexactly: true)
        #expect(notes == ["d/new was changed by another program and is left as it is"])
        var expected = before
        expected["d/new"] = Array("theirs".utf8)
        #expect(try await store.contents() == expected)
    }

    @Test(arguments: LooopyTestStore.Kind.allCases)
    func `a place taken by something else blocks even an inexact undo`(kind: LooopyTestStore.Kind) async throws {
        let store = try await LooopyTestStore(kind, before)
        let journal = LooopyJournal()
        _ = try await changer(store.engine).carryOut(try await changes(store.engine), recording: journal)
        try await store.put("d/a", "theirs")
        let changed = try await store.contents()
        let error = await #expect(throws: StorageError.self) {
            try await changer(store.engine).undo(journal, inexactly: true)
        }
        #expect(error?.kind == .conflict)
        #expect(try await store.contents() == changed)
    }

    @Test func `a cancelled task does not stop a change halfway`() async throws {
        let store = try await LooopyTestStore(.memory, before)
        let journal = LooopyJournal()
        let planned = try await changes(store.engine)
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        let work = Task {
            let racing = RacingEngine(store.engine, when: ObjectKey("d/new")) {
                for await _ in stream { break }
            }
            return try await changer(racing).carryOut(planned, recording: journal)
        }
        work.cancel()
        continuation.yield()
        continuation.finish()
        // Cancelled before sealing, nothing is changed; after it, everything is.
        _ = try? await work.value
        let contents = try await store.contents()
        #expect(contents == (journal.isSealed ? after : before))
    }
}

/// Lets something happen just before one key is written.
struct RacingEngine: ObjectEngine {
    let engine: any ObjectEngine
    let key: ObjectKey
    let meanwhile: @Sendable () async -> Void

    init(_ engine: any ObjectEngine, when key: ObjectKey, _ meanwhile: @escaping @Sendable () async -> Void) {
        self.engine = engine
        self.key = key
        self.meanwhile = meanwhile
    }

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }

    func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage { try await engine.list(listing) }
    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? { try await engine.stat(key) }
    func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try await engine.read(key, range: range)
    }
    func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try await engine.readMany(keys)
    }
    @discardableResult
    func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        if write.key == key { await meanwhile() }
        return try await engine.write(write)
    }
    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        try await engine.delete(keys, pruning: pruning)
    }
    func close() async {}
}
