import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Acts on exactly one marked record")
struct OneMarkTests {
    private func driver(_ change: (inout PretendSource) -> Void = { _ in }) -> BrowserDriver {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 30)])
        source.messages = PretendRecords.talk(12)
        change(&source)
        var driver = BrowserDriver([source])
        driver.start()
        return driver
    }

    private func carriedOut(_ driver: BrowserDriver) -> [String] {
        driver.effects.compactMap { if case .carryOut(let plan) = $0.work { plan.target.id.key } else { nil } }
    }

    private func change(_ driver: BrowserDriver) -> ChangeDialog? {
        if case .change(let change) = driver.state.dialog { change } else { nil }
    }

    @Test("What failed among several because it has to be confirmed is asked about when d means it alone")
    func confirmsAlone() throws {
        var driver = driver { source in
            source.plan = { request, record in
                var plan = ChangePlan(
                    request: request, target: record, unit: "messages", keeps: 0, drops: 3, basis: PlanBasis())
                if record.id.key == "a-1" {
                    plan.warnings = [PlanWarning(.locked, "another program holds it", asksAgain: true)]
                }
                return plan
            }
        }
        driver.press("Space", "Space", "Space", "d", "y")
        #expect(driver.state.notice?.text.contains("1 failed and stays marked") == true)
        #expect(driver.state.marks.oldest(9).map(\.id.key) == ["a-1"])
        // The cursor is elsewhere: the mark says which one is meant.
        driver.press("j", "j", "d")
        #expect(change(driver)?.record.id.key == "a-1")
        #expect(change(driver)?.plan?.warnings.map(\.text) == ["another program holds it"])
        driver.press("y")
        #expect(change(driver)?.asksAgain == true && carriedOut(driver) == ["a-0", "a-2"])
        driver.press("y")
        #expect(carriedOut(driver) == ["a-0", "a-2", "a-1"])
        #expect(driver.state.marks.isEmpty)
    }

    @Test("T shows the cut of the marked record, and e asks for its file; the mark stays where nothing is done")
    func trimAndExport() throws {
        var driver = driver()
        driver.press("j", "Space", "j", "T")
        #expect(driver.state.showsTrim && driver.state.targetRecord?.id.key == "a-1")
        driver.press("Esc")
        #expect(driver.state.marks.count == 1)
        driver.press("e")
        guard case .export(let export) = driver.state.dialog else {
            Issue.record("no export dialog")
            return
        }
        #expect(export.record.id.key == "a-1")
        driver.press("Esc", ":")
        driver.type("w one.md")
        driver.press("Enter")
        let orders = driver.effects.compactMap { if case .export(let order) = $0.work { order } else { nil } }
        #expect(orders.map(\.record.key) == ["a-1"] && orders.map(\.path) == ["one.md"])
        #expect(driver.state.marks.count == 1)
    }

    @Test("A marked record that no list has on hand is read first; one that is gone is said to be gone")
    func elsewhere() {
        var driver = driver()
        driver.press("j", "Space", "/")
        driver.type("a-7")
        driver.press("Enter")
        driver.pass(500)
        driver.press("d")
        #expect(change(driver)?.record.id.key == "a-1")
        driver.press("Esc")
        driver.answers = false
        driver.press("d")
        driver.answer(where: { if case .summary = $0 { true } else { false } }, with: .summary(nil))
        #expect(driver.state.notice?.text == "the marked record is not there any more; Esc takes the mark off")
    }

    @Test("A mark on a read-only source is not changed, and it is said why")
    func readOnly() {
        var driver = driver { $0.isReadOnly = true }
        driver.press("v", "d")
        #expect(driver.state.dialog == nil)
        #expect(driver.state.notice?.text.contains("read-only") == true)
    }

    @Test("After an undo the first record that came back is selected, wherever the selection stood")
    func selectsRestored() {
        var driver = driver()
        driver.press("Space", "Space", "d", "y")
        #expect(carriedOut(driver) == ["a-0", "a-1"])
        driver.press("j", "j", "j")
        driver.entries = ["a-1", "a-0"].map { key in
            UndoEntry(
                id: "e-\(key)", made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: key), title: key, items: 1,
                unit: "messages", bytes: 10, group: "e-a-0")
        }
        driver.press("u")
        driver.answers = false
        driver.press("y")
        driver.sources[0].gone = []
        driver.answers = true
        driver.answerAll()
        #expect(driver.state.targetRecord?.id.key == "a-0")
        driver.press("j", "j", "j", "j", "d", "y")
        let gone = carriedOut(driver).last
        driver.press("G")
        driver.entries = [
            UndoEntry(
                id: "e-one", made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: gone ?? ""), title: "One",
                items: 1, unit: "messages", bytes: 10)
        ]
        driver.press("u")
        driver.answers = false
        driver.press("y")
        driver.sources[0].gone = []
        driver.answers = true
        driver.answerAll()
        #expect(gone == "a-4" && driver.state.targetRecord?.id.key == "a-4")
    }

    @Test("A key pressed before the record is back leaves the selection where the user puts it")
    func movesOn() {
        var driver = driver()
        driver.press("d", "y")
        driver.entries = [
            UndoEntry(
                id: "e1", made: driver.now, act: "delete",
                record: RecordID(source: "a", layout: "pretend", kind: .thread, key: "a-0"), title: "One",
                items: 1, unit: "messages", bytes: 10)
        ]
        driver.press("u")
        driver.answers = false
        driver.press("y")
        driver.sources[0].gone = []
        driver.answer { if case .undo = $0 { true } else { false } }
        driver.press("j", "j")
        let chosen = driver.state.targetRecord?.id
        driver.answers = true
        driver.answerAll()
        #expect(driver.state.targetRecord?.id == chosen)
    }
}
