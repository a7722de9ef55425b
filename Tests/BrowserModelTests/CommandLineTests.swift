import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("The command line")
struct CommandLineTests {
    private func driver(_ count: Int = 30) -> BrowserDriver {
        var driver = BrowserDriver(
            [PretendSource("memory", [.thread: PretendRecords.threads("memory", count)])], width: 100)
        driver.start()
        return driver
    }

    private func typed(_ text: String, in driver: inout BrowserDriver) {
        driver.press(":")
        driver.type(text)
        driver.press("Enter")
    }

    @Test("A number goes to that row, and $ to the last")
    func numbers() {
        var driver = driver()
        typed("12", in: &driver)
        #expect(driver.list?.cursor == 11)
        typed("$", in: &driver)
        #expect(driver.list?.cursor == 29)
        typed("go 3", in: &driver)
        #expect(driver.list?.cursor == 2)
    }

    @Test("Every command of the keys can be typed by its name", arguments: Command.allCases.filter(\.isForTheLine))
    func names(_ command: Command) {
        #expect(Command(word: command.word) == command)
        let order = LineOrder(command.word)
        if case .verb(let verb, _) = order {
            // A verb of that word does at least as much.
            #expect(verb.words.contains(command.word))
        } else {
            #expect(order == .command(command))
        }
    }

    @Test("What edits lines and answers questions is no command")
    func answers() {
        for word in ["confirm", "press", "accept", "erase"] {
            if case .command = LineOrder(word) { Issue.record("\(word) is a command") }
        }
    }

    @Test("A beginning that only one command has is enough, and one that several have is answered with them")
    func beginnings() {
        #expect(LineOrder("dele") == .command(.delete))
        guard case .ambiguous(_, let names) = LineOrder("previous") else {
            Issue.record("previous is not ambiguous")
            return
        }
        #expect(names.contains("previous-record"))
    }

