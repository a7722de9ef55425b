import EngineCore
import RedisEngine
import S3Engine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// How often servers are asked for what is shown, counted at the servers.
@Suite struct ServerCostTests {
    @Test func `ten thousand indexes on S3 are listed with one request for a thousand of their documents`() async throws
    {
        let count = 10_000
        let keys = (0..<count).flatMap { number in
            ["search.json", "state.json"].map { "p/indexes/k\(10_000 + number)/\($0)" }
        }
        let bucket = try ScriptedBucket(
            keys, body: #"{"version":1,"contextState":{"mode":"full","blobs":[]},"source":{"type":"github"}}"#)
        defer { bucket.server.close() }
        let engine = try await S3Engine(
            S3Location(bucket: "b", prefix: "p", region: "us-east-1", endpoint: bucket.server.endpoint),
            credentials: S3Credentials(keyID: "AKIAKEY", secret: "secret"),
            options: EngineOptions(readOnly: true, deadline: .seconds(300)))
        let layouts = try await LayoutDetection.detect(.objects(engine), .test())
        let layout = try #require(layouts.first { $0.kinds.contains(.index) })
        let before = bucket.asked
        let page = try await layout.list(
            RecordQuery(.index, sort: RecordSort(.key, descending: false), page: PageRequest(limit: 50)))
        #expect(page.items.count == 50)
        #expect(page.total == .exact(count))
        #expect(bucket.asked.lists - before.lists == 2 * count / 1000, "\(bucket.asked) \(before)")
        #expect(before.lists <= 10 && before.objects <= 10)
    }

    /// Bytes of values would need far more: each thread here holds 2 KB.
    @Test(.enabled(if: TestServer.redis.isWanted), .usesRedis)
    func `the list of many threads in Redis asks for a batch at a time and reads what is on the page`() async throws {
        let place = try RedisPlace()
        let count = 20_000
        try place.raw.run(
            "EVAL",
            """
            local pad = string.rep('x', 2000)
            for i = 1, \(count) do
              redis.call('SET', 'thread:' .. (100000 + i), '{"messages":[{"role":"user","content":"' .. pad .. '"}]}')
            end
            """, "0")
        let proxy = try ServerProxy(
            to: UInt16(RawRedis.address(TestServer.redis.value()).split(separator: ":")[1]) ?? 0)
        var location = place.location
        location.address = .tcp(host: "127.0.0.1", port: proxy.port)
        let engine = try await RedisEngine(location, options: EngineOptions(deadline: .seconds(300)))
        let layouts = try await LayoutDetection.detect(.keys(engine), .test())
        let layout = try #require(layouts.first { $0.kinds.contains(.thread) })
        let before = (reads: proxy.seen.reads, sent: try sent(place))
        let page = try await layout.list(RecordQuery(.thread, page: PageRequest(limit: 50)))
        #expect(page.items.count == 50)
        #expect(page.items.allSatisfy { $0.messages == 1 })
        #expect(page.total == .exact(count))
        // A scan page holds a thousand keys, a pipeline tells of five hundred.
        let reads = proxy.seen.reads - before.reads
        #expect(reads < 3 * (count / 1000 + count / 500), "\(reads) requests")
        // Keys, types and sizes; of the values only those of the page.
        #expect(try sent(place) - before.sent < count * 2000 / 4)
        await engine.close()
    }

    /// How many bytes the server has sent to all its clients.
    private func sent(_ place: RedisPlace) throws -> Int {
        guard case .bytes(let bytes) = try place.raw.run("INFO", "stats") else { return 0 }
        let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first {
            $0.hasPrefix("total_net_output_bytes:")
        }
        return line.flatMap { Int($0.split(separator: ":")[1]) } ?? 0
    }
}
