import ContextStores
import JSONText
import StoredLayouts
import StoredRecords
import TestSupport
import Testing

/// MemexLLM's and context-connectors' tables, with psycopg as the other client.
@Suite(.usesPostgres, .enabled(if: Client.isWanted(.postgres)))
struct PostgresClientTests {
    private let database: PostgresDatabase
    private let client: Client
    private let program: Program

    /// Types of documents and of times.
    private static let columns = [("text", "text"), ("jsonb", "timestamptz")]

    init() throws {
        database = try PostgresDatabase()
        client = Client(.postgres, database.location)
        // No password is kept for an undo.
        program = try Program(["PGPASSWORD": "pass:word@1/2"])
    }

    /// Every row of the three tables as the server spells it.
    private func rows() throws -> [[String?]] {
        try database.rows(
            """
            SELECT t::text FROM threads AS t UNION ALL SELECT m::text FROM messages AS m \
            UNION ALL SELECT i::text FROM indexes AS i ORDER BY 1
            """)
    }

    @Test(arguments: columns)
    func `threads that psycopg wrote are listed, shown, searched and exported`(documents: String, times: String) throws
    {
        try client.run("create", documents, times)
        try client.run("write-threads", "3", "7")
        let url = database.location
        let list = try program.records("list", "threads", "--json", url)
        #expect(list.each("id").map { $0?.stringValue } == (try client.run("list")["threads"]?.texts ?? []))
        #expect(list.allSatisfy { $0["messages"] == 7 && $0["notes"] == nil })
        #expect(list.last?["title"] == "Thread 0 – Grüße")
        #expect(list.allSatisfy { $0["metadata"]?["big"] == 9_007_199_254_740_993 })
        let theirs = try #require(try client.run("read-thread", "thread-000001")["messages"])
        let shown = try program.records("show", "thread", "thread-000001", "--json", url)
        #expect(shown.map { $0["content"] } == theirs.each("content"))
        #expect(shown.map { $0["id"] } == theirs.each("id"))
        let hits = try program.records("search", "日本語", "--json", url)
        #expect(hits.count == 3 && hits.allSatisfy { $0["message"] == 2 })
        #expect(
            Set(hits.compactMap { $0["id"]?.stringValue })
                == Set(try client.run("search", "日本語")["threads"]?.texts ?? []))
        let exported = try program.done("export", "threads", "thread-000001", "--to", "-", "--format", "jsonl", url)
        #expect(try exported.lines.map { try JSONValue.parse($0)["content"] } == theirs.each("content"))
    }

    @Test(arguments: columns)
    func `a trim leaves the kept rows and the thread's own as they are, psycopg goes on, and an undo is exact`(
        documents: String, times: String
    ) throws {
        try client.run("create", documents, times)
        try client.run("write-threads", "2", "7")
        let url = database.location
        let id = "thread-000001"
        let before = try rows()
        let thread = try client.run("read-thread", id)
        let newest = try client.run("read-thread", id, "3")
        try program.done("trim", id, "--keep", "3", "--yes", url)
        #expect(
            try client.run("rows", id)["rows"] == [
                [4, "thread-000001-4"], [5, "thread-000001-5"], [6, "thread-000001-6"],
            ])
        #expect(try client.run("read-thread", id) == newest)
        #expect(newest["updated_at"] == thread["updated_at"])
        let left = try rows()
        #expect(left.count == before.count - 4 && left.allSatisfy { before.contains($0) })

        try program.done("undo")
        #expect(try rows() == before)
        #expect(try client.run("read-thread", id) == thread)

        try program.done("trim", id, "--keep", "3", "--yes", url)
        #expect(try client.run("append", id, "1")["messages"] == 4)
        #expect(try client.run("rows", id)["rows"]?.arrayValue?.last?[0] == 7)
        #expect(try client.run("append", id, "1", "rewrite")["messages"] == 5)
        #expect(try client.run("rows", id)["rows"]?.arrayValue?.map { $0[0] } == [0, 1, 2, 3, 4])
        let shown = try program.records("show", "thread", id, "--json", url)
        #expect(shown.suffix(2).map { $0["content"] } == ["appended 0", "appended 0"])
        #expect(
            shown.prefix(3).map { $0["content"] } == newest["messages"]?.each("content"))
    }

    @Test(arguments: columns)
    func `deleted threads and indexes are gone for psycopg and come back exactly`(documents: String, times: String)
        throws
    {
        try client.run("create", documents, times)
        try client.run("write-threads", "2", "3")
        try client.run("write-connectors", "web app", "docs")
        let url = database.location
        let indexes = try program.records("list", "indexes", "--json", url)
        #expect(Set(indexes.compactMap { $0["id"]?.stringValue }) == ["web_app", "docs"])
        #expect(indexes.allSatisfy { $0["files"] == 2 && $0["notes"] == nil })
        #expect(try program.records("show", "index", "docs", "--json", url).first?["documents"]?.childCount == 2)
        #expect(try !program.records("search", "Sources/docs/Grüße.swift", "--json", url).isEmpty)
        let exported = try program.done("export", "indexes", "docs", "--to", "-", "--format", "json", url)
        #expect(exported.text.contains("Sources/docs/Grüße.swift"))

        let before = try rows()
        try program.done("delete", "threads", "thread-000000", "--yes", url)
        try program.done("delete", "indexes", "web_app", "--yes", url)
        #expect(try client.run("list")["threads"]?.texts == ["thread-000001"])
        #expect(try client.run("rows", "thread-000000")["rows"]?.childCount == 0)
        #expect(try client.run("list-connectors")["keys"]?.texts == ["docs"])
        try program.done("undo")
        try program.done("undo")
        #expect(try rows() == before)
        #expect(try client.run("read-connectors", "web_app")["state"]?["contextState"]?["blobs"]?.childCount == 2)
    }

    @Test func `a user who may only read is refused every change with the reason`() throws {
        try client.run("create")
        try client.run("write-threads", "1", "3")
        try client.run("write-connectors", "docs")
        let user = "u" + database.name
        try database.run(
            "CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT SELECT ON threads, messages, indexes TO \(user)")
        defer { try? database.run("DROP OWNED BY \(user); DROP ROLE \(user)") }
        let url = database.location(user: user, password: "word", query: "?sslmode=disable")
        let before = try rows()
        #expect(try program.records("list", "threads", "--json", url).count == 1)
        #expect(try program.records("show", "thread", "thread-000000", "--json", url).count == 3)
        try program.refused("trim", "thread-000000", "--keep", "1", "--yes", url, saying: ["only read"])
        try program.refused("delete", "threads", "thread-000000", "--yes", url, saying: ["only read"])
        try program.refused("delete", "indexes", "docs", "--yes", url, saying: ["only read"])
        #expect(try rows() == before)
        #expect(try program.done("undo", "--list").lines.isEmpty)
    }

    @Test func `rows that no program should have written are listed with what is wrong`() throws {
        try client.run("create")
        try client.run("write-threads", "1", "3")
        try database.run(
            """
            UPDATE threads SET metadata = 'not JSON {', updated_at = 'never' WHERE id = 'thread-000000';
            INSERT INTO indexes VALUES ('broken', 'not JSON {', NULL)
            """)
        let threads = try program.records("list", "threads", "--json", database.location)
        #expect(threads.first?["notes"]?.texts.isEmpty == false)
        let indexes = try program.records("list", "indexes", "--json", database.location)
        #expect(indexes.first?["notes"]?.texts.isEmpty == false)
        #expect(try program.records("show", "thread", "thread-000000", "--json", database.location).count == 3)
    }

    @Test func `psycopg reads threads and indexes that a program stored, and the program what psycopg appended`()
        async throws
    {
        let time = Timestamp(seconds: 1_740_816_000)
        let connection = try await StoreConnection.open(database.location)
        let threads = try await connection.threadStore()
        var thread = ConversationThread(id: "t1", created: time, updated: time, metadata: ["title": "Kyoto – Grüße"])
        thread.messages.append(
            ConversationMessage(id: "m1", role: "user", content: .text("日本語"), created: time, tokenCount: 5))
        try await threads.saveThread(thread)
        let read = try client.run("read-thread", "t1")
        #expect(read["metadata"] == thread.metadata)
        #expect(read["created_at"] == "2025-03-01T08:00:00+00:00")
        #expect(read["messages"]?.each("content") == ["日本語"] && read["messages"]?.each("token_count") == [5])
        try client.run("append", "t1", "1")
        #expect(
            try await threads.thread("t1", messageLimit: nil)?.messages.map { $0.content.stringValue }
                == ["日本語", "appended 0"])
        let full = StoredBytes(#"{"version": 1, "contextState": {"blobs": [["6ab1", "src/Grüße.ts"]]}, "source": {}}"#)
        try await connection.indexStore().save("web app", full: full, search: StoredBytes(#"{"version": 1}"#))
        #expect(
            try client.run("read-connectors", "web_app")["state"]?["contextState"]?["blobs"]
                == [["6ab1", "src/Grüße.ts"]])
        await connection.close()
    }
}
