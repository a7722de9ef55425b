import JSONText
import TestSupport
import Testing

/// looopy's tree under a prefix, with boto3 as the other client.
@Suite(.blocks, .enabled(if: Client.isWanted(.moto) || Client.isWanted(.seaweedfs)))
struct BucketContextClientTests {
    private static let messages = "agent=helper/context=talk/messages/"

    private func place(_ server: TestServer, messages: Int = 12) throws -> BucketClientPlace {
        let here = try BucketClientPlace(server, below: "_agent_store/")
        try here.client.run("write-context", "helper", "talk", "\(messages)")
        return here
    }

    @Test(arguments: BucketClientPlace.servers)
    func `what boto3 wrote of a context is listed, shown, searched and exported`(_ server: TestServer) throws {
        let here = try place(server)
        let theirs = try here.client.run("read-context", "helper", "talk")
        let threads = try here.program.records("list", "threads", "--json", here.url)
        #expect(threads.each("id") == ["helper/talk"])
        #expect(threads.first?["title"] == "About talk – Grüße")
        let shown = try here.program.records("show", "thread", "helper/talk", "--json", here.url)
        #expect(shown.map { $0["content"] } == theirs["messages"]?.each("content"))

        let artifacts = try here.program.records("list", "artifacts", "--json", here.url)
        #expect(
            Set(artifacts.compactMap { $0["id"]?.stringValue }) == ["helper/talk/report", "helper/talk/numbers"])
        #expect(
            try here.program.done("show", "artifact", "helper/talk/report", "--raw", here.url).text == "# Grüße\n")
        let data = try here.program.done("show", "artifact", "helper/talk/numbers", "--raw", here.url).text
        #expect(data == theirs["artifacts"]?["numbers"]?["content"]?.stringValue)

        let tasks = try here.program.records("list", "tasks", "--json", here.url)
        #expect(tasks.each("id") == ["helper/talk/task-1"])
        #expect(tasks.first?["completed"] == true)
        #expect(
            try here.program.done("show", "task", "helper/talk/task-1", "--text", here.url).text.contains("Be brief."))

        let hits = try here.program.records("search", "日本語", "--json", here.url)
        #expect(hits.map { $0["message"] } == [2, 8])
        #expect(try here.program.records("search", "brief", "--kind", "task", "--json", here.url).count == 1)
        let exported = try here.program.done(
            "export", "threads", "helper/talk", "--to", "-", "--format", "jsonl", here.url)
        #expect(try exported.lines.map { try JSONValue.parse($0)["content"] } == theirs["messages"]?.each("content"))
    }

    @Test(arguments: BucketClientPlace.servers)
    func `a trim numbers the kept messages from 0, and an undo restores every object byte for byte`(
        _ server: TestServer
    ) throws {
        let here = try place(server)
        let before = try here.objects()
        #expect(before.values.allSatisfy { $0["metadata"] == ["written-by": "boto3  and a test"] })
        let theirs = try here.client.run("read-context", "helper", "talk")
        try here.program.done("trim", "helper/talk", "--keep", "5", "--yes", here.url)

        let trimmed = try here.client.run("read-context", "helper", "talk")
        #expect(trimmed["messages"]?.each("index") == [0, 1, 2, 3, 4])
        #expect(trimmed["messages"]?.each("id") == (0..<5).map { .text("talk-\($0)") })
        #expect(trimmed["messages"]?.each("content") == (theirs["messages"]?.each("content").suffix(5)).map(Array.init))
        #expect(
            trimmed["messages"]?.each("timestamp") == (theirs["messages"]?.each("timestamp").suffix(5)).map(Array.init))
        let numbers = trimmed["files"]?.texts.sorted().map { $0.split(separator: "-").dropLast().last.map(String.init) }
        #expect(numbers == ["000", "001", "002", "003", "004"])
        let others = before.filter { !$0.key.hasPrefix(Self.messages) }
        let after = try here.objects()
        #expect(after.filter { !$0.key.hasPrefix(Self.messages) } == others)
        let messages = after.filter { $0.key.hasPrefix(Self.messages) }.map(\.value)
        for name in ["contentType", "cacheControl", "metadata"] {
            let value = before["agent=helper/context=talk/context.json"]?[name]
            #expect(value != nil && messages.allSatisfy { $0[name] == value }, "\(name)")
        }

        try here.program.done("undo")
        #expect(try here.objects() == before)
    }

    @Test(arguments: BucketClientPlace.servers)
    func `a message that looopy appends after a trim comes last`(_ server: TestServer) throws {
        let here = try place(server)
        try here.program.done("trim", "helper/talk", "--keep", "3", "--yes", here.url)
        #expect(try here.client.run("append-context", "helper", "talk", "and on")["index"] == 3)
        let read = try here.client.run("read-context", "helper", "talk")
        #expect(read["messages"]?.each("index") == [0, 1, 2, 3])
        #expect(read["messages"]?.arrayValue?.last?["content"] == "and on")
        let shown = try here.program.records("show", "thread", "helper/talk", "--json", here.url)
        #expect(shown.map { $0["content"] } == read["messages"]?.each("content"))

        try here.program.refused("undo", saying: ["--yes"])
        try here.program.done("undo", "--yes")
        let undone = try here.client.run("read-context", "helper", "talk")
        #expect(undone["messages"]?.each("index") == (0..<13).map { .integer($0) })
        #expect(undone["messages"]?.arrayValue?.last?["content"] == "and on")
        #expect(undone["messages"]?.arrayValue?.first?["content"] == "[0] plain")
    }

    @Test(arguments: BucketClientPlace.servers)
    func `messages, an artifact and a task are deleted alone and come back byte for byte`(_ server: TestServer) throws {
        let here = try place(server)
        let before = try here.objects()
        for (kind, id, below) in [
            ("artifacts", "helper/talk/report", "artifacts/report/"),
            ("tasks", "helper/talk/task-1", "task/task-1.json"),
            ("threads", "helper/talk", "messages/"),
        ] {
            try here.program.done("delete", kind, id, "--yes", here.url)
            let gone = "agent=helper/context=talk/" + below
            #expect(try here.objects() == before.filter { !$0.key.hasPrefix(gone) }, "\(kind)")
            try here.program.done("undo")
            #expect(try here.objects() == before, "\(kind)")
        }
    }
}
