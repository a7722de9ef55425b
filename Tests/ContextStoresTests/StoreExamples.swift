import ContextStores
import JSONText
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// Each store interface the way another program uses it: a place is opened,
/// records go in by the interface, and what is on the disk is what the
/// original tool reads.
@Suite struct StoreExamples {
    private let time = Timestamp(seconds: 1_700_000_000)

    @Test func `an index is kept in a directory`() async throws {
        let directory = try TemporaryDirectory()
        let connection = try await StoreConnection.open(directory.path("indexes-base"), creating: true)
        let indexes = try await connection.indexStore()
        let full = StoredBytes(#"{"version": 1, "contextState": {"blobs": [["6ab1", "src/main.ts"]]}, "source": {}}"#)
        let search = StoredBytes(#"{"version": 1, "contextState": {}, "source": {}}"#)
        try await indexes.save("web app", full: full, search: search)

        #expect(try await indexes.list() == ["web_app"])
        #expect(try await indexes.loadState("web app") == full)
        #expect(try RawFiles.read(directory.path("indexes-base/indexes/web_app/search.json")) == search.array)
        await connection.close()
    }

    @Test func `an index is kept in a database`() async throws {
        let directory = try TemporaryDirectory()
        let connection = try await StoreConnection.open("sqlite:" + directory.path("indexes.db"), creating: true)
        let indexes = try await connection.indexStore()
        let full = StoredBytes(#"{"version": 1, "contextState": {"blobs": []}, "source": {}}"#)
        try await indexes.save("docs", full: full, search: StoredBytes(#"{"version": 1}"#))
        try await indexes.delete("nothing")

        #expect(try await indexes.loadState("docs") == full)
        #expect(try await indexes.list() == ["docs"])
        await connection.close()
    }

    @Test(arguments: ["sqlite:", "memory:"])
    func `a conversation is kept where MemexLLM keeps its threads`(form: String) async throws {
        let directory = try TemporaryDirectory()
        let location = form == "memory:" ? form : form + directory.path("agents.db")
        let connection = try await StoreConnection.open(location, creating: true)
        let threads = try await connection.threadStore()
        var thread = ConversationThread(
            id: "t1", created: time, updated: time, metadata: .object([JSONMember("title", .text("Kyoto"))]))
        thread.messages.append(
            ConversationMessage(id: "m1", role: "user", content: .text("When do the maples turn?"), created: time))
        thread.messages.append(
            ConversationMessage(
                id: "m2", role: "assistant", content: .text("In late November."), created: time, tokenCount: 5))
        try await threads.saveThread(thread)

        #expect(try await threads.thread("t1", messageLimit: nil) == thread)
        #expect(try await threads.thread("t1", messageLimit: 1)?.messages.map(\.id) == ["m2"])
        #expect(try await threads.searchThreads(ThreadSearch(content: "MAPLES")).map(\.id) == ["t1"])
        #expect(try await threads.deleteThread("t1"))
        #expect(try await threads.listThreads(limit: 10, offset: 0).isEmpty)
        await connection.close()
    }

    @Test(arguments: ["directory", "memory:"])
    func `an agent's messages are appended and read back in order`(form: String) async throws {
        let directory = try TemporaryDirectory()
        let location = form == "memory:" ? form : directory.path("_agent_store")
        let connection = try await StoreConnection.open(location, creating: true)
        let messages = try await connection.messageStore()
        for text in ["Hello", "How can I help?"] {
            let message: JSONValue = .object([JSONMember("role", .text("user")), JSONMember("content", .text(text))])
            try await messages.addMessage(message, agent: "support", context: "case-1", at: time)
        }

        let stored = try await messages.messages(agent: "support", context: "case-1")
        #expect(stored.map { $0["content"]?.stringValue } == ["Hello", "How can I help?"])
        #expect(stored.map { $0["index"]?.serialized() } == ["0", "1"])
        if form == "directory" {
            let folder = directory.path("_agent_store/agent=support/context=case-1/messages")
            #expect(RawFiles.names(folder).count == 2)
        }
        await connection.close()
    }

    @Test func `an agent's artifact is written complete`() async throws {
        let directory = try TemporaryDirectory()
        let connection = try await StoreConnection.open(directory.path("_agent_store"), creating: true)
        let artifacts = try await connection.artifactStore()
        let table = NewArtifact(
            agent: "analyst", context: "q3", task: "t", id: "sales", name: "Sales by week",
            content: .dataset(
                columns: [TableColumn(name: "week", type: "number"), TableColumn(name: "sum", type: "number")],
                rows: [try JSONValue.parse(#"{"week": 1, "sum": 0.10}"#)]))
        try await artifacts.create(table, at: time)

        let documents = try await artifacts.artifact(agent: "analyst", context: "q3", id: "sales")
        let content = documents?.first(where: \.isContent)
        #expect(content?.bytes.text == #"{"week":1,"sum":0.10}"# + "\n")
        #expect(try await artifacts.artifact(agent: "analyst", context: "q3", id: "other") == nil)
        await connection.close()
    }

    @Test func `a task's state is kept until it expires`() async throws {
        let directory = try TemporaryDirectory()
        let connection = try await StoreConnection.open(directory.path("_agent_store"), creating: true)
        let states = try await connection.taskStateStore()
        let state = try JSONValue.parse(
            #"{"taskId": "t1", "agentId": "a", "contextId": "c", "iteration": 3, "budget": 9007199254740993}"#)
        try await states.save(state, at: time, timeToLive: .seconds(60))

        let soon = Timestamp(seconds: time.seconds + 59)
        let late = Timestamp(seconds: time.seconds + 61)
        #expect(try await states.load(agent: "a", context: "c", task: "t1", at: soon) == state)
        #expect(try await states.load(agent: "a", context: "c", task: "t1", at: late) == nil)
        await connection.close()
    }

    @Test func `a place that cannot hold a kind says so`() async throws {
        let directory = try TemporaryDirectory()
        let connection = try await StoreConnection.open(directory.path("base"), creating: true)
        let error = await #expect(throws: StorageError.self) { try await connection.threadStore() }
        #expect(error?.kind == .unsupported)
        await #expect(throws: StorageError.self) {
            try await StoreConnection.open(directory.path("missing"))
        }
        await connection.close()
    }
}
