import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Lists merged from several sources")
struct RecordListTests {
    private func list(_ sources: [PretendSource]) -> BrowserDriver {
        var driver = BrowserDriver(sources)
        driver.start()
        return driver
    }

    private func shown(_ driver: BrowserDriver) -> RecordList? {
        guard case .browse(let screen) = driver.state.top else { return nil }
        return screen.list
    }

    @Test("Records of all sources stand in one order, newest first")
    func merged() throws {
        let driver = list([
            PretendSource("a", [.thread: PretendRecords.threads("a", 3, step: 100)]),
            PretendSource("b", [.thread: PretendRecords.threads("b", 3, step: 100, offset: 50)]),
        ])
        let rows = try #require(shown(driver)).rows.map(\.id.key)
        #expect(rows == ["a-0", "b-0", "a-1", "b-1", "a-2", "b-2"])
    }

    @Test("A merged list is the sorted whole, whatever the sizes of its sources", arguments: [0, 1, 99, 100, 101, 350])
    func wholeOrder(_ size: Int) throws {
        var driver = list([
            PretendSource("a", [.thread: PretendRecords.threads("a", size, step: 60)]),
            PretendSource("b", [.thread: PretendRecords.threads("b", 40, step: 500, offset: 7)]),
            PretendSource("c", [.thread: PretendRecords.threads("c", 3, step: 9000, offset: 11)]),
        ])
        for _ in 0..<25 { driver.press("PgDn") }
        let list = try #require(shown(driver))
        let times = list.rows.compactMap(\.updated)
        #expect(list.rows.count == size + 43)
        #expect(times == times.sorted(by: >))
        #expect(list.total == .exact(size + 43))
    }

    /// Three sources, of which `b` cannot order by messages and has 150 threads.
    private func partlySortable() -> BrowserDriver {
        let shelf = { (name: String, counts: [Int]) in
            PretendSource.Shelf(
                counts.enumerated().map { PretendRecords.thread(name, "\(name)-\($0)", messages: $1) })
        }
        var b = PretendSource("b", [.thread: PretendRecords.threads("b", 150)])
        b.sortFields = [.updated]
        return list([
            PretendSource("a", [.thread: shelf("a", [3, 50, 7])]), b,
            PretendSource("c", [.thread: shelf("c", [40, 60])]),
        ])
    }

    @Test("Sorted by what one source cannot order by, the others stand in order and its records last, newest first")
    func unorderedSource() throws {
        var driver = partlySortable()
        driver.press("s")
        guard case .choice(let dialog) = driver.state.dialog else {
            Issue.record("no sort dialog")
            return
        }
        #expect(dialog.items.map(\.label) == ["updated", "title", "messages"])
        #expect(dialog.items.map(\.note) == ["", "b cannot, last", "b cannot, last"])
        driver.press("m")
        for _ in 0..<20 { driver.press("PgDn") }
        let list = try #require(shown(driver))
        #expect(list.failures.isEmpty)
        #expect(list.unordered == ["b"])
        #expect(list.rows.prefix(5).map(\.id.key) == ["c-1", "a-1", "c-0", "a-2", "a-0"])
        #expect(list.rows.dropFirst(5).map(\.id.key) == (0..<150).map { "b-\($0)" })
        driver.press("R")
        #expect(try #require(shown(driver)).rows.first?.id.key == "a-0")
        driver.press("s", "u")
        #expect(try #require(shown(driver)).unordered == [])
    }

    @Test("A source that tells only later what it can order by is asked again for what it can")
    func lateCapabilities() throws {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.sources[0].sortFields = [.updated]
        driver.answers = false
        driver.start()
        driver.answer { $0 == .findSources }
        driver.answer { $0 == .open(source: "a") }
        driver.press("s", "k")
        driver.answers = true
        driver.answerAll()
        let list = try #require(shown(driver))
        #expect(list.failures.isEmpty && list.rows.map(\.id.key) == ["a-0", "a-1", "a-2"])
    }

