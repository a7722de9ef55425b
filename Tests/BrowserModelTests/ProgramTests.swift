import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Pager, editor and command lines of the user's")
struct ProgramTests {
    private func open(_ document: RecordDocument) -> BrowserDriver {
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")])])
        source.documents = { _ in [document] }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter")
        return driver
    }

    private func text(_ text: String = "one\ntwo\n") -> RecordDocument {
        RecordDocument(name: "notes.txt", format: .text, bytes: StoredBytes(text))
    }

    private let failure = StorageError(
        .failed, operation: "show notes.txt in the pager", place: "", reason: "nopager cannot be started: no such file",
        help: "PAGER names the pager")

    @Test("A pager that cannot be started is told in one sentence with what to do")
    func missingPager() {
        var driver = open(text())
        driver.answers = false
        driver.press("o")
        driver.answer(where: { $0 == .page(text().bytes, name: "notes.txt") }, with: .failed(failure))
        #expect(driver.state.notice?.level == .error)
        #expect(driver.state.notice?.text.contains("nopager cannot be started") == true)
        #expect(driver.state.notice?.details.contains("help: PAGER names the pager") == true)
        #expect(driver.state.jobs.isEmpty)
    }

    @Test("The editor is given a copy, and what was saved there is said not to be kept")
    func editor() {
        var driver = open(text())
        driver.answers = false
        driver.press("V")
        driver.answer { $0 == .makeEditorCopy(text().bytes, name: "notes.txt") }
        driver.answer(
            where: { $0 == .edit(path: "/copies/notes.txt", name: "notes.txt") }, with: .edited(wasSaved: true))
        #expect(driver.state.notice?.text.contains("is not kept") == true)
        #expect(driver.state.jobs.isEmpty)
    }

    @Test("An editor that was only looked with leaves no word")
    func editorUnchanged() {
        var driver = open(text())
        driver.press("V")
        #expect(driver.count { if case .edit = $0 { true } else { false } } == 1)
        #expect(driver.state.notice == nil)
    }

    @Test("JSON and messages are named so that an editor knows what they are")
    func names() {
        var driver = open(RecordDocument(name: "state", format: .json, bytes: StoredBytes("{}")))
        driver.press("V")
        #expect(driver.count { $0 == .makeEditorCopy(StoredBytes("{}"), name: "state.json") } == 1)
        var source = PretendSource("a", [.thread: .init([PretendRecords.thread("a", "t", title: "t")])])
        source.messages = { _ in (1, { PretendRecords.message($0, .user, "some text") }) }
        driver = BrowserDriver([source])
        driver.start()
        driver.press("Enter", "V")
        #expect(driver.count { $0 == .makeEditorCopy(StoredBytes("some text"), name: "message 1.md") } == 1)
    }

    @Test("Leaving before the copy is written starts no editor")
    func editorLeft() {
        var driver = open(text())
        driver.answers = false
        driver.press("V", "q")
        driver.answers = true
        driver.answerAll()
        #expect(driver.count { if case .edit = $0 { true } else { false } } == 0)
    }

    @Test("A command line gets exactly what is shown, and the terminal")
    func pipe() {
        var driver = open(text())
        driver.press("|")
        #expect(driver.state.input?.prompt.contains("terminal") == true)
        driver.type("wc -l")
        driver.press("Enter")
        #expect(driver.count { $0 == .pipe(text().bytes, command: "wc -l") } == 1)
        #expect(driver.state.input == nil && driver.state.notice == nil)
    }

    @Test("After Tab its output is shown in the browser, and the next time too")
    func capture() throws {
        var driver = open(text())
        driver.press("|", "Tab")
        driver.type("wc -c")
        driver.press("Enter")
        guard case .document(let screen) = driver.state.top else { throw failure }
        #expect(screen.title == "| wc -c")
        #expect(screen.pane?.document.bytes == StoredBytes("wc -c of 8 bytes"))
        driver.press("q", "|")
        #expect(driver.state.input?.keepsOutput == true)
        driver.press("Tab", "Esc")
        #expect(driver.state.input == nil)
    }

