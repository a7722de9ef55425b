import BrowserTestSupport
import JSONText
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The keys of a thread")
struct ReadingKeysTests {
    private func open(
        _ count: Int, width: Int = 80, height: Int = 24, _ make: @escaping @Sendable (Int) -> StoredMessage
    ) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in (count, make) }
        var driver = BrowserDriver([source], width: width, height: height)
        driver.start()
        driver.press("Enter")
        return driver
    }

    /// A user turn, a call, its result (every other one failed), an answer; and so on.
    private static func agent(_ position: Int) -> StoredMessage {
        let round = position / 4
        switch position % 4 {
        case 0: return PretendRecords.message(position, .user, "Question \(round)")
        case 1:
            let call = ToolCall(
                id: "c\(round)", name: "lookup", arguments: ["limit": 3, "query": .text("word \(round)")])
            return PretendRecords.message(position, .assistant, "", toolCalls: [call])
        case 2:
            var message = PretendRecords.message(
                position, .tool,
                round % 2 == 0 ? "{\"rows\":3,\"note\":\"needle \(round)\"}" : "{\"error\":\"no rows\"}")
            message.toolCallID = "c\(round)"
            return message
        default: return PretendRecords.message(position, .assistant, "Answer \(round)")
        }
    }

    private func thread(_ driver: BrowserDriver) throws -> ThreadScreen {
        guard case .thread(let screen) = driver.state.top else { throw NoThread() }
        return screen
    }

    private struct NoThread: Error {}

    private func rows(_ driver: BrowserDriver) throws -> [String] {
        let screen = try thread(driver)
        var lines: [String] = []
        var place: MessageLine? = screen.top
        while let at = place, lines.count < 200, let line = screen.line(at: at) {
            lines.append(line.text)
            place = screen.next(at)
        }
        return lines
    }

    private func position(_ driver: BrowserDriver) throws -> Int { try #require(try thread(driver).current).position }

    @Test(
        "A call's line says what was asked, the result's line what came of it, an error is named, and nothing is said twice"
    )
    func pairs() throws {
        let driver = open(8, Self.agent)
        let lines = try rows(driver)
        #expect(
            lines.contains {
                $0.hasPrefix("→ lookup word 0, limit: 3  ") && !$0.contains("←") && $0.hasSuffix("#2")
            })
        #expect(lines.contains { $0.hasPrefix("← lookup: rows: 3, note: needle 0 · 28 B · 30 s") })
        #expect(lines.contains { $0.hasPrefix("→ lookup word 1, limit: 3  ← failed  ") })
        #expect(lines.contains { $0.hasPrefix("← lookup: error: no rows") })
    }

    @Test("Results without the id of their call are paired in order")
    func pairsWithoutIDs() throws {
        let driver = open(3) { position in
            position == 0
                ? PretendRecords.message(
                    0, .assistant, "",
                    toolCalls: [
                        ToolCall(id: nil, name: "one", arguments: nil), ToolCall(id: nil, name: "two", arguments: nil),
                    ])
                : PretendRecords.message(position, .tool, "result \(position)")
        }
        let lines = try rows(driver)
        #expect(
            lines.count { $0.contains("result 1") } == 1 && lines.count { $0.contains("result 2") } == 1
        )
        #expect(lines.contains { $0.hasPrefix("← two: result 2") })
    }

    /// A question, two calls among the parts of a message, their results in one message of the user, an answer.
    private static func parts(_ position: Int) -> StoredMessage {
        func message(_ role: MessageRole, _ content: [ContentBlock]) -> StoredMessage {
            var message = PretendRecords.message(position, role, "")
            message.content = content
            return message
        }
        switch position {
        case 0: return message(.user, [.text("How is the weather?")])
        case 1:
            return message(
                .assistant,
                [
                    .text("I look it up."),
                    .json(["type": "tool_use", "id": "u1", "name": "weather", "input": ["location": "Paris"]]),
                    .json(["type": "tool_use", "id": "u2", "name": "traffic", "input": ["location": "Lyon"]]),
                ])
        case 2:
            return message(
                .user,
                [
                    .json([
                        "type": "tool_result", "tool_use_id": "u1",
                        "content": [["type": "text", "text": "{\"sky\":\"clear\"}"]],
                    ]),
                    .json([
                        "type": "tool_result", "tool_use_id": "u2", "is_error": true, "content": "no route known",
                    ]),
                ])
        case 3: return message(.assistant, [.text("Clear.")])
        default: return message(.user, [.text("Thanks.")])
        }
    }

    @Test("Calls and results among the parts of a content are lines that know each other, and no user turn")
    func pairsParts() throws {
        var driver = open(5, height: 40, Self.parts)
        let lines = try rows(driver)
        #expect(lines.contains { $0.hasPrefix("I look it up.") })
        #expect(lines.contains { $0.hasPrefix("→ weather Paris") && !$0.contains("←") })
        #expect(lines.contains { $0.hasPrefix("→ traffic Lyon  ← failed") })
        #expect(lines.contains { $0.hasPrefix("← weather: sky: clear") && $0.hasSuffix("#3") })
        #expect(lines.contains { $0.hasPrefix("← traffic: error: no route known") })
        #expect(!lines.contains { $0.contains("tool_use") || $0.contains("tool_result") })
        driver.press("}")
        #expect(try position(driver) == 4)
        driver.press("g", "x")
        #expect(try position(driver) == 2)
        driver.press("g", ")")
        #expect(try position(driver) == 1)
    }

    @Test("The result of a part is unfolded alone, and a search opens the one it is in")
    func unfoldsParts() throws {
        var driver = open(5, height: 40, Self.parts)
        driver.press("g", "x", "z")
        #expect(try rows(driver).contains { $0.contains("\"sky\": \"clear\"") })
        #expect(try !rows(driver).contains("│ no route known"))
        driver.press("z")
        #expect(try !rows(driver).contains { $0.contains("\"sky\": \"clear\"") })
        driver.press("/")
        driver.type("route known")
        driver.press("Enter")
        #expect(
            try rows(driver).contains { $0.hasSuffix("no route known") && !$0.hasPrefix("←") && !$0.hasPrefix("→") })
    }

    @Test("A call that is stored both as a part and beside the content is shown once")
    func showsOnce() throws {
        let driver = open(1) { position in
            var message = PretendRecords.message(
                position, .assistant, "", toolCalls: [ToolCall(id: "u1", name: "weather", arguments: ["city": "Paris"])]
            )
            message.content = [
                .json(["type": "tool_use", "id": "u1", "name": "weather", "input": ["city": "Paris"]])
            ]
            return message
        }
        #expect(try rows(driver).filter { $0.contains("weather") }.count == 1)
    }

    @Test("Enter and z unfold the call of the line, z elsewhere and Z anywhere unfold all")
    func folds() throws {
        var driver = open(8, height: 60, Self.agent)
        driver.press("J", "Enter")
        #expect(try rows(driver).contains("│   \"limit\": 3,"))
        #expect(try rows(driver).filter { $0.contains("\"limit\": 3") }.count == 1)
        driver.press("j", "j", "z")
        #expect(try rows(driver).contains { $0.contains("\"limit\": 3") } == false)
        #expect(try thread(driver).cursorRow?.fold == .call(0))
        driver.press("Z")
        #expect(try rows(driver).filter { $0.contains("\"limit\": 3") }.count == 2)
        driver.press("Z", "g", "z")
        #expect(try rows(driver).filter { $0.contains("\"limit\": 3") }.count == 2)
        driver.press("g", "z")
        #expect(try rows(driver).contains { $0.contains("\"limit\": 3") } == false)
    }

    @Test("A system prompt is its first line and its size until it is unfolded")
    func systemPrompt() throws {
        var driver = open(2) {
            $0 == 0
                ? PretendRecords.message(0, .system, "You are kind.\nAlways.") : PretendRecords.message(1, .user, "Hi")
        }
        #expect(try rows(driver).contains { $0.hasPrefix("system prompt: You are kind. · 21 B") })
        driver.press("Enter")
        #expect(try rows(driver).contains("Always."))
        #expect(try thread(driver).current?.position == 0)
    }

    @Test("Jumps go to user turns, tool calls and errors, and say when there is none")
    func jumps() throws {
        var driver = open(16, Self.agent)
        let way: [(String, Int)] = [
            ("}", 4), ("}", 8), ("{", 4), (")", 5), (")", 9), ("(", 5), ("x", 6), ("x", 14), ("X", 6), ("(", 5),
            ("{", 4),
        ]
        for (key, goal) in way {
            driver.press(key)
            #expect(try position(driver) == goal, "\(key)")
        }
        driver.press("X")
        #expect(driver.state.notice?.text == "no error further up")
        driver.press("G", "x")
        #expect(driver.state.notice?.text == "no error further down")
    }

    @Test("A jump reads on in a long thread as a job that can be cancelled")
    func farJumps() throws {
        var driver = open(100_000) { position in
            position == 70_000
                ? PretendRecords.message(position, .tool, "Error: far away")
                : PretendRecords.message(position, .assistant, "a")
        }
        driver.answers = false
        driver.press("x")
        #expect(driver.state.jobs.map(\.label) == ["look for the next error"])
        driver.press("j", "Ctrl-C")
        #expect(driver.state.jobs.isEmpty)
        driver.answers = true
        driver.pass(2000)
        driver.press("x")
        #expect(try position(driver) == 70_000)
        driver.press("X")
        #expect(driver.state.notice?.text == "no error further up")
        driver.press("}")
        #expect(driver.state.notice?.text == "no user turn further down")
    }

    @Test("A search counts its hits, goes round, and opens what they are folded in")
    func search() throws {
        var driver = open(400, Self.agent)
        driver.press("J", "J", "J", "/")
        driver.type("needle 1")
        driver.press("Enter")
        // needle 10, 12, 14, 16, 18
        #expect(try position(driver) == 42)
        #expect(try thread(driver).searchStatus == "/needle 1  hit 1 of 5")
        #expect(try thread(driver).cursorRow?.line.text == "│   \"note\": \"needle 10\"")
        driver.press("N")
        #expect(driver.state.notice?.text == "search goes on from the end")
        #expect(try thread(driver).searchStatus == "/needle 1  hit 5 of 5")
        driver.press("n")
        #expect(driver.state.notice?.text == "search goes on from the beginning")
        driver.press("n")
        #expect(try position(driver) == 50)
        driver.press("Esc")
        #expect(try thread(driver).searchStatus == nil)
    }

    @Test("Hits of one line are counted one by one")
    func severalHits() throws {
        var driver = open(2) { PretendRecords.message($0, .user, $0 == 0 ? "none" : "aa bb aa\ncc **aa** aa") }
        driver.press("/")
        driver.type("aa")
        driver.press("Enter")
        let line = try thread(driver).cursor.line
        for number in 1...4 {
            #expect(try thread(driver).searchStatus == "/aa  hit \(number) of 4")
            #expect(try thread(driver).cursor.line == line + (number > 2 ? 1 : 0))
            driver.press("n")
        }
    }

    @Test("While a search reads, keys work, the count is a lower bound, and a hit is taken when it comes")
    func slowSearch() throws {
        var driver = open(1000, Self.agent)
        driver.answers = false
        driver.press("/")
        driver.type("Answer 99")
        driver.press("Enter", "j")
        #expect(try thread(driver).searchStatus?.contains("no hit so far") == true)
        let job = try #require(driver.state.jobs.first { $0.label.hasPrefix("search") })
        func hits(_ positions: Range<Int>) -> [MessageHits] {
            let find = ThreadFind("Answer 99", from: 0)
            return positions.compactMap { find.hits(in: Self.agent($0)) }
        }
        driver.send(.partlyAnswered(job.id, .foundInThread(ThreadFindings(hits: hits(0..<100), read: 0..<100))))
        #expect(try position(driver) == 0)
        driver.send(.partlyAnswered(job.id, .foundInThread(ThreadFindings(hits: hits(100..<500), read: 100..<500))))
        #expect(try thread(driver).searchStatus?.hasPrefix("/Answer 99  hit >= 1 of >= 1 · 500 of 1 000 read") == true)
        driver.send(
            .answered(job.id, .foundInThread(ThreadFindings(hits: hits(500..<1000), read: 500..<1000, isLast: true))))
        #expect(try thread(driver).searchStatus?.hasPrefix("/Answer 99  hit 1 of 1") == true)
    }

    @Test("A phrase is marked across the lines it was wrapped to")
    func wrappedHits() throws {
        var driver = open(1, width: 30) { PretendRecords.message($0, .user, "one two three four five six seven eight") }
        driver.press("/")
        driver.type("five six seven")
        driver.press("Enter")
        let marked = try thread(driver).highlights(rows: 22).filter { !$0.isEmpty }
        #expect(marked.count == 2)
    }

    @Test("On a wide screen the messages are listed beside the text, and Tab moves in the list")
    func list() throws {
        var driver = open(16, width: 200, height: 50, Self.agent)
        #expect(try thread(driver).form.measure <= 100)
        driver.press("Tab", "j", "j")
        #expect(try position(driver) == 2)
        driver.press("Enter")
        #expect(try thread(driver).isListFocused == false)
        driver.resize(80, 24)
        driver.press("Tab")
        #expect(driver.state.notice?.text.contains("from 120 columns on") == true)
    }

    @Test("w cuts long lines of code and Shift-Right scrolls them; m shows metadata; both come and go")
    func forms() throws {
        let code = "```\n" + (0..<30).map { "word\($0)" }.joined(separator: " ") + "\n```"
        var driver = open(1) { PretendRecords.message($0, .user, code) }
        #expect(try rows(driver).contains { $0.hasPrefix("│»") })
        driver.press("Shift-Right")
        #expect(driver.state.notice?.text.contains("lines are wrapped") == true)
        driver.press("w")
        #expect(try rows(driver).contains { $0.hasSuffix("›") })
        driver.press("Shift-Right")
        #expect(try rows(driver).contains { $0.hasPrefix("│‹") })
        driver.press("w", "m")
        #expect(try rows(driver).contains("id: m0"))
        driver.press("m")
        #expect(try !rows(driver).contains("id: m0"))
    }

    @Test("Each day begins with its date")
    func days() throws {
        let driver = open(3) { position in
            var message = PretendRecords.message(position, .user, "x")
            message.created = Timestamp(seconds: 1_750_000_000 + Int64(position / 2) * 86_400)
            return message
        }
        let lines = try rows(driver).filter { $0.hasPrefix("── ") }
        #expect(lines.map { String($0.dropFirst(3).prefix(17)) } == ["Sunday 2025-06-15", "Monday 2025-06-16"])
    }

    @Test("Another width keeps the line of the cursor")
    func keepsLine() throws {
        let text = (0..<60).map { "This is paragraph number \($0) of a long message, long enough to be wrapped." }
            .joined(separator: "\n\n")
        var driver = open(1) { PretendRecords.message($0, .user, text) }
        for _ in 0..<40 { driver.press("j") }
        let before = try #require(try thread(driver).cursorRow).source
        for width in [30, 200, 41, 80] {
            driver.resize(width, 24)
            #expect(try thread(driver).cursorRow?.source == before)
        }
    }
}
