import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Dataset tables")
struct TableTests {
    private func open(_ rows: [String], columns: [String] = [], width: Int = 80) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "dataset")])])
        source.documents = { _ in
            [
                RecordDocument(
                    name: "rows.jsonl", format: .jsonLines(columns: columns.map { TableColumn(name: $0) }),
                    bytes: StoredBytes(rows.joined(separator: "\n")))
            ]
        }
        var driver = BrowserDriver([source], width: width)
        driver.start()
        driver.press("3", "Enter")
        return driver
    }

    private func table(_ driver: BrowserDriver) throws -> TablePane { try #require(driver.state.tableTop) }

    /// The values of the column in focus, in the order they are shown.
    private func values(_ driver: BrowserDriver) throws -> [String] {
        let table = try table(driver)
        return (0..<table.rowCount).map { table.cells(row: $0)[table.column].shown }
    }

    private func input(_ driver: inout BrowserDriver, _ key: String, _ text: String) {
        driver.press(key)
        driver.type(text)
        driver.press("Enter")
    }

    @Test("Rows are sorted by exact numbers, then texts, with nulls last in both directions, and equal rows stay")
    func sorts() throws {
        var driver = open([
            #"{"n":9007199254740993,"i":1}"#, #"{"n":null,"i":2}"#, #"{"n":9007199254740992,"i":3}"#,
            #"{"n":-1.5,"i":4}"#, #"{"i":5}"#, #"{"n":"ten","i":6}"#, #"{"n":1e2,"i":7}"#, #"{"n":100,"i":8}"#,
        ])
        driver.press("s")
        #expect(
            try values(driver) == [
                "-1.5", "1e2", "100", "9007199254740992", "9007199254740993", "ten", "null", "·",
            ])
        driver.press("s")
        #expect(
            try values(driver) == [
                "ten", "9007199254740993", "9007199254740992", "1e2", "100", "-1.5", "null", "·",
            ])
        driver.press("s")
        #expect(try table(driver).order == nil)
        #expect(try values(driver).first == "9007199254740993")
    }

    @Test("The row in focus stays in focus when rows are sorted and filtered")
    func keepsFocus() throws {
        var driver = open((0..<50).map { "{\"n\":\(($0 * 7) % 50),\"t\":\"row \($0)\"}" })
        driver.press("j", "j", "j", "s")
        #expect(try table(driver).cells(row: try table(driver).cursor)[1] == .text("row 3"))
        input(&driver, "\\", "n>20")
        #expect(try table(driver).cells(row: try table(driver).cursor)[1] == .text("row 3"))
        #expect(try table(driver).rowCount == 29)
        driver.press("Esc")
        #expect(try table(driver).rowCount == 50)
        #expect(try table(driver).filter.isEmpty)
        #expect(try table(driver).sort != nil)
    }

    @Test(
        "A filter takes words, columns, values and comparisons",
        arguments: [
            ("alpha", ["1", "3"]), ("alpha Beta", ["3"]), ("t:beta", ["2", "3"]), ("n=2.0", ["2"]),
            ("n>=2", ["2", "3"]),
            ("x=null", ["2"]), ("x=", ["1"]), ("n<3 t:a", ["1", "2"]), ("nothing", []),
        ] as [(String, [String])])
    func filters(_ filter: String, _ expected: [String]) throws {
        var driver = open(
            [
                #"{"n":1,"t":"alpha","x":""}"#, #"{"n":2,"t":"beta","x":null}"#, #"{"n":3,"t":"Beta alpha"}"#,
            ], columns: ["n", "t", "x"])
        input(&driver, "\\", filter)
        #expect(try values(driver) == expected)
        #expect(try table(driver).filter == filter)
    }

    @Test("A column of numbers is added up exactly, over the rows that are shown")
    func sums() throws {
        var driver = open([
            #"{"n":0.1,"t":"a"}"#, #"{"n":0.2,"t":"a"}"#, #"{"n":9007199254740993,"t":"b"}"#, #"{"n":null}"#, "{}",
        ])
        let all = try #require(try table(driver).statistics[0])
        #expect(
            all.parts == [
                "sum 9 007 199 254 740 993.3", "mean 3 002 399 751 580 331.1", "min 0.1", "max 9007199254740993",
                "3 numbers", "1 null", "1 missing",
            ])
        input(&driver, "\\", "t:a")
        #expect(try table(driver).statistics[0]?.parts.prefix(2) == ["sum 0.3", "mean 0.15"])
        driver.press("l")
        #expect(try table(driver).statistics[1]?.parts == ["2 texts"])
    }

    @Test("A sum that cannot be exact says that it is floating")
    func floatingSum() throws {
        var driver = open([#"{"n":1e300,"m":1}"#, #"{"n":1,"m":1}"#, #"{"m":0}"#])
        #expect(try table(driver).statistics[0]?.parts.first == "sum ~ 1e+300 (floating)")
        driver.press("l")
        #expect(try table(driver).statistics[1]?.parts.prefix(2) == ["sum 2", "mean ~ 0.666666"])
    }

    @Test("Texts that look like other values have quotes, so that null, empty and missing are told apart")
    func tellsApart() throws {
        let driver = open([#"{"v":null}"#, #"{"v":""}"#, #"{"v":"null"}"#, #"{"v":"12"}"#, "{}", #"{"v":"x"}"#])
        #expect(try values(driver) == ["null", "\"\"", "\"null\"", "\"12\"", "·", "x"])
    }

    @Test("A search goes from row to row in the order shown, and counts rows")
    func searches() throws {
        var driver = open((0..<30).map { "{\"n\":\(30 - $0),\"t\":\"\($0 % 10 == 4 ? "needle needle" : "hay")\"}" })
        input(&driver, "/", "needle")
        #expect(try table(driver).cursor == 4)
        #expect(driver.state.documentTop?.pane?.hit == "hit 1 of 3")
        driver.press("s")
        #expect(try table(driver).cursor == 25)
        driver.press("g", "n", "n")
        #expect(try table(driver).cursor == 15)
        #expect(driver.state.documentTop?.pane?.hit == "hit 2 of 3")
        driver.press("N", "N")
        #expect(try table(driver).cursor == 25)
        #expect(driver.state.documentTop?.pane?.find.note == "from the end again")
    }

    @Test("The column in focus is always on the screen, and no column is skipped")
    func columns() throws {
        let wide = String(repeating: "x", count: 30)
        var driver = open(["{" + (0..<9).map { "\"c\($0)\":\"\(wide)\"" }.joined(separator: ",") + "}"])
        var lefts: [Int] = []
        for _ in 0..<9 {
            lefts.append(try table(driver).left)
            driver.press("l")
        }
        #expect(lefts == [0, 0, 1, 2, 3, 4, 5, 6, 7])
        driver.press("h", "h")
        #expect(try table(driver).column == 6)
        #expect(try table(driver).left == 6)
    }

    @Test("A path goes to a row and a column, and a cell is copied and opened")
    func cells() throws {
        var driver = open([#"{"a":1}"#, #"{"a":{"deep":[1,2]},"b":"two\nlines"}"#])
        input(&driver, ":", "[1].a")
        #expect(try table(driver).path == ".[1].a")
        driver.press("Enter")
        #expect(driver.state.documentTop?.pane?.tree?.path == ".")
        driver.press("Esc")
        input(&driver, ":", ".b")
        driver.press("y", "v")
        #expect(driver.effects.contains { $0.work == .copy("two\nlines") })
        input(&driver, ":", "[7]")
        #expect(driver.state.notice?.text == "the table has 2 rows: [7] is not there")
        input(&driver, ":", ".zebra")
        #expect(driver.state.notice?.text == "the table has no column \"zebra\"")
    }

    @Test("Sorting is a job: keys answer meanwhile, another order replaces it, and leaving cancels it")
    func isAJob() throws {
        var driver = open((0..<100).map { "{\"n\":\(100 - $0)}" })
        driver.answers = false
        driver.press("s", "j", "j")
        #expect(try table(driver).cursor == 2)
        #expect(try table(driver).order == nil)
        let first = try #require(driver.waiting.last)
        driver.press("s")
        #expect(driver.waiting.filter { if case .arrange = $0.work { true } else { false } }.count == 1)
        driver.answerLate(first.id, .arranged([5]))
        #expect(try table(driver).rowCount == 100)
        driver.press("q")
        #expect(driver.waiting.allSatisfy { if case .arrange = $0.work { false } else { true } })
    }

    @Test("Columns grow with the content that is seen, numbers with their fractions")
    func fits() throws {
        let rows = (0..<300).map {
            "{\"n\":\($0 == 250 ? "123456.125" : "\($0)"),\"t\":\"\($0 == 250 ? "long text" : "x")\"}"
        }
        var driver = open(rows)
        #expect(try table(driver).widths == [2, 1])
        driver.press("G")
        #expect(try table(driver).widths == [3, 1])
        driver.press(":")
        driver.type("251")
        driver.press("Enter")
        #expect(try table(driver).widths == [10, 9])
        #expect(try table(driver).fractions == [4, 0])
    }

    @Test(
        "Numbers are compared without rounding",
        arguments: [
            ("0.1", "1e-1"), ("100", "1e2"), ("-0", "0.00"), ("12.30", "12.3"),
        ])
    func equal(_ left: String, _ right: String) {
        #expect(ExactNumber(left) == ExactNumber(right))
    }

    @Test("Numbers beyond every machine type keep their order")
    func ordered() throws {
        let spelled = [
            "-1e999999999999999999999", "-1e400", "-2", "-1.0000000000000000000001", "-1", "0", "1e-400",
            "0.30000000000000001", "0.30000000000000002", "1e400", "1e999999999999999999999",
        ]
        let numbers = try spelled.map { try #require(ExactNumber($0)) }
        for (left, right) in zip(numbers, numbers.dropFirst()) { #expect(left < right) }
        #expect(ExactNumber("abc") == nil && ExactNumber("") == nil && ExactNumber("1.2.3") == nil)
    }
}
