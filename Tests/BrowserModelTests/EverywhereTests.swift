import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Searching every source")
struct EverywhereTests {
    /// Two sources with threads, one with an index as well.
    private static func driver(width: Int = 100, height: Int = 30) -> BrowserDriver {
        var one = PretendSource(
            "one",
            [
                .thread: PretendSource.Shelf([
                    PretendRecords.thread("one", "a", title: "Refunds"),
                    PretendRecords.thread("one", "b", title: "Deploy", age: 7200),
                ]),
                .index: PretendSource.Shelf([PretendRecords.index("one", "web", origin: "acme/web", files: 2)]),
            ])
        one.messages = { id in
            (
                120,
                { position in
                    let isHit = id.key == "a" && (position == 30 || position == 100)
                    return PretendRecords.message(
                        position, position % 2 == 0 ? .user : .assistant,
                        isHit ? "first line\nsecond line\nthe needle is here" : "Message \(position + 1)")
                }
            )
        }
        one.documents = { _ in
            [
                RecordDocument(
                    name: "state.json", format: .json,
                    bytes: StoredBytes(#"{"a": {"b": [1, {"deep": {"er": "a needle, found"}}]}, "z": 1}"#))
            ]
        }
        var two = PretendSource("two", [.thread: PretendRecords.threads("two", 3)])
        two.messages = { _ in (2, { PretendRecords.message($0, .user, "needle number \($0)") }) }
        return BrowserDriver([one, two], width: width, height: height)
    }

    private static func results(_ driver: BrowserDriver) -> ResultsScreen? {
        for case .results(let screen) in driver.state.screens { return screen }
        return nil
    }

    private static func search(_ driver: inout BrowserDriver, _ text: String) {
        driver.press("S")
        driver.press("Ctrl-U")
        driver.type(text)
        driver.press("Enter")
    }

    private static func isLook(_ source: String) -> (BrowserEffect.Work) -> Bool {
        { if case .look(source, _) = $0 { true } else { false } }
    }

    private static func lookID(_ driver: BrowserDriver, _ source: String) -> RequestID? {
        driver.effects.last { isLook(source)($0.work) }?.id
    }

    private static func hit(_ source: String, _ key: String, _ position: Int) -> SearchNews {
        .hit(
            SearchHit(
                record: PretendRecords.thread(source, key), message: position, role: .user,
                excerpt: "needle at \(position)"))
    }

    private static func text(_ driver: BrowserDriver) -> String? {
        if case .thread(let screen) = driver.state.top { screen.current?.plainText } else { nil }
    }

    // MARK: Finding

    @Test("Quoted words are looked for next to each other, in the results and in what is opened")
    func phrase() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "\"needle is\"")
        let screen = try #require(Self.results(driver))
        #expect(screen.query.text.parts == ["needle is"])
        #expect(screen.total == 2)
        #expect(screen.findText == "needle is")
        Self.search(&driver, "\"is needle\"")
        #expect(try #require(Self.results(driver)).total == 0)
    }

