import JSONText
import StoredLayouts
import TestSupport
import Testing

/// Records copied from one engine to the next, read by the client of each.
@Suite(.usesRedis) struct CopyClientTests {
    private static var bucketServers: [TestServer] { Client.isWanted(.redis) ? BucketClientPlace.servers : [] }

    private func json(_ path: String) throws -> JSONValue { try JSONValue.parse(try RawFiles.read(path)) }

    @Test(.enabled(if: Client.isWanted(.redis, .redisCluster)), arguments: [RedisRoute.tcp, .cluster])
    func `a thread goes from SQLite to Redis and back, and each tool reads it`(_ route: RedisRoute) throws {
        let here = try RedisClientPlace(route)
        let first = here.program.directory.path("memexllm.db")
        let last = here.program.directory.path("again.db")
        try Client(.memex, first).text("write", ["12"])
        let thread = try Client(.memex, first).run("read", "t")

        try here.program.done("copy", "threads", "t", "--into", here.url, first)
        let read = try here.client.run("read-thread", "t")
        #expect(read["listed"] == true)
        try expectSame(try #require(read["thread"]), thread)
        try here.program.refused("copy", "threads", "t", "--into", here.url, first, saying: ["never overwrites"])

        try here.program.done("copy", "threads", "t", "--into", "sqlite:\(last)", here.url)
        #expect(try Client(.memex, last).run("read", "t") == thread)
    }

    @Test(.enabled(if: Client.isWanted(.redis, .postgres)), .usesPostgres)
    func `a thread goes from SQLite to Redis, PostgreSQL and SQLite, and an index from Redis beside it`() throws {
        let here = try RedisClientPlace(.tcp)
        let database = try PostgresDatabase()
        let client = Client(.postgres, database.location)
        let first = here.program.directory.path("memexllm.db")
        let last = here.program.directory.path("again.db")
        try Client(.memex, first).text("write", ["12"])
        let thread = try Client(.memex, first).run("read", "t")

        try here.program.done("copy", "threads", "t", "--into", here.url, first)
        try here.program.done("copy", "threads", "t", "--into", database.location, here.url)
        let read = try client.run("read-thread", "t")
        try expectSame(read, thread)
        #expect(read["messages"]?.each("id") == thread["messages"]?.each("id"))
        #expect(read["messages"]?.each("token_count") == thread["messages"]?.each("token_count"))
        #expect(read["created_at"] == thread["created_at"] && read["updated_at"] == thread["updated_at"])
        try here.program.refused(
            "copy", "threads", "t", "--into", database.location, first, saying: ["never overwrites"])

        try here.client.run("write-connectors", "docs")
        try here.program.done("copy", "indexes", "docs", "--into", database.location, here.url)
        let index = try here.client.run("read-connectors", "docs")
        let copied = try client.run("read-connectors", "docs")
        #expect(copied["state"] == index["state"] && copied["search"] == index["search"])
        #expect(index["state"]?["contextState"]?["blobs"]?.childCount == 2)

        try here.program.done("copy", "threads", "t", "--into", "sqlite:\(last)", database.location)
        #expect(try Client(.memex, last).run("read", "t") == thread)
    }

    /// The tools spell text in their own ways.
    private func expectSame(
        _ copy: JSONValue, _ thread: JSONValue, location: SourceLocation = #_sourceLocation
    ) throws {
        let messages = try #require(copy["messages"]?.arrayValue, sourceLocation: location)
        let originals = try #require(thread["messages"]?.arrayValue, sourceLocation: location)
        #expect(messages.count == originals.count && !messages.isEmpty, sourceLocation: location)
        for (message, original) in zip(messages, originals) {
            for name in ["content", "role", "metadata", "created_at"] {
                let isSame = try #require(message[name]).means(try #require(original[name]))
                #expect(isSame, "\(name)", sourceLocation: location)
            }
        }
        let isSame = try #require(copy["metadata"]).means(try #require(thread["metadata"]))
        #expect(isSame, sourceLocation: location)
    }

    @Test(arguments: bucketServers)
    func `an index goes from files to S3 and on to Redis, beside threads, and each client reads it`(
        _ server: TestServer
    ) throws {
        let bucket = try BucketClientPlace(server)
        let redis = try RedisClientPlace(.tcp)
        try redis.client.run("write-threads", "1", "2")
        let files = PackagePlaces.fixtures + "/context-connectors"
        let state = try json(files + "/indexes/docs/state.json")
        let search = try json(files + "/indexes/docs/search.json")

        try bucket.program.done("copy", "indexes", "docs", "--into", bucket.url, files)
        let read = try bucket.client.run("read-index", "docs")
        #expect(read["state"] == state && read["search"] == search)
        #expect(read["contentType"] == "application/json")
        let objects = try bucket.objects()
        #expect(
            objects["docs/state.json"]?["text"]?.stringValue.map { Array($0.utf8) }
                == (try RawFiles.read(files + "/indexes/docs/state.json")))

        try bucket.program.done("copy", "indexes", "docs", "--into", redis.url, bucket.url)
        let copied = try redis.client.run("read-connectors", "docs")
        #expect(copied["state"] == state && copied["search"] == search)
        #expect(try redis.client.run("list")["threads"]?.each("messages") == [2])
        try bucket.program.done(
            "copy", "indexes", "docs", "--into", redis.program.directory.path("copies") + "/", redis.url)
        let back = redis.program.directory.path("copies/indexes/docs/state.json")
        #expect(try RawFiles.read(back) == RawFiles.read(files + "/indexes/docs/state.json"))
    }

    @Test(arguments: BucketClientPlace.servers)
    func `a looopy artifact, task and thread go from files to S3 and back, and boto3 reads them`(
        _ server: TestServer
    ) throws {
        guard Client.isWanted(server) else { return }
        let here = try BucketClientPlace(server)
        let files = PackagePlaces.fixtures + "/looopy/_agent_store"
        let back = here.program.directory.path("back") + "/"
        let context = "data-analyst/run-102"
        let artifacts = try here.program.records("list", "artifacts", "--filter", "run-102", "--json", files)
            .filter { $0["status"] == "complete" }.compactMap { $0["id"]?.stringValue }
        #expect(!artifacts.isEmpty)
        let records = [("threads", context), ("tasks", context + "/task-2-0")] + artifacts.map { ("artifacts", $0) }
        for (kind, id) in records { try here.program.done("copy", kind, id, "--into", here.url, files) }
        for (kind, id) in records { try here.program.done("copy", kind, id, "--into", back, here.url) }
        for (kind, id) in records {
            let stored = try here.program.done("show", kind, id, "--raw", files).output
            #expect(!stored.isEmpty)
            #expect(try here.program.done("show", kind, id, "--raw", here.url).output == stored, "\(kind) \(id)")
            #expect(try here.program.done("show", kind, id, "--raw", back).output == stored, "\(kind) \(id)")
        }
        let read = try here.client.run("read-context", "data-analyst", "run-102")
        let shown = try here.program.records("show", "thread", context, "--json", files)
        #expect(read["messages"]?.each("content") == shown.map { $0["content"] })
        #expect(read["messages"]?.each("index") == shown.indices.map { .integer($0) })
        let task = try json(files + "/agent=data-analyst/context=run-102/task/task-2-0.json")
        #expect(read["tasks"]?["task-2-0"]?["iteration"] == task["iteration"])
        #expect(read["artifacts"]?.childCount == artifacts.count)
    }
}
