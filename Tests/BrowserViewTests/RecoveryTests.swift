import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@Suite("The recovery screen")
struct RecoveryTests {
    @Test("On the recovery screen its undo question does not offer the recovery screen")
    func undoInRecovery() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 5)])])
        driver.entries = Self.entries()
        driver.start()
        driver.press("u")
        #expect(lines(driver).contains { $0.contains("U lists everything") })
        #expect(lines(driver).last?.contains("U recovery") == true)
        driver.press("Esc", "U", "u")
        #expect(driver.state.dialog != nil)
        #expect(!lines(driver).contains { $0.contains("U lists") || $0.contains("U recovery") })
        driver.press("U")
        #expect(driver.state.dialog != nil)
    }

    @Test("In the messages a date stands apart from the text, and a cause is not said twice nor left empty")
    func messages() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 5)])])
        driver.problems = [
            StorageError(
                .invalid, operation: "read the configuration", place: "", reason: "line 3 has no key",
                help: "every source is read-only until it is corrected")
        ]
        driver.start()
        driver.press("!")
        #expect(lines(driver).filter { $0.contains("every source is read-only until it is corrected") }.count == 1)
        #expect(!lines(driver).contains { $0.contains("where:") })
        driver.press("Esc")
        driver.pass(3 * 86_400_000)
        driver.press("!")
        #expect(lines(driver).contains { $0.hasPrefix(" 2025-06-15  error: cannot read") })
    }

    @Test("With exactly two marks the hint line names the comparison; the question tells records apart by title and id")
    func twoMarks() {
        let titles = ["Incident 2291: checkout answers slowly", "Incident 2291: checkout answers slowly (part 2)"]
        var driver = BrowserDriver([
            PretendSource(
                "a", [.thread: .init(count: 3) { PretendRecords.thread("a", "a-\($0)", title: titles[$0 % 2]) }])
        ])
        driver.start()
        driver.press("Space")
        #expect(lines(driver).last?.contains("D compare") == false)
        driver.press("Space")
        #expect(lines(driver).last?.contains("D compare") == true)
        driver.press("d")
        #expect(lines(driver).contains { $0.contains("slowly  a-0  ") && $0.contains(" messages") })
        #expect(lines(driver).contains { $0.contains("slowly (part 2)  a-1  ") && $0.contains(" messages") })
        driver.press("Esc", "Space")
        #expect(lines(driver).last?.contains("D compare") == false)
    }

    static func entries() -> [UndoEntry] {
        func entry(_ number: Int, _ act: String, _ title: String, _ obstacle: String? = nil) -> UndoEntry {
            UndoEntry(
                id: "20250615-\(number)", made: Timestamp(seconds: PretendRecords.now.seconds - Int64(number) * 3600),
                act: act, record: RecordID(source: "a", layout: "pretend", kind: .thread, key: "k\(number)"),
                title: title, items: number, unit: "messages", bytes: 1000, obstacle: obstacle, place: "/stores/a")
        }
        var undone = entry(3, "delete", "Third", "it is undone already")
        undone.isUndone = true
        var open = entry(4, "delete", "Fourth", "its change is not finished")
        open.canBeForgotten = false
        return [entry(1, "trim to 5", "First"), entry(2, "delete", "Second"), undone, open]
    }

    private func driver(isReadOnly: Bool = false) -> BrowserDriver {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 5)])], isReadOnly: isReadOnly)
        driver.entries = Self.entries()
        driver.start()
        driver.press("U")
        return driver
    }

    private func recovery(_ driver: BrowserDriver) -> RecoveryScreen? {
        if case .recovery(let screen) = driver.state.top { screen } else { nil }
    }

    private func lines(_ driver: BrowserDriver) -> [String] {
        let grid = BrowserView.grid(driver.state)
        return (0..<grid.height).map { grid.text(row: $0) }
    }

    @Test("U lists every entry newest first, with what stands against it and the sizes summed")
    func lists() {
        let driver = driver()
        #expect(recovery(driver)?.shown.map(\.title) == ["First", "Second", "Third", "Fourth"])
        #expect(lines(driver).last?.contains("4 entries · 3.9 KB") == true)
    }

    @Test("The screen opens from the undo dialog and from the command line too", arguments: ["dialog", "command"])
    func ways(_ way: String) {
        var driver = driver()
        driver.press("Esc")
        if way == "dialog" {
            driver.press("u", "U")
        } else {
            driver.press(":")
            driver.type("recovery")
            driver.press("Enter")
        }
        #expect(recovery(driver) != nil && driver.state.dialog == nil)
    }

    @Test("Enter shows what an entry holds before anything is restored")
    func inside() {
        var driver = driver()
        driver.press("j", "Enter")
        #expect(driver.effects.contains { $0.work == .lookInside(entry: "20250615-2") })
        #expect(lines(driver).contains { $0.contains("what 20250615-2 holds") })
        driver.press("d")
        #expect(driver.state.dialog == nil)
        driver.press("Esc")
        #expect(recovery(driver)?.selected?.title == "Second")
    }

    @Test("u restores the selected entry after asking, and the list is read again")
    func undoes() {
        var driver = driver()
        driver.press("j")
        driver.pressTogether("u", "y")
        guard case .undo(let dialog) = driver.state.dialog else {
            Issue.record("no dialog")
            return
        }
        #expect(dialog.entry?.title == "Second" && dialog.focus == .cancel)
        driver.press("u", "Enter")
        #expect(driver.count { if case .undo = $0 { true } else { false } } == 0)
        let reads = driver.count { $0 == .recoveryEntries }
        driver.press("u", "y")
        #expect(driver.effects.contains { $0.work == .undo(entry: "20250615-2", inexactly: false) })
        #expect(driver.count { $0 == .recoveryEntries } == reads + 1)
    }

    @Test("What cannot be undone says why")
    func obstacle() {
        var driver = driver()
        driver.press("G", "u")
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text == "u does not work here: its change is not finished")
        driver.press("k", "u")
        #expect(driver.state.notice?.text == "u does not work here: it is undone already")
    }

    @Test("Where an exact undo is refused, the next u says so first and undoes inexactly")
    func inexact() {
        var driver = driver()
        driver.press("u")
        driver.answers = false
        driver.press("y")
        let error = StorageError(
            .conflict, operation: "undo", place: "a", reason: "message 3 has changed since",
            help: "an inexact undo brings back what was removed and leaves the rest as it is")
        driver.answer(where: { if case .undo = $0 { true } else { false } }, with: .failed(error))
        driver.answers = true
        driver.answerAll()
        #expect(driver.state.notice?.text.contains("u asks again") == true)
        driver.press("u")
        #expect(lines(driver).contains { $0.contains("Not exactly as it was: message 3 has changed since") })
        driver.press("y")
        #expect(driver.effects.contains { $0.work == .undo(entry: "20250615-1", inexactly: true) })
    }

    @Test("d removes an entry for good after asking, and says how much becomes free")
    func forgets() {
        var driver = driver()
        driver.pressTogether("d", "y", "y")
        #expect(lines(driver).contains { $0.contains("1 message kept, 1000 B would be free") })
        driver.press("d", "Enter")
        #expect(driver.count { if case .forget = $0 { true } else { false } } == 0)
        driver.press("d", "y")
        #expect(driver.effects.contains { $0.work == .forget(entry: "20250615-1") })
        #expect(driver.state.notice?.text.contains("4.0 KB are free") == true)
        driver.press("G", "d")
        #expect(driver.state.notice?.text == "d does not work here: its change is not finished")
    }

    @Test("The slash filters by title, id, source and act; Esc clears, then leaves")
    func filters() {
        var driver = driver()
        driver.press("/")
        driver.type("trim")
        driver.press("Enter")
        #expect(recovery(driver)?.shown.map(\.title) == ["First"])
        driver.press("Esc")
        #expect(recovery(driver)?.shown.count == 4)
        driver.press("Esc")
        #expect(recovery(driver) == nil)
    }

    @Test("A colon and a number go to a line, and the cursor keeps its entry when the list is read again")
    func moves() {
        var driver = driver()
        driver.press(":", "3", "Enter")
        #expect(recovery(driver)?.selected?.title == "Third")
        driver.entries.removeFirst()
        driver.press("r")
        #expect(recovery(driver)?.selected?.title == "Third")
        driver.press("g")
        #expect(recovery(driver)?.selected?.title == "Second")
    }

    @Test("Read-only looks and changes nothing")
    func readOnly() {
        var driver = driver(isReadOnly: true)
        for key in ["u", "d"] {
            driver.press(key)
            #expect(driver.state.dialog == nil)
            #expect(driver.state.notice?.text.contains("read-only") == true)
        }
        driver.press("Enter")
        #expect(lines(driver).contains { $0.contains("what 20250615-1 holds") })
    }

    @Test("An empty and a failed journal say so")
    func empty() {
        var driver = driver()
        driver.entries = []
        driver.press("r")
        #expect(lines(driver).contains { $0.contains("There is nothing to undo") })
    }

    @Test("Asked for before the stores are known it says what it waits for, and reads the journal then")
    func waits() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 5)])])
        driver.entries = Self.entries()
        driver.answers = false
        driver.start()
        driver.press("U")
        #expect(!lines(driver).contains { $0.contains("nothing to undo") || $0.contains("Looking for stores") })
        driver.pass(300)
        #expect(lines(driver).contains { $0.contains("Looking for stores, then for what can be undone …") })
        driver.press("r")
        #expect(driver.state.notice?.text == "stores are still looked for; what can be undone is read then")
        driver.answers = true
        driver.answerAll()
        #expect(recovery(driver)?.shown.count == 4)
    }
}
