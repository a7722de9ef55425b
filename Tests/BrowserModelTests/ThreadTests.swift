import BrowserTestSupport
import JSONText
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Reading a thread")
struct ThreadTests {
    private func open(_ messages: Int, width: Int = 80) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = PretendRecords.talk(messages)
        var driver = BrowserDriver([source], width: width)
        driver.start()
        driver.press("Enter")
        return driver
    }

    private func thread(_ driver: BrowserDriver) throws -> ThreadScreen {
        guard case .thread(let screen) = driver.state.top else {
            throw NoThread()
        }
        return screen
    }

    private struct NoThread: Error {}

    @Test("A thread opens with its first page only")
    func firstPage() throws {
        let driver = open(100_000)
        let asked = driver.effects.compactMap { effect in
            if case .messages(_, let page) = effect.work { page } else { nil }
        }
        #expect(asked.allSatisfy { $0.limit <= 50 } && asked.count <= 2)
        #expect(try thread(driver).current?.position == 0)
        #expect(try thread(driver).total == .exact(100_000))
    }

    @Test("What a long message leaves out is behind Enter in full, and its stored form behind p")
    func wholeMessage() throws {
        let text = String(repeating: "a line of words\n", count: 4000) + "the end"
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in
            let call = ToolCall(id: "c", name: "lookup", arguments: ["limit": 3])
            return (1, { PretendRecords.message($0, .assistant, text, toolCalls: [call]) })
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        let lines = try #require(try thread(driver).blocks.first).rows.map(\.line.text)
        #expect(lines.contains { $0.contains("more; Enter shows all") })
        driver.press("Enter")
        guard case .document(let whole) = driver.state.top else { throw NoThread() }
        #expect(whole.pane?.form == .text)
        #expect(whole.pane?.document.bytes == StoredBytes(text + "\n\n→ lookup\n{\n  \"limit\": 3\n}"))
        driver.press("Esc", "p")
        guard case .document(let raw) = driver.state.top else { throw NoThread() }
        #expect(raw.pane?.form == .tree && raw.pane?.document.name == "message 1")
    }

    @Test("What is remarkable of a thread stands over its first message")
    func notesAbove() throws {
        var record = PretendRecords.thread("a", "x")
        record.notes = ["messages/7.json is not JSON"]
        var source = PretendSource("a", [.thread: .init([record])])
        source.messages = PretendRecords.talk(3)
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        let blocks = try thread(driver).blocks
        #expect(blocks.map { $0.rows[0].line.text.hasPrefix("! ") } == [true, false, false])
        #expect(blocks[0].rows[0].line.text == "! messages/7.json is not JSON")
    }

    @Test("The pager is given the text of a message, and is not started for none")
    func pager() throws {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in (2, { PretendRecords.message($0, .user, $0 == 0 ? "some text" : "") }) }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter", "o")
        #expect(driver.count { $0 == .page(StoredBytes("some text"), name: "message 1") } == 1)
        driver.press("J", "o")
        #expect(driver.state.notice?.text.contains("this message has no text") == true)
        #expect(driver.count { if case .page = $0 { true } else { false } } == 1)
    }

    @Test("The end of a long thread is one page away")
    func toEnd() throws {
        var driver = open(100_000)
        driver.press("G")
        #expect(try thread(driver).current?.position == 99_999)
        let end = try thread(driver)
        #expect(end.line(at: end.cursor)?.spans.isEmpty == false)
        driver.press("g")
        #expect(try thread(driver).current?.position == 0)
    }

    @Test("Reading on from page to page meets every message once and holds few")
    func readsOn() throws {
        var driver = open(400)
        var met: [Int] = []
        for _ in 0..<400 {
            let position = try #require(try thread(driver).current?.position)
            if met.last != position { met.append(position) }
            driver.press("J")
        }
        #expect(met == Array(0..<400))
        #expect(try thread(driver).blocks.count <= ThreadScreen.heldMessages + ThreadScreen.pageSize)
        for _ in 0..<400 { driver.press("K") }
        #expect(try thread(driver).current?.position == 0)
    }

    @Test("A message is reached by its number", arguments: [1, 40, 5000, 10_000])
    func byNumber(_ number: Int) throws {
        var driver = open(10_000)
        driver.press(":")
        driver.type(String(number))
        driver.press("Enter")
        #expect(try thread(driver).current?.position == number - 1)
    }

    @Test("A search goes on through messages that are not loaded, both ways")
    func searches() throws {
        var driver = open(800)
        driver.press("/")
        driver.type("number 700")
        driver.press("Enter")
        #expect(try thread(driver).current?.position == 699)
        driver.press("g", "/")
        driver.press("Ctrl-U")
        driver.type("NUMBER 3")
        driver.press("Enter")
        #expect(driver.state.notice?.text.contains("is not in this thread") == true)
        driver.press("/")
        driver.type("number 3")
        driver.press("Enter", "n")
        #expect(try thread(driver).current?.position == 29)
        driver.press("N")
        #expect(try thread(driver).current?.position == 2)
    }

    @Test("Another width lays the messages out again and stays at the message")
    func reflows() throws {
        var driver = open(300)
        for _ in 0..<20 { driver.press("J") }
        driver.resize(40, 12)
        #expect(try thread(driver).current?.position == 20)
        driver.resize(200, 50)
        #expect(try thread(driver).current?.position == 20)
        #expect(try thread(driver).layout.columns == 200)
    }

    @Test("The cursor is always on the screen", arguments: [1, 2, 5, 22])
    func cursorIsSeen(_ height: Int) throws {
        var driver = open(60)
        driver.resize(50, height + 2)
        var seed: UInt64 = 7
        for _ in 0..<100 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            let keys = ["j", "k", "PgDn", "PgUp", "G", "g", "J", "K", "Ctrl-D", "Ctrl-U", "z", "m"]
            driver.press(keys[Int(seed >> 33) % keys.count])
            let screen = try thread(driver)
            var place: MessageLine? = screen.top
            var seen = false
            for _ in 0..<height {
                guard let at = place else { break }
                if at == screen.cursor { seen = true }
                place = screen.next(at)
            }
            #expect(seen)
        }
    }

    @Test("A very long message is laid out in part, the rest is named, and going on reads it")
    func bounded() throws {
        let text = (0..<12_000).map { "line \($0)" }.joined(separator: "\n")
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in (1, { PretendRecords.message($0, .user, text) }) }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        #expect(try thread(driver).blocks[0].rows.count < 4000)
        #expect(try thread(driver).blocks[0].rows.last?.line.text.contains("KB more; Enter shows all") == true)
        var met: Set<String> = []
        for _ in 0..<620 {
            defer { driver.press("PgDn") }
            let screen = try thread(driver)
            var place: MessageLine? = screen.top
            for _ in 0..<22 {
                guard let at = place, let line = screen.line(at: at) else { break }
                met.insert(line.text)
                place = screen.next(at)
            }
            #expect(screen.blocks[0].rows.count < 12_000)
        }
        #expect((0..<12_000).filter { !met.contains("line \($0)") } == [])
        for _ in 0..<660 { driver.press("PgUp") }
        #expect(try thread(driver).line(at: MessageLine(message: 0, line: thread(driver).cursor.line))?.text != nil)
        #expect(try thread(driver).blocks[0].rows.contains { $0.line.text == "line 0" })
    }

    @Test("The stored form of a message opens as JSON with its numbers exact")
    func raw() throws {
        var driver = open(3)
        driver.press("j", "p")
        guard case .document(let document) = driver.state.top, let tree = document.pane?.tree else {
            Issue.record("no tree is shown")
            return
        }
        #expect(tree.rows(height: 10).contains { tree.spelling(of: $0.node, limit: 99).text == "9007199254740993" })
    }
}
