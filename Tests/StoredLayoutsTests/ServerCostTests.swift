import EngineCore
import RedisEngine
import S3Engine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// How often servers are asked for what is shown, counted at the servers.
@Suite struct ServerCostTests {
    @Test func `ten thousand indexes on S3 are all shown after eleven list requests`() async throws {
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
        let opened = bucket.asked
        #expect(opened.lists <= 10 && opened.objects <= 10)
        var query = RecordQuery(.index, page: PageRequest(limit: 50))
        let first = try await layout.list(query)
        #expect(first.items.count == 50)
        #expect(first.items.allSatisfy { $0.notes.isEmpty && $0.bytes != nil })
        #expect(first.total == .estimated(count))
        // Two documents each are looked at and two are read, on this page alone.
        #expect(bucket.asked.objects - opened.objects <= 2 + 4 * 50)
        #expect(try await layout.count(.index) == .estimated(count))
        var next: PageCursor?
        var shown = first.items.map(\.id.key)
        for _ in 0..<20 {
            query.page.start = .after(try #require(shown.count == 50 ? first.next : next))
            let page = try await layout.list(query)
            shown += page.items.map(\.id.key)
            next = page.next
        }
        #expect(shown == (0..<21 * 50).map { "k\(10_000 + $0)" })
        query.page.start = .last
        #expect(try await layout.list(query).items.map(\.id.key) == (count - 50..<count).map { "k\(10_000 + $0)" })
        // Every further page is found by the names that are known by now.
        #expect(bucket.asked.lists - opened.lists <= 11, "\(bucket.asked) \(opened)")
    }

    /// Bytes of values would need far more: each thread here holds 2 KB.
    @Test(.enabled(if: TestServer.redis.isWanted), .usesRedis)
    func `the first screen of many threads in Redis takes one part of a scan, and every thread comes once`()
        async throws
    {
        let place = try RedisPlace()
        let count = 20_000
        try place.raw.run(
            "EVAL",
            """
            local pad = string.rep('x', 2000)
            for i = 1, \(count) do
              redis.call('SET', 'thread:' .. (100000 + i), '{"messages":[{"role":"user","content":"' .. pad .. '"}]}')
              redis.call('SADD', 'threads', 100000 + i)
            end
            redis.call('SADD', 'threads', 'gone')
            redis.call('SREM', 'threads', '100001')
            """, "0")
        let proxy = try ServerProxy(
            to: UInt16(RawRedis.address(TestServer.redis.value()).split(separator: ":")[1]) ?? 0)
        var location = place.location
        location.address = .tcp(host: "127.0.0.1", port: proxy.port)
        let engine = try await RedisEngine(location, options: EngineOptions(deadline: .seconds(300)))
        let layout = MemexKeysLayout(engine: engine, context: .test())
        let before = (reads: proxy.seen.reads, sent: try sent(place))
        var query = RecordQuery(.thread, page: PageRequest(limit: 50))
        let page = try await layout.list(query)
        #expect(page.items.count == 50)
        #expect(page.items.allSatisfy { $0.messages == 1 })
        #expect(page.total == .estimated(count))
        // One part of a scan, a look at the set and some sizes, then what the page shows.
        // The connection for values is opened here too.
        #expect(proxy.seen.reads - before.reads <= 8)
        // Ids of a thousand keys, and the values of fifty.
        #expect(try sent(place) - before.sent < 1000 * 50 + 50 * 2200 + 50_000)
        #expect(try await layout.count(.thread) == .estimated(count))

        var forward = page.items
        var total = page.total
        query.page.limit = 3000
        var next = page.next
        while let cursor = next {
            query.page.start = .after(cursor)
            let page = try await layout.list(query)
            forward += page.items
            total = page.total
            next = page.next
        }
        #expect(total == .exact(count + 1))
        #expect(Set(forward.map(\.id.key)).count == count + 1)
        #expect(forward.count == count + 1)
        #expect(forward.last?.id.key == "gone")
        let unnamed = try #require(forward.first { $0.id.key == "100001" })
        #expect(unnamed.notes.contains { $0.hasPrefix("the set threads does not name it") })
        var backward: [RecordSummary] = []
        var start = PageRequest.Start.last
        while true {
            query.page.start = start
            let page = try await layout.list(query)
            backward = page.items + backward
            guard let previous = page.previous else { break }
            start = .before(previous)
        }
        #expect(backward == forward)
        // Ids and sizes of all need no value.
        let unread = try sent(place)
        let brief = try await layout.list(
            RecordQuery(.thread, page: PageRequest(limit: count * 2), isBrief: true))
        #expect(brief.next == nil)
        #expect(brief.items.map(\.id) == forward.map(\.id))
        #expect(brief.items.map(\.bytes) == forward.map(\.bytes))
        #expect(try sent(place) - unread < count * 100)
        #expect(zip(forward, forward.dropFirst()).allSatisfy { RecordOrder(query.sort).precedes($0, $1) })
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
