import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("What a dialog proposes")
struct ProposalTests {
    private func asking() -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.start()
        driver.press("2", "e")
        return driver
    }

    private func line(_ driver: BrowserDriver) -> LineInput? {
        switch driver.state.dialog {
        case .export(let export): export.line
        case .bulk(let bulk): bulk.line
        default: nil
        }
    }

    @Test("What is typed takes the place of the proposed name, and what is typed then is added")
    func typing() {
        var driver = asking()
        #expect(line(driver)?.text == "a-0.json" && line(driver)?.isProposal == true)
        driver.type("b.md")
        #expect(line(driver)?.text == "b.md" && line(driver)?.isProposal == false)
        driver.press("Enter")
        let orders = driver.effects.compactMap { if case .export(let order) = $0.work { order } else { nil } }
        #expect(orders.map(\.path) == ["b.md"] && orders.map(\.format) == ["md"])
    }

    @Test(
        "A key that moves or erases keeps the proposed name to be edited",
        arguments: [
            ("Left", "a-0.jsonx"), ("Right", "a-0.jsonx"), ("End", "a-0.jsonx"), ("Home", "xa-0.json"),
            ("Backspace", "a-0.jsox"),
        ])
    func editing(_ key: String, _ text: String) {
        var driver = asking()
        driver.press(key)
        #expect(line(driver)?.isProposal == false)
        if key == "Left" { driver.press("Right") }
        driver.type("x")
        #expect(line(driver)?.text == text)
    }

    @Test("Another format keeps a proposal a proposal, and what is pasted replaces it")
    func formatAndPaste() {
        var driver = asking()
        driver.press("Tab")
        #expect(line(driver)?.text == "a-0.md" && line(driver)?.isProposal == true)
        driver.send(.terminal(.paste("/tmp/pasted.json")))
        #expect(line(driver)?.text == "/tmp/pasted.json")
    }

    @Test("The directory that is proposed for marked records is replaced as well")
    func bulk() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.start()
        driver.press("2", "Space", "Space", "e")
        #expect(line(driver)?.text == "./" && line(driver)?.isProposal == true)
        driver.type("/tmp/x")
        #expect(line(driver)?.text == "/tmp/x")
    }

    @Test(
        "It is known which directory a typed path leads to",
        arguments: [
            ("x.md", "/home/ada/work"), ("./x.md", "/home/ada/work"), ("a//b/x.md", "/home/ada/work/a/b"),
            ("../x.md", "/home/ada/work/.."), ("/x.md", "/"), ("/tmp/x.md", "/tmp"), ("~/x.md", "/home/ada"),
            ("~bob/x.md", "/home/ada/work/~bob"), ("out/", "/home/ada/work/out"), ("", "/home/ada/work"),
        ])
    func directory(_ path: String, _ directory: String) {
        let place = WorkingPlace(directory: "/home/ada/work", home: "/home/ada")
        #expect(place.directory(ofFile: path) == directory)
        #expect(WorkingPlace().directory(ofFile: "x") == nil)
    }
}
