import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite struct ConnectorsRowsTests {
    private let directory: TemporaryDirectory
    private let engine: SQLiteEngine

    init() async throws {
        directory = try TemporaryDirectory()
        engine = try await SQLiteEngine(path: directory.path("indexes.db"), create: true)
    }

    private func run(_ text: String, _ values: [StoredValue] = []) async throws {
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            _ = try transaction.execute(SQLStatement(text, values))
        }
    }

    private func layout(_ options: LayoutOptions = LayoutOptions()) async throws -> ConnectorsRowsLayout {
        let found = try await ConnectorsRowsLayout.detect(engine, .test(options))
        return try #require(found.first as? ConnectorsRowsLayout)
    }

    /// The stored indexes as rows, beside columns the tool does not know.
    private func fixture(
        _ table: String = "indexes", schema: String = "name TEXT PRIMARY KEY, full_state TEXT, search_state TEXT, more",
        options: String = ""
    ) async throws {
        try await run("CREATE TABLE \"\(table)\" (\(schema)) \(options)")
        let objects = try ConnectorsFixture.objects()
        for (key, bytes) in objects where key.hasSuffix("state.json") {
            let name = key == "state.json" ? "." : String(key.split(separator: "/")[1])
            let search = objects.first { $0.key == key.replacing("state.json", with: "search.json") }?.bytes ?? []
            try await run(
                "INSERT INTO \"\(table)\" VALUES (?, ?, ?, ?)",
                [.text(name), .text(String(decoding: bytes, as: UTF8.self)), .bytes(search), .bytes([0, 255])])
        }
    }

    private func rows() async throws -> [Row] {
        try await engine.query(SQLStatement("SELECT rowid AS rowid, * FROM indexes ORDER BY rowid"))
    }

    @Test func `the stored indexes read the same from rows`() async throws {
        try await fixture()
        let layout = try await layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == [".", "billing_service", "docs", "mobile", "web-app"])
        #expect(records.allSatisfy { $0.notes.isEmpty })
        #expect(try await layout.plansUnlikeTheList() == [])
        let mobile = try #require(try await layout.summary(.index, "mobile"))
        guard case .index(let detail) = mobile.detail else { return }
        #expect(detail.files == 1200 && detail.origin == "bitbucket acme/mobile")
        #expect(mobile.bytes == Int64(157_916 + 612))
        let documents = try await layout.documents(.index, "docs")
        let objects = try ConnectorsFixture.objects()
        #expect(documents.map(\.name) == ["state.json", "search.json"])
        #expect(documents[0].bytes.array == objects.first { $0.key == "indexes/docs/state.json" }?.bytes)
        #expect(documents[1].bytes.array == objects.first { $0.key == "indexes/docs/search.json" }?.bytes)
        #expect(try await layout.hits("file_1199").map(\.record.id.key) == ["mobile"])
    }

    @Test(arguments: ["VIRTUAL", "STORED"])
    func `a table with a computed column is changed and undone exactly`(_ kind: String) async throws {
        try await fixture()
        try await run("ALTER TABLE indexes RENAME TO plain")
        try await run(
            """
            CREATE TABLE indexes (size INTEGER GENERATED ALWAYS AS (length(full_state)) \(kind), \
            name TEXT PRIMARY KEY, full_state TEXT, search_state TEXT, more)
            """)
        try await run("INSERT INTO indexes (name, full_state, search_state, more) SELECT * FROM plain")
        let before = try await rows()
        let layout = try await layout()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let recorder = MemexRecorder(plan)
        _ = try await layout.carryOut(plan, recording: recorder)
        #expect(try await rows().count == before.count - 1)
        #expect(try await layout.settle(recorder, during: .change) == .applied)
        _ = try await layout.undo(recorder, inexactly: false)
        #expect(try await rows() == before)
        #expect(try await layout.settle(recorder, during: .change) == .notApplied)
    }

    @Test func `the table may have another name and hostile ones are quoted`() async throws {
        let name = "odd \" name; DROP TABLE x"
        let quoted = name.replacing("\"", with: "\"\"")
        try await fixture(quoted)
        #expect(try await ConnectorsRowsLayout.detect(engine, .test()).isEmpty)
        let layout = try await layout(LayoutOptions(tables: ["indexes": name]))
        #expect(try await layout.all(.index).count == 5)
        try await layout.delete("docs")
        #expect(try await layout.count(.index) == .exact(4))
    }

    @Test func `a table without the columns of the format is not one`() async throws {
        try await run("CREATE TABLE indexes (name TEXT, full_state TEXT)")
        #expect(try await ConnectorsRowsLayout.detect(engine, .test()).isEmpty)
    }

    @Test func `a long state tells its origin and its damage from its ends`() async throws {
        try await run("CREATE TABLE indexes (name, full_state, search_state)")
        let blobs = (0..<20_000).map { "[\"\(String(repeating: "a", count: 20))\",\"src/file_\($0).ts\"]" }
        let source =
            "{\"type\":\"website\",\"config\":{\"url\":\"https://x.test\"},\"syncedAt\":\"2026-01-02T03:04:05Z\"}"
        let text = "{\"contextState\":{\"blobs\":[\(blobs.joined(separator: ","))]},\"source\":\(source)}"
        for (name, state) in [("whole", text), ("cut", String(text.dropLast(100)))] {
            try await run("INSERT INTO indexes VALUES (?, ?, NULL)", [.text(name), .text(state)])
        }
        let records = try await layout().all(.index)
        #expect(records.map(\.title) == ["", "https://x.test"])
        #expect(records[0].notes == ["search_state is missing", "full_state is cut short"])
        #expect(records[1].notes == ["search_state is missing"])
    }

    @Test func `NULL, numbers, bytes, same names and odd names are all shown`() async throws {
        try await run("CREATE TABLE indexes (name, full_state, search_state)")
        try await run("INSERT INTO indexes VALUES ('both null', NULL, NULL)")
        try await run("INSERT INTO indexes VALUES (NULL, '{}', NULL)")
        try await run("INSERT INTO indexes VALUES ('twice', 42, x'fe')")
        try await run("INSERT INTO indexes VALUES ('twice', '{\"blobs\":[]}', '{')")
        try await run("INSERT INTO indexes VALUES (7, 1.5, '')")
        let layout = try await layout()
        let records = try await layout.all(.index)
        #expect(records.map(\.id.key) == ["(row 2)", "(row 4)", "(row 5)", "both null", "twice"])
        #expect(records[0].notes.first == "the name is NULL")
        #expect(records[1].notes.contains("another row has the same name"))
        #expect(records[2].notes.contains("search_state is cut short at byte 0"))
        #expect(records[3].notes == ["full_state is missing", "search_state is missing"])
        #expect(records[4].notes.contains("full_state is not a JSON object"))
        #expect(try await layout.documents(.index, "twice")[0].bytes.text == "42")
        #expect(try await layout.documents(.index, "(row 4)")[0].bytes.text == "{\"blobs\":[]}")
        #expect(try await layout.list() == ["(row 2)", "(row 4)", "(row 5)", "twice"])

        let plan = try await layout.plan(.delete(.record), .index, "twice")
        _ = try await layout.carryOut(plan, recording: TestJournal(plan))
        #expect(try await rows().compactMap { $0[0].integer } == [1, 2, 4, 5])
    }

    @Test(arguments: ["mobile", "."])
    func `a delete removes the row and undo brings every column back`(key: String) async throws {
        try await fixture()
        let layout = try await layout()
        let before = try await rows()
        let plan = try await layout.plan(.delete(.record), .index, key)
        #expect(plan.drops == 2 && plan.refusal == nil)
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        #expect(try await rows().count == 4)
        #expect(try await layout.settle(journal, during: .change) == .applied)
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await rows() == before)
        #expect(try await layout.settle(journal, during: .undo) == .notApplied)
    }

    @Test func `a failing seal leaves the row, and settle says so`() async throws {
        try await fixture()
        let layout = try await layout()
        let before = try await rows()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let full = StorageError(.full, operation: "record", place: "", reason: "no space is left")
        let journal = TestJournal(plan, sealFailure: full)
        await #expect(throws: StorageError.self) { try await layout.carryOut(plan, recording: journal) }
        #expect(try await rows() == before)
        #expect(try await layout.settle(journal, during: .change) == .notApplied)
    }

    @Test func `a row that changed since the plan conflicts, as does undo over a new one`() async throws {
        try await fixture()
        let layout = try await layout()
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        try await run("UPDATE indexes SET more = 1 WHERE name = 'docs'")
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .conflict)
        #expect(try await rows().count == 5)

        let again = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(again)
        _ = try await layout.carryOut(again, recording: journal)
        try await layout.save("docs", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        let over = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(over?.kind == .conflict)
    }

    @Test func `an undo whose row number is taken brings the index back as a new row when asked to`() async throws {
        try await fixture()
        let layout = try await layout()
        let last = try #require(try await rows().last)
        let name = try #require(last["name"]?.text)
        let plan = try await layout.plan(.delete(.record), .index, name)
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        try await layout.save("other", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        let error = await #expect(throws: StorageError.self) { try await layout.undo(journal, inexactly: false) }
        #expect(error?.kind == .conflict)
        _ = try await layout.undo(journal, inexactly: true)
        let back = try #require(try await rows().first { $0["name"] == .text(name) })
        #expect(Array(back.values.dropFirst()) == Array(last.values.dropFirst()))
        #expect(try await layout.count(.index) == .exact(6))
    }

    @Test func `saving updates the row and keeps its other columns`() async throws {
        try await fixture()
        let layout = try await layout()
        try await layout.save("docs", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        try await layout.save("new one", full: StoredBytes("{\"blobs\":[]}"), search: StoredBytes("{}"))
        let docs = try #require(try await rows().first { $0["name"] == .text("docs") })
        #expect(docs["more"] == .bytes([0, 255]))
        #expect(docs["full_state"] == .text("{\"blobs\":[]}"))
        #expect(try await layout.loadState("new one")?.text == "{\"blobs\":[]}")
        #expect(try await layout.list().contains("new_one"))
    }

    @Test func `a view is read and never deleted from`() async throws {
        try await fixture("base")
        try await run("CREATE VIEW indexes AS SELECT name, full_state, search_state FROM base")
        let layout = try await layout()
        #expect(try await layout.all(.index).count == 5)
        #expect(try await layout.plan(.delete(.record), .index, "docs").refusal?.contains("view") == true)
    }

    @Test func `rows without an identity are found by name`() async throws {
        try await fixture(schema: "name TEXT PRIMARY KEY, full_state, search_state, more", options: "WITHOUT ROWID")
        let layout = try await layout()
        let before = try await engine.query(SQLStatement("SELECT * FROM indexes ORDER BY name"))
        let plan = try await layout.plan(.delete(.record), .index, "docs")
        let journal = TestJournal(plan)
        _ = try await layout.carryOut(plan, recording: journal)
        #expect(try await layout.count(.index) == .exact(4))
        _ = try await layout.undo(journal, inexactly: false)
        #expect(try await engine.query(SQLStatement("SELECT * FROM indexes ORDER BY name")) == before)
    }

    @Test func `a revision changes when a document changes`() async throws {
        try await fixture()
        let layout = try await layout()
        let before = try await layout.revision(.index, "docs")
        #expect(try await layout.revision(.index, "docs") == before)
        try await run(
            "UPDATE indexes SET full_state = replace(full_state, '2026-11-01', '2026-11-02') WHERE name = 'docs'")
        #expect(try await layout.revision(.index, "docs") != before)
        #expect(try await layout.revision(.index, "none") == nil)
    }
}
