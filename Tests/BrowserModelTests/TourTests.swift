import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The first keys at the first start")
struct TourTests {
    private func driver(_ start: SessionStart? = .first, width: Int = 80, height: Int = 24) -> BrowserDriver {
        var driver = BrowserDriver(
            [PretendSource("memory", [.thread: PretendRecords.threads("memory", 30)])], width: width, height: height)
        if let start { driver.begin(start) }
        driver.start()
        return driver
    }

    private func saves(_ driver: BrowserDriver) -> [Session] {
        driver.effects.compactMap { if case .saveSession(let session) = $0.work { session } else { nil } }
    }

    private func cursor(_ driver: BrowserDriver) -> Int? {
        if case .browse(let screen) = driver.state.top { screen.list?.cursor } else { nil }
    }

    @Test("They are shown until a key does something, and that key does what it does")
    func key() {
        var driver = driver()
        #expect(driver.state.showsTour)
        driver.press("Ctrl-L")
        #expect(driver.state.showsTour)
        driver.press("Z")
        #expect(driver.state.showsTour)
        driver.press("j")
        #expect(!driver.state.showsTour)
        #expect(cursor(driver) == 1)
    }

    @Test("Esc closes them and nothing else")
    func escape() {
        var driver = driver()
        driver.press("Esc")
        #expect(!driver.state.showsTour)
        #expect(driver.state.history.isEmpty && driver.state.notice == nil)
    }

    @Test("They are never shown again, even if the program is killed at their sight")
    func once() throws {
        let driver = driver()
        let session = try #require(saves(driver).first)
        #expect(session.hasToured)
        var second = BrowserDriver(driver.sources)
        second.begin(.resumed(session))
        second.start()
        #expect(!second.state.showsTour)
    }

    @Test("Where there is no room, no list or a script, they wait for a start where there is")
    func waits() {
        var small = driver(width: 40, height: 10)
        #expect(!small.state.showsTour)
        small.press("j")
        #expect(!small.state.session.hasToured)
        small.resize(80, 24)
        #expect(small.state.showsTour)
        #expect(!driver(nil).state.showsTour)
        var none = BrowserDriver([])
        none.begin(.first)
        none.start()
        none.press("j")
        #expect(!none.state.showsTour && !none.state.session.hasToured)
    }

    @Test("Who opens the demo first is shown them there, once")
    func demo() throws {
        var driver = BrowserDriver([])
        driver.demo = [PretendSource("demo", [.thread: PretendRecords.threads("demo", 30)])]
        driver.begin(.first)
        driver.start()
        driver.press("t")
        #expect(driver.state.showsTour)
        #expect(try #require(saves(driver).last).hasToured)
    }

    @Test("The list gives them room: its last row is seen above them, and takes their place when they go")
    func room() {
        var driver = driver()
        #expect(driver.state.layout.recordLines == 17)
        driver.resize(80, 20)
        #expect(driver.state.layout.tour?.row == 15)
        driver.press("G")
        #expect(driver.state.layout.recordLines == 17)
        guard case .browse(let screen) = driver.state.top, let list = screen.list else { return }
        #expect(list.cursor == 29 && list.top == 13)
    }

    @Test("A window that became too small hides them, and a key there ends them too")
    func shrinks() {
        var driver = driver()
        driver.resize(40, 10)
        #expect(!driver.state.showsTour)
        driver.press("j")
        driver.resize(80, 24)
        #expect(!driver.state.showsTour)
    }
}
