import EngineCore
import StoredRecords
import TestSupport
import Testing

/// Keys of one commit share a `{tag}`, so that a cluster can change them together.
@Suite(.usesRedis) struct KeyspaceConformance {
    private func scan(_ engine: any KeyspaceEngine, _ pattern: String, count: Int) async throws -> [String] {
        var found: [String] = []
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan(pattern, after: cursor, count: count)
            found += page.keys.map(\.description)
            cursor = page.next
        } while cursor != nil
        return found.sorted()
    }

    private func text(_ engine: any KeyspaceEngine, _ key: String) async throws -> String? {
        try await engine.strings([StoredKey(key)])[0].get()?.text
    }

    /// The remaining life in steps of a thousand seconds, as a server's clock runs on while a test does.
    private func life(_ info: KeyInfo?) -> Duration? {
        info?.timeToLive.map { .seconds(($0.components.seconds + 999) / 1000 * 1000) }
    }

    @Test(arguments: KeyBackend.wanted)
    func `an empty keyspace holds nothing`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        #expect(try await scan(engine, "*", count: 10) == [])
        #expect(try await engine.keyCount() == 0)
        #expect(try await engine.describe([StoredKey("none")]) == [nil])
        #expect(try await text(engine, "none") == nil)
        #expect(try await engine.string(StoredKey("none"), range: 0..<5) == nil)
        #expect(try await engine.members(StoredKey("none"), after: nil, count: 5) == MemberPage(members: [], next: nil))
        #expect(try await engine.isMember(StoredKey("none"), [[1], [2]]) == [false, false])
    }

    @Test(arguments: KeyBackend.wanted, [1, 2, 3, 7, 100])
    func `a scan with any count finds every matching key once`(backend: KeyBackend, count: Int) async throws {
        let harness = try backend.harness()
        for number in 0..<20 { try harness.seed("thread:\(number)", "x") }
        for key in ["other", "thread", "Thread:1", "x:thread:1"] { try harness.seed(key, "x") }
        let engine = try await harness.engine()
        #expect(try await scan(engine, "thread:*", count: count) == (0..<20).map { "thread:\($0)" }.sorted())
        #expect(try await scan(engine, "*", count: count).count == 24)
        #expect(try await engine.keyCount() == 24)
    }

    @Test(arguments: KeyBackend.wanted)
    func `a key that stays is found whatever comes and goes during a scan`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        for number in 10..<30 { try harness.seed("k\(number)", "x") }
        let engine = try await harness.engine()
        var found: Set<String> = []
        var cursor: KeyCursor?
        var round = 0
        repeat {
            let page = try await engine.scan("*", after: cursor, count: 3)
            found.formUnion(page.keys.map(\.description))
            try await engine.commit(
                [.set(StoredKey("j\(round)"), StoredBytes("new"))], expecting: [])
            try await engine.commit([.delete(StoredKey("k\(20 + round)"))], expecting: [])
            round += 1
            cursor = page.next
        } while cursor != nil
        #expect(found.isSuperset(of: (10..<20).map { "k\($0)" }))
    }

    @Test(arguments: KeyBackend.wanted)
    func `keys and strings are bytes`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let keys = [
            StoredKey(bytes: [0xFF, 0]), StoredKey(""), StoredKey("new\nline"), StoredKey("日本 🙂"), StoredKey("a:b:c"),
            StoredKey("..\\x41"), StoredKey(String(repeating: "k", count: 5000)),
        ]
        for key in keys {
            try await engine.commit([.set(key, StoredBytes(key.bytes + [0, 0xFE]))], expecting: [])
        }
        #expect(try await scan(engine, "*", count: 2) == keys.map(\.description).sorted())
        #expect(try await engine.strings(keys).map { try $0.get()?.array } == keys.map { $0.bytes + [0, 0xFE] })
        #expect(keys.map { StoredKey(description: $0.description) } == keys)
    }

    @Test(arguments: KeyBackend.wanted)
    func `type size and life are described`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("string", .string(StoredBytes("12345")), life: .seconds(6000))
        try harness.seed("set", .set([[1], [2]]), life: nil)
        try harness.seed("list", .list([[1], [1], [2]]), life: nil)
        try harness.seed("hash", .hash([[1]: [2]]), life: nil)
        let engine = try await harness.engine()
        try harness.pass(.seconds(1000))
        let keys = ["set", "none", "string", "list", "hash"].map { StoredKey($0) }
        var infos = try await engine.describe(keys)
        #expect(life(infos[2]) == .seconds(5000))
        infos[2]?.timeToLive = nil
        #expect(
            infos == [
                KeyInfo(type: .set, size: 2, timeToLive: nil), nil, KeyInfo(type: .string, size: 5, timeToLive: nil),
                KeyInfo(type: .list, size: 3, timeToLive: nil), KeyInfo(type: .hash, size: 1, timeToLive: nil),
            ])
    }

    @Test(arguments: KeyBackend.wanted)
    func `a key goes when its life is over`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let key = StoredKey("k")
        try await engine.commit([.setExpiring(key, StoredBytes("a"), .seconds(1000))], expecting: [.absent(key)])
        try harness.pass(.seconds(900))
        #expect(try await text(engine, "k") == "a")
        try harness.pass(.seconds(100))
        #expect(try await text(engine, "k") == nil)
        #expect(try await engine.describe([key]) == [nil])
        #expect(try await scan(engine, "*", count: 5) == [])
        try await engine.commit([.set(key, StoredBytes("b"))], expecting: [.absent(key)])
        try harness.pass(.seconds(5000))
        #expect(try await text(engine, "k") == "b")
    }

    @Test(arguments: KeyBackend.wanted)
    func `setting keeps the remaining life unless it is given another`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let key = StoredKey("k")
        try await engine.commit([.setExpiring(key, StoredBytes("a"), .seconds(10_000))], expecting: [])
        try harness.pass(.seconds(4000))
        try await engine.commit([.set(key, StoredBytes("b"))], expecting: [])
        #expect(life(try await engine.describe([key])[0]) == .seconds(6000))
        try await engine.commit([.setExpiring(key, StoredBytes("c"), .seconds(20_000))], expecting: [])
        #expect(life(try await engine.describe([key])[0]) == .seconds(20_000))
        try await engine.commit([.setExpiring(key, StoredBytes("d"), nil)], expecting: [])
        #expect(try await engine.describe([key])[0]?.timeToLive == nil)
        await expectFailure(.invalid) {
            try await engine.commit([.setExpiring(key, StoredBytes("e"), .zero)], expecting: [])
        }
        #expect(try await text(engine, "k") == "d")
    }

    @Test(arguments: KeyBackend.wanted)
    func `a part of a string is clamped to what is there`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("k", "0123456789")
        let engine = try await harness.engine()
        for (range, part): (Range<Int64>, String) in [
            (0..<3, "012"), (8..<100, "89"), (10..<20, ""), (50..<60, ""), (4..<4, ""), (0..<Int64.max, "0123456789"),
        ] {
            #expect(try await engine.string(StoredKey("k"), range: range)?.text == part, "\(range)")
        }
    }

    @Test(arguments: KeyBackend.wanted)
    func `a key of another type is a failure of that key alone`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("list", .list([[1]]), life: nil)
        try harness.seed("string", "x")
        let engine = try await harness.engine()
        let results = try await engine.strings([StoredKey("list"), StoredKey("string")])
        #expect(throws: StorageError.self) { try results[0].get() }
        #expect(try results[1].get()?.text == "x")
        await expectFailure(.corrupt) { try await engine.string(StoredKey("list"), range: 0..<1) }
        await expectFailure(.corrupt) { try await engine.members(StoredKey("string"), after: nil, count: 1) }
        await expectFailure(.corrupt) { try await engine.isMember(StoredKey("string"), [[1]]) }
        await expectFailure(.corrupt) {
            try await engine.commit(
                [.set(StoredKey("new"), StoredBytes("x")), .addMember(StoredKey("string"), [1])], expecting: [])
        }
        #expect(try await text(engine, "new") == nil)
    }

    @Test(arguments: KeyBackend.wanted, [1, 2, 5, 50])
    func `members of a set come in pages`(backend: KeyBackend, count: Int) async throws {
        let harness = try backend.harness()
        let all = (0..<20).map { [UInt8($0), 0xFF] }
        try harness.seed("set", .set(Set(all)), life: nil)
        let engine = try await harness.engine()
        var found: Set<[UInt8]> = []
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.members(StoredKey("set"), after: cursor, count: count)
            found.formUnion(page.members)
            cursor = page.next
        } while cursor != nil
        #expect(found == Set(all))
        #expect(try await engine.isMember(StoredKey("set"), [all[3], [9, 9], all[0]]) == [true, false, true])
    }

    @Test(arguments: KeyBackend.wanted)
    func `a set appears with its first member and goes with its last`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        let key = StoredKey("set")
        try await engine.commit([.addMember(key, [1]), .addMember(key, [1]), .addMember(key, [2])], expecting: [])
        #expect(try await engine.describe([key])[0]?.size == 2)
        try await engine.commit([.removeMember(key, [1]), .removeMember(key, [7])], expecting: [])
        #expect(try await engine.members(key, after: nil, count: 9).members == [[2]])
        try await engine.commit([.removeMember(key, [2]), .removeMember(StoredKey("none"), [1])], expecting: [])
        #expect(try await engine.describe([key]) == [nil])
    }

    @Test(arguments: KeyBackend.wanted)
    func `a commit whose expectation fails changes nothing`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("{t}a", "1")
        try harness.seed("{t}set", .set([[1]]), life: nil)
        let engine = try await harness.engine()
        let a = StoredKey("{t}a"), set = StoredKey("{t}set"), none = StoredKey("{t}none")
        let failing: [KeyExpectation] = [
            .absent(a), .string(a, StoredBytes("2")), .string(none, StoredBytes("1")), .string(set, StoredBytes("1")),
            .member(set, [2]), .notMember(set, [1]), .member(none, [1]), .absent(set),
        ]
        for expectation in failing {
            await expectFailure(.conflict) {
                try await engine.commit(
                    [.delete(a), .delete(set)], expecting: [.string(a, StoredBytes("1")), expectation])
            }
        }
        #expect(try await text(engine, "{t}a") == "1")
        let holding: [KeyExpectation] = [
            .absent(none), .string(a, StoredBytes("1")), .member(set, [1]), .notMember(set, [2]), .notMember(none, [1]),
        ]
        try await engine.commit([.delete(a), .delete(set), .delete(none)], expecting: holding)
        #expect(try await scan(engine, "*", count: 9) == [])
    }

    @Test(arguments: KeyBackend.wanted)
    func `of many that expect the same string one succeeds`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("k", "0")
        let engines = [try await harness.engine(), try await harness.engine()]
        let key = StoredKey("k")
        let won = await withTaskGroup(of: Bool.self) { group in
            for number in 1...10 {
                group.addTask {
                    (try? await engines[number % 2].commit(
                        [.set(key, StoredBytes("\(number)"))], expecting: [.string(key, StoredBytes("0"))])) != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        #expect(try await text(engines[0], "k") != "0")
    }

    @Test(arguments: KeyBackend.wanted)
    func `a read-only engine refuses a commit before anything is touched`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        try harness.seed("k", "x")
        let engine = try await harness.engine(EngineOptions(readOnly: true))
        #expect(
            engine.capabilities
                == EngineCapabilities(family: .keys, write: .readOnly, hasTransactions: harness.hasTransactions))
        await expectFailure(.readOnly) { try await engine.commit([.delete(StoredKey("k"))], expecting: []) }
        #expect(try await text(engine, "k") == "x")
        await engine.close()
        await expectFailure(.readOnly) { try await engine.commit([.delete(StoredKey("k"))], expecting: []) }
    }

    @Test(arguments: KeyBackend.wanted)
    func `a closed engine is unavailable`(backend: KeyBackend) async throws {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        await engine.close()
        await expectFailure(.unavailable) { try await engine.scan("*", after: nil, count: 1) }
        await expectFailure(.unavailable) { try await engine.describe([]) }
        await expectFailure(.unavailable) { try await engine.strings([]) }
        await expectFailure(.unavailable) { try await engine.string(StoredKey("k"), range: 0..<1) }
        await expectFailure(.unavailable) { try await engine.members(StoredKey("k"), after: nil, count: 1) }
        await expectFailure(.unavailable) { try await engine.isMember(StoredKey("k"), []) }
        await expectFailure(.unavailable) { try await engine.commit([], expecting: []) }
    }
}
