import EngineCore
import SQLiteEngine
import StoredRecords
import TestSupport
import Testing

@testable import StoredLayouts

@Suite(.blocks) struct RawObjectsTests {
    private let kept = KeptPlaces()

    private func fixture(_ kind: ObjectPlace.Kind, _ count: Int = 23) async throws -> RawObjectsLayout {
        let objects = (0..<count).map { (key: "d\($0 % 3)/o\($0)", bytes: Array("text \($0)".utf8)) }
        let place = try await ObjectPlace(kind, objects)
        kept.keep(place)
        return RawObjectsLayout(engine: place.engine, context: .test())
    }

    @Test(arguments: ObjectPlace.Kind.allCases, [1, 2, 5, 22, 23, 100])
    func `pages forward, back and in descending order hold every object once`(
        kind: ObjectPlace.Kind, limit: Int
    ) async throws {
        let layout = try await fixture(kind)
        let ascending = try await layout.all(.raw, limit: limit).map(\.id.key)
        #expect(ascending.count == 23 && ascending == ascending.sorted())
        let descending = try await layout.all(.raw, sort: RecordSort(.key, descending: true), limit: limit)
        #expect(descending.map(\.id.key) == ascending.reversed())
        var backward: [String] = []
        var start = PageRequest.Start.last
        while true {
            let page = try await layout.list(
                RecordQuery(.raw, sort: RecordSort(.key, descending: false), page: PageRequest(start, limit: limit)))
            backward = page.items.map(\.id.key) + backward
            guard let previous = page.previous else { break }
            start = .before(previous)
        }
        #expect(backward == ascending)
    }

    @Test func `a page can begin at any position, also past the end`() async throws {
        let layout = try await fixture(.memory)
        let keys = try await layout.all(.raw).map(\.id.key)
        for position in [0, 1, 20, 22] {
            let page = try await layout.list(
                RecordQuery(
                    .raw, sort: RecordSort(.key, descending: false), page: PageRequest(.position(position), limit: 2)))
            #expect(page.items.map(\.id.key) == Array(keys[position...].prefix(2)))
            #expect((page.previous == nil) == (position == 0))
        }
        for position in [23, 1000, Int.max] {
            let past = try await layout.list(
                RecordQuery(
                    .raw, sort: RecordSort(.key, descending: false), page: PageRequest(.position(position), limit: 2)))
            #expect(past.items.isEmpty && past.next == nil && past.previous != nil)
        }
    }

    @Test func `a filter is looked for among all objects`() async throws {
        let layout = try await fixture(.memory, 5000)
        #expect(try await layout.all(.raw, filter: "o4999").map(\.id.key) == ["d1/o4999"])
        #expect(try await layout.count(.raw) == .exact(5000))
    }

    @Test func `an object shows as JSON, text or bytes`() async throws {
        let place = try await ObjectPlace(
            .files,
            [
                ("a.json", Array("{\"a\":1}".utf8)), ("b", Array("plain é".utf8)), ("c.json", [0, 1, 2]),
                ("d", Array("[1]".utf8)), ("e.jsonl", Array("{}\n{}".utf8)), ("f", []),
            ])
        kept.keep(place)
        let layout = RawObjectsLayout(engine: place.engine, context: .test())
        var formats: [RecordDocument.Format] = []
        for key in ["a.json", "b", "c.json", "d", "e.jsonl", "f"] {
            formats.append(try await layout.documents(.raw, key)[0].format)
        }
        #expect(formats == [.json, .text, .binary, .json, .jsonLines(columns: []), .text])
        await #expect(throws: StorageError.self) { try await layout.documents(.raw, "missing") }
    }

    @Test func `names that are not UTF-8 survive`() async throws {
        let place = try await ObjectPlace(.memory, [("x\\xff", [1]), ("\\x5cxff", [2])])
        kept.keep(place)
        let layout = RawObjectsLayout(engine: place.engine, context: .test())
        for key in try await layout.all(.raw).map(\.id.key) {
            #expect(try await layout.documents(.raw, key).count == 1)
        }
        #expect(try await layout.all(.raw).count == 2)
    }