    @Test("S asks for words and lists what every source holds, with the place, the role and the words around")
    func finds() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        let screen = try #require(Self.results(driver))
        #expect(screen.sources.map(\.phase) == [.done, .done])
        #expect(screen.groups.map(\.record.id.key) == ["web", "a", "two-0", "two-1", "two-2"])
        #expect(screen.groups[1].hits.map(\.place) == ["#31 user", "#101 user"])
        #expect(screen.groups[1].hits[0].excerpt.contains("needle"))
        #expect(screen.count == 9)
        #expect(screen.kinds == [.index, .thread])
        #expect(screen.place?.number == 1)
        #expect(screen.place?.of == 9)
    }

    @Test("S takes regular expressions, opens what they match, and goes on with n")
    func findsPatterns() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "/needle is h.re|number 1/")
        let screen = try #require(Self.results(driver))
        #expect(screen.groups.map(\.record.id.key) == ["a", "two-0", "two-1", "two-2"])
        #expect(screen.words(in: "the needle is here") == ["needle is here"])
        driver.press("Enter")
        #expect(Self.text(driver)?.hasSuffix("the needle is here") == true)
        guard case .thread(let thread) = driver.state.top else { throw StorageError.noThread }
        #expect(thread.cursorRow?.line.text.contains("the needle is here") == true)
        #expect(thread.current?.position == 30)
        driver.press("n", "n")
        #expect(Self.text(driver) == "needle number 1")
    }

    @Test("What is no pattern is said, and stays to be mended")
    func wrongPattern() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "/needle(/")
        #expect(driver.state.input?.problem == "/needle(/ is no pattern: a ( is not closed")
        #expect(driver.state.input?.line.text == "/needle(/")
        #expect(Self.results(driver) == nil)
        driver.press("Backspace")
        #expect(driver.state.input?.problem == nil)
        driver.press("Backspace")
        driver.type("/")
        driver.press("Enter")
        #expect(Self.results(driver)?.count == 8)
    }

    @Test("Hits of one source show while another still searches, and the scope is stated")
    func streams() throws {
        var driver = Self.driver()
        driver.start()
        driver.silent = ["one", "two"]
        Self.search(&driver, "needle")
        let id = try #require(Self.lookID(driver, "two"))
        driver.send(.partlyAnswered(id, .looked([.looked(SearchedAmount(records: 400, messages: 12_000))])))
        driver.send(.partlyAnswered(id, .looked([Self.hit("two", "t", 3), Self.hit("two", "t", 5)])))
        var screen = try #require(Self.results(driver))
        #expect(screen.count == 2)
        #expect(
            SearchScope.sentences(screen)[0]
                == "searching 2 of 2 sources · 400 records, 12 000 messages read · 2 hits")
        driver.send(.answered(id, .looked([])))
        screen = try #require(Self.results(driver))
        #expect(SearchScope.sentences(screen)[0].hasPrefix("searching 1 of 2 sources"))
        driver.press("j")
        #expect(Self.results(driver)?.place?.number == 2)
    }

    @Test("A source that fails is named with its reason and hides nothing of the others")
    func partlyFailed() throws {
        var driver = Self.driver()
        driver.start()
        driver.sources[0].error = StorageError(
            .unavailable, operation: "search", place: "one", reason: "the server refused the connection")
        Self.search(&driver, "needle")
        let screen = try #require(Self.results(driver))
        #expect(screen.count == 6)
        #expect(
            SearchScope.sentences(screen)[0].hasPrefix(
                "search covered 1 of 2 sources: one: the server refused the connection"))
        #expect(driver.state.history.contains { $0.level == .error })
    }

    @Test(
        "x, Ctrl-C and leaving stop the search; what comes later is dropped, what was found stays",
        arguments: ["x", "Ctrl-C", "Esc"])
    func cancels(_ key: String) throws {
        var driver = Self.driver()
        driver.start()
        driver.silent = ["two"]
        Self.search(&driver, "needle")
        let id = try #require(Self.lookID(driver, "two"))
        driver.send(.partlyAnswered(id, .looked([Self.hit("two", "t", 3)])))
        driver.press(key)
        #expect(driver.effects.contains { $0.work == .cancel(id) })
        #expect(driver.state.jobs.allSatisfy { $0.id != id })
        driver.send(.partlyAnswered(id, .looked([Self.hit("two", "t", 9)])))
        driver.answerLate(id, .looked([Self.hit("two", "t", 10)]))
        guard key != "Esc" else {
            #expect(Self.results(driver) == nil)
            return
        }
        let screen = try #require(Self.results(driver))
        #expect(screen.count == 4)
        #expect(SearchScope.sentences(screen)[0].hasPrefix("stopped: search covered 1 of 2 sources"))
        driver.silent = []
        driver.press("r")
        #expect(Self.results(driver)?.count == 9)
    }

    @Test("A record with very many hits says how many are not listed, and a search with too many ends and says so")
    func bounds() throws {
        var driver = Self.driver()
        driver.start()
        driver.silent = ["one", "two"]
        Self.search(&driver, "needle")
        let id = try #require(Self.lookID(driver, "one"))
        let record = PretendRecords.thread("one", "a")
        driver.send(.partlyAnswered(id, .looked([Self.hit("one", "a", 1), .further(record.id, 41)])))
        var screen = try #require(Self.results(driver))
        #expect(screen.rows.last == .further(0))
        #expect(screen.groups[0].further == 41)
        #expect(SearchScope.sentences(screen).allSatisfy { $0.contains("42 hits") || $0.contains("… 42") })
        let many = (0..<ResultsScreen.mostHits + 10).map { Self.hit("one", "t\($0)", $0) }
        driver.send(.partlyAnswered(id, .looked(many)))
        screen = try #require(Self.results(driver))
        #expect(screen.count == ResultsScreen.mostHits)
        #expect(!screen.isSearching)
        #expect(SearchScope.sentences(screen)[0].hasPrefix("first 5 000 hits; the search stopped there"))
        #expect(driver.effects.contains { $0.work == .cancel(id) })
    }

    @Test("What is found later never moves what is in focus")
    func focusStays() throws {
        var driver = Self.driver()
        driver.start()
        driver.silent = ["one", "two"]
        Self.search(&driver, "needle")
        let id = try #require(Self.lookID(driver, "one"))
        driver.send(
            .partlyAnswered(id, .looked([Self.hit("one", "a", 1), Self.hit("one", "b", 2), Self.hit("one", "c", 3)])))
        driver.press("n")
        let before = try #require(Self.results(driver)?.selectedHit)
        #expect(before.record.id.key == "b")
        driver.send(
            .partlyAnswered(id, .looked((10..<40).map { Self.hit("one", "a", $0) } + [Self.hit("one", "b", 9)])))
        let after = try #require(Self.results(driver)?.selectedHit)
        #expect(after.record.id == before.record.id)
        #expect(after.hit == before.hit)
    }

    // MARK: Opening

    @Test("Enter opens a thread at the line that was found, and Esc comes back to the same place without searching")
    func opensThread() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("]", "n", "n")
        let place = try #require(Self.results(driver)?.cursor)
        let searches = driver.count(of: Self.isLook("one"))
        driver.press("Enter")
        #expect(Self.text(driver)?.contains("needle") == true)
        if case .thread(let screen) = driver.state.top {
            #expect(screen.current?.position == 100)
            #expect(screen.line(at: screen.cursor)?.text.contains("needle") == true)
        } else {
            Issue.record("no thread is open")
        }
        driver.press("Esc")
        #expect(Self.results(driver)?.cursor == place)
        #expect(driver.count(of: Self.isLook("one")) == searches)
    }

    @Test("n and N go from hit to hit inside opened records and from one to the next, and [ ] between records")
    func stepsInside() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("]", "Enter")
        func position() -> String {
            guard case .thread(let screen) = driver.state.top else { return "" }
            return "\(screen.record.id.key) \(screen.current?.position ?? -1)"
        }
        #expect(position() == "a 30")
        driver.press("n")
        #expect(position() == "a 100")
        #expect(driver.state.notice?.text == "hit 2 of 2 in this record · 3 of 9 in all")
        driver.press("n")
        #expect(position() == "two-0 0")
        driver.press("N")
        #expect(position() == "a 100")
        driver.press("]")
        #expect(position() == "two-0 0")
        driver.press("[", "[")
        guard case .document(let screen) = driver.state.top else {
            Issue.record("the index is not open")
            return
        }
        #expect(screen.record.id.key == "web")
        driver.press("Esc")
        #expect(Self.results(driver)?.selectedRecord?.id.key == "web")
    }

    @Test("Opened from a line that stands for all of a record, n walks the hits in it before it goes to the next")
    func stepsInsideFolded() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("z", "g", "j", "Enter")
        func position() -> String {
            guard case .thread(let screen) = driver.state.top else { return "" }
            return "\(screen.record.id.key) \(screen.current?.position ?? -1)"
        }
        #expect(position() == "a 30")
        driver.press("n")
        #expect(position() == "a 100")
        #expect(driver.state.notice?.text == "hit 2 of 2 in this record · 3 of 9 in all")
        driver.press("n")
        #expect(position() == "two-0 0")
        #expect(driver.state.notice?.text == "hit 1 of 2 in this record · 4 of 9 in all")
        driver.press("N")
        #expect(position() == "a 100")
        driver.press("N", "N")
        #expect(driver.state.notice?.text == "hit 1 of 1 in this record · 1 of 9 in all")
        driver.press("N")
        #expect(driver.state.notice?.text == "this is the first hit")
        driver.press("]", "Esc")
        // The list is as it was left: a line a record.
        let screen = try #require(Self.results(driver))
        #expect(screen.isFolded && screen.selectedRecord?.id.key == "a" && screen.rows.count == 5)
    }

    @Test("A quote that nothing ends is refused, and what was typed stays to be mended")
    func openQuote() throws {
        var driver = Self.driver()
        driver.start()
        driver.press("S")
        driver.type("\"needle is")
        driver.press("Enter")
        #expect(Self.results(driver) == nil)
        #expect(driver.state.input?.line.text == "\"needle is")
        #expect(driver.state.input?.problem == "a second \" ends the words; /\"/ finds the sign itself")
        driver.type("\"")
        driver.press("Enter")
        #expect(Self.results(driver)?.total == 2)
        Self.search(&driver, "/\"needle/")
        #expect(driver.state.input == nil)
    }

    @Test("A hit in a JSON document opens the tree at its value, unfolded")
    func opensTree() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("g", "Enter")
        guard case .document(let screen) = driver.state.top else {
            Issue.record("no document is open")
            return
        }
        #expect(screen.pane?.tree?.path == ".a.b[1].deep.er")
    }

    @Test("A hit whose place has changed meanwhile is looked for in the document as it is now")
    func changedDocument() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.sources[0].documents = { _ in
            [
                RecordDocument(
                    name: "state.json", format: .json,
                    bytes: StoredBytes(
                        #"{"new": "something in front of everything else that was here", "x": "needle"}"#))
            ]
        }
        driver.press("g", "Enter")
        guard case .document(let screen) = driver.state.top else {
            Issue.record("no document is open")
            return
        }
        #expect(screen.pane?.tree?.path == ".x")
    }

    @Test("A search of one's own inside an opened record takes n and N over")
    func ownSearch() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("]", "Enter", "/")
        driver.press("Ctrl-U")
        driver.type("Message 50")
        driver.press("Enter")
        #expect(Self.text(driver) == "Message 50")
        driver.press("n")
        #expect(driver.state.notice?.text.hasPrefix("hit") != true)
    }

    // MARK: Looking at the results

    @Test("/ filters what was found, Tab shows one kind, z the records alone")
    func narrows() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "needle")
        driver.press("/")
        driver.type("two-1")
        #expect(Self.results(driver)?.place?.of == 2)
        driver.press("Enter", "Esc")
        #expect(Self.results(driver)?.place?.of == 9)
        driver.press("Tab")
        #expect(Self.results(driver)?.kind == .index)
        #expect(Self.results(driver)?.place?.of == 1)
        driver.press("Tab", "Tab", "z")
        #expect(Self.results(driver)?.rows.count == 5)
        driver.press("G", "z")
        #expect(Self.results(driver)?.selectedRecord?.id.key == "two-2")
    }

    @Test("Nothing found, no source and an empty text are said, never a screen of nothing")
    func nothing() throws {
        var driver = Self.driver()
        driver.start()
        Self.search(&driver, "haystack")
        #expect(Self.results(driver)?.rows.isEmpty == true)
        driver.press("Enter")
        #expect(driver.state.notice?.text.contains("nothing was found") == true)
        driver.press("Esc", "S", "Ctrl-U", "Enter")
        #expect(Self.results(driver) == nil)
        var empty = BrowserDriver([])
        empty.start()
        empty.press("S")
        #expect(empty.state.notice?.text.contains("there is no source") == true)
    }

    @Test("The words of a filter are offered to the search of contents")
    func fromFilter() {
        var driver = Self.driver()
        driver.start()
        driver.press("/")
        driver.type("needle")
        driver.press("Enter", "S")
        #expect(driver.state.input?.line.text == "needle")
        driver.press("Enter")
        #expect(Self.results(driver)?.count == 9)
    }
}

extension StorageError {
    fileprivate static let noThread = StorageError(.failed, operation: "read", place: "", reason: "no thread is open")
}
