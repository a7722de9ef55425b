import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("What is found again at the next start")
struct SessionTests {
    private static func source(_ name: String) -> PretendSource {
        PretendSource(
            name,
            [
                .thread: PretendRecords.threads(name, 30),
                .task: PretendSource.Shelf(count: 4) { PretendRecords.task(name, "task-\($0)") },
            ])
    }

    /// What a session is that left everything as it was.
    private static var toured: Session {
        var session = Session()
        session.hasToured = true
        return session
    }

    private func driver(_ names: String..., start: SessionStart? = nil) -> BrowserDriver {
        var driver = BrowserDriver((names.isEmpty ? ["memory"] : names).map(Self.source), width: 100)
        if let start { driver.begin(start) }
        return driver
    }

    /// A browser that begins where another one was left, by way of what is written.
    private func next(_ driver: BrowserDriver, _ names: String...) throws -> BrowserDriver {
        let session = try Session(driver.state.session.encoded)
        #expect(session == driver.state.session)
        var next = BrowserDriver((names.isEmpty ? ["memory"] : names).map(Self.source), width: 100)
        next.begin(.resumed(session))
        return next
    }

    private func browse(_ driver: BrowserDriver) throws -> BrowseScreen {
        guard case .browse(let screen) = driver.state.top else { throw NoList() }
        return screen
    }

    private struct NoList: Error {}

    private func saved(_ driver: BrowserDriver) -> [Session] {
        driver.effects.compactMap { effect in
            if case .saveSession(let session) = effect.work { session } else { nil }
        }
    }

    private func typed(_ line: String, in driver: inout BrowserDriver) {
        driver.press(":")
        driver.type(line)
        driver.press("Enter")
    }

    @Test("Order, columns, selected record, settings, theme and lines come back")
    func comesBack() throws {
        var first = driver(start: .first)
        first.start()
        typed("sort title", in: &first)
        first.press("c", "j", "Space", "Esc", "j", "j")
        typed("set theme dark", in: &first)
        typed("set nowrap", in: &first)
        typed("set tools", in: &first)
        var second = try next(first)
        second.start()
        let screen = try browse(second)
        #expect(screen.list?.sort == RecordSort(.title, descending: false))
        #expect(screen.list?.selected == (try browse(first)).list?.selected)
        #expect(screen.list?.cursor == 2)
        #expect(second.state.listChoices.columns[.thread] == first.state.listChoices.columns[.thread])
        #expect(second.state.listChoices.columns[.thread]?.isEmpty == false)
        #expect(second.state.theme == .dark)
        #expect(!second.state.settings.wraps && !second.state.settings.foldsTools)
        #expect(second.state.lineHistory.lines == ["sort title", "set theme dark", "set nowrap", "set tools"])
        #expect(!second.state.hasUnsavedSession)
    }

    @Test("The mouse is taken again, or left, as it was")
    func mouse() throws {
        var first = driver(start: .first)
        first.start()
        #expect(!first.effects.contains { $0.work == .mouse(true) })
        typed("set mouse", in: &first)
        var second = try next(first)
        second.start()
        #expect(second.effects.contains { $0.work == .mouse(true) })
        typed("set nomouse", in: &second)
        var third = try next(second)
        third.start()
        #expect(!third.effects.contains { $0.work == .mouse(true) })
    }

    @Test("The tab the user chose comes back; one the program chose is no choice")
    func tab() throws {
        var first = driver(start: .first)
        first.start()
        #expect(first.state.session.tab == nil)
        first.press("4", "j")
        var second = try next(first)
        second.start()
        #expect(try browse(second).kind == .task)
        #expect(try browse(second).list?.cursor == 1)
        #expect(second.state.session.tab == .records(.task))
        second.press("5")
        var third = try next(second)
        third.start()
        #expect(try browse(third).tab == .sources)
    }

    @Test("A tab of which these sources have nothing gives way to one they have, and is remembered all the same")
    func tabOfOthers() throws {
        var session = Self.toured
        session.tab = .records(.artifact)
        var driver = driver(start: .resumed(session))
        driver.start()
        #expect(try browse(driver).kind == .thread)
        #expect(driver.state.session.tab == .records(.artifact))
    }

