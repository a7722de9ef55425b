import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks) struct ObjectWritingConformance {
    @Test(arguments: ObjectBackend.allCases, [0, 1, 5000, 2 << 20])
    func `what is written is read back`(backend: ObjectBackend, size: Int) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let key = ObjectKey("new/dir/object")
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let info = try await engine.write(key, StoredBytes(bytes))
        #expect(info.size == Int64(size))
        #expect(try await engine.read(key)?.bytes.array == bytes)
        #expect(try await engine.stat(key) == info)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `every write gives the object another tag`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        var tags: Set<String> = []
        // Where the tag is a digest of the content, the same bytes are no change.
        for round in 0..<20 {
            let text = harness.hasContentTags ? "round \(round)" : "same"
            tags.insert(try await engine.write(ObjectKey("k"), StoredBytes(text)).tag)
        }
        #expect(tags.count == 20)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a write that wants the name free fails when it is taken`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(engine.capabilities.hasConditionalWrite)
        try harness.seed(ObjectKey("taken"), Array("old".utf8))
        await expectFailure(.conflict) {
            try await engine.write(ObjectKey("taken"), StoredBytes("new"), condition: .ifAbsent)
        }
        #expect(try await engine.read(ObjectKey("taken"))?.bytes.text == "old")
        try await engine.write(ObjectKey("free/x"), StoredBytes("new"), condition: .ifAbsent)
        #expect(try await engine.read(ObjectKey("free/x"))?.bytes.text == "new")
    }

    @Test(arguments: ObjectBackend.allCases)
    func `of many that want the name free one gets it`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        var engines: [any ObjectEngine] = []
        for _ in 0..<4 { engines.append(try await harness.engine()) }
        let winners = await withTaskGroup(of: String?.self) { group in
            for (number, engine) in engines.enumerated() {
                group.addTask {
                    let text = "writer \(number)"
                    let written = try? await engine.write(
                        ObjectKey("one"), StoredBytes(text), condition: .ifAbsent)
                    return written == nil ? nil : text
                }
            }
            return await group.reduce(into: [String]()) { if let winner = $1 { $0.append(winner) } }
        }
        #expect(winners.count == 1)
        #expect(try await engines[0].read(ObjectKey("one"))?.bytes.text == winners.first)
        #expect(try await engines[0].listAll(.root).entries.count == 1)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `a write that wants the object unchanged notices every change`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let key = ObjectKey("dir/object")
        let first = try await engine.write(key, StoredBytes("one"))
        let second = try await engine.write(key, StoredBytes("two"), condition: .ifUnchanged(first.tag))
        await expectFailure(.conflict) {
            try await engine.write(key, StoredBytes("late"), condition: .ifUnchanged(first.tag))
        }
        try harness.seed(key, Array("outside".utf8))
        await expectFailure(.conflict) {
            try await engine.write(key, StoredBytes("late"), condition: .ifUnchanged(second.tag))
        }
        #expect(try await engine.read(key)?.bytes.text == "outside")
        let current = try #require(try await engine.stat(key))
        _ = try await engine.delete([key], pruning: .root)
        await expectFailure(.conflict) {
            try await engine.write(key, StoredBytes("late"), condition: .ifUnchanged(current.tag))
        }
        #expect(try await engine.stat(key) == nil)
    }

    @Test(arguments: ObjectBackend.allCases, [0, 3, 200])
    func `many writes are made in order and told as the store has them`(
        backend: ObjectBackend, count: Int
    ) async throws {
        let harness = try backend.harness()
        try harness.seed(ObjectKey("d3/object"), Array("old".utf8))
        let engine = try await harness.engine()
        // Over more directories than are held open at once.
        let keys = (0..<count).map { ObjectKey($0 % 3 == 0 ? "d\($0)/object" : "flat/object-\($0)") }
        let outcome = await engine.writeMany(keys.map { ObjectWrite($0, StoredBytes("new \($0)")) })
        #expect(outcome.failure == nil)
        #expect(outcome.written.map(\.key) == keys)
        for info in outcome.written {
            #expect(try await engine.read(info.key)?.info == info)
            #expect(try await engine.read(info.key)?.bytes.text == "new \(info.key)")
        }
    }

    @Test(arguments: ObjectBackend.allCases, [1, 40])
    func `of many writes none is made behind one that fails`(backend: ObjectBackend, count: Int) async throws {
        let harness = try backend.harness()
        try harness.seed(ObjectKey("taken"), Array("old".utf8))
        let engine = try await harness.engine()
        let free = (0..<count).map { ObjectWrite(ObjectKey("a/\($0)"), StoredBytes("x"), condition: .ifAbsent) }
        let late = (0..<count).map { ObjectWrite(ObjectKey("z/\($0)"), StoredBytes("x"), condition: .ifAbsent) }
        for condition in [WriteCondition.ifAbsent, .ifUnchanged("other")] {
            let wrong = ObjectWrite(ObjectKey("taken"), StoredBytes("new"), condition: condition)
            let outcome = await engine.writeMany(free + [wrong] + late)
            #expect(outcome.failure?.kind == .conflict)
            #expect(outcome.written.map(\.key) == free.prefix(outcome.written.count).map(\.key))
            let stored = try await engine.listAll(.root).entries.map(\.key)
            #expect(Set(stored) == Set(outcome.written.map(\.key) + [ObjectKey("taken")]))
            _ = try await engine.delete(free.map(\.key), pruning: .root)
        }
        let twice = ObjectWrite(ObjectKey("same"), StoredBytes("x"), condition: .ifAbsent)
        let outcome = await engine.writeMany(free + [twice, twice] + late)
        #expect(outcome.failure?.kind == .conflict)
        #expect(outcome.written.map(\.key) == (free + [twice]).map(\.key))
    }

    @Test(arguments: ObjectBackend.allCases)
    func `concurrent readers see whole objects only`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let writer = try await harness.engine()
        let reader = try await harness.engine()
        let key = ObjectKey("object")
        let size = 200_000
        try await writer.write(key, StoredBytes([UInt8](repeating: 0, count: size)))
        let isDone = Flag()
        let mixed = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                for round in 1...30 {
                    try await writer.write(
                        key, StoredBytes([UInt8](repeating: UInt8(round), count: size + round)))
                }
                isDone.set()
                return 0
            }
            group.addTask {
                var mixed = 0
                while !isDone.isSet {
                    let bytes = try await reader.read(key)?.bytes.array ?? []
                    let value = bytes.first ?? 255
                    if bytes.count != size + Int(value) || !bytes.allSatisfy({ $0 == value }) { mixed += 1 }
                }
                return mixed
            }
            return try await group.reduce(0, +)
        }
        #expect(mixed == 0)
        #expect(try await reader.read(key)?.bytes.array.first == 30)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `deleting gives one answer for each key`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a", "b/c", "b/d", "e"])
        let engine = try await harness.engine()
        let keys = ["b/c", "none", "a", "b/c"].map { ObjectKey($0) }
        #expect(try await engine.delete(keys, pruning: nil) == keys.map { ObjectDeletion(key: $0) })
        #expect(try await engine.listAll(.root).entries.map(\.key.description) == ["b/d", "e"])
        #expect(try await engine.delete([], pruning: .root).isEmpty)
    }
}