    @Test("A source that cannot order so and has few records stands in order among the others all the same")
    func unorderedFew() throws {
        let few = [11, 19, 5, 9].enumerated().map { PretendRecords.thread("memory", "m-\($0)", messages: $1) }
        var memory = PretendSource("memory", [.thread: PretendSource.Shelf(few)])
        memory.sortFields = [.updated]
        let files = PretendSource("files", [.thread: PretendRecords.threads("files", 250)])
        var driver = list([memory, files])
        driver.press("s")
        guard case .choice(let dialog) = driver.state.dialog else { throw PretendRecords.failure }
        #expect(dialog.items.map(\.note) == ["", "", ""])
        driver.press("m")
        var shown = try #require(self.shown(driver))
        #expect(shown.unordered == [] && shown.failures.isEmpty)
        // Those of files all have 12 messages.
        #expect(shown.rows.first?.id.key == "m-1" && shown.rows[1].id.source == "files")
        driver.press("r")
        #expect(try #require(self.shown(driver)).rows.first?.id.key == "m-1")
        driver.press("R")
        shown = try #require(self.shown(driver))
        #expect(shown.rows.prefix(4).map(\.id.key) == ["m-2", "m-3", "m-0", "files-0"])
        driver.press("G")
        #expect(try #require(self.shown(driver)).selectedRecord?.id.key == "m-1")
    }

    @Test("A source that never answers delays no other")
    func silentSource() throws {
        var driver = BrowserDriver([
            PretendSource("dead", [.thread: PretendRecords.threads("dead", 5)]),
            PretendSource("live", [.thread: PretendRecords.threads("live", 5)]),
        ])
        driver.silent = ["dead"]
        driver.start()
        #expect(try #require(shown(driver)).rows.count == 5)
    }

    @Test("A source that fails is named, and the others are listed")
    func failedSource() throws {
        var broken = PretendSource("broken", [.thread: PretendRecords.threads("broken", 5)])
        broken.error = PretendRecords.failure
        let driver = list([broken, PretendSource("live", [.thread: PretendRecords.threads("live", 2)])])
        #expect(try #require(shown(driver)).rows.count == 2)
        #expect(driver.state.source("broken")?.error == PretendRecords.failure)
        #expect(driver.state.unread == 1)
    }

    @Test("A source that answers late leaves the selected record selected and where it is")
    func lateSource() throws {
        var driver = BrowserDriver([
            PretendSource("late", [.thread: PretendRecords.threads("late", 400, offset: -30)]),
            PretendSource("live", [.thread: PretendRecords.threads("live", 400)]),
        ])
        driver.silent = ["late"]
        driver.start()
        driver.press("PgDn", "PgDn", "j")
        let before = try #require(shown(driver))
        let line = before.cursor - before.top
        driver.silent = []
        driver.answerAll()
        let after = try #require(shown(driver))
        #expect(after.selected == before.selected)
        #expect(after.cursor - after.top == line)
        #expect(after.rows.contains { $0.id.source == "late" })
    }

    @Test("A source that answers late shows its newer records while the cursor was not moved")
    func lateSourceAtTop() throws {
        var driver = BrowserDriver([
            PretendSource("late", [.thread: PretendRecords.threads("late", 3, offset: -30)]),
            PretendSource("live", [.thread: PretendRecords.threads("live", 3)]),
        ])
        driver.silent = ["late"]
        driver.start()
        driver.silent = []
        driver.answerAll()
        #expect(try #require(shown(driver)).selected?.key == "late-0")
    }

