import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@Suite("What a click stands for")
struct ClickTests {
    private func driver(width: Int = 80, height: Int = 24) -> BrowserDriver {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 5), .task: PretendRecords.threads("a", 0)])],
            width: width, height: height)
        driver.start()
        return driver
    }

    /// Where a text stands on the screen.
    private func place(_ text: String, in grid: CellGrid) -> GridPosition? {
        for row in 0..<grid.height {
            let line = grid.text(row: row)
            guard let found = line.firstRange(of: text) else { continue }
            return GridPosition(row: row, column: line.distance(from: line.startIndex, to: found.lowerBound))
        }
        return nil
    }

    /// The name of the key that a click on a text is.
    private func key(_ text: String, _ driver: BrowserDriver) throws -> String? {
        let grid = BrowserView.grid(driver.state)
        let found = try #require(place(text, in: grid), "\(text) is not on the screen:\n\(grid.text)")
        return grid.key(at: found)?.name
    }

    @Test("On a tab it is the tab's key, also where only its number has room")
    func tabs() throws {
        let wide = driver()
        #expect(try key("Threads", wide) == "2")
        #expect(try key("Sources", wide) == "5")
        #expect(try key("Thread a-1", wide) == nil)
        let narrow = driver(width: 40, height: 10)
        #expect(try key(" 4 ", narrow) == "4")
    }

    @Test("On a button it is the key of the button, and what stands behind the question has none")
    func buttons() throws {
        var driver = driver()
        driver.press("d")
        #expect(try key("[ Cancel ]", driver) == "Esc")
        #expect(try key("[ Delete ]", driver) == "y")
        #expect(try key("Threads", driver) == nil)
        driver.press("Esc", "s")
        #expect(try key("title", driver) == nil)
        #expect(try key("t  title", driver) == "t")
    }

    @Test("On a key that is named in the last line it is that key")
    func hints() throws {
        var driver = driver()
        #expect(try key("? help", driver) == "?")
        driver.press("/")
        #expect(BrowserView.grid(driver.state).keyAreas.isEmpty)
    }

    @Test("A double click there is one key, elsewhere clicks and the wheel stay what they are")
    func meaning() throws {
        let grid = BrowserView.grid(driver().state)
        let tab = try #require(place("Tasks", in: grid))
        let key = try #require(KeyPress(name: "4"))
        #expect(grid.meaning(of: .mouse(MousePress(.left, at: tab))) == .key(key))
        #expect(grid.meaning(of: .mouse(MousePress(.left, at: tab, isDoubleClick: true))) == nil)
        let others: [TerminalEvent] = [
            .mouse(MousePress(.wheelDown, at: tab)), .mouse(MousePress(.right, at: tab)),
            .mouse(MousePress(.left, at: GridPosition(row: 5, column: 5), isDoubleClick: true)), .key(key),
        ]
        for event in others { #expect(grid.meaning(of: event) == event) }
    }

    @Test("The cursor of the terminal rests on the line of a menu that is in focus", arguments: ["s", "c"])
    func menuCursor(_ menu: String) throws {
        var driver = driver()
        driver.press(menu)
        for _ in 0..<2 {
            let grid = BrowserView.grid(driver.state)
            let cursor = try #require(grid.cursor)
            #expect(grid.cell(row: cursor.row, column: cursor.column)?.text == ">")
            // Not the line of the list behind it.
            #expect(cursor.column > 2)
            driver.press("j")
        }
    }

    @Test("The trim preview names the key of help at every width that has room for it", arguments: [40, 60, 80, 200])
    func helpOfTrim(_ width: Int) throws {
        var driver = driver(width: width)
        driver.sources[0].messages = PretendRecords.talk(12)
        driver.press("T")
        #expect(driver.state.showsTrim)
        #expect(try key("? help", driver) == "?")
    }
}
