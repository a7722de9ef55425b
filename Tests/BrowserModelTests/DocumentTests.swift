import BrowserTestSupport
import JSONText
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Documents")
struct DocumentTests {
    private func open(_ documents: [RecordDocument], height: Int = 24) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")])])
        source.documents = { _ in documents }
        var driver = BrowserDriver([source], height: height)
        driver.start()
        driver.press("Enter")
        return driver
    }

    private func json(_ text: String) -> RecordDocument {
        RecordDocument(name: "data.json", format: .json, bytes: StoredBytes(text))
    }

    private func pane(_ driver: BrowserDriver) throws -> DocumentPane {
        guard case .document(let screen) = driver.state.top else { throw NoDocument() }
        return try #require(screen.pane)
    }

    private func tree(_ driver: BrowserDriver) throws -> TreePane { try #require(try pane(driver).tree) }

    private struct NoDocument: Error {}

    @Test("The cursor walks, folds and unfolds, and its path is named")
    func walks() throws {
        var driver = open([json(#"{"a":{"b":[1,2,{"c":9007199254740993}]},"d":null}"#)])
        driver.press("j")
        #expect(try tree(driver).path == ".a")
        driver.press("j", "j", "j", "j", "+")
        driver.press("l")
        #expect(try tree(driver).path == ".a.b[2].c")
        #expect(try tree(driver).value == "9007199254740993")
        driver.press("h")
        #expect(try tree(driver).path == ".a.b[2]")
        driver.press("-")
        #expect(try tree(driver).path == ".a")
        #expect(try tree(driver).rows(height: 20).count == 3)
        driver.press("J")
        #expect(try tree(driver).path == ".d")
        driver.press("K")
        #expect(try tree(driver).path == ".a")
        driver.press("G")
        #expect(try tree(driver).path == ".d")
    }

    @Test("A search unfolds what hides the match")
    func searches() throws {
        let items = (0..<500).map { #"{"name":"item \#($0)"}"# }.joined(separator: ",")
        var driver = open([json(#"{"list":[\#(items)]}"#)])
        driver.press("/")
        driver.type("item 321")
        driver.press("Enter")
        #expect(try tree(driver).path == ".list[321].name")
        driver.press("g", "/")
        driver.type("item 1")
        driver.press("Enter", "n", "n")
        #expect(try tree(driver).path == ".list[11].name")
        driver.press("N")
        #expect(try tree(driver).path == ".list[10].name")
    }

    @Test("A document that is no JSON is shown as text with the reason")
    func broken() throws {
        let driver = open([json("not json at all")])
        #expect(try pane(driver).form == .text)
        #expect(try pane(driver).problem?.isEmpty == false)
    }

    @Test("JSON that breaks off is shown as far as it goes")
    func truncated() throws {
        let driver = open([json(#"{"a": 1, "b": {"c": [1, 2"#)])
        #expect(try tree(driver).rows(height: 10).count >= 3)
        #expect(try tree(driver).problem != nil)
    }

    @Test("p shows the stored text and comes back to the tree")
    func rawForm() throws {
        var driver = open([json("{ \"a\" :  1 }")])
        driver.press("p")
        #expect(try pane(driver).form == .text)
        #expect(try pane(driver).text.rows(width: 80, height: 5).map(\.text) == ["{ \"a\" :  1 }"])
        driver.press("p")
        #expect(try pane(driver).form == .tree)
    }

    @Test("Tab goes from document to document")
    func documents() throws {
        var driver = open([
            json("{}"),
            RecordDocument(name: "content.txt", format: .text, bytes: StoredBytes("hello"), isContent: false),
        ])
        driver.press("Tab")
        #expect(try pane(driver).document.name == "content.txt")
        driver.press("Tab")
        #expect(try pane(driver).document.name == "data.json")
    }

    @Test("A string that is longer than the screen opens as text")
    func opensString() throws {
        var driver = open([json(#"{"text":"first\nsecond \u00e9"}"#)])
        driver.press("j", "Enter")
        #expect(try pane(driver).text.rows(width: 40, height: 5).map(\.text) == ["first", "second é"])
        driver.press("Esc")
        #expect(try tree(driver).path == ".text")
    }

    @Test("A dataset is a table of its schema's columns with nulls and missing values told apart")
    func table() throws {
        let rows = "{\"a\":1,\"b\":null}\n{\"a\":\"x\",\"extra\":[1]}\nbroken\n"
        var driver = open([
            RecordDocument(
                name: "rows.jsonl", format: .jsonLines(columns: [TableColumn(name: "b"), TableColumn(name: "a")]),
                bytes: StoredBytes(rows))
        ])
        let table = try #require(try pane(driver).table)
        #expect(table.columns.map(\.name) == ["b", "a", "extra"])
        #expect(table.cells(row: 0) == [.null, .number("1"), .missing])
        #expect(table.cells(row: 1) == [.missing, .text("x"), .word("[1]")])
        #expect(table.cells(row: 2).first == .broken("broken"))
        driver.press("G", "l", "l", "l")
        #expect(try pane(driver).table?.cursor == 2)
        #expect(try pane(driver).table?.column == 2)
    }

    @Test("Bytes that are not text are shown as bytes, and p shows them as text")
    func hex() throws {
        var driver = open([
            RecordDocument(name: "x.bin", format: .binary, bytes: StoredBytes([0, 1, 0x41, 0xFF]))
        ])
        #expect(
            try pane(driver).hex.lines(width: 80, height: 3).map(\.text)[0]
                .hasPrefix("00000000  00 01 41 ff"))
        driver.press("p")
        #expect(try pane(driver).text.rows(width: 80, height: 3).map(\.text) == ["^@^AA\\xff"])
    }

    @Test("A late index of a document that was left is dropped")
    func lateIndex() throws {
        var driver = open([json("{}")])
        driver.press("Esc")
        driver.answers = false
        driver.press("Enter")
        driver.answer(where: { if case .documents = $0 { true } else { false } })
        let outline = try #require(driver.waiting.last)
        driver.press("Esc")
        let before = driver.state
        driver.answerLate(outline.id, .outlined(OutlineReport(JSONOutline(StoredBytes("{}")))))
        #expect(driver.state == before)
    }
}