    @Test func `search finds names and lines`() async throws {
        let layout = try await fixture(.memory)
        let hits = try await layout.hits("text 17")
        #expect(hits.map(\.record.id.key) == ["d2/o17"])
        #expect(hits.map(\.excerpt) == ["text 17"])
        #expect(try await layout.hits("o17").map(\.document) == [nil])
    }

    @Test func `nothing raw is ever changed`() async throws {
        let layout = try await fixture(.memory)
        #expect(layout.capabilities(of: .raw).delete.reason?.contains("format is unknown") == true)
        let plan = try await layout.plan(.delete(.record), .raw, "d0/o0")
        #expect(plan.refusal != nil)
        let error = await #expect(throws: StorageError.self) {
            try await layout.carryOut(plan, recording: TestJournal(plan))
        }
        #expect(error?.kind == .unsupported)
        #expect(try await layout.count(.raw) == .exact(23))
    }

    @Test(arguments: ["", "x", ">zz", "<f", ">é0"])
    func `a cursor of another making is refused`(text: String) async throws {
        let layout = try await fixture(.memory)
        let query = RecordQuery(
            .raw, sort: RecordSort(.key, descending: false), page: PageRequest(.after(PageCursor(text)), limit: 1))
        await #expect(throws: StorageError.self) { try await layout.list(query) }
    }
}

@Suite(.blocks) struct RawRowsTests {
    private let directory: TemporaryDirectory
    private let engine: SQLiteEngine

    init() async throws {
        directory = try TemporaryDirectory()
        engine = try await SQLiteEngine(path: directory.path("some.db"), create: true)
    }

    private func run(_ text: String, _ values: [StoredValue] = []) async throws {
        try await engine.transaction("prepare") { transaction throws(StorageError) in
            _ = try transaction.execute(SQLStatement(text, values))
        }
    }

    private var layout: RawRowsLayout { RawRowsLayout(engine: engine, context: .test()) }

    private func walk(_ key: String, limit: Int) async throws -> (forward: [Int], backward: [Int]) {
        var forward: [Int] = []
        var page = try await layout.messages(key, PageRequest(.first, limit: limit))
        while true {
            forward += page.items.map(\.position)
            guard let next = page.next else { break }
            page = try await layout.messages(key, PageRequest(.after(next), limit: limit))
        }
        var backward: [Int] = []
        page = try await layout.messages(key, PageRequest(.last, limit: limit))
        while true {
            backward = page.items.map(\.position) + backward
            guard let previous = page.previous else { break }
            page = try await layout.messages(key, PageRequest(.before(previous), limit: limit))
        }
        return (forward, backward)
    }

    @Test(arguments: [1, 3, 9, 10, 50], ["plain", "keyed", "view"])
    func `the rows of a table, a table without row identity and a view page in both directions`(
        limit: Int, key: String
    ) async throws {
        try await run("CREATE TABLE plain (a, b)")
        try await run("CREATE TABLE keyed (a PRIMARY KEY, b) WITHOUT ROWID")
        try await run("CREATE VIEW view AS SELECT * FROM plain")
        for number in 0..<10 {
            for table in ["plain", "keyed"] {
                try await run("INSERT INTO \(table) VALUES (?, ?)", [.integer(Int64(number * 7)), .text("t\(number)")])
            }
        }
        try await run("DELETE FROM plain WHERE a = 21")
        try await run("DELETE FROM keyed WHERE a = 21")
        let (forward, backward) = try await walk(key, limit: limit)
        #expect(forward == Array(0..<9) && backward == forward)
        let page = try await layout.messages(key, PageRequest(.position(3), limit: 1))
        #expect(page.items.first?.plainText == "{\"a\":28,\"b\":\"t4\"}")
        #expect(page.total == .exact(9))
        #expect(try await layout.messages(key, PageRequest(.position(90), limit: 1)).items.isEmpty)
    }

