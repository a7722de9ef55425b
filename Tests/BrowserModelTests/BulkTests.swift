import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Acts on all marked records")
struct BulkTests {
    private func driver(_ count: Int = 30, more: [PretendSource] = []) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", count)])
        source.messages = PretendRecords.talk(12)
        var driver = BrowserDriver([source] + more)
        driver.start()
        return driver
    }

    private func dialog(_ driver: BrowserDriver) -> BulkDialog? {
        if case .bulk(let dialog) = driver.state.dialog { dialog } else { nil }
    }

    private func list(_ driver: BrowserDriver) -> RecordList? {
        if case .browse(let screen) = driver.state.top { screen.list } else { nil }
    }

    private func changed(_ driver: BrowserDriver) -> [String] {
        driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan.target.id.key } else { nil } }
    }

    private func mark(_ driver: inout BrowserDriver, _ count: Int) {
        for _ in 0..<count { driver.press("Space") }
    }

    private let conflict = StorageError(.conflict, operation: "delete", place: "a", reason: "it has grown since")

    @Test("d names the marked records by kind and source, and y deletes each with a plan of its own")
    func deletes() throws {
        var driver = driver(more: [PretendSource("b", [.thread: PretendRecords.threads("b", 5, offset: 30)])])
        mark(&driver, 3)
        driver.press("d")
        let asked = try #require(dialog(driver))
        #expect(asked.parts.map { "\($0.records) \($0.kind.rawValue) \($0.source)" } == ["2 thread a", "1 thread b"])
        #expect(asked.shown.map(\.name) == ["Thread a-0", "Thread b-0", "Thread a-1"])
        driver.press("y")
        #expect(changed(driver) == ["a-0", "b-0", "a-1"])
        #expect(driver.count { if case .plan = $0 { true } else { false } } == 3)
        #expect(driver.state.notice?.text == "deleted 3 of 3 records; u undoes it")
        #expect(driver.state.marks.isEmpty)
        #expect(list(driver)?.rows.first?.id.key == "b-1")
    }

    @Test("The key that asks never confirms, nor do Enter and keys typed ahead", arguments: ["d", "Delete", "T"])
    func trigger(_ key: String) {
        var driver = driver()
        mark(&driver, 3)
        driver.pressTogether(key, "y", "y")
        #expect(dialog(driver) != nil && changed(driver).isEmpty)
        driver.press(key, key, "Enter")
        #expect(dialog(driver) == nil && changed(driver).isEmpty)
        #expect(driver.state.marks.count == 3)
    }

    @Test("Ten records or more are deleted only after their number was typed")
    func typedCount() {
        var driver = driver()
        mark(&driver, 12)
        driver.press("d", "y", "Tab", "Enter")
        #expect(changed(driver).isEmpty)
        #expect(driver.state.notice?.text == "type 12, the number of records, then y")
        driver.press("1", "1", "y")
        #expect(changed(driver).isEmpty)
        driver.press("Backspace", "2")
        #expect(changed(driver).isEmpty)
        driver.press("y")
        #expect(changed(driver).count == 12)
    }

    @Test("Nine records are deleted without typing, by the button too")
    func fewByButton() {
        var driver = driver()
        mark(&driver, 9)
        driver.press("d", "Tab", "Enter")
        #expect(changed(driver).count == 9)
    }

    @Test("What fails stays marked with its reason, the others are gone, and the history tells of each")
    func failures() throws {
        var driver = driver()
        let conflict = conflict
        driver.outcome = { $0.target.id.key == "a-1" ? conflict : nil }
        driver.sources[0].plan = { request, record in
            var plan = ChangePlan(
                request: request, target: record, unit: "messages", keeps: 0, drops: 3, basis: PlanBasis())
            if record.id.key == "a-3" { plan.refusal = "an agent holds it" }
            if record.id.key == "a-4" {
                plan.warnings = [PlanWarning(.writtenRecently, "written 2 s ago", asksAgain: true)]
            }
            return plan
        }
        mark(&driver, 6)
        driver.press("d", "y")
        let marks = driver.state.marks
        #expect(marks.oldest(9).map(\.id.key) == ["a-1", "a-3", "a-4"])
        #expect(
            marks.oldest(9).map(\.reason) == [
                "it has grown since", "an agent holds it", "written 2 s ago; do it alone to confirm it",
            ])
        let notice = try #require(driver.state.history.last)
        #expect(notice.text == "deleted 3 of 6 records; 3 failed and stay marked, ! tells why; u undoes it")
        #expect(notice.details.first == "thread Thread a-1 in a: it has grown since")
        #expect(list(driver)?.rows.prefix(4).map(\.id.key) == ["a-1", "a-3", "a-4", "a-6"])
    }

    /// What another program does to the records of the first source.
    private func write(_ driver: inout BrowserDriver, _ change: @escaping @Sendable (inout RecordSummary) -> Void) {
        guard let shelf = driver.sources[0].shelves[.thread] else { return }
        driver.sources[0].shelves[.thread] = PretendSource.Shelf(count: shelf.count, total: shelf.total) { index in
            var record = shelf.make(index)
            change(&record)
            return record
        }
    }

    @Test("What another program wrote to since it was listed stays and says so; asked about again, it goes")
    func grown() throws {
        var driver = driver()
        mark(&driver, 4)
        let listed = try #require(list(driver)?.rows[1].messages)
        driver.press("d")
        write(&driver) { record in
            if record.id.key == "a-1" { record.messages = listed + 1 }
            if record.id.key == "a-2" { record.updated = record.updated?.adding(milliseconds: 2000) }
        }
        driver.press("y")
        #expect(changed(driver) == ["a-0", "a-3"])
        #expect(
            Set(driver.state.marks.oldest(9).map(\.reason)) == [
                "it has \(listed + 1) messages now and had \(listed); look at it and do it again",
                "it has been written since it was listed; look at it and do it again",
            ])
        let text = "deleted 2 of 4 records; 2 failed and stay marked, ! tells why; u undoes it"
        #expect(driver.state.notice?.text == text)
        driver.press("d", "y")
        #expect(changed(driver).sorted() == ["a-0", "a-1", "a-2", "a-3"])
    }

    @Test("A list read anew tells what the marks stand for now, and that is what is asked about")
    func relisted() throws {
        var driver = driver()
        mark(&driver, 2)
        let before = driver.state.marks.groups.values.reduce(0) { $0 + $1.messages }
        write(&driver) { $0.messages = ($0.messages ?? 0) + 5 }
        driver.press("r", "d")
        #expect(try #require(dialog(driver)).messages == before + 10)
    }

    @Test("It is one job with progress, and stopped between two records it says what is left")
    func progress() {
        var driver = driver()
        mark(&driver, 5)
        driver.press("d")
        driver.answers = false
        driver.press("y")
        let id = driver.waiting.last?.id
        for done in 0..<2 {
            #expect(driver.state.jobs.filter(\.isAct).map(\.id) == [id].compactMap { $0 })
            if done > 0 {
                let progress = driver.state.jobs.first { $0.id == id }?.progress
                #expect(progress == Progress(done: done, total: 5, unit: "records"))
            }
            driver.answer { if case .plan = $0 { true } else { false } }
            driver.answer { if case .carryOut = $0 { true } else { false } }
        }
        driver.answer { if case .plan = $0 { true } else { false } }
        driver.press("Ctrl-T", "x")
        #expect(!driver.effects.contains { $0.work == id.map { .cancel($0) } })
        driver.answers = true
        driver.answerAll()
        #expect(changed(driver).count == 3)
        #expect(driver.state.notice?.text == "deleted 3 of 5 records; stopped, 2 are left; u undoes it")
        #expect(driver.state.marks.count == 2)
    }

    @Test("Records on a read-only source are left out, and the dialog says which and why")
    func readOnlySource() throws {
        var kept = PretendSource("kept", [.thread: PretendRecords.threads("kept", 2, offset: 10)])
        kept.isReadOnly = true
        kept.refusal = "the database is a replica"
        var driver = driver(more: [kept])
        mark(&driver, 4)
        driver.press("d")
        let asked = try #require(dialog(driver))
        #expect(asked.count == 2)
        #expect(asked.leftOut.map(\.source) == ["kept"])
        #expect(asked.leftOut.map(\.obstacle) == ["the database is a replica"])
        driver.press("y")
        #expect(changed(driver) == ["a-0", "a-1"])
        #expect(driver.state.marks.oldest(9).map(\.id.key) == ["kept-0", "kept-1"])
        driver.press("d")
        #expect(driver.state.notice?.text == "d does not work here: the database is a replica")
    }

    @Test("T trims every marked thread to the number that was typed; shorter ones are left alone")
    func trims() throws {
        var driver = driver()
        driver.sources[0].shelves[.thread] = PretendSource.Shelf(
            [40, 3, 25].enumerated().map { PretendRecords.thread("a", "a-\($0)", messages: $1) })
        driver.press("r")
        mark(&driver, 3)
        driver.press("T", "1", "0")
        #expect(try #require(dialog(driver)).keep == "10")
        driver.press("y")
        #expect(changed(driver) == ["a-0", "a-2"])
        #expect(
            driver.state.notice?.text
                == "trimmed 2 of 3 records, 45 messages went; 1 had nothing to lose; u undoes it")
    }

    @Test("A trim of ten threads asks for their number once its own number is chosen")
    func trimsMany() {
        var driver = driver()
        mark(&driver, 10)
        driver.press("T", "5", "y")
        #expect(dialog(driver)?.isCounting == true && changed(driver).isEmpty)
        driver.press("1", "0", "y")
        #expect(changed(driver).count == 10)
    }

    @Test("u brings back what one act removed as one, newest first, and w only the last")
    func undoes() {
        var driver = driver()
        mark(&driver, 3)
        driver.press("d", "y")
        driver.entries = ["e-a-2", "e-a-1", "e1", "older"].map { id in
            UndoEntry(
                id: id, made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: id), title: "", items: 1,
                unit: "messages", bytes: 10, group: id == "older" ? nil : "e1")
        }
        driver.press("u")
        guard case .undo(let undo) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(undo.act.map(\.id) == ["e-a-2", "e-a-1", "e1"])
        driver.press("w", "w", "y")
        let undone = driver.effects.compactMap { if case .undo(let entry, _) = $0.work { entry } else { nil } }
        #expect(undone == ["e-a-2", "e-a-1", "e1"])
        #expect(driver.state.notice?.text == "brought back 3 of 3 records")
        driver.press("u", "w", "y")
        #expect(driver.effects.filter { if case .undo = $0.work { true } else { false } }.count == 4)
    }

    @Test("All changes of an act are named by the entry of its first")
    func groups() {
        var driver = driver()
        mark(&driver, 3)
        driver.press("d", "y")
        let groups = driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan.group } else { nil } }
        #expect(groups == [.first, .of(entry: "e1"), .of(entry: "e1")])
        driver.press("d", "y")
        let alone = driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan } else { nil } }.last
        #expect(alone?.target.id.key == "a-3" && alone?.group == nil)
    }

    @Test("In another run u on the recovery screen means the entry, with w all that can be undone of its act")
    func undoesFromRecovery() {
        var driver = driver()
        driver.entries = ["4", "3", "2", "1"].map { id in
            UndoEntry(
                id: id, made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: id), title: "", items: 1,
                unit: "messages", bytes: 10, obstacle: id == "3" ? "it is undone already" : nil, isUndone: id == "3",
                group: "1")
        }
        driver.undoOutcome = { $0 == "2" ? PretendRecords.failure : nil }
        driver.press("U", "j", "j", "u")
        guard case .undo(let undo) = driver.state.dialog else {
            Issue.record("nothing is asked")
            return
        }
        #expect(undo.entry?.id == "2" && !undo.undoesAct)
        #expect(undo.act.map(\.id) == ["4", "2", "1"])
        driver.press("w", "y")
        let undone = driver.effects.compactMap { if case .undo(let entry, _) = $0.work { entry } else { nil } }
        #expect(undone == ["4", "2", "1"])
        #expect(driver.state.notice?.text == "brought back 2 of 3 records; 1 failed, ! tells why")
        #expect(driver.state.notice?.details == ["thread 2 in a: the server does not answer"])
    }

    @Test("e writes every marked record into a directory and leaves the marks")
    func exports() {
        var driver = driver()
        mark(&driver, 3)
        driver.press("e", "Tab", "Tab", "Tab")
        driver.type("out")
        driver.press("Enter")
        let orders = driver.effects.compactMap { if case .export(let order) = $0.work { order } else { nil } }
        #expect(orders.map(\.path) == ["out/", "out/", "out/"])
        #expect(orders.map(\.format) == ["md", "md", "md"])
        #expect(orders.allSatisfy { !$0.overwrites })
        #expect(driver.state.marks.count == 3)
        #expect(driver.state.notice?.text == "exported 3 of 3 records to /home/ada/work/out/")
    }

    @Test("With marks :w writes all of them into a directory, and no file's name will do")
    func writes() {
        var driver = driver()
        mark(&driver, 2)
        driver.press(":")
        driver.type("w all.md")
        driver.press("Enter")
        #expect(driver.state.notice?.text.contains("give a directory, as all.md/") == true)
        driver.press(":")
        driver.type("w out")
        driver.press("Enter")
        let orders = driver.effects.compactMap { if case .export(let order) = $0.work { order } else { nil } }
        #expect(orders.map(\.record.key) == ["a-0", "a-1"])
        #expect(orders.map(\.path) == ["out/", "out/"])
        #expect(driver.state.notice?.text == "exported 2 of 2 records to /home/ada/work/out/")
        #expect(driver.state.marks.count == 2)
        driver.press("Esc", ":")
        driver.type("w one.md")
        driver.press("Enter")
        #expect(driver.count { if case .export = $0 { true } else { false } } == 3)
    }

    @Test("An open range is what d and e act on")
    func range() {
        var driver = driver()
        driver.press("v", "j", "d", "y")
        #expect(changed(driver) == ["a-0", "a-1"])
    }

    @Test("A source that does not answer is given up after three records, and the rest stays marked")
    func deadSource() {
        var driver = driver()
        driver.outcome = { _ in PretendRecords.failure }
        mark(&driver, 9)
        driver.press("d", "y")
        #expect(changed(driver).count == 3)
        #expect(driver.state.marks.count == 9)
        #expect(driver.state.notice?.text.contains("6 not tried, a does not answer") == true)
    }

    @Test("The selection goes to the next row that is left")
    func nextRow() {
        var driver = driver()
        driver.press("j", "Space", "Space", "k", "k", "d", "y")
        #expect(list(driver)?.selected?.key == "a-3")
    }

    @Test("In a record that is open, d means that record, whatever is marked")
    func detail() {
        var driver = driver()
        mark(&driver, 2)
        driver.press("Enter", "d")
        if case .change(let change) = driver.state.dialog {
            #expect(change.record.id.key == "a-2")
        } else {
            Issue.record("no dialog")
        }
    }
}
