import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Lists of a million records")
struct LongListTests {
    private func driver() -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("big", [.thread: PretendRecords.threads("big", 1_000_000)])])
        driver.start()
        return driver
    }

    private func list(_ driver: BrowserDriver) -> RecordList? {
        if case .browse(let screen) = driver.state.top { screen.list } else { nil }
    }

    private func lists(_ driver: BrowserDriver) -> [RecordQuery] {
        driver.effects.compactMap { if case .list(_, let query) = $0.work { query } else { nil } }
    }

    @Test("No key asks for more than a few pages, and rows far away are let go")
    func bounded() throws {
        var driver = driver()
        for key in [
            "j", "k", "PgDn", "Ctrl-D", "Space", "v", "Esc", "G", "k", "Space", "g", "R", "s", "Esc", "c", "Esc",
        ] {
            let before = lists(driver).count
            driver.press(key)
            let asked = lists(driver).dropFirst(before)
            #expect(asked.count <= 3, "\(key)")
            #expect(asked.allSatisfy { $0.page.limit <= RecordList.heldItems }, "\(key)")
            #expect(try #require(list(driver)).rows.count <= RecordList.heldItems + 2 * RecordList.pageSize, "\(key)")
        }
    }

    @Test("A key on a list with a hundred thousand marks copies none of them")
    func marksInPlace() {
        var state = driver().state
        let shelf = PretendRecords.threads("big", 100_000)
        for index in 0..<100_000 { state.marks.insert(shelf.make(index)) }
        let place = state.marks.slots.withUnsafeBufferPointer { $0.baseAddress }
        for name in ["j", "Space", "j", "Space", "k", "PgDn", "v", "j", "Esc"] {
            guard let key = KeyPress(name: name) else { continue }
            _ = update(&state, .terminal(.key(key)))
        }
        #expect(state.marks.count == 99_998)
        #expect(state.marks.slots.withUnsafeBufferPointer { $0.baseAddress } == place)
    }

    @Test("Going into a record and back asks for no list and changes no row on the screen")
    func back() throws {
        var driver = driver()
        for _ in 0..<40 { driver.press("PgDn") }
        driver.press("k", "k")
        let before = try #require(list(driver))
        let asked = lists(driver).count
        driver.press("Enter", "Esc")
        let after = try #require(list(driver))
        #expect(lists(driver).count == asked)
        #expect(after.rows == before.rows && after.top == before.top && after.selected == before.selected)
    }

    @Test("] goes on from the last loaded row, and says so while the next page is read")
    func neighbours() throws {
        var driver = driver()
        driver.answers = false
        driver.press("Enter")
        for _ in 0..<150 { driver.press("]") }
        #expect(driver.state.notice?.text == "the next records of the list are being read")
        driver.answers = true
        driver.answerAll()
        driver.press("]", "]")
        driver.press("Esc")
        #expect(try #require(list(driver)).cursor > 99)
    }
}
