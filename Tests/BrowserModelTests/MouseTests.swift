import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The mouse")
struct MouseTests {
    private func driver(_ count: Int = 200, width: Int = 80, height: Int = 24) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", count)])
        source.messages = PretendRecords.talk(60)
        var driver = BrowserDriver([source], width: width, height: height)
        driver.start()
        return driver
    }

    private func list(_ driver: BrowserDriver) throws -> RecordList {
        guard case .browse(let screen) = driver.state.top else { throw PretendRecords.failure }
        return try #require(screen.list)
    }

    private func press(
        _ button: MousePress.Button, _ row: Int, _ column: Int, twice: Bool = false, _ driver: inout BrowserDriver
    ) {
        let place = GridPosition(row: row, column: column)
        driver.send(.terminal(.mouse(MousePress(button, at: place))))
        if twice { driver.send(.terminal(.mouse(MousePress(button, at: place, isDoubleClick: true)))) }
        driver.send(.inputDrained)
    }

    @Test("A click selects the record under it, and below the last one nothing")
    func click() throws {
        var driver = driver(5)
        press(.left, 4, 10, &driver)
        #expect(try list(driver).cursor == 2)
        press(.left, 20, 10, &driver)
        press(.left, 0, 10, &driver)
        press(.left, 23, 10, &driver)
        press(.right, 3, 10, &driver)
        #expect(try list(driver).cursor == 2)
    }

    @Test("A click on the heading of a column sorts by it, and a second one reverses that")
    func heading() throws {
        var driver = driver(5)
        let columns = driver.state.columns(of: try #require(driver.state.browseTop))
        let start = 2 + columns.prefix { $0.column.field != .messages }.reduce(0) { $0 + $1.width + 2 }
        press(.left, 1, start, &driver)
        #expect(try list(driver).sort == RecordSort(.messages, descending: true))
        press(.left, 1, start + 2, &driver)
        #expect(try list(driver).sort == RecordSort(.messages, descending: false))
        press(.left, 1, 3, &driver)
        #expect(try list(driver).sort == RecordSort(.title, descending: false))
        #expect(try list(driver).rows.count == 5)
    }

    @Test("A click on the heading of a column that nothing is sorted by says what there is")
    func headingWithoutOrder() throws {
        var driver = driver(5)
        driver.sources[0].sortFields = [.updated]
        driver.press("r")
        driver = BrowserDriver(driver.sources)
        driver.start()
        press(.left, 1, 3, &driver)
        #expect(try list(driver).sort == .newest)
        #expect(driver.state.notice?.text == "threads are not sorted by title, but by updated")
    }

    @Test("A double click opens")
    func doubleClick() throws {
        var driver = driver(5)
        press(.left, 3, 10, twice: true, &driver)
        guard case .thread(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.record.id.key == "a-1")
    }

    @Test("The wheel scrolls the list with its cursor kept in sight")
    func wheel() throws {
        var driver = driver()
        press(.wheelDown, 10, 10, &driver)
        #expect(try list(driver).top == 3)
        #expect(try list(driver).cursor == 3)
        press(.wheelUp, 10, 10, &driver)
        press(.wheelUp, 10, 10, &driver)
        #expect(try list(driver).top == 0)
        #expect(try list(driver).cursor == 0)
    }

    @Test("In a list that fits, the wheel moves the cursor")
    func shortWheel() throws {
        var driver = driver(5)
        press(.wheelDown, 10, 10, &driver)
        #expect(try list(driver).cursor == 3)
        press(.wheelDown, 10, 10, &driver)
        #expect(try list(driver).cursor == 4)
    }

    @Test("The wheel over the preview scrolls the preview and nothing else")
    func preview() throws {
        var driver = driver(200, width: 200, height: 50)
        press(.wheelDown, 10, 180, &driver)
        guard case .browse(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.preview.top == 3)
        #expect(try list(driver).top == 0)
        #expect(screen.focus == .records)
        press(.left, 10, 180, &driver)
        guard case .browse(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.focus == .preview)
    }

    @Test("A click in the column of sources gives it the focus, a double one opens the source")
    func sources() throws {
        var driver = driver(5, width: 200, height: 50)
        press(.left, 2, 5, &driver)
        guard case .browse(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.focus == .sources && screen.source == "a")
        press(.left, 2, 5, twice: true, &driver)
        guard case .browse(let opened) = driver.state.top else { throw PretendRecords.failure }
        #expect(opened.scope == "a")
    }

    @Test("In a thread the wheel moves by lines and a click goes to the line")
    func thread() throws {
        var driver = driver()
        driver.press("Enter")
        press(.left, 4, 5, &driver)
        guard case .thread(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.cursor != screen.top)
        let before = screen.cursor
        press(.wheelDown, 4, 5, &driver)
        guard case .thread(let after) = driver.state.top else { throw PretendRecords.failure }
        #expect(after.cursor > before)
    }

    @Test("In a tree a click selects and a double one folds")
    func tree() throws {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")])])
        source.documents = { _ in
            [RecordDocument(name: "d", format: .json, bytes: StoredBytes(#"{"a":{"b":1},"c":2}"#))]
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        press(.left, 2, 5, &driver)
        guard case .document(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.pane?.tree?.path == ".a")
        let rows = screen.pane?.tree?.rows(height: 20).count
        press(.left, 2, 5, twice: true, &driver)
        guard case .document(let folded) = driver.state.top else { throw PretendRecords.failure }
        #expect(folded.pane?.tree?.rows(height: 20).count != rows)
    }

    @Test("Among hits a click selects the line and a double click opens the place")
    func results() throws {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 3)])
        source.messages = { _ in (9, { PretendRecords.message($0, .user, $0 == 4 ? "a needle" : "hay") }) }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("S")
        driver.type("needle")
        driver.press("Enter")
        // Line 1 states the scope, line 2 names the first record, line 3 its place; so do 4 and 5.
        press(.left, 5, 10, &driver)
        guard case .results(let screen) = driver.state.top else { throw PretendRecords.failure }
        #expect(screen.cursor == 3)
        #expect(screen.selectedRecord?.id.key == "a-1")
        press(.left, 1, 10, &driver)
        press(.left, 20, 10, &driver)
        guard case .results(let same) = driver.state.top else { throw PretendRecords.failure }
        #expect(same.cursor == 3)
        press(.left, 7, 10, twice: true, &driver)
        guard case .thread(let thread) = driver.state.top else { throw PretendRecords.failure }
        #expect(thread.record.id.key == "a-2")
        #expect(thread.current?.position == 4)
    }

    @Test("Among recovery entries a click selects, and below them it does nothing")
    func recovery() throws {
        var driver = driver()
        driver.entries = (0..<3).map { number in
            UndoEntry(
                id: "\(number)", made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: "\(number)"), title: "", items: 1,
                unit: "messages", bytes: 10)
        }
        driver.press("U")
        press(.left, 4, 10, &driver)
        #expect(driver.state.recoveryTop?.selected?.id == "2")
        press(.left, 2, 10, &driver)
        press(.left, 1, 10, &driver)
        press(.left, 20, 10, &driver)
        #expect(driver.state.recoveryTop?.selected?.id == "0")
    }

    @Test("A mouse that is taken from the start is among the settings")
    func setting() {
        var state = BrowserState(size: GridSize(width: 80, height: 24), usesMouse: true)
        #expect(state.settings.usesMouse)
        _ = update(&state, .started(state.size))
        state.set("")
        #expect(state.notice?.text.hasPrefix("set: mouse ") == true)
    }

    @Test("That a run was started with the mouse is not remembered, what the user sets is")
    func session() {
        var state = BrowserState(size: GridSize(width: 80, height: 24), usesMouse: true)
        state.begin(.resumed(Session()))
        #expect(state.settings.usesMouse && !state.session.settings.usesMouse)
        state.set("mouse")
        #expect(state.session.settings.usesMouse)
        state.set("nomouse")
        #expect(!state.settings.usesMouse && !state.session.settings.usesMouse)
    }

    @Test("A question is not answered by the mouse")
    func dialog() throws {
        var driver = driver()
        driver.press("d")
        let before = driver.state.dialog
        press(.left, 12, 40, twice: true, &driver)
        press(.wheelDown, 12, 40, &driver)
        #expect(driver.state.dialog == before && before != nil)
    }
}
