import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Comparing records")
struct CompareTests {
    private func driver(_ texts: [String], kind: RecordKind = .task) -> BrowserDriver {
        let records = texts.indices.map { index in
            kind == .task ? PretendRecords.task("a", "task-\(index)") : PretendRecords.thread("a", "thread-\(index)")
        }
        var source = PretendSource("a", [kind: .init(records)])
        source.documents = { id in
            let index = Int(id.key.dropFirst(5)) ?? 0
            return [RecordDocument(name: "state.json", format: .json, bytes: StoredBytes(texts[index]))]
        }
        source.messages = PretendRecords.talk(3)
        var driver = BrowserDriver([source])
        driver.start()
        driver.press(kind == .task ? "4" : "2")
        return driver
    }

    private func diff(_ driver: BrowserDriver) throws -> DiffScreen { try #require(driver.state.diffTop) }

    @Test("D on a record compares it with the next in the list, and n and N walk the differences")
    func walks() throws {
        var driver = driver([
            #"{"n":2,"list":[1,2,3,4],"same":0,"b":false}"#, #"{"n":1,"list":[1,2,4],"same":0,"b":true}"#,
        ])
        driver.press("Enter", "D")
        #expect(try diff(driver).names.left == "task-1")
        #expect(try diff(driver).names.right == "task-0")
        var seen: [String] = []
        for _ in 0..<3 {
            seen.append("\(try diff(driver).row?.sign ?? "?") \(try diff(driver).place)")
            driver.press("n")
        }
        #expect(seen == ["~ .n", "+ .list[2]", "~ .b"])
        #expect(driver.state.notice?.text == "this is the last difference")
        driver.press("N", "N")
        #expect(try diff(driver).place == ".n")
        driver.press(":")
        driver.type("3")
        driver.press("Enter")
        #expect(try diff(driver).place == ".b")
        driver.press("Esc")
        #expect(driver.state.diffTop == nil)
    }

    @Test("D in a list compares the two marked records, the one marked first on the left")
    func marked() throws {
        var driver = driver(["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"])
        driver.press("D")
        #expect(
            driver.state.notice?.text
                == "D does not work here: two records have to be marked for it, and none is")
        driver.press("j", "j", "Space", "g", "Space", "D")
        #expect(try diff(driver).names.left == "task-2")
        #expect(try diff(driver).names.right == "task-0")
        #expect(try diff(driver).place == ".a")
        driver.press("Esc", "Space", "D")
        #expect(
            driver.state.notice?.text == "D does not work here: two records have to be marked for it, and 3 are")
    }

    @Test("Equal records have no difference, and the keys that walk say so")
    func equal() throws {
        var driver = driver(["{\"a\":1}", "{\"a\": 1}"])
        driver.press("Enter", "D", "n")
        #expect(try diff(driver).comparison?.count == 0)
        #expect(driver.state.notice?.text == "n does not work here: there is no difference")
    }

    @Test("A string that changed opens as two texts compared line by line")
    func texts() throws {
        var driver = driver([#"{"t":"one\ntwo\nthree"}"#, #"{"t":"one\n2\nthree"}"#])
        driver.press("Enter", "D", "Enter")
        #expect(try diff(driver).rows.map(\.sign) == [" ", " ", "-", "+", " "])
        driver.press("y", "v")
        #expect(driver.effects.contains { $0.work == .copy("2") })
        driver.press("Esc", "Esc")
        #expect(driver.state.documentTop != nil)
    }

    @Test("Threads are compared by their messages")
    func threads() throws {
        var driver = driver(["", ""], kind: .thread)
        driver.press("Enter", "D")
        #expect(try diff(driver).comparison?.count == 0)
    }

    @Test("The last record of a list has nothing below it to compare with, and says so")
    func last() {
        var driver = driver(["{}"])
        driver.press("Enter", "D")
        #expect(driver.state.notice?.text == "D does not work here: there is no record below this one in the list")
    }

    @Test("Leaving the screen cancels the comparison, and a late answer changes nothing")
    func leaving() throws {
        var driver = driver(["{\"a\":1}", "{\"a\":2}"])
        driver.press("Enter")
        driver.answers = false
        driver.press("D")
        let asked = try #require(driver.waiting.last)
        driver.press("Esc")
        #expect(driver.effects.contains { $0.work == .cancel(asked.id) })
        let before = driver.state
        driver.answerLate(asked.id, .done)
        #expect(driver.state == before)
    }
}