    @Test("The end of a million records is one page away, and so is the beginning")
    func millionRecords() throws {
        var driver = list([PretendSource("big", [.thread: PretendRecords.threads("big", 1_000_000)])])
        let before = driver.count { if case .list = $0 { true } else { false } }
        driver.press("G")
        let list = try #require(shown(driver))
        #expect(list.selected?.key == "big-999999")
        #expect((list.offset ?? 0) + list.rows.count == 1_000_000)
        #expect(list.total == .exact(1_000_000))
        let asked = driver.count { if case .list = $0 { true } else { false } } - before
        #expect(asked <= 3)
        driver.press("g")
        #expect(try #require(shown(driver)).selected?.key == "big-0")
    }

    @Test("However far one pages, a bounded number of records is held")
    func bounded() throws {
        var driver = list([
            PretendSource("a", [.thread: PretendRecords.threads("a", 500_000)]),
            PretendSource("b", [.thread: PretendRecords.threads("b", 500_000, offset: 30)]),
        ])
        for _ in 0..<90 { driver.press("PgDn") }
        let list = try #require(shown(driver))
        #expect(list.rows.count < 2 * RecordList.heldItems)
        let times = list.rows.compactMap(\.updated)
        #expect(times == times.sorted(by: >))
        // A page is the screen less one line, so the place is known exactly.
        #expect((list.offset ?? 0) + list.cursor == 90 * 20)
        for _ in 0..<90 { driver.press("PgUp") }
        #expect(try #require(shown(driver)).selected?.key == "a-0")
    }

    @Test("The end of two sources shows the oldest of both")
    func mergedEnd() throws {
        var driver = list([
            PretendSource("a", [.thread: PretendRecords.threads("a", 1000)]),
            PretendSource("b", [.thread: PretendRecords.threads("b", 1000, offset: 30)]),
        ])
        driver.press("G")
        let list = try #require(shown(driver))
        #expect(list.selected?.key == "b-999")
        #expect(list.rows.suffix(4).map(\.id.key) == ["a-998", "b-998", "a-999", "b-999"])
        #expect(list.offset.map { $0 + list.rows.count } == 2000)
    }

    @Test("An answer that comes after a new order was asked for is dropped")
    func lateAnswer() throws {
        var driver = list([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.answers = false
        driver.press("r")
        let old = try #require(
            driver.effects.last { if case .list = $0.work { true } else { false } })
        driver.press("R")
        let before = driver.state
        driver.answerLate(old.id, .listed(Page(items: [PretendRecords.thread("a", "ghost")])))
        #expect(driver.state == before)
        #expect(driver.effects.contains { $0.work == .cancel(old.id) })
    }

    @Test("Reading again keeps the selected record although others came before it")
    func refresh() throws {
        var driver = list([PretendSource("a", [.thread: PretendRecords.threads("a", 30)])])
        driver.press("j", "j", "j")
        driver.sources[0].shelves[.thread] = PretendSource.Shelf(count: 31) { index in
            index == 0
                ? PretendRecords.thread("a", "new", age: -5)
                : PretendRecords.thread("a", "a-\(index - 1)", age: Int64(index - 1) * 60)
        }
        driver.press("r")
        let list = try #require(shown(driver))
        #expect(list.selected?.key == "a-3")
        #expect(list.rows.first?.id.key == "new")
    }

    @Test("Records without the sorted field come last in either order", arguments: [true, false])
    func missingField(_ descending: Bool) {
        let order = RecordOrder(sort: RecordSort(.tokens, descending: descending))
        let with = PretendRecords.thread("a", "x", tokens: 5)
        let without = PretendRecords.thread("a", "a")
        #expect(order.isBefore(with, without))
        #expect(!order.isBefore(without, with))
    }

    @Test("A row is reached by its number", arguments: [1, 250, 900_000])
    func byNumber(_ number: Int) throws {
        var driver = list([PretendSource("big", [.thread: PretendRecords.threads("big", 1_000_000)])])
        driver.press(":")
        driver.type(String(number))
        driver.press("Enter")
        #expect(try #require(shown(driver)).selected?.key == "big-\(number - 1)")
    }
}
