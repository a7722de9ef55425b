import BrowserModel
import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@Suite("Dialogs before something is changed")
struct DialogTests {
    private func driver(isReadOnly: Bool = false, _ change: (inout PretendSource) -> Void = { _ in }) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 5)])
        source.messages = PretendRecords.talk(12)
        change(&source)
        var driver = BrowserDriver([source], isReadOnly: isReadOnly)
        driver.start()
        return driver
    }

    private func change(_ driver: BrowserDriver) -> ChangeDialog? {
        if case .change(let dialog) = driver.state.dialog { dialog } else { nil }
    }

    private func carriedOut(_ driver: BrowserDriver) -> [ChangePlan] {
        driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan } else { nil } }
    }

    @Test("d and d again deletes nothing, nor does Enter after d")
    func triggerTwice() {
        var driver = driver()
        driver.press("d", "d", "d")
        #expect(change(driver) != nil)
        driver.press("Enter")
        #expect(driver.state.dialog == nil)
        #expect(carriedOut(driver).isEmpty)
    }

    @Test("Keys typed before the dialog was drawn are dropped", arguments: ["d", "T"])
    func typedAhead(_ trigger: String) {
        var driver = driver()
        driver.pressTogether(trigger, "y", "y", "Tab", "Enter")
        #expect(change(driver)?.focus == .cancel)
        #expect(carriedOut(driver).isEmpty)
        driver.press("y")
        #expect(carriedOut(driver).count == 1)
    }

    @Test("Nothing can be confirmed before it is known what would go")
    func waitsForPlan() {
        var driver = driver()
        driver.answers = false
        driver.press("d", "y", "Tab", "Enter")
        #expect(carriedOut(driver).isEmpty)
        driver.answerAll()
        driver.press("y")
        #expect(carriedOut(driver).count == 1)
    }

    @Test("A confirmed delete carries out the plan that was shown, and the record leaves the list")
    func deletes() {
        var driver = driver()
        driver.press("j", "d")
        let shown = change(driver)?.plan
        driver.press("y")
        #expect(carriedOut(driver) == [shown].compactMap { $0 })
        #expect(shown?.target.id.key == "a-1")
        #expect(driver.state.notice?.level == .success)
        #expect(driver.state.notice?.text.contains("u undoes it") == true)
    }

    @Test("In the middle of a change quitting is asked about first")
    func quitsDuringChange() {
        var driver = driver()
        driver.press("d")
        driver.answers = false
        driver.press("y", "q")
        #expect(!driver.state.isQuitting)
        guard case .question(let question) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(question.text.first == "delete a-0 is under way.")
        driver.press("Enter")
        #expect(!driver.state.isQuitting)
        driver.press("Q", "y")
        #expect(driver.state.isQuitting)
    }

    @Test("A number typed into the trim dialog is planned once the keys rest")
    func trimNumber() {
        var driver = driver()
        driver.press("T", "Enter")
        #expect(change(driver)?.keep == "6")
        let plans = driver.count { if case .plan = $0 { true } else { false } }
        driver.press("1", "0")
        #expect(change(driver)?.isReady == false)
        driver.press("y")
        #expect(carriedOut(driver).isEmpty)
        driver.pass(150)
        #expect(driver.count { if case .plan = $0 { true } else { false } } == plans + 1)
        #expect(change(driver)?.plan?.keeps == 10)
        driver.press("-")
        driver.pass(150)
        #expect(change(driver)?.plan?.keeps == 9)
        driver.press("y")
        #expect(carriedOut(driver).first?.request == .trim(keep: 9, snap: false))
    }

    @Test("A plan for an older number that comes late is not shown")
    func latePlan() throws {
        var driver = driver()
        driver.press("T")
        driver.pass(200)
        driver.answers = false
        driver.press("Enter")
        let old = try #require(driver.waiting.last)
        driver.press("3")
        driver.pass(150)
        #expect(driver.effects.contains { $0.work == .cancel(old.id) })
        let before = driver.state
        driver.answerLate(old.id, .failed(PretendRecords.failure))
        #expect(driver.state == before)
    }

    @Test("A trim that would remove nothing cannot be confirmed")
    func emptyTrim() {
        var driver = driver()
        driver.press("T", "Enter", "9", "9")
        driver.pass(150)
        #expect(change(driver)?.plan?.isEmpty == true)
        driver.press("y", "Tab", "Enter")
        #expect(carriedOut(driver).isEmpty)
    }

    @Test("A refused plan cannot be confirmed")
    func refused() {
        var driver = driver { source in
            source.plan = { request, record in
                ChangePlan(
                    request: request, target: record, unit: "messages", keeps: 0, drops: 3, refusal: "it is locked",
                    basis: PlanBasis())
            }
        }
        driver.press("d", "y")
        #expect(carriedOut(driver).isEmpty)
    }

    @Test("A dangerous plan is asked about twice, the second time with the focus on Cancel again")
    func asksAgain() {
        var driver = driver { source in
            source.plan = { request, record in
                ChangePlan(
                    request: request, target: record, unit: "messages", keeps: 0, drops: 3,
                    warnings: [PlanWarning(.locked, "an agent holds the lock", asksAgain: true)], basis: PlanBasis())
            }
        }
        driver.pressTogether("d")
        driver.pressTogether("y", "y")
        #expect(change(driver)?.asksAgain == true)
        #expect(change(driver)?.focus == .cancel)
        #expect(carriedOut(driver).isEmpty)
        driver.press("y")
        #expect(carriedOut(driver).count == 1)
    }

    @Test("A conflict is told and leaves the record where it is")
    func conflict() {
        var driver = driver()
        driver.press("d")
        driver.answers = false
        driver.press("y")
        let error = StorageError(.conflict, operation: "delete thread", place: "a", reason: "it has changed")
        driver.answer(where: { if case .carryOut = $0 { true } else { false } }, with: .failed(error))
        #expect(driver.state.notice?.level == .error)
        guard case .browse(let screen) = driver.state.top else { return }
        #expect(screen.list?.rows.count == 5)
    }

    @Test("After a refused change the row, the counts and the open thread are read anew, and the error stays in sight")
    func refusedChange() throws {
        var driver = driver()
        driver.press("Enter", "d")
        driver.answers = false
        driver.press("y")
        var grown = PretendRecords.thread("a", "a-0", messages: 99)
        grown.notes = ["it was written to"]
        driver.sources[0].shelves[.thread] = .init([grown])
        driver.sources[0].messages = PretendRecords.talk(99)
        let error = StorageError(.conflict, operation: "delete thread", place: "a", reason: "it has changed")
        driver.answer(where: { if case .carryOut = $0 { true } else { false } }, with: .failed(error))
        driver.answerAll()
        guard case .thread(let thread) = driver.state.top else {
            Issue.record("the thread is left")
            return
        }
        #expect(thread.record.messages == 99 && thread.total == .exact(99))
        #expect(driver.state.source("a")?.counts[.thread] == .exact(1))
        #expect(driver.state.notice?.level == .error)
        driver.press("Esc")
        guard case .browse(let screen) = driver.state.top else { return }
        #expect(screen.list?.rows.map(\.messages) == [99])
    }

    @Test("A deleted thread of an agent whose context stays listed says so, one without a context does not")
    func contextStays() {
        for agent in ["bot", nil] {
            var driver = driver {
                $0.shelves[.thread] = .init([PretendRecords.thread("a", "x", agent: agent)])
            }
            driver.press("d", "y")
            #expect(driver.state.notice?.text.contains("the context stays") == (agent != nil))
            #expect(driver.state.notice?.text.contains("u undoes it") == true)
        }
    }

    @Test("A question that does not fit the window cannot be answered with yes", arguments: ["d", "T"])
    func tooSmallToAsk(_ key: String) {
        var driver = driver()
        driver.resize(20, 5)
        if key == "T" { driver.press("T") }
        driver.press(key == "T" ? "Enter" : key, "y", "Tab", "Enter")
        #expect(carriedOut(driver).isEmpty)
        #expect(driver.state.notice?.text.contains("make the window larger") == true)
        #expect(change(driver) != nil)
        driver.resize(40, 10)
        driver.press("y")
        #expect(carriedOut(driver).count == 1)
    }

    @Test("Esc at the first screen says so and is not remembered")
    func escapeAtRoot() {
        var driver = driver()
        driver.press("Esc", "Esc")
        #expect(driver.state.notice?.text == "this is the first screen; q quits")
        #expect(driver.state.history.isEmpty)
    }

    @Test("Read-only takes the destructive keys away and says why", arguments: [true, false])
    func readOnly(_ wholeBrowser: Bool) {
        var driver = driver(isReadOnly: wholeBrowser) { $0.isReadOnly = !wholeBrowser }
        for key in ["d", "T"] {
            driver.press(key)
            #expect(driver.state.dialog == nil)
            #expect(driver.state.notice?.text.contains("read-only") == true)
        }
    }

    @Test("A store that grants no changes takes the destructive keys away with its own reason")
    func refusedByStore() {
        var driver = driver { $0.refusal = "the server's user may only read" }
        for key in ["d", "T"] {
            driver.press(key)
            #expect(driver.state.dialog == nil)
            #expect(
                driver.state.notice?.text.hasSuffix("source a is read-only: the server's user may only read") == true)
        }
    }

    @Test("u offers the newest entry of the journal and brings it back only when confirmed")
    func undoes() {
        var driver = driver()
        let record = RecordID(source: "a", layout: "pretend", kind: .thread, key: "gone")
        driver.entries = [
            UndoEntry(
                id: "e9", made: PretendRecords.now, act: "delete", record: record, title: "Gone", items: 12,
                unit: "messages", bytes: 400)
        ]
        driver.pressTogether("u", "y")
        guard case .undo(let undo) = driver.state.dialog else {
            Issue.record("no undo dialog")
            return
        }
        #expect(undo.entry?.id == "e9" && undo.focus == .cancel)
        driver.press("y")
        #expect(driver.effects.contains { $0.work == .undo(entry: "e9", inexactly: false) })
        #expect(driver.state.notice?.level == .success)
    }

    @Test("u with an empty journal says so")
    func nothingToUndo() {
        var driver = driver()
        driver.press("u")
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text == "there is nothing to undo")
    }

    @Test("The format of an export follows the ending of the path, and Tab changes both")
    func exportFormat() {
        var driver = driver()
        driver.press("e")
        guard case .export(let first) = driver.state.dialog else {
            Issue.record("no export dialog")
            return
        }
        #expect(first.line.text == "a-0.json" && first.format == "json")
        driver.press("Tab")
        guard case .export(let second) = driver.state.dialog else { return }
        #expect(second.line.text == "a-0.md" && second.format == "md")
        driver.press("Enter")
        #expect(
            driver.effects.contains { effect in
                if case .export(let order) = effect.work { order.path == "a-0.md" && !order.overwrites } else { false }
            })
        #expect(driver.state.dialog == nil)
    }

    private func export(_ driver: BrowserDriver) throws -> ExportDialog {
        guard case .export(let export)? = driver.state.dialog else { throw NoDialog() }
        return export
    }

    private struct NoDialog: Error {}

    private func orders(_ driver: BrowserDriver) -> [ExportOrder] {
        driver.effects.compactMap { if case .export(let order) = $0.work { order } else { nil } }
    }

    @Test("Only the newest messages of a thread are exported when their number is typed, all when none is")
    func exportNewest() throws {
        var driver = driver()
        driver.press("e", "Enter")
        #expect(orders(driver).map(\.last) == [nil])
        driver.press("e", "Down")
        #expect(try export(driver).field == .newest)
        driver.type("25x")
        // What is no number is seen, said so, and nothing is written for it.
        #expect(try export(driver).newest.text == "25x")
        #expect(try export(driver).amount == .wrong("only a number: the newest N messages; empty: all"))
        #expect(try export(driver).line.text == "a-0.json")
        driver.press("Enter")
        #expect(orders(driver).count == 1)
        driver.press("Tab", "Backspace", "Backspace")
        #expect(try export(driver).line.text == "a-0.md" && export(driver).newest.text == "2")
        driver.press("Up")
        driver.type("x")
        #expect(try export(driver).line.text == "a-0.mdx")
        driver.press("Enter")
        #expect(
            orders(driver).last
                == ExportOrder(
                    record: try #require(orders(driver).first).record, format: "md", path: "a-0.mdx", last: 2,
                    overwrites: false))
        #expect(driver.state.dialog == nil)
    }

    @Test("No message at all is no export, and a file that is replaced gets as many messages as were asked for")
    func exportNewestOdd() throws {
        var driver = driver()
        driver.press("e", "Down", "0", "Enter")
        #expect(orders(driver).isEmpty)
        #expect(try export(driver).error?.contains("at least one message") == true)
        driver.press("Ctrl-U", "7")
        driver.answers = false
        driver.press("Enter")
        let taken = StorageError(.conflict, operation: "export", place: "a-0.json", reason: "it is there already")
        driver.answer(where: { if case .export = $0 { true } else { false } }, with: .failed(taken))
        driver.send(.inputDrained)
        driver.press("y")
        #expect(orders(driver).map(\.last) == [7, 7] && orders(driver).map(\.overwrites) == [false, true])
    }

    @Test("What has no messages is exported as a whole: Up and Down say that there is nothing else to choose")
    func exportWithoutMessages() throws {
        var driver = BrowserDriver([
            PretendSource("a", [.task: PretendSource.Shelf(count: 2) { PretendRecords.task("a", "task-\($0)") }])
        ])
        driver.start()
        driver.press("e", "Down")
        driver.type("5")
        #expect(try export(driver).field == .path && export(driver).line.text.contains("5"))
        #expect(!(try export(driver)).takesNewest)
    }

    @Test("A file that is there is replaced only after asking")
    func exportOverwrites() {
        var driver = driver()
        driver.press("e")
        driver.answers = false
        driver.press("Enter")
        let taken = StorageError(.conflict, operation: "export", place: "a-0.json", reason: "it is there already")
        driver.answer(where: { if case .export = $0 { true } else { false } }, with: .failed(taken))
        driver.send(.inputDrained)
        guard case .export(let asking) = driver.state.dialog else {
            Issue.record("no export dialog")
            return
        }
        #expect(asking.question?.contains("Replace it?") == true && asking.focus == .cancel)
        driver.press("Enter")
        #expect(driver.count { if case .export(let order) = $0 { order.overwrites } else { false } } == 0)
        driver.press("Enter")
        driver.answer(where: { if case .export = $0 { true } else { false } }, with: .failed(taken))
        driver.send(.inputDrained)
        driver.press("y")
        #expect(driver.count { if case .export(let order) = $0 { order.overwrites } else { false } } == 1)
    }

    @Test("A dialog holds its record although the list moves under it")
    func holdsRecord() {
        var driver = driver()
        driver.press("d")
        driver.sources[0].shelves[.thread] = PretendRecords.threads("b", 3)
        driver.resize(100, 30)
        #expect(change(driver)?.record.id.key == "a-0")
    }
}
