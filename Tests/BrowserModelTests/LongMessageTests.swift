import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("A message shown as a document")
struct LongMessageTests {
    private func open(_ text: String) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in (2, { PretendRecords.message($0, .user, $0 == 0 ? text : "short") }) }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        return driver
    }

    private func document(_ driver: BrowserDriver) throws -> DocumentScreen {
        guard case .document(let screen) = driver.state.top else { throw NoDocument() }
        return screen
    }

    private struct NoDocument: Error {}

    private let long = String(repeating: "A line of a long message.\n", count: 20_000)

    @Test("A short one is there with the key", arguments: ["Enter", "p"])
    func short(_ key: String) throws {
        var driver = open("short")
        driver.answers = false
        driver.press(key)
        #expect(try document(driver).pane != nil)
    }

    @Test("A long one is written while keys go on, and shown when it is there", arguments: [("Enter", 0), ("p", 1)])
    func long(_ key: String, _ place: Int) throws {
        var driver = open(long)
        driver.answers = false
        driver.press(key)
        var screen = try document(driver)
        #expect(screen.isLoading && screen.pane == nil && screen.title == "message 1")
        driver.answers = true
        driver.answerAll()
        screen = try document(driver)
        #expect(!screen.isLoading && screen.panes.count == 2 && screen.current == place)
        #expect(screen.pane?.document.bytes.count ?? 0 >= (place == 0 ? long.utf8.count : 0))
    }

    @Test("One that was left before it was written is not shown")
    func left() throws {
        var driver = open(long)
        driver.answers = false
        driver.press("p")
        let work = driver.waiting.last { if case .messageDocuments = $0.work { true } else { false } }
        driver.press("q")
        driver.answerLate(try #require(work).id, .documents([]))
        guard case .thread = driver.state.top else {
            Issue.record("the thread is not on top")
            return
        }
        #expect(driver.state.jobs.isEmpty)
    }
}
