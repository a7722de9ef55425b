import EngineCore
import RedisEngine
import StoredRecords
import TestSupport
import Testing

/// What a single real server shows beyond the suite of its family.
@Suite(.blocks, .enabled(if: TestServer.redis.isWanted)) struct RedisServerTests {
    private func user(_ name: String, _ place: RedisPlace) -> RedisLocation {
        var location = place.location
        location.user = name
        location.password = "pass:word@1/2"
        return location
    }

    @Test func `a user who may only read reads, and is not writable from the start`() async throws {
        let place = try RedisPlace()
        try place.seed(StoredKey("k"), .string(StoredBytes("v")))
        // Without the right to choose a database.
        var location = user("reader", place)
        location.database = 0
        let engine = try await RedisEngine(location)
        #expect(!engine.capabilities.isWritable)
        #expect(try await engine.describe([StoredKey("no such key")]) == [nil])
        let error = await expectFailure(.readOnly) {
            try await engine.commit([.delete(StoredKey("no such key"))], expecting: [])
        }
        #expect(error?.reason == "the server's user may only read")
        await engine.close()
        await expectFailure(.denied) { try await RedisEngine(user("reader", place)) }
    }

    @Test func `a key that a user may not touch is a failure of its own`() async throws {
        let place = try RedisPlace()
        try place.seed(StoredKey("open:a"), .string(StoredBytes("v")))
        try place.seed(StoredKey("closed"), .string(StoredBytes("v")))
        let engine = try await RedisEngine(user("limited", place))
        #expect(engine.capabilities.isWritable)
        let keys = [StoredKey("open:a"), StoredKey("closed")]
        #expect(
            try await engine.describe(keys) == [
                KeyInfo(type: .string, size: 1, timeToLive: nil), KeyInfo(type: .other, size: 0, timeToLive: nil),
            ])
        let values = try await engine.strings(keys)
        #expect(try values[0].get()?.text == "v")
        let error = #expect(throws: StorageError.self) { try values[1].get() }
        #expect(
            error?.description
                == "cannot read closed in \(place.location): the user may not touch this key; ask for the permission")
        await expectFailure(.denied) { try await engine.commit(keys.map { .delete($0) }, expecting: []) }
        #expect(try await engine.describe(keys)[0]?.size == 1)
        try await engine.commit([.delete(keys[0])], expecting: [])
        await engine.close()
    }

    @Test func `a replica is not writable`() async throws {
        let primary = try OwnRedis([])
        guard case .tcp(_, let port) = primary.location.address else { return }
        let replica = try OwnRedis(["replicaof 127.0.0.1 \(port)"])
        let engine = try await RedisEngine(replica.location)
        #expect(!engine.capabilities.isWritable)
        await engine.close()
    }

    @Test func `opening and reading change nothing on the server`() async throws {
        let server = try OwnRedis([])
        guard case .tcp(_, let port) = server.location.address else { return }
        let raw = RawRedis(address: "127.0.0.1:\(port)")
        let engine = try await RedisEngine(server.location)
        _ = try await engine.scan("*", after: nil, count: 10)
        _ = try await engine.describe([StoredKey("k")])
        #expect(try raw.run("DBSIZE") == .integer(0))
        guard case .bytes(let info) = try raw.run("INFO", "persistence") else { return }
        #expect(String(decoding: info, as: UTF8.self).contains("rdb_changes_since_last_save:0\r\n"))
        await engine.close()
    }

    @Test func `thousands of keys take few round trips`() async throws {
        let place = try RedisPlace()
        let keys = (0..<5000).map { StoredKey("k\($0)") }
        for key in keys { try place.seed(key, .string(StoredBytes("value of \(key)"))) }
        guard case .tcp(_, let port) = place.location.address else { return }
        let proxy = try ServerProxy(to: port)
        let engine = try await RedisEngine(proxy.location(place.location))
        _ = try await engine.describe([])
        var found: [StoredKey] = []
        var cursor: KeyCursor?
        let atFirst = proxy.seen.reads
        repeat {
            let page = try await engine.scan("k*", after: cursor, count: 1000)
            found += page.keys
            cursor = page.next
        } while cursor != nil
        #expect(Set(found) == Set(keys))
        #expect(proxy.seen.reads - atFirst <= 8)
        // What is sent may arrive in several pieces of up to 64 KB each; a trip for each key would be 5,000.
        let atSecond = proxy.seen.reads
        #expect(try await engine.describe(keys).allSatisfy { $0?.type == .string })
        #expect(proxy.seen.reads - atSecond < 100)
        let atThird = proxy.seen.reads
        let values = try await engine.strings(keys)
        #expect(try zip(keys, values).allSatisfy { try $1.get()?.text == "value of \($0)" })
        #expect(proxy.seen.reads - atThird < 200)
        await engine.close()
    }

    @Test func `a value of 200 MB is read in part, as a whole, and written`() async throws {
        let place = try RedisPlace()
        let key = StoredKey("large")
        let size = 200 << 20
        try place.raw.run("SETRANGE", "large", String(size - 4), "tail")
        let engine = try await place.engine(EngineOptions(deadline: .seconds(300)))
        #expect(try await engine.describe([key])[0]?.size == size)
        #expect(
            try await engine.string(key, range: Int64(size - 6)..<Int64(size + 9))?.array == [0, 0] + Array("tail".utf8)
        )
        let value = try #require(try await engine.strings([key])[0].get())
        #expect(value.count == size)
        #expect(value.slice(size - 4..<size) == Array("tail".utf8))
        let copy = StoredKey("copy")
        try await engine.commit([.set(copy, value), .delete(key)], expecting: [.absent(copy)])
        #expect(try await engine.describe([key, copy]).map { $0?.size } == [nil, size])
        try place.raw.run("DEL", "copy")
        await engine.close()
    }

    @Test func `every type of value has a name and a size`() async throws {
        let place = try RedisPlace()
        try place.seed(StoredKey("sorted"), .sortedSet([[1]: 1, [2]: 2]))
        try place.seed(StoredKey("stream"), .stream(entries: 3))
        try place.seed(StoredKey("list"), .list([[1]]), timeToLive: .seconds(1000))
        let engine = try await place.engine()
        let infos = try await engine.describe(["sorted", "stream", "list"].map { StoredKey($0) })
        #expect(infos.map { $0?.type } == [.sortedSet, .stream, .list])
        #expect(infos.map { $0?.size } == [2, 3, 1])
        #expect(infos[2]?.timeToLive.map { $0 > .seconds(900) } == true)
        await engine.close()
    }

    @Test func `a cursor of another place is refused`() async throws {
        let place = try RedisPlace()
        let engine = try await place.engine()
        for text in ["", "x", "-1", "1:2:3", "99999999999999999999999"] {
            await expectFailure(.invalid) { try await engine.scan("*", after: KeyCursor(text), count: 1) }
            await expectFailure(.invalid) { try await engine.members(StoredKey("s"), after: KeyCursor(text), count: 1) }
        }
        await engine.close()
    }

    @Test func `while another client appends, no change on what was seen loses an append`() async throws {
        let place = try RedisPlace()
        let key = StoredKey("log")
        try place.seed(key, .string(StoredBytes("")))
        let engine = try await place.engine()
        let isOver = Flag()
        let raw = RawRedis(address: RawRedis.address(try TestServer.redis.value()), database: place.location.database)
        let appends = Task.detached {
            var count = 0
            while !isOver.isSet {
                try raw.run("APPEND", "log", "x")
                count += 1
                // In bursts: without a break a slow machine would never see a change taken.
                if count % 20 == 0 { try await Task.sleep(for: .milliseconds(2)) }
                await Task.yield()
            }
            return count
        }
        var taken = 0
        var conflicts = 0
        var rounds = 0
        while rounds < 1000 || (rounds < 200_000 && taken == 0) {
            rounds += 1
            guard let seen = try await engine.strings([key])[0].get() else { continue }
            // Else a machine that lets the other run seldom would never see a conflict.
            if rounds == 1 { try raw.run("APPEND", "log", "x") }
            do {
                try await engine.commit(
                    [.set(key, StoredBytes(seen.slice(seen.count / 2..<seen.count)))], expecting: [.string(key, seen)])
                taken += seen.count / 2
            } catch {
                guard error.kind == .conflict else { throw error }
                conflicts += 1
            }
        }
        isOver.set()
        let count = try await appends.value + 1
        let left = try await engine.strings([key])[0].get()?.count ?? 0
        #expect(taken + left == count)
        #expect(taken > 0 && conflicts > 0)
        await engine.close()
    }
}
