import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("The filter of whichever screen is on top")
struct FilteredScreenTests {
    private func driver() -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 12)])])
        driver.start()
        return driver
    }

    @Test(
        "The slash, :filter and Esc mean the same one on every screen that has one",
        arguments: [[], ["S", "a", "-", "1", "Enter"], ["U"], ["?"], ["!"], ["m"]])
    func everywhere(_ way: [String]) {
        var driver = driver()
        for key in way { driver.press(key) }
        driver.press("/")
        driver.type("zz")
        driver.pass(200)
        #expect(driver.state.filterText == "zz")
        driver.press("Enter", "/")
        #expect(driver.state.input?.line.text == "zz")
        driver.press("Esc", "Esc")
        #expect(driver.state.filterText == "")
        driver.press(":")
        driver.type("filter yy")
        driver.press("Enter")
        #expect(driver.state.filterText == "yy")
    }

    @Test("Up brings back what was filtered by and searched for, and the list follows")
    func again() {
        var driver = driver()
        for words in ["a-1", "a-11"] {
            driver.press("/")
            driver.type(words)
            driver.press("Enter", "Esc")
        }
        driver.press("/", "Up", "Up")
        #expect(driver.state.input?.line.text == "a-1")
        driver.pass(200)
        #expect(driver.state.filterText == "a-1")
        driver.press("Down", "Down")
        #expect(driver.state.input?.line.text == "")
        driver.press("Esc", "S", "Up")
        #expect(driver.state.input?.line.text == "a-11")
        driver.press("Esc", "/")
        driver.type("?password=hunter2")
        driver.press("Enter")
        #expect(driver.state.wordHistory.lines == ["a-1", "a-11"])
    }

    @Test("Where nothing is filtered, :filter says where it is")
    func nowhere() {
        var driver = driver()
        driver.press("Enter", ":")
        driver.type("filter x")
        driver.press("Enter")
        #expect(driver.state.filterText == nil)
        #expect(driver.state.notice?.text.hasPrefix("filter works on other screens") == true)
    }

    @Test("Text of the program is filtered as lists are: words in any order, a capital letter in that case only")
    func words() {
        var driver = driver()
        driver.press("?", "/")
        driver.type("thread where CUT")
        #expect(reader(driver)?.lines.map(\.text) == ["Nothing here holds \"thread where CUT\". Esc shows all."])
        driver.press("Ctrl-U")
        driver.type("thread where cut")
        #expect(reader(driver)?.lines.contains { $0.text.contains("choose where to cut a thread") } == true)
    }

    private func reader(_ driver: BrowserDriver) -> ReaderScreen? {
        if case .reader(let screen) = driver.state.top { screen } else { nil }
    }
}