    @Test func `tables list with columns and rows, whatever their names`() async throws {
        let name = "odd \"table\"; --"
        try await run("CREATE TABLE \"\(name.replacing("\"", with: "\"\""))\" (id INTEGER PRIMARY KEY, body BLOB)")
        try await run(
            "INSERT INTO \"\(name.replacing("\"", with: "\"\""))\" VALUES (1, ?)",
            [.bytes(Array(repeating: 7, count: 5000))])
        try await run("CREATE TABLE empty (x)")
        try await run("CREATE VIEW broken AS SELECT * FROM nowhere")
        let records = try await layout.all(.raw)
        #expect(records.map(\.id.key) == ["broken", "empty", name])
        #expect(records[0].notes.count == 2)
        #expect(records.map(\.messages) == [nil, 0, 1])
        #expect(records[2].title == "id INTEGER, body BLOB")
        let row = try await layout.messages(name, PageRequest(limit: 5)).items[0]
        #expect(row.plainText == "{\"id\":1,\"body\":\"(5000 bytes)\"}")
        guard case .row(let columns) = row.raw else { return }
        #expect(columns[1].value == .bytes(Array(repeating: 7, count: 5000)))
        let documents = try await layout.documents(.raw, name)
        #expect(documents.map(\.name) == ["rows.jsonl", "columns.json"])
        await #expect(throws: StorageError.self) { try await layout.documents(.raw, "missing") }
        await #expect(throws: StorageError.self) { try await layout.messages("missing", PageRequest(limit: 1)) }
    }

    @Test func `the document of a long table says that it holds the first rows only`() async throws {
        try await run("CREATE TABLE long (x)")
        try await run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) INSERT INTO long SELECT i FROM n"
        )
        let document = try await layout.documents(.raw, "long")[0]
        #expect(document.notes == ["the first 1000 of 1500 rows; all of them show as messages"])
        #expect(document.bytes.lossyText.split(separator: "\n").count == 1000)
        #expect(try await layout.hits("1499").map(\.message) == [1498])
    }
}

@Suite(.usesRedis) struct RawKeysTests {
    private func fixture(_ backend: KeyBackend) async throws -> RawKeysLayout {
        let harness = try backend.harness()
        let engine = try await harness.engine()
        for number in 0..<2500 {
            try harness.seed("key:\(number)", "{\"n\":\(number)}")
        }
        try await engine.commit([.addMember(StoredKey("group"), Array("one".utf8))], expecting: [])
        return RawKeysLayout(engine: engine, context: .test())
    }

    @Test(arguments: KeyBackend.wantedOnce, [250, 600, 5000])
    func `keys page in the order of their names`(_ backend: KeyBackend, limit: Int) async throws {
        let layout = try await fixture(backend)
        let keys = try await layout.all(.raw, limit: limit).map(\.id.key)
        #expect(keys.count == 2501 && keys == keys.sorted())
        let last = try await layout.list(
            RecordQuery(.raw, sort: RecordSort(.key, descending: false), page: PageRequest(.last, limit: 2)))
        #expect(last.items.map(\.id.key) == ["key:998", "key:999"])
        let previous = try #require(last.previous)
        let before = try await layout.list(
            RecordQuery(.raw, sort: RecordSort(.key, descending: false), page: PageRequest(.before(previous), limit: 2))
        )
        #expect(before.items.map(\.id.key) == ["key:996", "key:997"])
    }

    @Test(arguments: KeyBackend.wantedOnce)
    func `values of strings and sets are shown`(_ backend: KeyBackend) async throws {
        let layout = try await fixture(backend)
        #expect(try await layout.documents(.raw, "key:7")[0].bytes.text == "{\"n\":7}")
        #expect(try await layout.documents(.raw, "group")[0].bytes.text == "\"one\"\n")
        #expect(try await layout.summary(.raw, "group")?.title == "set of 1")
        #expect(try await layout.hits("\"n\":1234").map(\.record.id.key) == ["key:1234"])
        #expect(try await layout.plan(.delete(.record), .raw, "group").refusal != nil)
        #expect(try await layout.summary(.raw, "none") == nil)
    }
}