    @Test("The one source that was shown is shown again where it is there, above the list of all")
    func scope() throws {
        var first = driver("a", "b", start: .first)
        first.start()
        first.press("5", "j", "Enter", "4")
        #expect(try browse(first).scope == "b")
        var second = try next(first, "a", "b")
        second.start()
        #expect(try browse(second).scope == "b")
        #expect(try browse(second).kind == .task)
        #expect(try browse(second).list?.rows.count == 4)
        #expect(!second.state.hasUnsavedSession)
        second.press("Esc")
        #expect(try browse(second).scope == nil)
        #expect(second.state.session.scope == nil)
        var third = try next(first, "c", "d")
        third.start()
        #expect(try browse(third).scope == nil)
        #expect(try browse(third).list?.rows.isEmpty == false)
    }

    /// Two sources with very many threads each, and one with few.
    private static func large(_ count: Int = 100_000) -> [PretendSource] {
        [
            PretendSource("a", [.thread: PretendRecords.threads("a", count, step: 60)]),
            PretendSource("b", [.thread: PretendRecords.threads("b", count / 3, step: 200, offset: 7)]),
            PretendSource("c", [.thread: PretendRecords.threads("c", 3, step: 9000, offset: 11)]),
        ]
    }

    private func restored(
        _ key: String, of source: String, _ sources: [PretendSource], sort: RecordSort? = nil
    ) -> BrowserDriver {
        var session = Self.toured
        session.tab = .records(.thread)
        session.source = "a"
        session.selected[.thread] = RecordID(source: source, layout: "pretend", kind: .thread, key: key)
        if let sort { session.lists.sorts[.thread] = sort }
        var driver = BrowserDriver(sources, width: 100)
        driver.begin(.resumed(session))
        return driver
    }

    private func isList(_ work: BrowserEffect.Work) -> Bool {
        if case .list = work { true } else { false }
    }

    private func isProbe(_ work: BrowserEffect.Work) -> Bool {
        if case .list(_, let query) = work, case .position = query.page.start { true } else { false }
    }

    @Test("The selected record is found again wherever it stands, and the list is not read up to it")
    func farDown() throws {
        var driver = restored("a-9000", of: "a", Self.large())
        driver.start()
        let list = try #require(try browse(driver).list)
        #expect(list.selected?.key == "a-9000" && list.selectedRecord?.id.key == "a-9000")
        #expect(driver.count(of: isList) < 50)
        #expect(list.rows.count < 1000)
        // Its neighbours are those it has in the whole list, and its place is known.
        let times = list.rows.compactMap(\.updated)
        #expect(times == times.sorted(by: >))
        let around = list.rows[(list.cursor - 4)...(list.cursor + 4)].map(\.id.key)
        #expect(around.filter { $0.hasPrefix("a-") }.contains("a-8999") && around.contains("a-9001"))
        #expect(around.contains { $0.hasPrefix("b-") })
        #expect(list.offset.map { $0 + list.cursor } == 9000 + 2700 + 3)
        #expect(driver.state.notice == nil && driver.state.jobs.isEmpty)
        #expect(!driver.state.hasUnsavedSession)
        // Reading goes on from there in both directions.
        driver.press("j")
        #expect(try browse(driver).list?.cursor == list.cursor + 1)
        for _ in 0..<20 { driver.press("PgUp") }
        #expect(try #require(try browse(driver).list?.rows.compactMap(\.updated)).isSorted)
    }

    @Test("It is found in other orders, among sources that cannot be ordered so, and near both ends")
    func farDownInOtherOrders() throws {
        for key in ["a-0", "a-99", "a-100", "a-150", "a-1999"] {
            var driver = restored(key, of: "a", Self.large(2000))
            driver.start()
            #expect(try browse(driver).list?.selectedRecord?.id.key == key)
        }
        var oldest = restored("a-1200", of: "a", Self.large(2000), sort: RecordSort(.updated, descending: false))
        oldest.start()
        #expect(try browse(oldest).list?.selectedRecord?.id.key == "a-1200")
        var sources = Self.large(2000)
        sources[1].sortFields = [.updated]
        for (key, source) in [("a-777", "a"), ("b-555", "b")] {
            var driver = restored(key, of: source, sources, sort: RecordSort(.title, descending: true))
            driver.start()
            #expect(try browse(driver).list?.selectedRecord?.id.key == key)
        }
    }

    @Test("A record that is gone is not missed: the list stays at its top and nothing is said")
    func farDownAndGone() throws {
        var driver = restored("nobody", of: "a", Self.large(2000))
        driver.start()
        #expect(try browse(driver).list?.cursor == 0 && browse(driver).list?.offset == 0)
        #expect(driver.state.notice == nil && driver.state.jobs.isEmpty)
        #expect(driver.count(of: isList) < 10)
    }

