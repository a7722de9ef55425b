import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Patterns searched for in content")
struct PatternSearchTests {
    private func pane(_ driver: BrowserDriver) throws -> DocumentPane { try #require(driver.state.documentTop?.pane) }

    @Test("In messages /a.*b/ finds what it matches, in any case unless it has a capital, and n goes on")
    func messages() throws {
        var source = PretendSource("a", [.thread: .init([PretendRecords.thread("a", "t", messages: 9)])])
        let texts = ["Error 17 here", "an ERROR 204", "no error", "error 9 and error 10", "/usr/lib/error 1"]
        source.messages = { _ in
            (9, { PretendRecords.message($0, $0 % 2 == 0 ? .user : .assistant, $0 < 5 ? texts[$0] : "nothing") })
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("2", "Enter")
        func hit() throws -> String { try #require(driver.state.threadTop?.searchStatus) }
        driver.search("/error [0-9]+/")
        #expect(try hit() == "/error [0-9]+/  hit 1 of 5")
        driver.press("n", "n", "n")
        #expect(try hit() == "/error [0-9]+/  hit 4 of 5")
        #expect(driver.state.threadTop?.current?.position == 3)
        driver.press("N", "N")
        #expect(driver.state.threadTop?.current?.position == 1)
        driver.search("/Error [0-9]+/")
        #expect(try hit().hasSuffix("hit 1 of 1"))
        // A path is a text as any other.
        driver.search("/usr/lib")
        #expect(try hit().hasSuffix("hit 1 of 1"))
    }

    @Test("The matches that are seen are marked with all their columns")
    func marks() throws {
        var source = PretendSource("a", [.thread: .init([PretendRecords.thread("a", "t", messages: 1)])])
        source.messages = { _ in (1, { PretendRecords.message($0, .user, "say error 17 twice: error 5") }) }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("2", "Enter")
        driver.search("/error [0-9]+/")
        let columns = try #require(driver.state.threadTop).highlights(rows: 22).flatMap(\.self)
        #expect(columns.map(\.count) == [8, 7])
    }

    @Test("In JSON a pattern looks at keys and values as they are meant, or at one of the two")
    func tree() throws {
        var driver = BrowserDriver.showing(.json, #"{"user_1":"x","b":{"user_22":"USER_3 caf\u00e9"},"users":41}"#)
        driver.search("/user_[0-9]+/")
        #expect(try pane(driver).hit == "hit 1 of 3")
        driver.search("key:/user_[0-9]{2}$/")
        #expect(try pane(driver).tree?.path == ".b.user_22")
        #expect(try pane(driver).hit == "hit 1 of 1")
        driver.search("value:/fé$/")
        #expect(try pane(driver).hit == "hit 1 of 1")
        driver.search("/^4.$/")
        #expect(try pane(driver).tree?.path == ".users")
        driver.press("N")
        #expect(try pane(driver).tree?.path == ".users")
    }

    @Test("In stored text and bytes a pattern is found forwards and backwards, never across lines and never empty")
    func text() throws {
        var driver = BrowserDriver.showing(.text, "one 1\ntwo 22 and 333\n\nfour\n55")
        driver.search("/[0-9]+/")
        var seen: [String] = []
        for _ in 0..<5 {
            let pane = try pane(driver)
            let range = try #require(pane.text.match)
            seen.append(String(decoding: pane.document.bytes.slice(range), as: UTF8.self) + " " + (pane.hit ?? ""))
            driver.press("n")
        }
        #expect(seen == ["1 hit 1 of 4", "22 hit 2 of 4", "333 hit 3 of 4", "55 hit 4 of 4", "1 hit 1 of 4"])
        driver.press("N", "N")
        #expect(try pane(driver).hit == "hit 4 of 4")
        driver.press("N", "N")
        #expect(try pane(driver).hit == "hit 2 of 4")
        driver.search("/^[a-z]*$/")
        #expect(try pane(driver).hit == "hit 1 of 1")
        driver.search("/[^a]+four/")
        #expect(driver.state.notice?.text.contains("is not in x") == true)
        driver.search("/x*/")
        #expect(driver.state.notice?.text.contains("is not in x") == true)
    }

    @Test("In a table a pattern finds rows")
    func table() throws {
        var driver = BrowserDriver.showing(
            .jsonLines(columns: [TableColumn(name: "v")]), "{\"v\":\"a1\"}\n{\"v\":\"b\"}\n{\"v\":\"c3\"}\n")
        driver.search("/[a-z][0-9]/")
        driver.press("n")
        #expect(try pane(driver).table?.cursor == 2)
    }

    @Test("What is no pattern is said in the words a filter says it in, and what was typed stays to be mended")
    func problem() throws {
        var driver = BrowserDriver.showing(.json, "{}")
        driver.search("/a[/")
        #expect(driver.state.input?.line.text == "/a[/")
        let problem = try #require(driver.state.input?.problem)
        #expect(problem.hasPrefix("/a[/ is no pattern: "))
        driver.press("Backspace")
        #expect(driver.state.input?.problem == nil)
        driver.press("Esc")
        driver.search("key:/a[/")
        #expect(driver.state.input?.problem == problem)
        var list = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        list.start()
        list.press("2", "/")
        list.type("/a[/")
        list.press("Enter")
        #expect(list.state.notice?.text == problem)
    }
}
