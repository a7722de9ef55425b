import JSONText
import TestSupport
import Testing

/// Indexes in context-connectors' objects, with boto3 as the other client.
@Suite(.blocks, .enabled(if: Client.isWanted(.moto) || Client.isWanted(.seaweedfs)))
struct BucketIndexClientTests {
    @Test(arguments: BucketClientPlace.servers)
    func `indexes that boto3 wrote are listed, shown, searched, exported, deleted and brought back`(
        _ server: TestServer
    ) throws {
        let here = try BucketClientPlace(server, below: "context-connectors/")
        try here.client.run("write-indexes", "web app", "docs")
        let list = try here.program.records("list", "indexes", "--json", here.url)
        #expect(Set(list.compactMap { $0["id"]?.stringValue }) == ["web_app", "docs"])
        #expect(list.allSatisfy { $0["has_state"] == true && $0["has_search"] == true && $0["notes"] == nil })
        let shown = try here.program.records("show", "index", "web_app", "--json", here.url)
        #expect(shown.first?["files"] == 2 && shown.first?["documents"]?.childCount == 2)
        let hits = try here.program.records("search", "Sources/docs/Grüße.swift", "--json", here.url)
        #expect(hits.contains { $0["id"] == "docs" && $0["kind"] == "index" })
        let exported = try here.program.done("export", "indexes", "web_app", "--to", "-", "--format", "json", here.url)
        #expect(exported.text.contains("Sources/web_app/Grüße.swift"))

        let before = try here.objects()
        #expect(before.count == 4)
        try here.program.done("delete", "indexes", "web_app", "--yes", here.url)
        #expect(try here.client.run("list-indexes")["keys"]?.texts == ["docs"])
        #expect(try here.objects() == before.filter { $0.key.hasPrefix("docs/") })
        let gone = try here.client.run("read-index", "web_app")
        #expect(gone["state"] == .null && gone["search"] == .null)

        try here.program.done("undo")
        #expect(try here.objects() == before)
        #expect(try here.client.run("read-index", "web_app")["contentType"] == "application/json")
        #expect(try here.client.run("list-indexes")["keys"]?.texts == ["docs", "web_app"])
    }

    @Test(arguments: BucketClientPlace.servers)
    func `a key pair that may only read lists everything and is refused every change`(_ server: TestServer) throws {
        let here = try BucketClientPlace(server)
        try here.client.run("write-indexes", "docs")
        try here.client.run("write-context", "agent", "talk", "5")
        let before = try here.objects()
        let reader = try Program([
            "AWS_ACCESS_KEY_ID": server.value("_READER_ACCESS_KEY"),
            "AWS_SECRET_ACCESS_KEY": server.value("_READER_SECRET_KEY"),
        ])
        #expect(try reader.records("list", "indexes", "--json", here.url).count == 1)
        #expect(try reader.records("show", "thread", "agent/talk", "--json", here.url).count == 5)
        let refusals = [
            ["delete", "indexes", "docs", "--yes", here.url], ["trim", "agent/talk", "--keep", "2", "--yes", here.url],
            ["delete", "artifacts", "agent/talk/report", "--yes", here.url],
        ]
        for words in refusals {
            let run = try reader.run(words)
            #expect(run.code == 4, "\(words): \(run.errors)")
            #expect(run.errors.contains(here.bucket.name) && run.errorLines.count == 1, "\(run.errors)")
        }
        #expect(try here.objects() == before)
        #expect(try reader.done("undo", "--list").lines.isEmpty)
    }

    @Test(arguments: BucketClientPlace.servers)
    func `objects that are no documents are listed with what is wrong`(_ server: TestServer) throws {
        let here = try BucketClientPlace(server)
        try here.client.run("write-indexes", "docs")
        try here.client.run("put", "broken/state.json", input: "not JSON {")
        try here.client.run("put", "half/search.json", input: "{}")
        let list = try here.program.records("list", "indexes", "--json", here.url)
        var notes: [String: [String]] = [:]
        for record in list { notes[record["id"]?.stringValue ?? ""] = record["notes"]?.texts ?? [] }
        #expect(Set(notes.keys) == ["docs", "broken", "half"])
        #expect(notes["docs"] == [])
        #expect(notes["broken"]?.contains { $0.contains("JSON") } == true)
        #expect(notes["half"]?.isEmpty == false)
    }
}
