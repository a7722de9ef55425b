import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Copying")
struct CopyTests {
    private func open(_ document: RecordDocument) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "A title", type: "data")])])
        source.documents = { _ in [document] }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("3", "Enter")
        return driver
    }

    private func json(_ text: String) -> RecordDocument {
        RecordDocument(name: "data.json", format: .json, bytes: StoredBytes(text))
    }

    private func copied(_ driver: BrowserDriver) -> String? {
        for case .copy(let text) in driver.effects.reversed().map(\.work) { return text }
        return nil
    }

    @Test(
        "Each letter of the menu copies what it names of a JSON value",
        arguments: [
            ("v", "two\nlines"), ("j", "\"two\\nlines\""), ("p", ".a[1].text"), ("k", "text"), ("i", "x"),
            ("t", #"{"a":[1,{"text":"two\nlines"}]}"#),
        ])
    func letters(_ letter: String, _ expected: String) {
        var driver = open(json(#"{"a":[1,{"text":"two\nlines"}]}"#))
        driver.press("G", "y", letter)
        #expect(copied(driver) == expected)
        #expect(driver.state.dialog == nil)
    }

    @Test("It is said how much of what went where")
    func says() {
        var driver = open(json(#"{"mode":"full"}"#))
        driver.press("j", "y", "v")
        #expect(driver.state.notice?.text == "copied 4 bytes of .mode to the terminal's clipboard")
        driver.press("y", "y")
        #expect(copied(driver) == "full")
        driver.press("y", "Esc")
        #expect(driver.state.dialog == nil)
        driver.press("y", "x")
        #expect(driver.state.notice?.text == "y x copies nothing here; y takes one of v j p k t i")
    }

    @Test("Lists offer id and title, threads the message, and what is not there is absent")
    func elsewhere() throws {
        var source = PretendSource(
            "a", [.thread: .init([PretendRecords.thread("a", "t1", title: "Refunds", messages: 2)])])
        source.messages = PretendRecords.talk(2)
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("y")
        guard case .copy(let menu) = driver.state.dialog else { throw NoMenu() }
        #expect(menu.items.map(\.letter) == ["i", "t"])
        driver.press("t")
        #expect(copied(driver) == "Refunds")
        driver.press("Enter", "y", "t")
        #expect(copied(driver) == "Message number 1")
        driver.press("y", "j")
        #expect(copied(driver)?.contains("9007199254740993") == true)
    }

    private struct NoMenu: Error {}

    @Test("What a clipboard does not take is offered as a file, with both sizes said")
    func tooLarge() throws {
        var driver = open(json("{\"a\":\"\(String(repeating: "x", count: 200_000))\"}"))
        driver.press("j", "y", "v")
        guard case .copy(let menu) = driver.state.dialog else { throw NoMenu() }
        #expect(menu.offer?.reason == "195 KB are more than the 73 KB a terminal's clipboard takes")
        #expect(copied(driver) == nil)
        driver.press("f")
        #expect(driver.state.notice?.text == "wrote .a to /state/copies/copy-1, which only you can read")
        let saved = driver.effects.compactMap { effect -> CopyOrder? in
            if case .saveCopy(let order) = effect.work { order } else { nil }
        }
        #expect(saved.map(\.bytes.count) == [200_000])
    }

    @Test("Letters of what is typed on neither answer the offer of a file nor act behind it")
    func typedOn() throws {
        var driver = open(json("{\"a\":\"\(String(repeating: "x", count: 200_000))\"}"))
        driver.press("j", "y", "v", ":")
        driver.type(".contextState.nqye")
        guard case .copy(let menu) = driver.state.dialog else { throw NoMenu() }
        #expect(menu.offer?.slip == "e" && driver.state.screens.count == 2 && driver.state.input == nil)
        #expect(driver.count { if case .saveCopy = $0 { true } else { false } } == 0)
        driver.press("Esc")
        #expect(driver.state.dialog == nil)
    }

    @Test("A terminal without a clipboard offers the file too")
    func noClipboard() throws {
        var driver = open(json("{}"))
        driver.clipboard = nil
        driver.press("y", "v")
        guard case .copy(let menu) = driver.state.dialog else { throw NoMenu() }
        #expect(menu.offer?.reason == "this type of terminal has no clipboard command")
        driver.press("Esc")
        #expect(driver.state.dialog == nil)
        #expect(driver.count { if case .saveCopy = $0 { true } else { false } } == 0)
    }
}
