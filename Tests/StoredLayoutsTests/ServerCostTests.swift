import EngineCore
import RedisEngine
import S3Engine
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// How often servers are asked for what is shown, counted at the servers.
@Suite(.blocks) struct ServerCostTests {
    @Test func `ten thousand indexes on S3 are all shown after eleven list requests, those of opening among them`()
        async throws
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
        var context = LayoutContext.test()
        // What is listed here stays so, however busy the machine is.
        context.freshness = .seconds(3600)
        let layouts = try await LayoutDetection.detect(.objects(engine), context)
        let layout = try #require(layouts.first { $0.kinds.contains(.index) })
        let opened = bucket.asked
        #expect(opened.lists <= 2 && opened.objects <= 10)
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
        #expect(bucket.asked.lists <= 11, "\(bucket.asked) \(opened)")
    }

    @Test(arguments: [
        ("", ["p/a.txt", "p/b/c.txt"], 1, ["raw"]), ("", [], 1, ["raw"]),
        ("", ["p/agent=a/context=c/messages/m.json"], 1, ["looopy"]),
        ("", ["p/_agent_store/agent=a/context=c/messages/m.json"], 2, ["looopy"]),
        ("", ["p/context-connectors/indexes/k/search.json"], 3, ["context-connectors"]),
        ("", ["p/.augment/context-connectors/indexes/k/state.json"], 3, ["context-connectors"]),
        ("", ["p/k/state.json"], 1, ["context-connectors"]), ("", ["p/state.json"], 1, ["context-connectors"]),
        // What a page of the root does not show is asked for.
        ("a", ["p/indexes/k/state.json"], 8, ["context-connectors"]),
        ("A", ["p/agent=a/context=c/messages/m.json"], 8, ["looopy"]),
    ])
    func `opening a bucket asks for few lists, whatever is in it`(
        directories: String, own: [String], lists: Int, layouts: [String]
    ) async throws {
        let others = directories.isEmpty ? [] : (0..<1100).map { "p/\(directories)\(10_000 + $0)/x" }
        let keys = others + own
        let bucket = try ScriptedBucket(
            keys, body: #"{"version":1,"contextState":{"mode":"full","blobs":[]},"source":{"type":"github"}}"#)
        defer { bucket.server.close() }
        let engine = try await S3Engine(
            S3Location(bucket: "b", prefix: "p", region: "us-east-1", endpoint: bucket.server.endpoint),
            credentials: S3Credentials(keyID: "AKIAKEY", secret: "secret"),
            options: EngineOptions(readOnly: true, deadline: .seconds(300)))
        #expect(try await LayoutDetection.detect(.objects(engine), .test()).map(\.name) == layouts)
        #expect(bucket.asked.lists <= lists)
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
        let before = (reads: proxy.seen.reads, sent: proxy.answered)
        var query = RecordQuery(.thread, page: PageRequest(limit: 50))
        let page = try await layout.list(query)
        #expect(page.items.count == 50)
        #expect(page.items.allSatisfy { $0.messages == 1 })
        #expect(page.total == .estimated(count))
        // One part of a scan, a look at the set and some sizes, then what the page shows.
        // The connection for values is opened here too.
        #expect(proxy.seen.reads - before.reads <= 8)
        // Ids of a thousand keys, and the values of fifty.
        #expect(proxy.answered - before.sent < 1000 * 50 + 50 * 2200 + 50_000)
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
        let unread = proxy.answered
        let brief = try await layout.list(
            RecordQuery(.thread, page: PageRequest(limit: count * 2), isBrief: true))
        #expect(brief.next == nil)
        #expect(brief.items.map(\.id) == forward.map(\.id))
        #expect(brief.items.map(\.bytes) == forward.map(\.bytes))
        #expect(proxy.answered - unread < count * 100)
        #expect(zip(forward, forward.dropFirst()).allSatisfy { RecordOrder(query.sort).precedes($0, $1) })
        await engine.close()
    }

    /// An index beside very many threads, which only a whole scan would find.
    @Test(.enabled(if: TestServer.redis.isWanted), .usesRedis)
    func `opening and the first screen of a hundred thousand threads take few reads, and hide no index`()
        async throws
    {
        let place = try RedisPlace()
        let count = 100_000
        try place.raw.run(
            "EVAL",
            """
            for i = 1, \(count) do
              redis.call('SET', 'thread:' .. i, '{"messages":[{"role":"user","content":"' .. string.rep('x', 200) .. '"}]}')
              redis.call('SADD', 'threads', i)
            end
            """, "0")
        let proxy = try ServerProxy(
            to: UInt16(RawRedis.address(TestServer.redis.value()).split(separator: ":")[1]) ?? 0)
        var location = place.location
        location.address = .tcp(host: "127.0.0.1", port: proxy.port)
        try place.raw.run("SET", "context:late:state", #"{"version":1,"blobs":[],"source":{"type":"github"}}"#)
        let before = (reads: proxy.seen.reads, scans: proxy.commands("SCAN"))
        let engine = try await RedisEngine(location, options: EngineOptions(deadline: .seconds(300)))
        let layouts = try await LayoutDetection.detect(.keys(engine), .test())
        #expect(layouts.map(\.name) == ["memexllm", "context-connectors"])
        #expect(layouts.map(\.isPossible) == [false, true])
        let threads = try await layouts[0].list(RecordQuery(.thread, page: PageRequest(limit: 50)))
        #expect(threads.items.count == 50)
        #expect(proxy.seen.reads - before.reads <= 16)
        #expect(proxy.commands("SCAN") - before.scans == 1)
        let indexes = try await layouts[1].list(RecordQuery(.index, page: PageRequest(limit: 50)))
        #expect(indexes.items.map(\.id.key) == ["late"])
        #expect(try await layouts[1].count(.index) == .exact(1))
        #expect(try await layouts[1].summary(.index, "late")?.id.key == "late")
        await engine.close()
    }

    @Test(.enabled(if: TestServer.redis.isWanted), .usesRedis)
    func `a keyspace whose keys have all gone is empty, also where its table is still large`() async throws {
        let place = try RedisPlace()
        try place.raw.run("EVAL", "for i = 1, 20000 do redis.call('SET', 'k' .. i, 1) end", "0")
        try place.raw.run("EVAL", "for i = 1, 20000 do redis.call('DEL', 'k' .. i) end", "0")
        let engine = try await place.engine()
        let layouts = try await LayoutDetection.detect(.keys(engine), .test())
        for layout in layouts {
            for kind in layout.kinds { #expect(try await layout.count(kind) == .exact(0)) }
        }
        #expect(layouts.last?.name == "raw")
        await engine.close()
    }
}
