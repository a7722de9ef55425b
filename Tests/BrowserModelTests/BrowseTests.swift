import BrowserModel
import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@Suite("Browsing lists")
struct BrowseTests {
    private func driver(_ count: Int = 5, width: Int = 80) -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", count)])], width: width)
        driver.start()
        return driver
    }

    private func browse(_ driver: BrowserDriver) -> BrowseScreen? {
        if case .browse(let screen) = driver.state.top { screen } else { nil }
    }

    @Test("Nothing is opened before the program says that it runs")
    func firstEffect() {
        var driver = BrowserDriver([PretendSource("a", [:])])
        driver.answers = false
        #expect(driver.effects.isEmpty)
        #expect(driver.send(.started(GridSize(width: 80, height: 24))) == [.findSources])
    }

    @Test("A preview that was due when its record was opened wakes nobody until the list is seen again")
    func previewBelow() {
        var driver = driver(width: 120)
        driver.press("j", "Enter")
        driver.pass(200)
        #expect(driver.state.isIdle)
        let wake = driver.state.nextWake
        #expect(wake == nil || (wake ?? driver.now) > driver.now)
        let record = driver.state.screens.first.flatMap { screen -> RecordID? in
            if case .browse(let screen) = screen { screen.list?.selected } else { nil }
        }
        driver.press("Esc")
        driver.pass(200)
        #expect(record != nil && browse(driver)?.preview.record?.id == record)
    }

    @Test("Every source is opened at once, and asked only for what it holds")
    func opensSources() {
        var driver = BrowserDriver([
            PretendSource("a", [.thread: PretendRecords.threads("a", 1)]), PretendSource("b", [.index: .init([])]),
        ])
        driver.start()
        let works = driver.effects.map(\.work)
        #expect(works.contains(.open(source: "a")) && works.contains(.open(source: "b")))
        #expect(works.contains(.count(source: "a", kind: .thread)))
        #expect(!works.contains(.count(source: "b", kind: .thread)))
        #expect(driver.count { if case .list(let source, _) = $0 { source == "b" } else { false } } == 0)
    }

    @Test("The first tab is the first kind that has records, until the user chooses one")
    func choosesTab() {
        var driver = BrowserDriver([
            PretendSource("a", [.index: .init([PretendRecords.index("a", "web", origin: "acme/web", files: 3)])])
        ])
        driver.start()
        #expect(browse(driver)?.tab == .records(.index))
        driver.press("4")
        driver.press("r")
        #expect(browse(driver)?.tab == .records(.task))
    }

    @Test("What no layout explains is asked for by key, all else newest first")
    func usualOrder() {
        var driver = BrowserDriver([
            PretendSource("a", [.raw: .init([]), .thread: .init([]), .index: .init([])])
        ])
        driver.start()
        driver.press("1", "2", "6")
        let sorts = driver.effects.compactMap { effect -> String? in
            guard case .list(_, let query) = effect.work else { return nil }
            return "\(query.kind.rawValue) \(query.sort.field.rawValue)"
        }
        #expect(Set(sorts) == ["index updated", "thread updated", "raw key"])
    }

    @Test("A key that means nothing says so and leaves no trace in the history")
    func unboundKey() {
        var driver = driver()
        let remembered = driver.state.history.count
        driver.press("X")
        #expect(driver.state.notice?.text == "X does nothing here; ? lists the keys")
        #expect(driver.state.history.count == remembered)
    }

    @Test("A failed source that may come back is tried again after a while")
    func retries() {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.error = PretendRecords.failure
        var driver = BrowserDriver([source])
        driver.start()
        let opened = driver.count { $0 == .open(source: "a") }
        driver.sources[0].error = nil
        driver.pass(4000)
        #expect(driver.count { $0 == .open(source: "a") } == opened)
        driver.pass(2000)
        #expect(driver.count { $0 == .open(source: "a") } == opened + 1)
        #expect(driver.state.source("a")?.opened != nil)
        #expect(browse(driver)?.list?.rows.count == 1)
    }

    @Test("A filter works while it is typed, once the keys rest")
    func filters() {
        var driver = driver(30)
        driver.press("/")
        driver.answers = false
        let before = driver.effects.count
        driver.type("a-7")
        #expect(driver.effects.count == before)
        driver.answers = true
        driver.pass(100)
        #expect(browse(driver)?.list?.rows.map(\.id.key) == ["a-7"])
        driver.press("Enter")
        #expect(driver.state.input == nil)
        #expect(browse(driver)?.list?.filter?.text == "a-7")
    }

    @Test("Esc in a filter brings the list back as it was, and Esc after it clears the filter")
    func escapesFilter() {
        var driver = driver(30)
        driver.press("/")
        driver.type("a-7")
        driver.pass(100)
        driver.press("Esc")
        #expect(browse(driver)?.list?.rows.count == 30)
        driver.press("/")
        driver.type("zzz")
        driver.press("Enter")
        #expect(browse(driver)?.list?.rows.isEmpty == true)
        driver.press("Esc")
        #expect(browse(driver)?.list?.rows.count == 30)
        #expect(driver.state.screens.count == 1)
    }

    @Test("Esc never quits, however often it is pressed")
    func escapeNeverQuits() {
        var driver = driver()
        driver.press("Enter", "Enter", "Esc", "Esc", "Esc", "Esc", "Esc")
        #expect(!driver.state.isQuitting)
        #expect(driver.state.screens.count == 1)
    }

    @Test("q goes up a level and quits at the first screen")
    func quits() {
        var driver = driver()
        driver.press("Enter", "q")
        #expect(!driver.state.isQuitting)
        #expect(driver.send(.terminal(.key(KeyPress("q")))) == [.quit])
        #expect(driver.state.isQuitting)
    }

    @Test("Ctrl-C cancels what runs, and twice within a second quits")
    func cancels() {
        var driver = driver()
        driver.answers = false
        driver.press("r")
        driver.press("Ctrl-C")
        #expect(driver.state.jobs.isEmpty)
        driver.pass(1500)
        driver.press("Ctrl-C")
        #expect(!driver.state.isQuitting)
        driver.pass(500)
        driver.press("Ctrl-C")
        #expect(driver.state.isQuitting)
    }

    @Test("A preview is asked for once the cursor rests, and the old one stays until the new one is there")
    func preview() throws {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 50)])
        source.messages = PretendRecords.talk(3)
        var driver = BrowserDriver([source], width: 160)
        driver.start()
        #expect(browse(driver)?.preview.record?.id.key == "a-0")
        driver.answers = false
        for _ in 0..<10 {
            driver.press("j")
            driver.pass(20)
        }
        #expect(driver.waiting.isEmpty)
        driver.pass(100)
        #expect(driver.waiting.count == 1)
        #expect(browse(driver)?.preview.record?.id.key == "a-0")
        driver.answerAll()
        #expect(browse(driver)?.preview.record?.id.key == "a-10")
    }

    @Test("A preview that is not wanted any more is cancelled")
    func cancelsPreview() throws {
        var driver = driver(50, width: 160)
        driver.answers = false
        driver.press("j")
        driver.pass(100)
        let asked = try #require(driver.waiting.first)
        driver.press("j")
        #expect(driver.effects.contains { $0.work == .cancel(asked.id) })
    }

    @Test("Leaving a screen cancels what it asked for, and its late answers change nothing")
    func leaving() throws {
        var driver = driver()
        driver.answers = false
        driver.press("Enter")
        let asked = try #require(driver.waiting.last)
        driver.press("Esc")
        #expect(driver.effects.contains { $0.work == .cancel(asked.id) })
        let before = driver.state
        driver.answerLate(asked.id, .messages(Page(items: [PretendRecords.message(0, .user, "late")])))
        #expect(driver.state == before)
    }

    @Test("Enter on a source lists what it holds, unknown contents too")
    func opensSource() {
        let raw = RecordSummary(id: RecordID(source: "x", layout: "raw", kind: .raw, key: "some/object"))
        var driver = BrowserDriver([PretendSource("x", [.raw: .init([raw])])])
        driver.start()
        #expect(browse(driver)?.tab == .sources)
        driver.press("Enter")
        #expect(browse(driver)?.scope == "x")
        #expect(browse(driver)?.list?.rows.map(\.id.key) == ["some/object"])
    }

    @Test("Neighbours of an opened record are the list's neighbours")
    func neighbours() {
        var driver = driver(3)
        driver.press("Enter", "]")
        guard case .thread(let thread) = driver.state.top else {
            Issue.record("no thread is shown")
            return
        }
        #expect(thread.record.id.key == "a-1")
        driver.press("]", "]", "[", "Esc")
        #expect(browse(driver)?.list?.selected?.key == "a-1")
        #expect(driver.state.screens.count == 2 - 1)
    }

    @Test("Two hundred resizes read nothing from the stores")
    func resizes() {
        var driver = driver(50, width: 160)
        let before = driver.effects.count
        for step in 0..<200 { driver.resize(1 + step, 1 + step % 60) }
        driver.resize(80, 24)
        #expect(driver.effects.count == before)
        #expect(driver.state.size == GridSize(width: 80, height: 24))
    }

    @Test("A paste where nothing takes text is refused with a notice and runs no command")
    func paste() {
        var driver = driver()
        driver.send(.terminal(.paste("dy\nq")))
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text.contains("paste") == true)
        driver.press("/")
        driver.send(.terminal(.paste("a-3\nrest")))
        #expect(driver.state.input?.line.text == "a-3")
    }

    @Test("The letter of a field sorts by it, and the same letter again turns the order around")
    func sorts() {
        var driver = driver(12)
        driver.press("s", "t")
        #expect(browse(driver)?.list?.sort == RecordSort(.title, descending: false))
        #expect(browse(driver)?.list?.rows.first?.id.key == "a-0")
        driver.press("s", "t")
        #expect(browse(driver)?.list?.sort == RecordSort(.title, descending: true))
        #expect(browse(driver)?.list?.rows.first?.id.key == "a-9")
    }

    @Test("An error never swallows the next key and stays in the history until it was seen")
    func errors() {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.error = PretendRecords.failure
        var driver = BrowserDriver([source])
        driver.start()
        #expect(driver.state.notice?.level == .error)
        driver.press("5")
        #expect(browse(driver)?.tab == .sources)
        #expect(driver.state.unread == 1)
        driver.press("!")
        #expect(driver.state.unread == 0)
        guard case .reader(let reader) = driver.state.top else {
            Issue.record("no history is shown")
            return
        }
        let text = reader.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("the server does not answer") && text.contains("help: start it"))
    }

    @Test("The help shows the keys of the screen it was opened on, and why some do not work")
    func help() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 1)])], isReadOnly: true)
        driver.start()
        driver.press("?")
        guard case .reader(let reader) = driver.state.top else {
            Issue.record("no help is shown")
            return
        }
        let text = reader.lines.map(\.text).joined(separator: " ")
        #expect(text.contains("filter the list") && text.contains("started read-only"))
    }

    @Test("A job is listed until it ends and x stops it")
    func jobs() {
        var driver = driver()
        driver.answers = false
        driver.press("r", "Ctrl-T")
        #expect(driver.state.jobs.count == 2)
        driver.press("x", "x")
        #expect(driver.state.jobs.isEmpty)
    }

    @Test(
        "h and Left leave what has nothing to the left: what is told about a record, notices, jobs",
        arguments: ["h", "Left"], ["m", "!", "Ctrl-T"])
    func leavesByLeft(_ key: String, _ screen: String) {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.start()
        driver.press("2", screen)
        #expect(driver.state.screens.count == 2)
        driver.press(key)
        #expect(driver.state.screens.count == 1)
    }
}
