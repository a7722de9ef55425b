import EngineCore
import RedisEngine
import StoredRecords
import TestSupport
import Testing

@Suite(.enabled(if: TestServer.redisCluster.isWanted), .usesRedis) struct RedisClusterTests {
    /// Where a slot is being moved from and to.
    private struct Move {
        let raw: RawRedis
        let slot: String
        let from: String
        let to: String
        private let fromID: String
        private let toID: String

        init(_ place: RedisPlace, slotOf key: String) throws {
            raw = place.raw
            guard case .integer(let slot) = try raw.run("CLUSTER", "KEYSLOT", key) else {
                throw RawRedisFailure(description: "no slot")
            }
            self.slot = String(slot)
            let nodes = try raw.primaries()
            let owner = try nodes.first {
                guard case .error = try place.raw.run(["EXISTS", key], at: $0) else { return true }
                return false
            }
            guard let owner, let other = nodes.first(where: { $0 != owner }) else {
                throw RawRedisFailure(description: "no owner")
            }
            from = owner
            to = other
            fromID = try Self.id(raw, owner)
            toID = try Self.id(raw, other)
        }

        private static func id(_ raw: RawRedis, _ node: String) throws -> String {
            guard case .bytes(let id) = try raw.run(["CLUSTER", "MYID"], at: node) else { return "" }
            return String(decoding: id, as: UTF8.self)
        }

        func begin() throws {
            _ = try raw.run(["CLUSTER", "SETSLOT", slot, "IMPORTING", fromID], at: to)
            _ = try raw.run(["CLUSTER", "SETSLOT", slot, "MIGRATING", toID], at: from)
        }

        func move(_ key: String) throws {
            let address = to.split(separator: ":").map(String.init)
            _ = try raw.run(["MIGRATE", address[0], address[1], key, "0", "600000"], at: from)
        }

        func finish() throws {
            for node in [to, from] + (try raw.primaries()) {
                _ = try raw.run(["CLUSTER", "SETSLOT", slot, "NODE", toID], at: node)
            }
        }

        /// Gives an empty slot back to the server that had it.
        ///
        /// Only a server that was importing a slot gets a newer epoch with it. Without one, what the other server
        /// said of the slot a moment ago takes it away again, and each sends callers to the other for ever.
        func undo() throws {
            _ = try raw.run(["CLUSTER", "SETSLOT", slot, "IMPORTING", toID], at: from)
            _ = try raw.run(["CLUSTER", "SETSLOT", slot, "MIGRATING", fromID], at: to)
            for node in [from, to] + (try raw.primaries()) {
                _ = try raw.run(["CLUSTER", "SETSLOT", slot, "NODE", fromID], at: node)
            }
        }
    }

    @Test func `a scan finds the keys of every server, and calls follow each key`() async throws {
        let place = try RedisPlace(.cluster)
        let keys = (0..<3000).map { StoredKey("k\($0)") }
        for key in keys { try place.seed(key, .string(StoredBytes("v\(key)"))) }
        for node in try place.raw.primaries() {
            guard case .integer(let size) = try place.raw.run(["DBSIZE"], at: node) else { return }
            #expect(size > 500)
        }
        let engine = try await place.engine()
        var found: [StoredKey] = []
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan("k*", after: cursor, count: 500)
            found += page.keys
            cursor = page.next
        } while cursor != nil
        #expect(found.count == 3000)
        #expect(Set(found) == Set(keys))
        #expect(try await engine.describe(keys).allSatisfy { $0?.type == .string })
        let values = try await engine.strings(keys)
        #expect(try zip(keys, values).allSatisfy { try $1.get()?.text == "v\($0)" })
        await engine.close()
    }

    @Test func `calls follow keys while their slot is moved and after`() async throws {
        let place = try RedisPlace(.cluster)
        let keys = ["{m}a", "{m}b"].map { StoredKey($0) }
        for key in keys { try place.seed(key, .string(StoredBytes("old"))) }
        try place.seed(StoredKey("{m}set"), .set([[1]]))
        let engine = try await place.engine()
        let move = try Move(place, slotOf: "{m}a")
        func values() async throws -> [String?] { try await engine.strings(keys).map { try $0.get()?.text } }
        #expect(try await values() == ["old", "old"])
        try move.begin()
        try move.move("{m}a")
        // One key is there now and the other still here.
        #expect(try await values() == ["old", "old"])
        #expect(try await engine.describe(keys).map { $0?.size } == [3, 3])
        #expect(try await engine.isMember(StoredKey("{m}set"), [[1], [2]]) == [true, false])
        try await engine.commit([.set(keys[0], StoredBytes("new"))], expecting: [.string(keys[0], StoredBytes("old"))])
        try await engine.commit([.set(keys[1], StoredBytes("new"))], expecting: [.string(keys[1], StoredBytes("old"))])
        #expect(try await values() == ["new", "new"])
        await expectFailure(.conflict) {
            try await engine.commit([.delete(keys[0])], expecting: [.string(keys[0], StoredBytes("old"))])
        }
        // No transaction reaches both places.
        let error = await expectFailure(.busy) {
            try await engine.commit(keys.map { .delete($0) }, expecting: keys.map { .string($0, StoredBytes("new")) })
        }
        #expect(error?.reason == "the cluster is moving the keys to another server")
        #expect(try await values() == ["new", "new"])
        try move.move("{m}b")
        try move.move("{m}set")
        try move.finish()
        #expect(try await values() == ["new", "new"])
        try await engine.commit(
            keys.map { .delete($0) } + [.removeMember(StoredKey("{m}set"), [1])],
            expecting: keys.map { .string($0, StoredBytes("new")) })
        #expect(try await values() == [nil, nil])
        try move.undo()
        #expect(try await values() == [nil, nil])
        await engine.close()
    }

    @Test func `strings in several slots are refused before any is changed`() async throws {
        let place = try RedisPlace(.cluster)
        try place.seed(StoredKey("a"), .string(StoredBytes("1")))
        try place.seed(StoredKey("b"), .string(StoredBytes("1")))
        let engine = try await place.engine()
        #expect(!engine.capabilities.hasTransactions)
        let a = StoredKey("a"), b = StoredKey("b"), set = StoredKey("set")
        let refused: [([KeyChange], [KeyExpectation])] = [
            ([.delete(a), .delete(b)], []),
            ([.delete(a)], [.string(b, StoredBytes("1"))]),
            ([.addMember(set, [1])], [.absent(a), .absent(b)]),
            // The guard and the change it guards would not be one.
            ([.delete(a)], [.string(a, StoredBytes("1")), .notMember(set, [1]), .absent(b)]),
        ]
        for (changes, expectations) in refused {
            let error = await expectFailure(.unsupported) { try await engine.commit(changes, expecting: expectations) }
            #expect(error?.help == "give the keys a common {tag} in their names")
        }
        #expect(try await engine.describe([a, b, set]).map { $0?.size } == [1, 1, nil])
        await engine.close()
    }

    @Test func `one slot's strings and members of sets elsewhere are changed, strings first`() async throws {
        let place = try RedisPlace(.cluster)
        let a = StoredKey("a"), set = StoredKey("set")
        let engine = try await place.engine()
        try await engine.commit(
            [.addMember(set, [1]), .setExpiring(a, StoredBytes("1"), nil)], expecting: [.absent(a)])
        #expect(try await engine.isMember(set, [[1]]) == [true])
        // A guard that fails, in either slot, leaves both as they are.
        await expectFailure(.conflict) {
            try await engine.commit(
                [.delete(a), .removeMember(set, [1])], expecting: [.string(a, StoredBytes("2")), .member(set, [1])])
        }
        await expectFailure(.conflict) {
            try await engine.commit(
                [.delete(a), .removeMember(set, [2])], expecting: [.string(a, StoredBytes("1")), .member(set, [2])])
        }
        #expect(try await engine.describe([a, set]).map { $0?.size } == [1, 1])
        try await engine.commit(
            [.delete(a), .removeMember(set, [1])], expecting: [.string(a, StoredBytes("1")), .member(set, [1])])
        #expect(try await engine.describe([a, set]) == [nil, nil])
        await engine.close()
    }

    @Test func `only database 0 exists`() async throws {
        var location = try RedisRoute.cluster.location()
        location.database = 1
        let error = await expectFailure(.invalid) { try await RedisEngine(location) }
        #expect(error?.reason == "a cluster has only database 0")
    }

    @Test func `a cursor of another place is refused`() async throws {
        let place = try RedisPlace(.cluster)
        let engine = try await place.engine()
        for text in ["", "12", "x:y:1", "16384:id:0", "0:id:x"] {
            await expectFailure(.invalid) { try await engine.scan("*", after: KeyCursor(text), count: 1) }
        }
        // One of a server that is gone begins with its successor's first key.
        try place.seed(StoredKey("k"), .string(StoredBytes("v")))
        var found: [StoredKey] = []
        var cursor: KeyCursor? = KeyCursor("0:0123456789:17")
        repeat {
            let page = try await engine.scan("*", after: cursor, count: 100)
            found += page.keys
            cursor = page.next
        } while cursor != nil
        #expect(found == [StoredKey("k")])
        await engine.close()
    }
}
