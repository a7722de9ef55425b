import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Finding what one looks for in the help")
struct HelpSectionTests {
    private func driver(width: Int = 100) -> BrowserDriver {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])], width: width)
        driver.start()
        return driver
    }

    private func lines(_ driver: BrowserDriver) throws -> [String] {
        guard case .reader(let screen) = driver.state.top else { throw PretendRecords.failure }
        return screen.lines.map(\.text)
    }

    @Test(
        ":help with a word begins with the section about it, all of it",
        arguments: [
            ("filter", "What a filter takes", ["older:30d", "source:NAME", "!word"]),
            ("search", "What a search takes", ["\"two words\"", "/a.*b/"]),
        ])
    func section(_ word: String, _ title: String, _ forms: [String]) throws {
        var driver = driver()
        driver.press(":")
        driver.type("help \(word)")
        driver.press("Enter")
        let lines = try lines(driver)
        #expect(lines.first == title)
        for form in forms { #expect(lines.prefix(15).contains { $0.contains(form) }, "\(form)") }
        // What else has the word comes behind it.
        #expect(lines.contains { $0.contains("S ") && $0.contains("search the contents") } || word == "filter")
    }

    @Test("A word of one form shows that form below the title of its section")
    func form() throws {
        var driver = driver()
        driver.press(":")
        driver.type("help older")
        driver.press("Enter")
        #expect(
            try lines(driver).prefix(2).map { $0.contains("filter takes") || $0.contains("older:30d") } == [true, true])
    }

    @Test("In a list what a filter takes stands right behind the keys of the list")
    func inHelp() throws {
        var driver = driver()
        driver.press("?")
        let headings = try lines(driver).filter {
            ["Keys of this screen", "What a filter takes", "Moving"].contains($0)
        }
        #expect(headings == ["Keys of this screen", "What a filter takes", "Moving"])
    }

    @Test("F1 in the line of a filter or a search tells what can be typed there; Esc leads back")
    func fromTheLine() throws {
        for (key, title) in [("/", "What a filter takes"), ("S", "What a search takes")] {
            var driver = driver()
            driver.press(key)
            #expect(driver.state.input?.hints.isEmpty == false)
            driver.press("F1")
            #expect(try lines(driver).first == title)
            #expect(driver.state.input == nil)
            driver.press("Esc", "Esc")
            #expect(driver.state.browseTop != nil)
        }
    }

    @Test("Keys that do nothing on the list of sources stand together at the end, by their reasons")
    func idleKeys() throws {
        var driver = driver()
        driver.press("5", "?")
        let lines = try lines(driver)
        let start = try #require(lines.firstIndex(of: "Keys of other screens and moments"))
        let before = lines[..<start]
        #expect(!before.contains { $0.contains("not here: this is the list of sources") })
        #expect(!before.contains { $0.contains("scroll the preview down") })
        #expect(!lines.contains { $0.contains("no preview at this width") })
        #expect(!lines.contains("What a filter takes"))
        let end = lines[start...].joined(separator: " ")
        for key in ["Space mark", "s sort", "/ filter", "J preview-down", "K preview-up", "c columns", "A mark-all"] {
            #expect(end.contains(key), "\(key)")
        }
        // Looked for, such a key is explained as ever.
        driver.press("/")
        driver.type("scroll the preview")
        driver.press("Enter")
        #expect(try self.lines(driver).joined(separator: " ").contains("(not here: this is the list of sources)"))
    }
}
