import BrowserTestSupport
import JSONText
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Where jumps land on the screen")
struct LandingTests {
    /// Lines of a screen of 24 that show content, and a third of them.
    private let height = 22
    private let third = 7

    // MARK: Threads

    /// Turns of a question and an answer of many lines; some lines hold a word to be searched for.
    private func thread(_ count: Int, needles: [Int: Int] = [:], isTool: Bool = false) -> BrowserDriver {
        var source = PretendSource("a", [.thread: .init([PretendRecords.thread("a", "t", messages: count)])])
        source.messages = { _ in
            (
                count,
                { position in
                    guard position % 2 == 1 else { return PretendRecords.message(position, .user, "Ask \(position)") }
                    let lines = (0..<14).map { (line: Int) in
                        needles[position] == line ? "- a needle" : "- line \(line)"
                    }
                    let calls =
                        isTool && position % 4 == 1 ? [ToolCall(id: "c\(position)", name: "look", arguments: [:])] : []
                    return PretendRecords.message(
                        position, .assistant, lines.joined(separator: "\n"), toolCalls: calls)
                }
            )
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("2", "Enter")
        return driver
    }

    private func screen(_ driver: BrowserDriver) throws -> ThreadScreen { try #require(driver.state.threadTop) }

    @Test("A turn comes to the top line, wherever it was before, as far as there is text below it")
    func turns() throws {
        var driver = thread(20)
        for turn in 1..<9 {
            driver.press("}")
            let screen = try screen(driver)
            #expect(screen.current?.position == turn * 2)
            #expect(screen.top == screen.cursor)
        }
        driver.press("}")
        #expect(try screen(driver).current?.position == 18)
        #expect(try screen(driver).distanceFromTop > 0)
        for turn in (1..<9).reversed() {
            driver.press("{")
            #expect(try screen(driver).current?.position == turn * 2)
            #expect(try screen(driver).distanceFromTop == (turn == 8 ? try screen(driver).distanceFromTop : 0))
        }
    }

    @Test("A turn beyond what is loaded comes to the top line as well")
    func farTurn() throws {
        var source = PretendSource("a", [.thread: .init([PretendRecords.thread("a", "t", messages: 400)])])
        source.messages = { _ in
            (400, { PretendRecords.message($0, $0 == 200 ? .user : .assistant, "Line \($0)") })
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("2", "Enter", "}")
        #expect(try screen(driver).current?.position == 200)
        #expect(try screen(driver).top == screen(driver).cursor)
    }

    @Test("A hit that is seen leaves the screen as it is, any other comes a third down")
    func hits() throws {
        var driver = thread(40, needles: [1: 3, 3: 5, 21: 0])
        let start = try screen(driver).top
        driver.press("/")
        driver.type("needle")
        driver.press("Enter")
        #expect(try screen(driver).current?.position == 1)
        #expect(try screen(driver).top == start)
        driver.press("n")
        #expect(try screen(driver).current?.position == 3)
        #expect(try screen(driver).distanceFromTop == third)
        driver.press("n")
        #expect(try screen(driver).current?.position == 21)
        #expect(try screen(driver).distanceFromTop == third)
        driver.press("N")
        #expect(try screen(driver).distanceFromTop == third)
    }

    @Test("A hit beyond what is loaded comes a third down")
    func farHit() throws {
        var driver = thread(400, needles: [301: 4])
        driver.press("/")
        driver.type("needle")
        driver.press("Enter")
        #expect(try screen(driver).current?.position == 301)
        #expect(try screen(driver).distanceFromTop == third)
    }

    @Test("A tool call that is seen leaves the screen as it is, any other comes a third down")
    func calls() throws {
        var driver = thread(40, isTool: true)
        driver.press(")", ")")
        #expect(try screen(driver).current?.position == 5)
        #expect(try screen(driver).distanceFromTop == third)
    }

    // MARK: Documents

    private func pane(_ driver: BrowserDriver) throws -> DocumentPane { try #require(driver.state.documentTop?.pane) }

    @Test("In a tree a hit that is seen leaves the screen as it is, any other comes a third down")
    func tree() throws {
        let members = (0..<200).map { "\"k\($0)\":\"\([5, 20, 90].contains($0) ? "needle" : "hay")\"" }
        var driver = BrowserDriver.showing(.json, "{\(members.joined(separator: ","))}")
        if try #require(try pane(driver).tree).rows(height: height).count < height { driver.press("l") }
        driver.search("needle")
        func place() throws -> (path: String, line: Int?) {
            let tree = try #require(try pane(driver).tree)
            return (tree.path, tree.rows(height: height).firstIndex { $0.node.start == tree.cursor.start })
        }
        #expect(try place() == (".k5", 6))
        driver.press("n")
        #expect(try place() == (".k20", 21))
        driver.press("n")
        #expect(try place() == (".k90", third))
        driver.press("N")
        #expect(try place() == (".k20", third))
    }

    @Test(
        "In text a hit that is seen leaves the screen as it is, any other comes a third down", arguments: [true, false])
    func text(_ wraps: Bool) throws {
        let lines = (0..<200).map {
            [5, 21, 90, 199].contains($0) ? "a needle \($0)" : String(repeating: "hay ", count: $0 == 10 ? 100 : 3)
        }
        var driver = BrowserDriver.showing(.text, lines.joined(separator: "\n"))
        if !wraps { driver.press("w") }
        func shown() throws -> [String] { try pane(driver).text.rows(width: 78, height: height).map(\.text) }
        let start = try shown()
        driver.search("needle")
        #expect(try shown() == start)
        driver.press("n")
        // The long line takes rows of its own where lines are wrapped.
        #expect(try wraps ? shown()[third] == "a needle 21" : shown() == start)
        driver.press("n")
        #expect(try shown()[third] == "a needle 90")
        driver.press("n")
        #expect(try shown().last == "a needle 199" && shown().count == height)
    }

    @Test("A hit far to the right of a long line is scrolled to though its line is seen")
    func sideways() throws {
        var driver = BrowserDriver.showing(.text, String(repeating: "hay ", count: 100) + "needle\nend")
        driver.press("w")
        driver.search("needle")
        #expect(try pane(driver).text.left > 300)
    }

    @Test("In a table and in bytes a hit comes a third down unless it is seen")
    func tableAndBytes() throws {
        let rows = (0..<200).map { "{\"v\":\"\([5, 90].contains($0) ? "needle" : "hay")\"}" }
        var driver = BrowserDriver.showing(.jsonLines(columns: [TableColumn(name: "v")]), rows.joined(separator: "\n"))
        driver.search("needle")
        #expect(try pane(driver).table?.top == 0)
        driver.press("n")
        let table = try #require(try pane(driver).table)
        #expect(table.cursor == 90 && table.cursor - table.top == third)
        driver = BrowserDriver.showing(
            .binary, String(repeating: "hay ", count: 300) + "needle" + String(repeating: "hay ", count: 300))
        driver.search("needle")
        #expect(try pane(driver).hex.top(width: 78) == 75 - third)
    }

    @Test("The first difference of a comparison is seen with what is before it, the next one where it is")
    func differences() throws {
        @Sendable func json(_ changed: Set<Int>) -> String {
            let members = (0..<200).map { "\"k\($0)\":\(changed.contains($0) ? 1 : 0)" }
            return "{\(members.joined(separator: ","))}"
        }
        var source = PretendSource("a", [.task: .init([PretendRecords.task("a", "0"), PretendRecords.task("a", "1")])])
        source.documents = { id in
            let text = json(id.key == "0" ? [] : [30, 32, 150])
            return [RecordDocument(name: "state.json", format: .json, bytes: StoredBytes(text))]
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("4", "Enter", "D")
        let top = try #require(driver.state.diffTop).top
        driver.press("n")
        #expect(try #require(driver.state.diffTop).top == top)
    }
}
