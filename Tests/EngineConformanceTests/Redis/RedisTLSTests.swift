import EngineCore
import RedisEngine
import StoredRecords
import TestSupport
import Testing

@Suite(.blocks, .enabled(if: TestServer.redisTLS.isWanted)) struct RedisTLSTests {
    private func reason(_ location: RedisLocation) async -> String? {
        await expectFailure(.failed) { try await RedisEngine(location) }?.reason
    }

    @Test func `a certificate of an authority that is not trusted is refused`() async throws {
        var location = try RedisRoute.tls.location()
        location.tls = RedisTLS()
        #expect(await reason(location)?.hasPrefix("the server's certificate is not trusted (") == true)
    }

    @Test func `a certificate for another name is refused, whatever the host`() async throws {
        let location = try RedisRoute.tls.location()
        var other = location
        other.tls?.serverName = "redis.example"
        #expect(await reason(other) == "the server's certificate is not for redis.example")
        other.tls?.serverName = "127.0.0.2"
        #expect(await reason(other) == "the server's certificate is not for 127.0.0.2")
        // Its certificate is for this address too, and an address can be reached under a name given for it.
        guard case .tcp(_, let port) = location.address else { return }
        var address = location
        address.address = .tcp(host: "127.0.0.1", port: port)
        try await RedisEngine(address).close()
        address.tls?.serverName = "localhost"
        try await RedisEngine(address).close()
    }

    @Test func `a file that cannot be used is named by its option`() async throws {
        var location = try RedisRoute.tls.location()
        location.tls?.certificateFile = "/nowhere"
        #expect(await reason(location)?.hasPrefix("the client's certificate cannot be used") == true)
        location.tls = RedisTLS(authorityFile: "/nowhere")
        #expect(await reason(location)?.hasPrefix("the file of trusted authorities cannot be used") == true)
    }

    @Test func `speaking in clear to a port for TLS and the other way round is told`() async throws {
        var location = try RedisRoute.tls.location()
        location.tls = nil
        let clear = await expectFailure(.unavailable) { try await RedisEngine(location) }
        #expect(clear?.help.contains("rediss://") == true)
        location = try RedisRoute.tcp.location()
        location.tls = RedisTLS()
        let silent = await expectFailure(.unavailable) {
            try await RedisEngine(location, options: EngineOptions(deadline: .seconds(30)))
        }
        #expect(silent?.reason == "the server does not answer in TLS")
        let proxy = try ServerProxy(to: 1, .answer(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)))
        #expect(await reason(proxy.location(location)) == "the server does not speak TLS on this port")
    }

    @Test func `values of many sizes pass through encryption both ways`() async throws {
        let place = try RedisPlace(.tls)
        let engine = try await place.engine()
        for size in [0, 1, 16_383, 16_384, 16_385, 65_535, 65_536, 300_000, 5_000_000] {
            let bytes = StoredBytes((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
            let key = StoredKey("k\(size)")
            try await engine.commit([.set(key, bytes)], expecting: [.absent(key)])
            #expect(try await engine.strings([key])[0].get() == bytes)
            #expect(try place.raw.run("STRLEN", "k\(size)") == .integer(Int64(size)))
        }
        await engine.close()
    }
}