    @Test("An unknown command is answered with the nearest names, and changes nothing")
    func unknown() {
        var driver = driver()
        typed("delte", in: &driver)
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text.hasPrefix("there is no command \"delte\"; near it: delete") == true)
    }

    @Test("What may hold a password is neither repeated nor remembered")
    func secrets() {
        var driver = driver()
        typed("postgres://me:secret@host/db", in: &driver)
        #expect(!driver.state.history.contains { $0.text.contains("secret") })
        #expect(driver.state.lineHistory.lines == [])
        typed("add postgres://me:secret@host/db", in: &driver)
        #expect(driver.state.lineHistory.lines == [])
        #expect(!driver.state.jobs.contains { $0.label.contains("secret") })
        typed("add postgres://me:${PW}@host/db", in: &driver)
        #expect(driver.state.lineHistory.lines == ["add postgres://me:${PW}@host/db"])
    }

    @Test(
        "Lines that may hold a password are known",
        arguments: [
            ("add redis://:pw@host", true), ("add redis://pw@host", true), ("add redis://host:6379/1", false),
            ("add postgres://u@host/db", false), ("add postgres://u:a@b@host/db", true),
            ("add s3://b/p?secret_access_key=x", true), ("add s3://b/p?region=x", false),
            ("add postgres://h/d?password=${PW}", false), ("add postgres://h/d?sslpassword=p", true),
            ("filter password reset", false), ("sort updated", false), ("add host=a password=b", true),
        ])
    func secretLines(_ line: String, _ mayHold: Bool) {
        #expect(LineHistory.mayHoldSecret(line) == mayHold)
    }

    @Test("Tab offers what fits, goes on to the next, and comes back to what was typed")
    func completing() {
        var driver = driver()
        driver.press(":")
        driver.type("sor")
        #expect(driver.state.input?.completion?.candidates.first?.text == "sort")
        driver.press("Tab")
        #expect(driver.state.input?.line.text == "sort")
        driver.press("Shift-Tab")
        #expect(driver.state.input?.line.text == "sor")
        driver.press("Tab")
        driver.type(" mess")
        driver.press("Tab", "Enter")
        #expect(driver.list?.sort.field == .messages)
    }

    @Test("Letters in their order are enough for completion, but never for carrying out")
    func fuzzy() {
        #expect(FuzzyMatch.rank("hpd", in: "half-page-down") != nil)
        #expect(FuzzyMatch.rank("dph", in: "half-page-down") == nil)
        #expect(LineOrder("hpd") == .unknown("hpd"))
        #expect(FuzzyMatch.nearest(to: "hpd", in: LineOrder.names, count: 3).contains("half-page-down"))
    }

    @Test("Up brings back lines that begin as what is typed, Down goes back to that")
    func recalling() {
        var driver = driver()
        typed("sort messages", in: &driver)
        typed("3", in: &driver)
        typed("sort title", in: &driver)
        driver.press(":")
        driver.type("so")
        driver.press("Up")
        #expect(driver.state.input?.line.text == "sort title")
        driver.press("Up")
        #expect(driver.state.input?.line.text == "sort messages")
        driver.press("Up")
        #expect(driver.state.input?.line.text == "sort messages")
        driver.press("Down", "Down")
        #expect(driver.state.input?.line.text == "so")
        driver.press("Esc")
        #expect(driver.state.input == nil)
    }

    @Test("A line is remembered once, at its newest place")
    func once() {
        var history = LineHistory()
        for line in ["1", "2", "1", "  "] { history.add(line) }
        #expect(history.lines == ["2", "1"])
    }

    @Test("delete on the line asks as the key does, and Enter does not confirm it")
    func deleting() {
        var driver = driver()
        typed("delete", in: &driver)
        guard case .change(let dialog) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(dialog.focus == .cancel)
        driver.press("Enter")
        #expect(driver.count { if case .carryOut = $0 { true } else { false } } == 0)
    }

    @Test("A command of another screen says where it works")
    func elsewhere() {
        var driver = driver()
        typed("wrap", in: &driver)
        #expect(driver.state.notice?.text == "wrap works on other screens: thread, text and bytes")
    }

    @Test(
        "sort takes what stands above a column too",
        arguments: [("msgs", RecordSort.Field.messages), ("title", .title)])
    func sortByHeading(_ word: String, _ field: RecordSort.Field) {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.start()
        typed("sort \(word) down", in: &driver)
        #expect(driver.list?.sort == RecordSort(field, descending: true))
        #expect(
            RecordSort.Field.title.isNamed("name", of: .artifact)
                && !RecordSort.Field.title.isNamed("name", of: .thread))
    }

    @Test("sort takes a field and a direction, and names the fields when it is none")
    func sorting() {
        var driver = driver()
        typed("sort title down", in: &driver)
        #expect(driver.list?.sort == RecordSort(.title, descending: true))
        typed("sort title up", in: &driver)
        #expect(driver.list?.sort == RecordSort(.title, descending: false))
        typed("sort colour", in: &driver)
        #expect(driver.state.notice?.text.hasPrefix("threads are sorted by") == true)
    }

    @Test("w exports to the path without another question")
    func writing() {
        var driver = driver()
        typed("w /tmp/out.md", in: &driver)
        let orders = driver.effects.compactMap { effect -> ExportOrder? in
            if case .export(let order) = effect.work { order } else { nil }
        }
        #expect(orders.map(\.path) == ["/tmp/out.md"])
        #expect(orders.map(\.format) == ["md"])
        #expect(driver.state.dialog == nil)
        typed("w", in: &driver)
        #expect(driver.state.notice?.text.hasPrefix(":write takes PATH") == true)
    }

    @Test("set changes the mouse, the theme and how things are shown, on screens to come too")
    func settings() {
        var source = PretendSource("memory", [.thread: PretendRecords.threads("memory", 3)])
        source.messages = { _ in (3, { PretendRecords.message($0, .user, "text") }) }
        var driver = BrowserDriver([source], width: 100)
        driver.start()
        typed("set mouse", in: &driver)
        typed("set theme light", in: &driver)
        typed("set tools", in: &driver)
        #expect(driver.effects.contains { $0.work == .mouse(true) })
        #expect(driver.effects.contains { $0.work == .theme(.light) })
        #expect(driver.state.theme == .light)
        driver.press("Enter")
        guard case .thread(let screen) = driver.state.top else {
            Issue.record("no thread is open")
            return
        }
        #expect(screen.folds.opensAll)
        driver.press("z", "Esc", "j", "Enter")
        guard case .thread(let other) = driver.state.top else { return }
        #expect(!other.folds.opensAll)
        typed("set colour", in: &driver)
        #expect(driver.state.notice?.level == .warning)
        typed("set theme pink", in: &driver)
        #expect(driver.state.notice?.text.contains("auto, dark, light and none") == true)
    }

    @Test("add opens a source beside the others and asks whether to keep it")
    func adding() {
        var driver = driver()
        driver.addable = [PretendSource("more", [.thread: PretendRecords.threads("more", 2)])]
        typed("add more", in: &driver)
        #expect(driver.state.sources.map(\.name) == ["memory", "more"])
        #expect(driver.state.source("more")?.opened != nil)
        guard case .question = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        driver.press("Enter")
        #expect(driver.count { if case .keepSource = $0 { true } else { false } } == 0)
        driver.addable = [PretendSource("third", [.thread: PretendRecords.threads("third", 2)])]
        typed("add third", in: &driver)
        driver.press("y")
        #expect(driver.effects.contains { $0.work == .keepSource(name: "third", location: "third") })
        #expect(driver.state.notice?.text.hasPrefix("third is in ") == true)
    }

    @Test("A source that cannot be added says why")
    func addingFails() {
        var driver = driver()
        driver.addProblem = PretendRecords.failure
        typed("add more", in: &driver)
        #expect(driver.state.notice?.level == .error)
        #expect(driver.state.sources.count == 1)
    }

    @Test("q quits at once when nothing is written, and asks while something is")
    func quitting() {
        var driver = driver()
        typed("q", in: &driver)
        #expect(driver.state.isQuitting)

        var busy = self.driver()
        busy.answers = false
        busy.press("d")
        busy.answer { if case .plan = $0 { true } else { false } }
        busy.press("y")
        #expect(busy.state.jobs.contains { $0.isAct })
        for keys in [["q"], ["Q"]] {
            for key in keys { busy.press(key) }
            guard case .question = busy.state.dialog else {
                Issue.record("\(keys) does not ask")
                return
            }
            busy.press("Esc")
            #expect(!busy.state.isQuitting)
        }
        busy.press("Q")
        busy.answer { if case .carryOut = $0 { true } else { false } }
        #expect(busy.state.isQuitting)
    }

    @Test("Ctrl-C twice asks too while something is written")
    func interrupting() {
        var driver = driver()
        driver.press("d")
        driver.answers = false
        driver.press("y", "Ctrl-C", "Ctrl-C")
        #expect(!driver.state.isQuitting)
        driver.press("y")
        #expect(driver.state.isQuitting)
    }

    @Test("Where nothing was found one key opens the demo")
    func demo() {
        var driver = BrowserDriver([])
        driver.demo = [PretendSource("demo", [.thread: PretendRecords.threads("demo", 2)])]
        driver.start()
        driver.press("t")
        #expect(driver.state.sources.map(\.name) == ["demo"])
        driver.press("D")
        #expect(driver.count { $0 == .openDemo } == 1)
    }

    @Test("Help begins with what the screen shows, and a filter leaves what has to do with the words")
    func help() {
        var driver = driver()
        driver.press("?")
        #expect(driver.reader?.lines.first?.text.hasPrefix("The conversations of all sources.") == true)
        driver.press("/")
        driver.type("wrap lines")
        #expect(driver.reader?.lines.map(\.text) == ["Nothing here holds \"wrap lines\". Esc shows all."])
        driver.press("Esc")
        typed("help newest", in: &driver)
        let lines = driver.reader?.lines.map(\.text) ?? []
        #expect(lines.contains { $0.contains("choose where to cut a thread") })
        #expect(!lines.contains { $0.contains("draw the screen again") })
        driver.press("Esc")
        #expect(driver.reader != nil && driver.reader?.filter == nil)
    }

    @Test("Jobs that ended are listed with what came of them; short reads only counted")
    func finished() {
        var driver = driver()
        driver.answers = false
        driver.press("e")
        driver.answer { if case .exportForms = $0 { true } else { false } }
        driver.press("Enter")
        driver.pass(2000)
        driver.answer { if case .export = $0 { true } else { false } }
        let jobs = driver.state.finishedJobs
        #expect(jobs.jobs.first?.outcome == .done)
        #expect(jobs.jobs.first?.label.hasPrefix("export ") == true)
        #expect(jobs.jobs.first?.milliseconds == 2000)
        #expect(jobs.shortOnes > 0)
    }

    // MARK: Paths

    private func line(_ driver: BrowserDriver) -> String? { driver.state.input?.line.text }

    private func typing(_ text: String, over paths: [String]) -> BrowserDriver {
        var driver = driver()
        driver.paths = paths
        driver.press(":")
        driver.type(text)
        return driver
    }

    @Test("Tab goes on with the only path that begins so, and then looks inside of it")
    func onlyPath() {
        var driver = typing("w ou", over: ["out/", "out/2025/", "in/"])
        driver.paths = ["out/", "in/"]
        driver.press("Tab")
        #expect(line(driver) == "w out/")
        driver.paths = ["out/2024/", "out/2025/"]
        driver.press("Tab")
        #expect(line(driver) == "w out/2024/")
        driver.press("Tab")
        #expect(line(driver) == "w out/2025/")
        driver.press("Tab")
        #expect(line(driver) == "w out/")
        driver.press("Shift-Tab")
        #expect(line(driver) == "w out/2025/")
    }

    @Test("Of many paths some are offered, and how many more there are is said")
    func manyPaths() {
        var driver = typing("add sqlite:d", over: ["d1", "d2", "d3", "d4", "d5"])
        driver.press("Tab")
        #expect(line(driver) == "add sqlite:d1")
        #expect(driver.state.input?.completion?.candidates.map(\.text) == ["d1", "d2", "d3"])
        #expect(driver.state.input?.completion?.candidates.last?.help.contains("and 2 more paths") == true)
    }

    @Test(
        "No path is looked for where none is typed",
        arguments: ["add postgres://user@host/d", "set mo", "wr", "add x as y"])
    func noPath(_ text: String) {
        var driver = typing(text, over: ["mouse"])
        driver.press("Tab")
        #expect(driver.count { if case .completePath = $0 { true } else { false } } == 0)
    }

    @Test("Who types on before the paths are there is not interrupted, and nothing found is said")
    func latePaths() throws {
        var driver = typing("w x", over: ["xa/", "xyz"])
        driver.answers = false
        driver.press("Tab")
        let asked = try #require(driver.effects.last { if case .completePath = $0.work { true } else { false } })
        driver.type("y")
        driver.answerLate(asked.id, .paths(PathChoices(paths: ["xa/"], count: 1)))
        #expect(line(driver) == "w xy")
        driver.answers = true
        driver.press("Tab")
        #expect(line(driver) == "w xyz")
        driver.type("0")
        driver.press("Tab")
        #expect(line(driver) == "w xyz0")
        #expect(driver.state.input?.completion?.usage == "no path begins so")
    }
}

extension BrowserDriver {
    fileprivate var list: RecordList? {
        if case .browse(let screen) = state.top { screen.list } else { nil }
    }

    fileprivate var reader: ReaderScreen? {
        if case .reader(let screen) = state.top { screen } else { nil }
    }
}
