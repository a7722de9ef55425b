import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@Suite("Choosing the cut of a trim in the thread")
struct TrimPreviewTests {
    private func driver(
        messages: Int = 40, width: Int = 80, height: Int = 24, isReadOnly: Bool = false,
        _ change: (inout PretendSource) -> Void = { _ in }
    ) -> BrowserDriver {
        var source = PretendSource(
            "a", [.thread: .init(count: 3) { PretendRecords.thread("a", "a-\($0)", messages: messages) }])
        source.messages = PretendRecords.talk(messages)
        change(&source)
        var driver = BrowserDriver([source], width: width, height: height, isReadOnly: isReadOnly)
        driver.start()
        return driver
    }

    /// The driver with the preview open at a number of kept messages.
    private func previewing(_ keep: Int, _ change: (inout PretendSource) -> Void = { _ in }) -> BrowserDriver {
        var driver = driver(change)
        driver.press("T")
        driver.type(String(keep))
        driver.pass(1600)
        driver.pass(200)
        return driver
    }

    private func plans(_ driver: BrowserDriver) -> [ChangeRequest] {
        driver.effects.compactMap { if case .plan(let request, _) = $0.work { request } else { nil } }
    }

    private func carriedOut(_ driver: BrowserDriver) -> [ChangePlan] {
        driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan } else { nil } }
    }

    private func screen(_ driver: BrowserDriver) -> [String] {
        let grid = BrowserView.grid(driver.state)
        return (0..<grid.height).map { grid.text(row: $0) }
    }

    @Test("T in the list opens the thread at a cut in its middle, and Esc goes back to the list with nothing changed")
    func fromList() {
        var driver = driver()
        driver.press("T")
        driver.pass(200)
        #expect(driver.state.showsTrim && driver.state.mode == .trim)
        #expect(driver.state.trimming?.keeps == 20 && driver.state.trimming?.drops == 20)
        driver.press("Esc")
        guard case .browse = driver.state.top else {
            Issue.record("not in the list")
            return
        }
        #expect(driver.state.trimming == nil && carriedOut(driver).isEmpty)
    }

    @Test("Enter right after the digits asks about the number that was typed")
    func enterAfterDigits() {
        var driver = driver()
        driver.press("T")
        driver.pass(200)
        driver.type("7")
        driver.press("Enter")
        guard case .change(let dialog) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(dialog.request == .trim(keep: 7, snap: false))
    }

    @Test("While digits are typed the cut, its sums and the keys that work are already those of the number")
    func pendingNumber() {
        var driver = driver(messages: 40)
        driver.press("Enter", "T")
        driver.pass(200)
        // All messages stay: there is nothing to ask and no other cut to take.
        #expect(screen(driver).last?.contains("Enter trim") == false && screen(driver).last?.contains("safe") == false)
        driver.type("12")
        #expect(screen(driver).contains { $0.contains("keep  12_  · drop 28 messages") })
        #expect(screen(driver).contains { $0.contains("keep 12 · drop 28") })
        #expect(screen(driver).last?.contains("Enter trim") == true)
        driver.press("Enter")
        #expect(screen(driver).contains { $0.contains("keep the newest  12  messages") })
    }

    @Test(
        "A number the thread has not says so at once, and so does Enter",
        arguments: [("999", "the thread has 40 messages"), ("0", "at least one message stays")])
    func impossibleNumber(_ digits: String, _ words: String) {
        var driver = driver(messages: 40)
        driver.press("Enter", "T")
        driver.type(digits)
        #expect(screen(driver).contains { $0.contains("keep  \(digits)_ ") && $0.contains(words) })
        driver.press("Enter")
        #expect(driver.state.dialog == nil && driver.state.notice?.text.contains(words) == true)
    }

    @Test("A number typed is kept while help is read, and asked about while its messages are still read")
    func numberIsNotLost() {
        var driver = driver(messages: 400)
        driver.press("Enter", "T")
        driver.type("20")
        driver.press("Tab", "?")
        driver.pass(2000)
        driver.press("Esc")
        #expect(driver.state.showsTrim && driver.state.trimming?.keeps == 20)
        driver.answers = false
        driver.type("300")
        #expect(screen(driver).contains { $0.contains("keep  300_  · drop 100 messages") })
        driver.press("Enter")
        guard case .change(let dialog) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(dialog.keep == "300")
    }

    @Test("Digits typed before the thread is there are the number to keep once it is", arguments: ["7", "0", "99"])
    func digitsBeforeTheThread(_ digits: String) {
        var driver = driver()
        driver.answers = false
        driver.press("T")
        driver.type(digits)
        driver.pass(1000)
        #expect(driver.state.trimming?.keeps == nil)
        driver.answers = true
        driver.answerAll()
        driver.pass(1000)
        // No message is too few, and more than there are is all of them.
        #expect(driver.state.trimming?.keeps == ["7": 7, "0": 20, "99": 40][digits])
        #expect(driver.state.trimming?.number == "")
    }

    @Test("T in a thread begins at the message of the cursor, and Esc stays in the thread")
    func fromThread() {
        var driver = driver()
        driver.press("Enter", "J", "J", "J", "T")
        #expect(driver.state.trimming?.drops == 3)
        driver.press("Esc")
        #expect(driver.state.trimming == nil && driver.state.mode == .thread)
    }

    @Test("The rule stands between the last message that goes and the first that stays, with both numbers")
    func rule() throws {
        let driver = previewing(12)
        let lines = screen(driver)
        let rule = try #require(lines.firstIndex { $0.contains("keep 12 · drop 28") })
        #expect(lines[..<rule].contains { $0.contains("Message number 28") && $0.hasPrefix("-") })
        let below = lines[(rule + 1)...].first { $0.contains("Message number") }
        #expect(below?.contains("Message number 29") == true && below?.hasPrefix("-") == false)
    }

    @Test(
        "Each way of moving moves the cut",
        arguments: [
            ("+", 13), ("-", 11), ("K", 13), ("J", 11), ("g", 40), ("G", 1), ("}", 10), ("{", 14),
        ])
    func moves(_ key: String, _ keeps: Int) {
        var driver = previewing(12)
        driver.press(key)
        #expect(driver.state.trimming?.keeps == keeps)
    }

    @Test(
        "Lines, half pages and pages move the cut too", arguments: [("j", "k"), ("Ctrl-D", "Ctrl-U"), ("PgDn", "PgUp")])
    func pages(_ down: String, _ up: String) throws {
        var driver = previewing(20)
        for _ in 0..<4 { driver.press(down) }
        let below = try #require(driver.state.trimming?.keeps)
        #expect(below < 20)
        for _ in 0..<8 { driver.press(up) }
        #expect(try #require(driver.state.trimming?.keeps) > below)
    }

    @Test("A colon and a number keep so many, a number too large keeps all, 0 is refused")
    func typed() {
        var driver = previewing(12)
        driver.press(":", "7", "Enter")
        #expect(driver.state.trimming?.keeps == 7)
        driver.press(":", "9", "9", "Enter")
        #expect(driver.state.trimming?.keeps == 40)
        driver.press(":", "5", "Enter", "0")
        driver.pass(1600)
        #expect(driver.state.trimming?.keeps == 5)
        #expect(driver.state.notice?.text.contains("at least one message stays") == true)
        driver.press("3", "1", "Backspace")
        driver.pass(1600)
        #expect(driver.state.trimming?.keeps == 3)
    }

    @Test("Moving asks for a plan only when the cut rests, and a cut gone back to is not asked about again")
    func debounced() {
        var driver = previewing(12)
        let before = plans(driver).count
        driver.press("+", "+", "+")
        #expect(plans(driver).count == before)
        driver.pass(150)
        #expect(plans(driver).count == before + 1)
        driver.press("-", "-", "-")
        driver.pass(150)
        #expect(plans(driver).count == before + 1)
        #expect(driver.state.trimming?.verdict?.keeps == 12)
    }

    @Test("Where a plan tells of all cuts, no other cut is asked about")
    func outlook() {
        var driver = previewing(12) { source in
            source.plan = { request, record in
                guard case .trim(let keep, _) = request else { return PretendRecords.emptyPlan(request, record) }
                var plan = ChangePlan(
                    request: request, target: record, unit: "messages", keeps: keep, drops: 40 - keep,
                    warnings: [PlanWarning(.locked, "an agent holds the lock", asksAgain: true)], basis: PlanBasis())
                plan.outlook = TrimOutlook(count: 40, firstSystem: nil, firstUser: 30, parted: [27..<29, 33..<34])
                return plan
            }
        }
        let before = plans(driver).count
        driver.press("+")
        driver.pass(150)
        #expect(driver.state.trimming?.verdict?.warnings.map(\.kind) == [.splitsToolCall, .locked])
        #expect(driver.state.trimming?.verdict?.safeKeeps == [14, 11])
        driver.press("s")
        #expect(driver.state.trimming?.keeps == 14)
        driver.press(":", "5", "Enter")
        #expect(driver.state.trimming?.verdict?.warnings.map(\.kind) == [.dropsFirstUserMessage, .locked])
        #expect(plans(driver).count == before)
    }

    @Test("Warnings stand below the thread with the safe cuts, and s takes the nearest")
    func warnings() {
        var driver = previewing(12) { source in
            source.plan = { request, record in
                guard case .trim(let keep, _) = request else { return PretendRecords.emptyPlan(request, record) }
                var plan = ChangePlan(
                    request: request, target: record, unit: "messages", keeps: keep, drops: 40 - keep,
                    basis: PlanBasis())
                if keep == 12 {
                    plan.safeKeeps = [13, 9]
                    plan.warnings = [
                        PlanWarning(.splitsToolCall, "the cut parts a tool call from its result", asksAgain: true),
                        PlanWarning(.dropsSystemMessage, "a system message goes"),
                    ]
                }
                return plan
            }
        }
        #expect(screen(driver).contains { $0.contains("parts a tool call from its result; s keeps 13 or 9") })
        #expect(screen(driver).contains { $0.contains("a system message goes") })
        driver.press("s")
        driver.pass(150)
        #expect(driver.state.trimming?.keeps == 13)
        driver.press("s")
        #expect(driver.state.notice?.text.contains("parts no tool call") == true)
    }

    @Test("Enter asks with the focus on Cancel; T never confirms; y trims to just this cut, and the list is back")
    func confirms() {
        var driver = previewing(12)
        driver.pressTogether("Enter", "y", "Tab", "Enter")
        guard case .change(let dialog) = driver.state.dialog else {
            Issue.record("no dialog")
            return
        }
        #expect(dialog.keep == "12" && dialog.focus == .cancel)
        driver.press("T", "T", "Esc")
        #expect(driver.state.showsTrim && carriedOut(driver).isEmpty)
        driver.press("Enter", "y")
        #expect(carriedOut(driver).map(\.request) == [.trim(keep: 12, snap: false)])
        #expect(driver.state.trimming == nil && driver.state.notice?.level == .success)
        guard case .browse = driver.state.top else {
            Issue.record("not in the list")
            return
        }
    }

    @Test("A trim of an open thread is told as done, and the thread shown from its new beginning")
    func trimsOpenThread() {
        var driver = driver(messages: 400)
        driver.press("Enter", "G", "T")
        driver.type("12")
        driver.press("Enter")
        driver.answers = false
        driver.press("y")
        driver.sources[0].messages = PretendRecords.talk(12)
        driver.answers = true
        driver.answerAll()
        #expect(driver.state.notice?.level == .success)
        #expect(driver.state.notice?.text.contains("kept 12, removed 388; u undoes it") == true)
        guard case .thread(let thread) = driver.state.top else {
            Issue.record("not in the thread")
            return
        }
        #expect(thread.total == .exact(12) && thread.current?.position == 0)
    }

    @Test("When the store has grown nothing is changed, and the preview shows the same number in what is there now")
    func conflict() {
        var driver = previewing(12)
        driver.press("Enter")
        driver.answers = false
        driver.press("y")
        driver.sources[0].messages = PretendRecords.talk(43)
        let error = StorageError(
            .conflict, operation: "trim thread", place: "a", reason: "3 files were added since the plan was made")
        driver.answer(where: { if case .carryOut = $0 { true } else { false } }, with: .failed(error))
        driver.answers = true
        driver.answerAll()
        driver.pass(200)
        #expect(driver.state.notice?.text.contains("Enter asks again") == true)
        #expect(driver.state.showsTrim && driver.state.trimming?.keeps == 12 && driver.state.trimming?.drops == 31)
        #expect(screen(driver).contains { $0.contains("nothing was changed: 3 files were added") })
        driver.press("Enter", "y")
        #expect(carriedOut(driver).count == 2)
    }

    @Test("With every message staying nothing can be asked for, and it says what to do")
    func nothingToDrop() {
        var driver = driver()
        driver.press("Enter", "T", "Enter")
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text.contains("nothing would go") == true)
        driver.press("+")
        #expect(driver.state.notice?.text.contains("all messages stay") == true)
    }

    @Test("A thread of a hundred thousand messages is cut at its far end without reading it")
    func long() {
        var driver = driver(messages: 100_000)
        driver.press("T")
        driver.type("99990")
        driver.pass(1600)
        #expect(driver.state.trimming?.drops == 10)
        driver.press("G")
        #expect(driver.state.trimming?.keeps == 1)
        let read = driver.count { if case .messages = $0 { true } else { false } }
        #expect(read < 16)
    }

    @Test(
        "Read-only has no T: not in the hint line, not in the help, and pressing it says why", arguments: [true, false])
    func readOnly(_ whole: Bool) {
        var driver = driver(isReadOnly: whole) { $0.isReadOnly = !whole }
        driver.press("T")
        #expect(driver.state.trimming == nil)
        #expect(driver.state.notice?.text.contains("read-only") == true)
        driver.pass(1)
        driver.press("?")
        let help = screen(driver)
        #expect(!help.contains { $0.contains("choose where to cut") })
        driver.press("Esc", "j")
        #expect(screen(driver).last?.contains("trim") == false && screen(driver).last?.contains("delete") == false)
    }

    @Test("From 1x1 to 500x200 the preview is drawn, and its cursor stays on the screen")
    func sizes() {
        for (width, height) in [(1, 1), (20, 4), (20, 5), (40, 6), (40, 10), (80, 24), (120, 30), (500, 200)] {
            var driver = previewing(12)
            driver.resize(width, height)
            for key in ["j", "+", "-", "PgUp", "PgDn", "k"] {
                driver.press(key)
                let grid = BrowserView.grid(driver.state)
                guard let cursor = grid.cursor, !driver.state.layout.isTooSmall else { continue }
                #expect(driver.state.layout.body.height < 4 || cursor.row < driver.state.layout.trimBody.endRow)
            }
        }
    }

    @Test("A question that does not fit the window is asked for and cannot be answered")
    func tooSmall() {
        var driver = previewing(12)
        driver.resize(20, 4)
        driver.press("Enter", "y", "Tab", "Enter")
        #expect(carriedOut(driver).isEmpty)
    }
}