    @Test("A source that cannot say where it stands leaves the list at its top, one that hangs does not matter")
    func farDownAndFailing() throws {
        var driver = restored("a-1500", of: "a", Self.large(2000))
        driver.silent = ["b"]
        driver.start()
        #expect(try browse(driver).list?.selectedRecord?.id.key == "a-1500")
        var failing = restored("a-1500", of: "a", Self.large(2000))
        failing.answers = false
        failing.start()
        for _ in 0..<200 {
            failing.answer(where: { !isProbe($0) })
        }
        while failing.waiting.contains(where: { isList($0.work) }) {
            failing.answer(where: isList, with: .failed(PretendRecords.failure))
        }
        #expect(try browse(failing).list?.cursor == 0)
        #expect(failing.state.notice == nil)
    }

    @Test("A source that takes long for each step is not kept busy: the search is given up")
    func farDownAndSlow() throws {
        var driver = restored("a-1500", of: "a", Self.large(2000))
        driver.answers = false
        driver.start()
        while !driver.waiting.contains(where: { isProbe($0.work) }), !driver.waiting.isEmpty {
            driver.answer(where: { _ in true })
        }
        for _ in 0..<40 where driver.waiting.contains(where: { isProbe($0.work) }) {
            driver.pass(9000)
            driver.answer(where: isProbe)
        }
        #expect(driver.count(of: isProbe) < 8)
        #expect(!driver.waiting.contains { isProbe($0.work) })
        #expect(try browse(driver).list?.cursor == 0)
        #expect(driver.state.notice == nil)
    }

    @Test("Who presses a key while it is looked for stays where they are")
    func farDownAndUsed() throws {
        var driver = restored("a-1500", of: "a", Self.large(2000))
        driver.answers = false
        driver.start()
        while !driver.waiting.contains(where: { isProbe($0.work) }), !driver.waiting.isEmpty {
            driver.answer(where: { _ in true })
        }
        #expect(!driver.waiting.isEmpty)
        driver.press("j")
        driver.answers = true
        driver.answerAll()
        #expect(try browse(driver).list?.cursor == 1 && browse(driver).list?.offset == 0)
        #expect(driver.state.jobs.isEmpty)
    }

    @Test("Who stays at the top finds what is on top at the next start")
    func top() throws {
        var first = driver(start: .first)
        first.start()
        first.press("j", "j", "g")
        #expect(first.state.session.selected == [:])
        first.press("j")
        #expect(first.state.session.selected[.thread]?.key == "memory-1")
    }

    @Test("A key the user presses first ends the search for the record selected last")
    func userGoesFirst() throws {
        var session = Self.toured
        session.selected[.thread] = RecordID(source: "late", layout: "pretend", kind: .thread, key: "late-3")
        var driver = driver("memory", "late", start: .resumed(session))
        driver.silent = ["late"]
        driver.start()
        #expect(driver.state.session.selected == session.selected)
        driver.press("j")
        let selected = try browse(driver).list?.selected
        driver.silent = []
        driver.answerAll()
        #expect(try browse(driver).list?.selected == selected)
        #expect(driver.state.session.selected[.thread] == selected)
    }

    @Test("Filters and marks end with the program; what was filtered by is brought back by Up")
    func passing() throws {
        var first = driver(start: .first)
        first.start()
        first.press("Space", "/")
        first.type("memory-1")
        first.press("Enter")
        var second = try next(first)
        second.start()
        #expect(try browse(second).list?.filter == nil)
        #expect(second.state.marks.isEmpty)
        second.press("/", "Up")
        #expect(second.state.input?.line.text == "memory-1")
    }

    @Test("It is written half a minute after a key, never on the key, and not when nothing changed")
    func written() {
        var driver = driver(start: .resumed(Self.toured))
        driver.start()
        driver.press("j")
        #expect(saved(driver).isEmpty)
        driver.pass(29_000)
        #expect(saved(driver).isEmpty)
        driver.pass(2_000)
        #expect(saved(driver).count == 1)
        #expect(!driver.state.hasUnsavedSession)
        driver.press("z")
        driver.pass(31_000)
        #expect(saved(driver).count == 1)
    }

