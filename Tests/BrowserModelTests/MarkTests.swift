import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Marks")
struct MarkTests {
    private func driver(_ count: Int = 30, more: [PretendSource] = []) -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", count)])] + more)
        driver.start()
        return driver
    }

    private func list(_ driver: BrowserDriver) -> RecordList? {
        if case .browse(let screen) = driver.state.top { screen.list } else { nil }
    }

    private func marked(_ driver: BrowserDriver) -> [String] {
        driver.state.marks.oldest(.max).map(\.id.key)
    }

    @Test("Space marks and moves on, and on a marked record takes the mark away")
    func toggles() {
        var driver = driver()
        driver.press("Space", "Space", "j", "Space")
        #expect(marked(driver) == ["a-0", "a-1", "a-3"])
        #expect(list(driver)?.selected?.key == "a-4")
        driver.press("g", "j", "Space")
        #expect(marked(driver) == ["a-0", "a-3"])
    }

    @Test("v begins a range, moving extends it, and Space or v marks it", arguments: ["Space", "v"])
    func ranges(_ end: String) {
        var driver = driver()
        driver.press("j", "v", "j", "j")
        #expect(list(driver)?.range == 1...3)
        #expect(driver.state.marks.isEmpty)
        driver.press(end)
        #expect(marked(driver) == ["a-1", "a-2", "a-3"])
        #expect(list(driver)?.range == nil)
    }

    @Test("A range goes upwards too, and marking it again takes the marks away")
    func rangeUp() {
        var driver = driver()
        driver.press("j", "j", "j", "v", "k", "k", "v")
        #expect(Set(marked(driver)) == ["a-1", "a-2", "a-3"])
        driver.press("v", "j", "j", "v")
        #expect(driver.state.marks.isEmpty)
    }

    @Test("Esc leaves the range, then clears the marks, then the filter, and never quits")
    func layers() {
        var driver = driver()
        driver.press("/")
        driver.type("a-1")
        driver.press("Enter", "Space", "v", "j")
        driver.press("Esc")
        #expect(list(driver)?.range == nil && driver.state.marks.count == 1)
        driver.press("Esc")
        #expect(driver.state.marks.isEmpty && list(driver)?.filter?.text == "a-1")
        driver.press("Esc")
        #expect(list(driver)?.filter == nil)
        driver.press("Esc")
        #expect(!driver.state.isQuitting)
    }

    @Test("h goes back a level and takes no mark away")
    func back() {
        var driver = driver()
        driver.press("Space", "h")
        #expect(driver.state.marks.count == 1)
    }

    @Test("Marks outlive filter, order, refresh, other lists and going into a record and back")
    func survive() {
        var driver = driver()
        driver.press("Space", "Space", "/")
        driver.type("a-2")
        driver.press("Enter", "s", "t", "r", "1", "2", "Enter", "Esc")
        #expect(marked(driver) == ["a-0", "a-1"])
        #expect(driver.state.hiddenMarks == 2)
        driver.press("/")
        driver.press("Ctrl-U", "Enter")
        #expect(driver.state.hiddenMarks == 0)
        driver.press("1")
        #expect(driver.state.marks.count == 2)
    }

    @Test("What is marked in another list is neither acted on nor cleared here")
    func perKind() {
        let both: [RecordKind: PretendSource.Shelf] = [
            .thread: PretendRecords.threads("a", 3),
            .index: PretendSource.Shelf([PretendRecords.index("a", "one", origin: "o", files: 1)]),
        ]
        var driver = BrowserDriver([PretendSource("a", both)])
        driver.start()
        driver.press("2", "g", "Space", "Space", "1", "d")
        guard case .change(let change) = driver.state.dialog else {
            Issue.record("no dialog")
            return
        }
        #expect(change.record.id.kind == .index)
        driver.press("Esc", "g", "Space", "Esc")
        #expect(driver.state.marks.count == 2)
        driver.press("2", "d")
        guard case .bulk(let bulk) = driver.state.dialog else {
            Issue.record("no dialog")
            return
        }
        #expect(bulk.count == 2)
    }

    @Test("y copies the ids of the marked records, one a line")
    func copies() {
        var driver = driver()
        driver.press("Space", "Space", "y")
        guard case .copy(let menu) = driver.state.dialog else {
            Issue.record("no menu")
            return
        }
        #expect(menu.items.map(\.order.content) == [.text("a-0\na-1")])
    }

    @Test("A marks all of a list that is loaded, and only what the filter lets through")
    func allLoaded() {
        var driver = driver()
        driver.press("/")
        driver.type("a-1")
        driver.press("Enter", "A")
        #expect(driver.state.marks.count == 11)
        #expect(driver.state.notice?.text == "marked 11 threads that match \"a-1\"")
    }

    @Test("A reads on where the list is not loaded, over all sources, as one job with progress")
    func allReadOn() {
        let other = PretendSource("b", [.thread: PretendRecords.threads("b", 2500, offset: 30)])
        var driver = driver(4213, more: [other])
        driver.answers = false
        driver.press("A")
        let id = driver.waiting.last?.id
        var progress: [Int] = []
        while let effect = driver.waiting.first(where: { if case .list = $0.work { true } else { false } }) {
            #expect(effect.id == id)
            driver.answer { if case .list = $0 { true } else { false } }
            if let job = driver.state.jobs.first(where: { $0.id == id }), let done = job.progress?.done {
                progress.append(done)
            }
        }
        #expect(driver.state.marks.count == 6713)
        #expect(progress == [1000, 2000, 3000, 4000, 4213, 5213, 6213])
        #expect(driver.state.notice?.text == "marked 6 713 threads, all there are")
        let loaded = list(driver)?.rows.count ?? 0
        #expect(driver.state.hiddenMarks == 6713 - loaded)
    }

    @Test("Stopped by Esc, marking all says how many of how many it marked")
    func allStopped() {
        var driver = driver(4213)
        driver.answers = false
        driver.press("A")
        driver.answer { if case .list = $0 { true } else { false } }
        driver.press("Esc")
        #expect(driver.state.marks.count == 1000)
        #expect(driver.state.notice?.text == "stopped: marked 1 000 threads of 4 213")
        #expect(driver.state.jobs.isEmpty)
        driver.press("Esc")
        #expect(driver.state.marks.isEmpty)
    }

    @Test("A source whose records cannot be marked with the others is named")
    func allButOne() {
        var broken = PretendSource("broken", [.thread: PretendRecords.threads("broken", 3)])
        broken.error = PretendRecords.failure
        var driver = driver(5, more: [broken])
        driver.press("A")
        #expect(driver.state.marks.count == 5)
        #expect(
            driver.state.notice?.text
                == "marked 5 threads, all there are, but not those of 1 source: broken: the server does not answer")
    }

    @Test("Sources are not marked, and the key says so", arguments: ["Space", "v", "A"])
    func sources(_ key: String) {
        var driver = driver()
        driver.press("5", key)
        #expect(driver.state.notice?.text.hasSuffix("sources are not marked") == true)
    }

    @Test("A range never passes rows that are not loaded")
    func rangeToEnd() {
        var driver = driver(5000)
        driver.press("v", "G")
        #expect(driver.state.notice?.text.contains("A marks all") == true)
        #expect(list(driver)?.range != nil)
        for _ in 0..<120 { driver.press("PgDn") }
        driver.press("v")
        #expect(driver.state.marks.count == 120 * 20 + 1)
    }

    @Test("The sums over marks are right after any order of marking and unmarking")
    func sums() {
        var marks = Marks()
        let records = (0..<500).map { PretendRecords.thread($0 % 3 == 0 ? "x" : "y", "k\($0)", messages: $0) }
        for record in records { marks.insert(record) }
        for (index, record) in records.enumerated() where index % 5 != 0 { marks.remove(record.id) }
        marks.insert(records[1])
        marks.insert(records[1])
        #expect(marks.count == 101)
        let tallies = Array(marks.groups.values)
        #expect(tallies.map(\.records).reduce(0, +) == 101)
        let messages = tallies.map(\.messages).reduce(0, +)
        #expect(messages == 24_751)
        #expect(marks.oldest(2).map(\.id.key) == ["k0", "k5"])
        let found = records.filter { marks.contains($0.id) }
        #expect(found.count == 101)
        for record in records { marks.remove(record.id) }
        #expect(marks.isEmpty && marks.groups.isEmpty && marks.oldest(1).isEmpty)
    }
}
