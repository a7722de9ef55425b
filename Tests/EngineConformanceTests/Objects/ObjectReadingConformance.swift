import EngineCore
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks) struct ObjectReadingConformance {
    @Test(arguments: ObjectBackend.allCases)
    func `what is not there is nil and no failure`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["file", "dir/file"])
        let engine = try await harness.engine()
        for name in ["none", "no/such/dir", "file/below", "dir", "dir/none", "FILE"] {
            #expect(try await engine.stat(ObjectKey(name)) == nil, "\(name)")
            #expect(try await engine.read(ObjectKey(name)) == nil, "\(name)")
            #expect(try await engine.read(ObjectKey(name), range: 0..<5) == nil, "\(name)")
        }
        #expect(
            try await engine.delete([ObjectKey("none"), ObjectKey("dir")], pruning: nil).map(\.failure) == [nil, nil])
        #expect(try await engine.read(ObjectKey("dir/file")) != nil)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `an empty object is there and empty`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(ObjectKey("empty"), [])
        let engine = try await harness.engine()
        #expect(try await engine.stat(ObjectKey("empty"))?.size == 0)
        #expect(try await engine.read(ObjectKey("empty"))?.bytes.count == 0)
        #expect(try await engine.read(ObjectKey("empty"), range: 0..<10)?.bytes.count == 0)
    }

    @Test(arguments: ObjectBackend.allCases, [10, 4096, 70_000, 3 << 20])
    func `a part is clamped to what is there`(backend: ObjectBackend, size: Int) async throws {
        let harness = try backend.harness()
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
        let key = ObjectKey("object")
        try harness.seed(key, bytes)
        let engine = try await harness.engine()
        let whole = try #require(try await engine.read(key))
        #expect(whole.bytes.array == bytes)
        #expect(whole.info == (try await engine.stat(key)))
        let end = Int64(size)
        let ranges: [Range<Int64>] = [
            0..<0, 0..<1, 3..<7, (end - 1)..<end, (end - 1)..<(end + 100), 0..<(end + 1), end..<(end + 5),
            (end + 5)..<(end + 10), 1..<(end - 1), 0..<Int64.max,
        ]
        for range in ranges {
            let part = try #require(try await engine.read(key, range: range))
            let clamped = range.clamped(to: 0..<end)
            #expect(part.bytes.array == Array(bytes[Int(clamped.lowerBound)..<Int(clamped.upperBound)]), "\(range)")
            #expect(part.info.size == end)
        }
    }

    @Test(arguments: ObjectBackend.allCases)
    func `many objects come in the order asked for`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a", "b", "c/d"])
        let engine = try await harness.engine()
        let results = try await engine.readMany(["c/d", "none", "a", "b", "a"].map { ObjectKey($0) })
        #expect(
            try results.map { try $0.get()?.bytes.text }
                == ["content of c/d", nil, "content of a", "content of b", "content of a"])
        #expect(try await engine.readMany([]).isEmpty)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `what was read stays as it was when the object changes`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        for size in [100, 2 << 20] {
            let key = ObjectKey("object\(size)")
            let old = [UInt8](repeating: 1, count: size)
            try harness.seed(key, old)
            let read = try #require(try await engine.read(key))
            try await engine.write(key, StoredBytes([UInt8](repeating: 2, count: size)))
            #expect(read.bytes.array == old)
            _ = try await engine.delete([key], pruning: nil)
            #expect(read.bytes.array == old)
        }
    }

    @Test(arguments: ObjectBackend.allCases)
    func `reading leaves tag and time as they are`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed(["a", "b/c"])
        let engine = try await harness.engine()
        let before = try await engine.listAll(.root).entries
        for entry in before { _ = try await engine.read(entry.key) }
        _ = try await engine.readMany(before.map(\.key))
        #expect(try await engine.listAll(.root).entries == before)
    }

    @Test(arguments: ObjectBackend.allCases)
    func `two readers at once see the same`(backend: ObjectBackend) async throws {
        let harness = try backend.harness()
        try harness.seed((0..<50).map { "k\($0)" })
        let first = try await harness.engine()
        let second = try await harness.engine()
        let keys = try await first.listAll(.root).entries.map(\.key)
        let texts = try await withThrowingTaskGroup(of: [String?].self) { group in
            for engine in [first, second] {
                for _ in 0..<4 {
                    group.addTask { try await engine.readMany(keys).map { try $0.get()?.bytes.text } }
                }
            }
            return try await group.reduce(into: Set<[String?]>()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
        #expect(texts.first?.count == 50)
    }
}