    @Test("Where nothing can be written, that is told once")
    func unwritable() {
        var driver = driver(start: .resumed(Self.toured))
        driver.start()
        for key in ["j", "k", "j"] {
            driver.answers = false
            driver.press(key, "2")
            driver.pass(31_000)
            driver.answer(
                where: { if case .saveSession = $0 { true } else { false } },
                with: .failed(
                    StorageError(.denied, operation: "write", place: "/state", reason: "Read-only file system")))
            driver.answers = true
            driver.answerAll()
        }
        #expect(
            driver.state.history.map(\.text) == ["what you choose is not remembered: Read-only file system"])
        #expect(driver.state.hasUnsavedSession)
    }

    @Test("Without a place to keep it, and over examples, nothing is written")
    func notKept() {
        var driver = driver()
        driver.start()
        driver.press("j")
        driver.pass(40_000)
        #expect(saved(driver).isEmpty)
        #expect(!driver.state.hasUnsavedSession)

        let session = Self.toured
        var demo = BrowserDriver([])
        demo.demo = [Self.source("demo")]
        demo.begin(.resumed(session))
        demo.start()
        demo.press("t", "j", "s", "t", "4")
        #expect(demo.state.listChoices.sorts.isEmpty == false)
        demo.pass(40_000)
        #expect(saved(demo).isEmpty)
        #expect(demo.state.session == session)
    }

    @Test("What cannot be used is one message, and what a newer version wrote is not written over")
    func unusable() {
        var damaged = driver(start: .unusable("/state/session.json is damaged"))
        damaged.start()
        #expect(
            damaged.state.history.map(\.text) == [
                "the last session is not restored: /state/session.json is damaged"
            ])
        #expect(!damaged.state.showsTour)
        #expect(damaged.state.hasUnsavedSession)
        var newer = driver(start: .newer("/state/session.json"))
        newer.start()
        #expect(newer.state.history.count == 1)
        newer.press("j")
        newer.pass(40_000)
        #expect(saved(newer).isEmpty && !newer.state.hasUnsavedSession)
    }

    @Test(
        "Damaged bytes and those of a newer version are told apart",
        arguments: [
            ("", Session.Unusable.damaged), ("{", .damaged), ("[]", .damaged), ("{\"form\":0}", .damaged),
            ("{\"form\":\"1\"}", .damaged), ("\0\0\0", .damaged), ("{\"form\":2,\"sort\":7}", .newer),
        ])
    func reading(_ text: String, _ reason: Session.Unusable) {
        #expect(throws: reason) { try Session(Array(text.utf8)) }
    }

    @Test("Members and words of no meaning are passed over")
    func strange() throws {
        let text = """
            {"form":1,"toured":false,"theme":"pink","tab":5,"scope":[],"show":1,"more":1,"lines":[3,"a"],
            "sort":{"threads":{"by":"x"},"tasks":{"by":"updated"}},"columns":{"threads":["x"],"tasks":["name","mime"]},
            "selected":{"threads":{"source":"a"}},"configured":null}
            """
        var expected = Session()
        expected.lineHistory = LineHistory(["a"])
        expected.lists.sorts[.task] = RecordSort(.updated, descending: false)
        expected.lists.columns[.task] = [.name]
        #expect(try Session(Array(text.utf8)) == expected)
    }

    @Test("Lines that another browser kept meanwhile are not lost, and none may hold a password")
    func lines() throws {
        var mine = Session()
        mine.lineHistory = LineHistory(["1", "sort title"])
        var other = Session()
        other.lineHistory = LineHistory(["2", "1"])
        #expect(mine.merged(over: other).lineHistory.lines == ["2", "1", "sort title"])
        let edited = try Session(Array("{\"form\":1,\"lines\":[\"add redis://:pw@h\",\"3\"]}".utf8))
        #expect(edited.lineHistory.lines == ["3"])
    }

    @Test("A password that is typed in a line is in nothing that is written")
    func secrets() {
        var driver = driver(start: .first)
        driver.start()
        typed("add redis://:hunter2@cache.example", in: &driver)
        typed("sort title", in: &driver)
        let text = String(decoding: driver.state.session.encoded, as: UTF8.self)
        #expect(!text.contains("hunter2"))
        #expect(text.contains("sort title"))
    }

    @Test("What the configuration says anew holds over what was chosen before")
    func configuration() {
        var preferences = Preferences()
        preferences.theme = .light
        preferences.columns = [.thread: [.name, .updated], .task: [.name, .agent]]
        var session = Session()
        session.theme = .dark
        session.configuredTheme = .light
        session.lists = ListChoices(
            columns: [.thread: [.name, .size], .task: [.name, .status]],
            configured: [.thread: [.name, .messages], .task: [.name, .agent]])
        let adapted = session.adapted(to: preferences)
        #expect(adapted.theme == .dark)
        #expect(adapted.lists.columns == [.task: [.name, .status]])
        #expect(adapted.lists.columns(of: .thread) == [.name, .updated])
        preferences.theme = nil
        #expect(session.adapted(to: preferences).theme == nil)
    }
}

extension [Timestamp] {
    fileprivate var isSorted: Bool { self == sorted(by: >) }
}
