import JSONText
import TestSupport
import Testing

/// Threads in the form that MemexLLM documents for Redis, with redis-py as the other client.
@Suite(.usesRedis, .enabled(if: Client.isWanted(.redis, .redisCluster)))
struct RedisThreadClientTests {
    static let routes = [RedisRoute.tcp, .cluster]

    /// Spelled as no serializer would spell it again; the kept messages must stay so.
    private static let head =
        #"{"id":"odd",  "metadata": {"title": "Odd \u00e9", "n": 9007199254740993, "e": 1e5},"#
        + "\n \"messages\": ["
    private static let dropped =
        #" {"content":"zero","role":"user"} ,"# + "\n\t" + #"{"content":"one","role":"assistant","x":1.50},"#
    private static let kept =
        #"{"role":"user", "content" : "two \u2028", "x": 0.10, "metadata": {"a": 1E+2}} ,"#
        + #"{"content":"three","role":"assistant","extra":[1, 2.50]} ] , "tail":true}"#
    private static let odd = head + dropped + kept

    @Test(arguments: routes)
    func `threads that redis-py wrote are listed, shown, searched and exported`(_ route: RedisRoute) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-threads", "3", "7")
        let list = try here.program.records("list", "threads", "--json", here.url)
        #expect(Set(list.compactMap { $0["id"]?.stringValue }) == ["thread-000000", "thread-000001", "thread-000002"])
        #expect(list.allSatisfy { $0["messages"] == 7 && $0["notes"] == nil })
        #expect(list.each("title").contains("Thread 1 – Grüße"))
        #expect(list.allSatisfy { $0["metadata"]?["big"] == 9_007_199_254_740_993 })

        let theirs = try #require(try here.client.run("read-thread", "thread-000001")["thread"]?["messages"])
        let shown = try here.program.records("show", "thread", "thread-000001", "--json", here.url)
        #expect(shown.map { $0["content"] } == theirs.each("content"))
        #expect(shown.map { $0["role"] } == theirs.each("role"))
        let text = try here.program.done("show", "thread", "thread-000001", "--text", "--last", "5", here.url).text
        #expect(text.contains("日本語 👩🏽‍💻") && !text.contains("Grüße aus Köln"))

