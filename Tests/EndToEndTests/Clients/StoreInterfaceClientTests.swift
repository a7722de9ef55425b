import ContextStores
import JSONText
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// What a Swift program stores through the store interfaces, read by the tools' own client libraries.
@Suite(.usesRedis) struct StoreInterfaceClientTests {
    private static let time = Timestamp(seconds: 1_740_816_000)
    private static let full = StoredBytes(
        #"{"version": 1, "contextState": {"mode": "full", "blobs": [["6ab1", "src/Grüße.ts"]]}, "source": {"type": "x"}}"#
    )
    private static let search = StoredBytes(#"{"version": 1, "contextState": {"mode": "search-only"}, "source": {}}"#)

    private static var thread: ConversationThread {
        var thread = ConversationThread(
            id: "t1", created: time, updated: time, metadata: ["title": "Kyoto – Grüße", "big": 9_007_199_254_740_993])
        thread.messages.append(
            ConversationMessage(id: "m1", role: "user", content: .text("When do the maples turn? 日本語"), created: time))
        thread.messages.append(
            ConversationMessage(
                id: "m2", role: "assistant", content: .text("In late November."), created: time, metadata: ["n": 1],
                tokenCount: 5))
        return thread
    }

    @Test(.enabled(if: Client.isWanted(.redis, .redisCluster)), arguments: [RedisRoute.tcp, .cluster])
    func `redis-py reads threads and indexes that a program stored, and the program what redis-py appended`(
        _ route: RedisRoute
    ) async throws {
        let here = try RedisClientPlace(route)
        let connection = try await StoreConnection.open(here.url)
        let threads = try await connection.threadStore()
        try await threads.saveThread(Self.thread)
        let read = try here.client.run("read-thread", "t1")
        #expect(read["listed"] == true)
        #expect(read["thread"]?["metadata"] == Self.thread.metadata)
        #expect(
            read["thread"]?["messages"]?.each("content") == ["When do the maples turn? 日本語", "In late November."])
        #expect(read["thread"]?["messages"]?.each("metadata") == [[:], ["n": 1]])
        #expect(read["thread"]?["messages"]?[0]?["created_at"] == "2025-03-01T08:00:00+00:00")
        try here.client.run("append", "t1", "1")
        #expect(
            try await threads.thread("t1", messageLimit: nil)?.messages.map { $0.content.stringValue } == [
                "When do the maples turn? 日本語", "In late November.", "appended 0",
            ])
        #expect(try await threads.deleteThread("t1"))
        #expect(try here.client.run("list") == ["threads": [], "unlisted": []])

        let indexes = try await connection.indexStore()
        try await indexes.save("web app", full: Self.full, search: Self.search)
        #expect(try here.client.run("list-connectors") == ["state": ["web_app"], "search": ["web_app"]])
        #expect(
            try here.client.run("read-connectors", "web_app")["state"]?["contextState"]?["blobs"]
                == [["6ab1", "src/Grüße.ts"]])
        await connection.close()
    }

    @Test(
        .enabled(if: Client.isWanted(.moto) || Client.isWanted(.seaweedfs)), arguments: BucketClientPlace.servers)
    func `boto3 reads indexes, messages, artifacts and tasks that a program stored`(_ server: TestServer) async throws {
        let here = try BucketClientPlace(server)
        let connection = try await StoreConnection.open(
            here.url,
            environment: ProcessEnvironment(variables: here.client.environment, currentDirectory: "/"))
        try await connection.indexStore().save("web app", full: Self.full, search: Self.search)
        let index = try here.client.run("read-index", "web_app")
        #expect(index["contentType"] == "application/json")
        #expect(index["state"]?["contextState"]?["blobs"] == [["6ab1", "src/Grüße.ts"]])
        #expect(index["search"]?["contextState"]?["mode"] == "search-only")

        let messages = try await connection.messageStore()
        for text in ["Hello", "How can I help?"] {
            try await messages.addMessage(
                ["role": "user", "content": .text(text)], agent: "support", context: "case-1", at: Self.time)
        }
        try await connection.artifactStore().create(
            NewArtifact(
                agent: "support", context: "case-1", task: "t", id: "report", name: "Report",
                content: .file(StoredBytes("# Grüße\n"), mimeType: "text/markdown", isBase64: false)),
            at: Self.time)
        try await connection.taskStateStore().save(
            ["taskId": "t1", "agentId": "support", "contextId": "case-1", "iteration": 3], at: Self.time,
            timeToLive: .seconds(60))
        let read = try here.client.run("read-context", "support", "case-1")
        #expect(read["messages"]?.each("content") == ["Hello", "How can I help?"])
        #expect(read["messages"]?.each("index") == [0, 1])
        #expect(read["artifacts"]?["report"]?["content"] == "# Grüße\n")
        #expect(read["artifacts"]?["report"]?["metadata"]?["status"] == "complete")
        #expect(read["tasks"]?["t1"]?["iteration"] == 3)
        #expect(read["tasks"]?["t1"]?["_metadata"]?["expiresAt"] == "2025-03-01T08:01:00.000Z")

        #expect(try here.client.run("append-context", "support", "case-1", "and on")["index"] == 2)
        #expect(try await messages.messages(agent: "support", context: "case-1").last?["content"] == "and on")
        await connection.close()
    }
}
