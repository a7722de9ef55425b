import BrowserModel
import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@Suite("Filtering a list while it is typed")
struct FilterTypingTests {
    private func driver(_ count: Int = 300, more: [PretendSource] = []) -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", count)])] + more)
        driver.start()
        return driver
    }

    private func list(_ driver: BrowserDriver) -> RecordList? {
        if case .browse(let screen) = driver.state.top { screen.list } else { nil }
    }

    @Test("A pattern that is not finished keeps the last good filter and says what is wrong")
    func badPattern() {
        var driver = driver()
        driver.press("/")
        driver.type("a-29")
        driver.pass(100)
        #expect(list(driver)?.total == .exact(11))
        driver.type(" /(/")
        driver.pass(100)
        #expect(driver.state.input?.problem == "/(/ is no pattern: a ( is not closed")
        #expect(list(driver)?.filter?.text == "a-29" && list(driver)?.rows.count == 11)
        driver.press("Enter")
        #expect(
            driver.state.notice?.text
                == "/(/ is no pattern: a ( is not closed; the filter is still \"a-29\"")
        #expect(list(driver)?.filter?.text == "a-29")
    }

    @Test("A pattern filters as it is typed, and its problem goes when it is put right")
    func goodPattern() {
        var driver = driver()
        driver.press("/")
        driver.type("/a-[12]$")
        driver.pass(100)
        #expect(driver.state.input?.problem == "a second / ends the pattern")
        #expect(list(driver)?.filter == nil)
        driver.type("/")
        driver.pass(100)
        #expect(list(driver)?.rows.map(\.id.key) == ["a-1", "a-2"])
        driver.type(" older:")
        driver.pass(100)
        #expect(driver.state.input?.problem?.hasPrefix("older: takes an age") == true)
        driver.type("90s")
        driver.pass(100)
        #expect(driver.state.input?.problem == nil)
        #expect(list(driver)?.rows.map(\.id.key) == ["a-2"])
    }

    @Test("Old records are found by age, marked all and deleted")
    func cleanUp() {
        var driver = driver()
        driver.press("/")
        driver.type("older:295m")
        driver.press("Enter", "A")
        #expect(driver.state.marks.count == 5)
        driver.press("d", "y")
        #expect(driver.count { if case .carryOut = $0 { true } else { false } } == 5)
    }

    @Test("A source that the filter leaves out is not asked")
    func bySource() {
        var driver = driver(5, more: [PretendSource("b", [.thread: PretendRecords.threads("b", 5)])])
        driver.press("/")
        driver.type("source:b")
        let before = driver.effects.count
        driver.press("Enter")
        let asked = driver.effects.dropFirst(before).compactMap {
            if case .list(let source, _) = $0.work { source } else { nil }
        }
        #expect(asked == ["b"])
        #expect(list(driver)?.rows.count == 5)
    }

    @Test("The record that was selected stays so when the filter is cleared")
    func keepsSelection() {
        var driver = driver()
        driver.press("/")
        driver.type("a-4")
        driver.press("Enter", "j", "Esc")
        #expect(list(driver)?.filter == nil)
        #expect(list(driver)?.selected?.key == "a-40")
    }

    @Test("It is found again although another source answers first, and nothing above it is hidden")
    func keepsSelectionOverSources() {
        var driver = BrowserDriver([
            PretendSource("late", [.thread: PretendRecords.threads("late", 3)]),
            PretendSource("early", [.thread: PretendRecords.threads("early", 3)]),
        ])
        driver.start()
        driver.press("/")
        driver.type("late-1")
        driver.press("Enter")
        #expect(list(driver)?.selected?.source == "late")
        driver.answers = false
        driver.press("Esc")
        for source in ["early", "late"] {
            driver.answer { work in
                if case .list(source, _) = work { true } else { false }
            }
        }
        driver.answers = true
        driver.answerAll()
        #expect(list(driver)?.selected?.key == "late-1" && list(driver)?.top == 0)
        #expect(list(driver)?.rows.count == 6)
    }

    @Test("Empty pages with more behind them are read on from, and take no room")
    func emptyPages() {
        var window = PageWindow<Int>()
        window.insert(Page(items: [], next: PageCursor("1")), for: PageRequest(limit: 10))
        for page in 1..<1000 {
            window.insert(
                Page(items: [], next: PageCursor("\(page + 1)")),
                for: PageRequest(.after(PageCursor("\(page)")), limit: 10))
        }
        window.insert(Page(items: [7]), for: PageRequest(.after(PageCursor("1000")), limit: 10))
        #expect(window.items == [7] && window.isAtEnd && window.pages.count <= 2)
        #expect(window.total == .exact(1))
    }
}