    @Test("A command that fails, writes nothing or too much is told so")
    func captureOutcomes() {
        for (output, words) in [
            (CapturedOutput(bytes: StoredBytes(""), failure: "ended with status 4"), "jq ended with status 4"),
            (CapturedOutput(bytes: StoredBytes("")), "jq wrote nothing"),
            (CapturedOutput(bytes: StoredBytes("some"), isCut: true), "jq wrote more; this is the first 4 B"),
        ] {
            var driver = open(text())
            driver.answers = false
            driver.press("|", "Tab")
            driver.type("jq")
            driver.press("Enter")
            driver.answer(where: { $0 == .capture(text().bytes, command: "jq") }, with: .captured(output))
            #expect(driver.state.notice?.text == words)
            #expect(driver.state.screens.count == (output.bytes.isEmpty ? 2 : 3))
        }
    }

    @Test("No command line, nothing done")
    func emptyCommand() {
        var driver = open(text())
        driver.press("|")
        driver.type("  ")
        driver.press("Enter")
        #expect(driver.count { if case .pipe = $0 { true } else { false } } == 0)
        #expect(driver.state.jobs.isEmpty)
    }

    // MARK: From a list

    private func list() -> BrowserDriver {
        var source = PretendSource(
            "a",
            [
                .artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "data")]),
                .thread: .init([PretendRecords.thread("a", "t", title: "t")]),
            ])
        source.messages = { _ in (3, { PretendRecords.message($0, .user, "line \($0)") }) }
        source.documents = { _ in
            [
                RecordDocument(name: "about", format: .json, bytes: StoredBytes("{}"), isContent: false),
                RecordDocument(name: "rows", format: .jsonLines(columns: []), bytes: StoredBytes("[1]\n")),
            ]
        }
        var driver = BrowserDriver([source])
        driver.start()
        return driver
    }

    @Test("A thread that is selected in a list is read whole for the pager, the editor and a command line")
    func threadOfAList() {
        var driver = list()
        let text = StoredBytes("line 0\nline 1\nline 2")
        driver.press("2", "o")
        #expect(driver.count { $0 == .page(text, name: "t.txt") } == 1)
        driver.press("V")
        #expect(driver.count { $0 == .makeEditorCopy(text, name: "t.txt") } == 1)
        driver.press("|")
        driver.type("wc")
        driver.press("Enter")
        #expect(driver.count { $0 == .pipe(text, command: "wc") } == 1)
        driver.press("|", "Tab")
        driver.type("wc")
        driver.press("Enter")
        guard case .document(let screen) = driver.state.top else { return #expect(Bool(false), "no output is shown") }
        #expect(screen.title == "| wc")
        #expect(screen.record.id.key == "t")
    }

    @Test("Of another record its content is given, under a name that tells its form")
    func recordOfAList() {
        var driver = list()
        driver.press("3", "o", "V")
        #expect(driver.count { $0 == .page(StoredBytes("[1]\n"), name: "rows") } == 1)
        #expect(driver.count { $0 == .makeEditorCopy(StoredBytes("[1]\n"), name: "rows.jsonl") } == 1)
    }

    @Test("Reading a record for a program is a job that can be stopped, and a failure is told")
    func gathering() {
        var driver = list()
        driver.press("2")
        driver.silent = ["a"]
        driver.press("o")
        #expect(driver.state.jobs.map(\.label) == ["read t"])
        driver.press("Ctrl-C")
        #expect(driver.state.jobs.isEmpty)
        driver.silent = []
        driver.answerAll()
        #expect(driver.count { if case .page = $0 { true } else { false } } == 0)
        driver = list()
        driver.press("2")
        driver.sources[0].error = failure
        driver.press("o")
        #expect(driver.state.notice?.level == .error)
        #expect(driver.count { if case .page = $0 { true } else { false } } == 0)
        driver = list()
        driver.press("5", "o")
        #expect(driver.state.notice?.text == "o does not work here: no record is selected")
    }
}
