import EngineCore
import PostgresEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

/// The table of indexes as PostgreSQL's users make it: documents as text, JSON or bytes.
@Suite(.usesPostgres, .enabled(if: TestServer.postgres.isWanted, "PostgreSQL runs"), .timeLimit(.minutes(10)))
struct PostgresConnectorsTests {
    private let database: PostgresDatabase
    private let engine: PostgresEngine

    init() async throws {
        database = try PostgresDatabase()
        engine = try await PostgresEngine(location: database.location)
    }

    private func layout(_ options: LayoutOptions = LayoutOptions()) async throws -> ConnectorsRowsLayout {
        let found = try await ConnectorsRowsLayout.detect(engine, .test(options))
        return try #require(found.first as? ConnectorsRowsLayout)
    }

    private func fill(_ type: String, table: String = "indexes") async throws {
        try database.run(
            "CREATE TABLE \(table) (name text PRIMARY KEY, full_state \(type), search_state \(type), more numeric DEFAULT 1.50)"
        )
        let objects = try ConnectorsFixture.objects()
        try await engine.transaction("fill") { transaction throws(StorageError) in
            for (key, bytes) in objects where key.hasSuffix("state.json") {
                let name = key == "state.json" ? "." : String(key.split(separator: "/")[1])
                let search = objects.first { $0.key == key.replacing("state.json", with: "search.json") }?.bytes ?? []
                let values = [bytes, search].map { bytes -> StoredValue in
                    type == "bytea" ? .bytes(bytes) : .text(String(decoding: bytes, as: UTF8.self))
                }
                try transaction.execute(
                    SQLStatement("INSERT INTO \(table) VALUES (?, ?, ?)", [.text(name)] + values))
            }
        }
    }

    @Test(arguments: ["text", "json", "jsonb", "bytea", "varchar"])
    func `indexes are listed, read, saved, deleted and brought back, whatever the columns are`(
        type: String
    ) async throws {
        try await fill(type)
        let layout = try await layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == [".", "billing_service", "docs", "mobile", "web-app"])
        #expect(records.allSatisfy { $0.notes.isEmpty })
        let mobile = try #require(try await layout.summary(.index, "mobile"))
        guard case .index(let detail) = mobile.detail else { return }
        #expect(detail.files == 1200 && detail.origin == "bitbucket acme/mobile")
        let documents = try await layout.documents(.index, "docs")
        if type != "jsonb" {
            let objects = try ConnectorsFixture.objects()
            #expect(documents[0].bytes.array == objects.first { $0.key == "indexes/docs/state.json" }?.bytes)
            #expect(documents[1].bytes.array == objects.first { $0.key == "indexes/docs/search.json" }?.bytes)
        }
        #expect(Int64(documents[0].bytes.count + documents[1].bytes.count) == records[2].bytes)
        #expect(try await layout.hits("file_1199").map(\.record.id.key) == ["mobile"])

        let whole = "SELECT t::text FROM indexes AS t ORDER BY name"
        let before = try database.rows(whole)
        let revision = try await layout.revision(.index, "docs")
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        #expect(try await layout.settle(journal, during: .change) == .applied)
        #expect(try await layout.count(.index) == .exact(4))
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await layout.settle(journal, during: .undo) == .notApplied)
        #expect(try database.rows(whole) == before)

        let text = "{\"blobs\": [[\"a\", \"x \\\\ y\"]]}"
        try await layout.save("docs", full: StoredBytes(text), search: StoredBytes("{}"))
        try await layout.save("new one", full: StoredBytes(text), search: StoredBytes("{}"))
        #expect(try await layout.loadState("docs")?.text == text)
        #expect(try await layout.loadState("new_one")?.text == text)
        #expect(try await layout.revision(.index, "docs") != revision)
        #expect(try database.rows("SELECT more FROM indexes WHERE name = 'docs'") == [["1.50"]])
    }

    @Test func `a row another program changes after the plan is a conflict`() async throws {
        try await fill("jsonb")
        let layout = try await layout()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        try database.run("UPDATE indexes SET more = 2 WHERE name = 'docs'")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await layout.count(.index) == .exact(5))
    }

    @Test func `a table of another schema is named with it, also for making one`() async throws {
        try database.run("CREATE SCHEMA tools")
        try await fill("text", table: "tools.mine")
        #expect(try await ConnectorsRowsLayout.detect(engine, .test()).isEmpty)
        let layout = try await layout(LayoutOptions(tables: ["indexes": "tools.mine"]))
        #expect(try await layout.all(.index).count == 5)
        try await layout.delete("docs")
        #expect(try database.rows("SELECT count(*) FROM tools.mine") == [["4"]])
        let made = try await ConnectorsRowsLayout.create(
            in: engine, .test(LayoutOptions(tables: ["indexes": "tools.made"])))
        try await made.save("a", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        #expect(try database.rows("SELECT name FROM tools.made") == [["a"]])
    }

    @Test func `a user who may only read sees all and is told why nothing can be changed`() async throws {
        try await fill("text")
        let user = "u" + database.name
        try database.run("CREATE ROLE \(user) LOGIN PASSWORD 'word'; GRANT SELECT ON indexes TO \(user)")
        let reader = try await PostgresEngine(location: database.location(user: user, password: "word"))
        let found = try await ConnectorsRowsLayout.detect(reader, .test())
        let layout = try #require(found.first as? ConnectorsRowsLayout)
        #expect(try await layout.all(.index).count == 5)
        #expect(layout.capabilities(of: .index).delete.reason == "the database lets this user only read indexes")
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        #expect(plan.refusal == "the database lets this user only read indexes")
        await reader.close()
        try database.run("DROP OWNED BY \(user); DROP ROLE \(user)")
    }

    @Test func `a table with the right name and other columns is shown as it is`() async throws {
        try database.run(
            """
            CREATE TABLE indexes (a int, b jsonb); INSERT INTO indexes VALUES (1, '{"x": 1.0}'), (2, NULL);
            CREATE SCHEMA s; CREATE TABLE s.threads (id uuid PRIMARY KEY); INSERT INTO s.threads VALUES (gen_random_uuid())
            """)
        let found = try await LayoutDetection.detect(.rows(engine), .test())
        #expect(found.map(\.name) == ["raw"])
        let raw = try #require(found.first)
        let records = try await raw.list(
            RecordQuery(
                .raw, sort: RecordSort(.key, descending: false), page: PageRequest(.first, limit: 100))
        ).items
        #expect(records.map(\.id.key) == ["indexes", "s.threads"])
        #expect(records.map(\.messages) == [2, 1])
        let page = try await raw.messages("indexes", PageRequest(.first, limit: 1))
        #expect(page.items.count == 1 && page.total == .exact(2))
        let next = try #require(page.next)
        #expect(try await raw.messages("indexes", PageRequest(.after(next), limit: 1)).items.count == 1)
    }
}