        let hits = try here.program.records("search", "日本語", "--json", here.url)
        #expect(hits.count == 3 && hits.allSatisfy { $0["message"] == 2 })
        let exported = try here.program.done(
            "export", "threads", "thread-000001", "--to", "-", "--format", "jsonl", here.url)
        #expect(try exported.lines.map { try JSONValue.parse($0)["content"] } == theirs.each("content"))
    }

    @Test func `a keyspace with few threads takes its place in an order that only other sources have`() throws {
        let here = try RedisClientPlace(.tcp)
        for count in [2, 5, 400] {
            let messages = (0..<count).map { #"{"role":"user","content":"\#($0)"}"# }.joined(separator: ",")
            try here.client.run("write-thread", input: #"{"id":"of \#(count)","messages":[\#(messages)]}"#)
        }
        let stores = try CopiedStores.make("looopy")
        let words = ["list", "threads", "--sort", "messages", "--json", here.url, stores.path("looopy")]
        func list(_ more: String...) throws -> (counts: [Int], errors: String) {
            let run = try here.program.run(words + more)
            return (try run.lines.compactMap { try JSONValue.parse($0)["messages"]?.intValue }, run.errors)
        }
        let mixed = try list()
        #expect(mixed.counts == mixed.counts.sorted(by: >) && mixed.counts.count > 3)
        #expect(mixed.errors == "")
        #expect(try list("--reverse").counts == mixed.counts.reversed())
        #expect(try list("--limit", "1").counts == [400])

        try here.client.run("write-threads", "1001", "1")
        let apart = try list()
        #expect(apart.counts == mixed.counts.filter { ![2, 5, 400].contains($0) } + apart.counts.suffix(1004))
        #expect(apart.errors.contains("cannot sort threads by messages; they come last, by updated"))
    }

    @Test(arguments: routes)
    func `redis-py reads the kept messages byte for byte after a trim, and all of them after an undo`(
        _ route: RedisRoute
    ) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-thread", input: Self.odd)
        try here.client.run("write-threads", "1", "3")
        let other = try here.value("thread:thread-000000")
        try here.client.run("expire", "odd", "5000")

        let trim = try here.program.done("trim", "odd", "--keep", "2", "--yes", here.url)
        #expect(trim.lines.count == 1 && trim.text.contains("kept 2, removed 2 messages; recovery entry"))
        let trimmed = try here.thread("odd")
        let raw = try #require(trimmed.raw)
        #expect(raw.hasPrefix(Self.head) && raw.hasSuffix(Self.kept))
        #expect(raw.dropFirst(Self.head.count).dropLast(Self.kept.count).allSatisfy { $0.isWhitespace })
        #expect(trimmed.isListed)
        #expect((4000_000...5000_000).contains(trimmed.life ?? 0))
        #expect(try here.value("thread:thread-000000") == other)

        try here.program.done("undo")
        let undone = try here.thread("odd")
        #expect(undone.raw == Self.odd)
        #expect(undone.isListed)
        #expect((4000_000...5000_000).contains(undone.life ?? 0))
    }

    @Test(arguments: routes)
    func `redis-py goes on with a trimmed thread, and an undo loses nothing of what it appended`(
        _ route: RedisRoute
    ) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-threads", "1", "9")
        let before = try here.client.run("read-thread", "thread-000000")["thread"]?["messages"]?.arrayValue
        try here.program.done("trim", "thread-000000", "--keep", "4", "--yes", here.url)
        #expect(try here.client.run("append", "thread-000000", "2")["messages"] == 6)
        let after = try here.client.run("read-thread", "thread-000000")["thread"]?["messages"]?.arrayValue
        let appended = try #require(after?.suffix(2))
        #expect(after == (before?.suffix(4)).map { $0 + appended })
        #expect(appended.compactMap { $0["content"]?.stringValue } == ["appended 0", "appended 1"])

        // An exact undo would lose what was appended since.
        try here.program.refused("undo", saying: ["--yes"])
        #expect(try here.client.run("read-thread", "thread-000000")["thread"]?["messages"]?.arrayValue == after)
        try here.program.done("undo", "--yes")
        let undone = try here.client.run("read-thread", "thread-000000")["thread"]?["messages"]?.arrayValue
        #expect(undone == before.map { $0 + appended })
    }

    @Test(arguments: routes)
    func `a deleted thread leaves key and set together and comes back to both`(_ route: RedisRoute) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-thread", input: Self.odd)
        try here.client.run("write-threads", "2", "3")
        try here.client.run("expire", "odd", "5000")
        try here.program.done("delete", "threads", "odd", "thread-000001", "--yes", here.url)
        #expect(try here.client.run("list")["threads"]?.each("id") == ["thread-000000"])
        #expect(try here.client.run("list")["unlisted"]?.texts == [])
        let gone = try here.thread("odd")
        #expect(gone.raw == nil && !gone.isListed)

        try here.program.done("undo")
        try here.program.done("undo")
        let back = try here.thread("odd")
        #expect(back.raw == Self.odd && back.isListed)
        #expect((4000_000...5000_000).contains(back.life ?? 0))
        #expect(
            try here.client.run("list")["threads"]?.each("id") == ["odd", "thread-000000", "thread-000001"])
        try here.program.refused("undo", saying: ["nothing to undo"], code: 3)
    }

    @Test(arguments: routes)
    func `odd keys are listed with what is wrong, and a delete and its undo leave the set as it was`(
        _ route: RedisRoute
    ) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-threads", "1", "2")
        try here.client.run("write-odd")
        let before = try here.client.run("list")
        let list = try here.program.records("list", "threads", "--json", here.url)
        var notes: [String: String] = [:]
        for record in list { notes[record["id"]?.stringValue ?? ""] = record["notes"]?.texts.joined(separator: "; ") }
        #expect(
            Set(list.compactMap { $0["id"]?.stringValue })
                == ["thread-000000", "odd-list", "odd-text", "odd-binary", "odd-gone", "odd-unlisted"])
        #expect(notes["thread-000000"] == nil)
        #expect(notes["odd-list"]?.contains("holds a list") == true)
        #expect(notes["odd-text"]?.contains("not JSON") == true)
        #expect(notes["odd-binary"]?.contains("not JSON") == true)
        #expect(notes["odd-gone"]?.contains("its key is gone") == true)
        #expect(notes["odd-unlisted"]?.contains("does not name it") == true)
        for id in ["odd-list", "odd-text", "odd-binary", "odd-gone", "odd-unlisted"] {
            for form in ["--json", "--text", "--raw"] {
                #expect(try here.program.run("show", "thread", id, form, here.url).code == 0, "\(id) \(form)")
            }
        }
        try here.program.refused(
            "trim", "odd-text", "--keep", "1", "--yes", here.url, saying: ["cannot trim", "not JSON"])
        try here.program.refused("delete", "threads", "odd-list", "--yes", here.url, saying: ["cannot delete", "list"])
        #expect(try here.client.run("list") == before)

        for id in ["odd-unlisted", "odd-gone", "odd-text", "odd-binary"] {
            try here.program.done("delete", "threads", id, "--yes", here.url)
            let gone = try here.client.run("list")
            #expect(gone["threads"]?.each("id").contains(.text(id)) == false)
            #expect(gone["unlisted"]?.texts.contains(id) == false)
            try here.program.done("undo")
            #expect(try here.client.run("list") == before, "\(id)")
        }
        guard case .bytes(let bytes) = try here.place.raw.run("GET", "thread:odd-binary") else {
            Issue.record("the binary value is gone")
            return
        }
        #expect(bytes == Array(0...255))
    }

    @Test func `a user who may only read lists everything and is refused every change with the server's reason`() throws
    {
        let here = try RedisClientPlace(.tcp)
        // The user may not choose another database either.
        let server = try TestServer.redis.value()
        let client = Client(.redis, server)
        let id = "thread-of-\(UInt64.random(in: 0...UInt64.max))"
        try client.run(
            "write-thread",
            input: #"{"id": "\#(id)", "metadata": {}, "messages": [{"content": "a"}, {"content": "b"}]}"#)
        defer {
            let raw = RawRedis(address: RawRedis.address(server))
            _ = try? raw.run("DEL", "thread:\(id)")
            _ = try? raw.run("SREM", "threads", id)
        }
        let before = try client.run("read-thread", id)
        let url = "redis://reader:pass%3Aword%401%2F2@\(RawRedis.address(server))/0"
        let list = try here.program.records("list", "threads", "--filter", id, "--json", url)
        #expect(list.count == 1 && list.first?["messages"] == 2)
        #expect(try here.program.records("show", "thread", id, "--json", url).count == 2)
        try here.program.refused("trim", id, "--keep", "1", "--yes", url, saying: ["reader"])
        try here.program.refused("delete", "threads", id, "--yes", url, saying: ["reader"])
        try here.program.refused("trim", id, "--keep", "1", "--yes", "--read-only", server, saying: ["--read-only"])
        #expect(try client.run("read-thread", id) == before)
        #expect(try here.program.done("undo", "--list").lines.isEmpty)
    }
}
