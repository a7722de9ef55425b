import EngineCore
import RedisEngine
import StoredRecords
import TestSupport
import Testing

/// What a person is told when something is wrong, each within the deadline.
@Suite(.blocks, .enabled(if: TestServer.redis.isWanted)) struct RedisFailureTests {
    private let password = "pass:word@1/2"

    private func failure(
        _ kind: StorageError.Kind, _ location: RedisLocation, _ options: EngineOptions = EngineOptions(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async -> StorageError? {
        let error = await expectFailure(kind, sourceLocation: sourceLocation) {
            try await RedisEngine(location, options: options)
        }
        #expect(error?.place == location.description, sourceLocation: sourceLocation)
        if let password = location.password {
            #expect(error?.description.contains(password) == false, sourceLocation: sourceLocation)
        }
        return error
    }

    private func port(_ location: RedisLocation) throws -> UInt16 {
        guard case .tcp(_, let port) = location.address else { throw RawRedisFailure(description: "no port") }
        return port
    }

    @Test func `nothing listens`() async throws {
        let location = RedisLocation(.tcp(host: "127.0.0.1", port: 1))
        #expect(await failure(.unavailable, location)?.reason == "nothing listens there")
        let missing = RedisLocation(.unix(path: "/nowhere/redis.sock"))
        #expect(await failure(.notFound, missing)?.reason == "there is no such socket")
        let long = RedisLocation(.unix(path: "/" + String(repeating: "x", count: 200)))
        #expect(await failure(.invalid, long)?.reason == "the path of the socket is too long")
        let nameless = RedisLocation(.tcp(host: "no-such-host.invalid", port: 1))
        #expect(
            await failure(.unavailable, nameless)?.reason.hasPrefix("the host no-such-host.invalid is not found")
                == true)
    }

    @Test func `a wrong user, password or database is named as such`() async throws {
        var location = try RedisRoute.tcp.location()
        location.password = "guess"
        location.user = "writer"
        #expect(await failure(.denied, location)?.reason == "the server refuses the user or the password")
        location.user = "nobody"
        #expect(await failure(.denied, location)?.reason == "the server refuses the user or the password")
        location.user = nil
        #expect(await failure(.denied, location)?.reason == "the server has no password for its default user")
        location.password = nil
        location.database = 5000
        #expect(await failure(.notFound, location)?.reason == "the server has no database of this number")
        location.database = 0
        location.user = "writer"
        location.password = password
        let engine = try await RedisEngine(location)
        #expect(engine.capabilities.isWritable)
        await engine.close()
    }

    @Test func `a server that wants a password says so`() async throws {
        let server = try OwnRedis(["user default on >secret1 ~* +@all"])
        #expect(await failure(.denied, server.location)?.reason == "the server wants a user or a password")
        var location = server.location
        location.password = "secret2"
        #expect(await failure(.denied, location)?.reason == "the server refuses the password")
        location.password = "secret1"
        let engine = try await RedisEngine(location)
        #expect(try await engine.scan("*", after: nil, count: 10).keys.isEmpty)
        await engine.close()
    }

    @Test func `a server that accepts and never answers is given up at the deadline`() async throws {
        let proxy = try ServerProxy(to: 1, .silence)
        let location = proxy.location(try RedisRoute.tcp.location())
        let error = await failure(.timedOut, location, EngineOptions(deadline: .milliseconds(200)))
        #expect(error?.reason == "there was no answer within 200 ms")
        var encrypted = location
        encrypted.tls = RedisTLS()
        _ = await failure(.unavailable, encrypted, EngineOptions(deadline: .seconds(30)))
    }

    @Test func `something that is no Redis server is named as such`() async throws {
        let proxy = try ServerProxy(to: 1, .answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)))
        let error = await failure(.failed, proxy.location(try RedisRoute.tcp.location()))
        #expect(error?.reason == "what listens there does not speak Redis's protocol")
    }

    @Test func `a call that waits ends at once when its task is cancelled`() async throws {
        let place = try RedisPlace()
        let proxy = try ServerProxy(to: port(place.location))
        let engine = try await RedisEngine(
            proxy.location(place.location), options: EngineOptions(deadline: .seconds(3000)))
        let connections = proxy.seen.connections
        proxy.set(.silence)
        let reads = proxy.seen.reads
        let task = Task { () throws(StorageError) in try await engine.strings([StoredKey("k")]) }
        while proxy.seen.reads == reads { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        await expectFailure(.cancelled) { try await task.value }
        // The next call finds the connection closed and opens another.
        proxy.set(.none)
        #expect(try await engine.strings([StoredKey("k")])[0].get() == nil)
        #expect(proxy.seen.connections >= connections + 2)
        await engine.close()
    }

    @Test func `a long call holds up neither lists nor writes`() async throws {
        let place = try RedisPlace()
        let proxy = try ServerProxy(to: port(place.location))
        let engine = try await RedisEngine(
            proxy.location(place.location), options: EngineOptions(deadline: .seconds(3000)))
        try await engine.commit([.set(StoredKey("k"), StoredBytes("v"))], expecting: [])
        let waiting = Task { () throws(StorageError) in
            try await engine.strings((0..<100_000).map { StoredKey("k\($0)") })
        }
        #expect(try await engine.scan("*", after: nil, count: 10).keys == [StoredKey("k")])
        try await engine.commit([.delete(StoredKey("k"))], expecting: [])
        #expect(try await waiting.value.count == 100_000)
        await engine.close()
    }

    @Test func `a connection that broke while idle is opened again`() async throws {
        let place = try RedisPlace()
        let proxy = try ServerProxy(to: port(place.location))
        let engine = try await RedisEngine(proxy.location(place.location))
        let key = StoredKey("k")
        for round in 0..<3 {
            try await engine.commit([.set(key, StoredBytes("\(round)"))], expecting: [])
            #expect(try await engine.strings([key])[0].get()?.text == "\(round)")
            #expect(try await engine.describe([key])[0]?.size == 1)
            proxy.set(.gone)
            await expectFailure(.unavailable) { try await engine.strings([key]) }
            proxy.set(.none)
        }
        // Broken without a call that notices.
        #expect(try await engine.strings([key])[0].get()?.text == "2")
        try await engine.commit([.delete(key)], expecting: [.string(key, StoredBytes("2"))])
        proxy.drop()
        try await engine.commit([.set(key, StoredBytes("3"))], expecting: [.absent(key)])
        #expect(try await engine.strings([key])[0].get()?.text == "3")
        await engine.close()
    }

    @Test(arguments: ["SCAN", "PTTL", "GET", "SSCAN", "SMISMEMBER"])
    func `a server that stops in the middle of a read leaves one sentence, and the next call works`(
        command: String
    ) async throws {
        let place = try RedisPlace()
        try place.seed(StoredKey("k"), .string(StoredBytes("v")))
        let proxy = try ServerProxy(to: port(place.location))
        let engine = try await RedisEngine(proxy.location(place.location))
        func call() async throws {
            switch command {
            case "SCAN": #expect(try await engine.scan("*", after: nil, count: 9).keys == [StoredKey("k")])
            case "PTTL": #expect(try await engine.describe([StoredKey("k")])[0]?.size == 1)
            case "GET": #expect(try await engine.strings([StoredKey("k")])[0].get()?.text == "v")
            case "SSCAN": #expect(try await engine.members(StoredKey("s"), after: nil, count: 9).members == [])
            default: #expect(try await engine.isMember(StoredKey("s"), [[1]]) == [false])
            }
        }
        for fault in [ServerProxy.Fault.cutBefore(command), .cutAfter(command)] {
            proxy.set(fault)
            let error = await expectFailure(.unavailable) { try await call() }
            #expect(error?.reason == "the server closed the connection")
            proxy.set(.none)
            try await call()
        }
        await engine.close()
    }

    @Test func `a server that stops in the middle of a commit has made all of it or nothing`() async throws {
        let place = try RedisPlace()
        let proxy = try ServerProxy(to: port(place.location))
        let engine = try await RedisEngine(proxy.location(place.location))
        let a = StoredKey("a"), b = StoredKey("b")
        let changes: [KeyChange] = [.set(a, StoredBytes("1")), .addMember(b, [1])]
        proxy.set(.cutBefore("EXEC"))
        let lost = await expectFailure(.unavailable) { try await engine.commit(changes, expecting: [.absent(a)]) }
        #expect(lost?.reason.contains("all of it is made, or nothing") == true)
        proxy.set(.none)
        #expect(try await engine.describe([a, b]) == [nil, nil])
        proxy.set(.cutAfter("EXEC"))
        let made = await expectFailure(.unavailable) { try await engine.commit(changes, expecting: [.absent(a)]) }
        #expect(made?.reason == lost?.reason)
        proxy.set(.none)
        #expect(try await engine.describe([a, b]).map { $0?.size } == [1, 1])
        // Before the change is sent there is nothing that is not known.
        proxy.set(.cutBefore("WATCH"))
        let before = await expectFailure(.unavailable) { try await engine.commit(changes, expecting: [.absent(a)]) }
        #expect(before?.reason == "the server closed the connection")
        proxy.set(.none)
        await expectFailure(.conflict) { try await engine.commit(changes, expecting: [.absent(a)]) }
        await engine.close()
    }

    @Test func `a server that is stopped and started again is found again`() async throws {
        let server = try OwnRedis([])
        let engine = try await RedisEngine(server.location)
        try await engine.commit([.set(StoredKey("k"), StoredBytes("v"))], expecting: [])
        try server.stop()
        let error = await expectFailure(.unavailable) { try await engine.strings([StoredKey("k")]) }
        #expect(error?.reason == "nothing listens there")
        try server.start()
        #expect(try await engine.strings([StoredKey("k")])[0].get() == nil)
        try await engine.commit([.set(StoredKey("k"), StoredBytes("w"))], expecting: [])
        await engine.close()
    }

    @Test func `a server without memory refuses a change as a whole`() async throws {
        let server = try OwnRedis(["maxmemory-policy noeviction"])
        let engine = try await RedisEngine(server.location)
        guard case .tcp(let host, let port) = server.location.address else { return }
        try RawRedis(address: "\(host):\(port)").run("CONFIG", "SET", "maxmemory", "100kb")
        let error = await expectFailure(.full) {
            try await engine.commit(
                [.addMember(StoredKey("s"), [1]), .set(StoredKey("b"), StoredBytes("v"))], expecting: [])
        }
        #expect(error?.reason == "the server has no memory left")
        #expect(try await engine.describe([StoredKey("s"), StoredKey("b")]) == [nil, nil])
        await engine.close()
    }
}
