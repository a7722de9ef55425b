import BrowserModel
import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@Suite("Orders and columns the user chooses")
struct ListChoiceTests {
    private func driver(_ choices: ListChoices = ListChoices()) -> BrowserDriver {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 30)])], listChoices: choices)
        driver.start()
        return driver
    }

    private func list(_ driver: BrowserDriver) -> RecordList? {
        if case .browse(let screen) = driver.state.top { screen.list } else { nil }
    }

    @Test("A chosen order comes out to be stored, and a list begins with it")
    func order() {
        var first = driver()
        first.press("s", "m")
        #expect(first.state.listChoices.sorts == [.thread: RecordSort(.messages, descending: true)])
        let second = driver(first.state.listChoices)
        #expect(list(second)?.sort == RecordSort(.messages, descending: true))
        first.press("s", "u")
        #expect(first.state.listChoices == ListChoices())
    }

    @Test("In the menu of orders a capital letter takes the reverse at once")
    func reverse() {
        var driver = driver()
        driver.press("s", "M")
        #expect(list(driver)?.sort == RecordSort(.messages, descending: false))
        driver.press("s", "T")
        #expect(list(driver)?.sort == RecordSort(.title, descending: true))
    }

    @Test("c shows and hides columns and moves them; the first one stays")
    func columns() {
        var driver = driver()
        driver.press("c", "Space")
        #expect(driver.state.listChoices.columns[.thread] == nil)
        driver.press("j", "Space")
        #expect(driver.state.listChoices.columns[.thread] == [.name, .messages, .tokens, .updated, .source])
        driver.press("j", "J")
        #expect(driver.state.listChoices.columns[.thread] == [.name, .tokens, .messages, .updated, .source])
        driver.press("K", "K", "K")
        #expect(driver.state.listChoices.columns[.thread]?.first == .name)
        driver.press("Esc")
        #expect(driver.state.dialog == nil)
        driver.press("c", "Ctrl-U")
        #expect(driver.state.listChoices.columns[.thread] == nil)
    }

    @Test("Every column has one place in the list of its kind and a word", arguments: RecordKind.allCases)
    func all(_ kind: RecordKind) {
        let all = ListColumn.all(of: kind)
        #expect(Set(all).count == all.count)
        #expect(all.first == .name)
        #expect(Set(ListColumn.usual(of: kind)).isSubset(of: all))
        let labels = all.map { $0.label(of: kind) }
        #expect(Set(labels).count == all.count)
    }
}
