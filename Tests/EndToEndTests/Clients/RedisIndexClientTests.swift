import JSONText
import TestSupport
import Testing

/// Indexes in context-connectors' two keys, with redis-py as the other client.
@Suite(.usesRedis, .enabled(if: Client.isWanted(.redis, .redisCluster)))
struct RedisIndexClientTests {
    @Test(arguments: RedisThreadClientTests.routes)
    func `indexes that redis-py wrote are listed, shown, searched, exported, deleted and brought back`(
        _ route: RedisRoute
    ) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-connectors", "web app", "docs")
        let list = try here.program.records("list", "indexes", "--json", here.url)
        #expect(Set(list.compactMap { $0["id"]?.stringValue }) == ["web_app", "docs"])
        #expect(list.allSatisfy { $0["files"] == 2 && $0["has_state"] == true && $0["has_search"] == true })
        #expect(list.allSatisfy { $0["notes"] == nil && $0["synced"] == "2025-03-01T08:00:00Z" })
        let shown = try here.program.records("show", "index", "web_app", "--json", here.url)
        #expect(shown.first?["documents"]?.childCount == 2)
        let hits = try here.program.records("search", "Sources/docs/Grüße.swift", "--json", here.url)
        #expect(hits.contains { $0["id"] == "docs" && $0["kind"] == "index" })

        let state = try #require(try here.value("context:web_app:state"))
        let search = try #require(try here.value("context:web_app:search"))
        let exported = try here.program.done("export", "indexes", "web_app", "--to", "-", "--format", "json", here.url)
        #expect(exported.text.contains("Sources/web_app/Grüße.swift"))

        try here.program.done("delete", "indexes", "web_app", "--yes", here.url)
        let gone = try here.client.run("read-connectors", "web_app")
        #expect(gone["state"] == .null && gone["search"] == .null)
        #expect(try here.client.run("list-connectors") == ["state": ["docs"], "search": ["docs"]])

        try here.program.done("undo")
        #expect(try here.value("context:web_app:state") == state)
        #expect(try here.value("context:web_app:search") == search)
        #expect(
            try here.client.run("list-connectors") == ["state": ["docs", "web_app"], "search": ["docs", "web_app"]])
    }

    @Test(arguments: RedisThreadClientTests.routes)
    func `an index with one key of the two is listed as incomplete and deleted and brought back as it was`(
        _ route: RedisRoute
    ) throws {
        let here = try RedisClientPlace(route)
        try here.client.run("write-connectors", "half")
        try here.place.raw.run("DEL", "context:half:search")
        let state = try here.value("context:half:state")
        let list = try here.program.records("list", "indexes", "--json", here.url)
        #expect(list.first?["has_search"] == false)
        #expect(list.first?["notes"]?.texts.isEmpty == false)
        try here.program.done("delete", "indexes", "half", "--yes", here.url)
        #expect(try here.client.run("list-connectors") == ["state": [], "search": []])
        try here.program.done("undo")
        #expect(try here.value("context:half:state") == state)
        #expect(try here.value("context:half:search") == nil)
    }
}
