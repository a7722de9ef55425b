import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("What lists say of themselves")
struct ListNotesTests {
    private func bottom(_ driver: BrowserDriver) -> String {
        let grid = BrowserView.grid(driver.state)
        return grid.text(row: grid.height - 1)
    }

    private func screen(_ driver: BrowserDriver) -> [String] {
        let grid = BrowserView.grid(driver.state)
        return (0..<grid.height).map { grid.text(row: $0) }
    }

    /// The source `archive` cannot order by messages, and has too many for that to be done here.
    private func partlySorted(width: Int, failing: [PretendSource] = []) -> BrowserDriver {
        var archive = PretendSource("archive", [.thread: PretendRecords.threads("archive", 150)])
        archive.sortFields = [.updated]
        var driver = BrowserDriver(
            [PretendSource("files", [.thread: PretendRecords.threads("files", 40)]), archive] + failing, width: width)
        driver.start()
        driver.press("s", "m")
        return driver
    }

    @Test(
        "That a source is not sorted as the list seems to be is said whole, before any key",
        arguments: [40, 60, 80, 100, 160])
    func unsorted(_ width: Int) {
        let line = bottom(partlySorted(width: width))
        #expect(line.contains("archive unsorted, last"), "\(line)")
        #expect(line.contains("? help"), "\(line)")
    }

    @Test("It keeps its place beside the number of messages that were not read", arguments: [60, 80, 100])
    func unsortedWithUnread(_ width: Int) {
        var broken = PretendSource("broken", [:])
        broken.error = PretendRecords.failure
        var driver = partlySorted(width: width, failing: [broken])
        driver.press("j")
        let line = bottom(driver)
        #expect(line.contains("!1") && line.contains("archive unsorted, last"), "\(line)")
    }

    @Test("What a filter lets through is said whole, before any key", arguments: [60, 80, 100])
    func filtered(_ width: Int) {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 40)])], width: width)
        driver.start()
        driver.press("/")
        driver.type("newer:30d a-1")
        driver.press("Enter")
        let line = bottom(driver)
        #expect(line.contains("filter \"newer:30d a-1\" 11 of 40"), "\(line)")
        #expect(line.contains("? help"))
    }

    @Test("Where nothing matches, a word that looks like a key of the filter is told to be none")
    func unknownKey() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 4)])])
        driver.start()
        driver.press("/")
        driver.type("tag:ci")
        driver.press("Enter")
        let text = screen(driver).joined(separator: " ").split(separator: " ").joined(separator: " ")
        #expect(
            text.contains("No threads match \"tag:ci\". tag: is no key of the filter, it was taken as words"), "\(text)"
        )
        driver.press("/", "Ctrl-U")
        driver.type("absent")
        driver.press("Enter")
        #expect(!screen(driver).joined().contains("no key of the filter"))
    }

    @Test("Words in quotes of their own get no second ones")
    func quotes() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 4)])])
        driver.start()
        driver.press("S")
        driver.type("\"gain four\"")
        driver.press("Enter")
        let text = screen(driver).joined(separator: " ")
        #expect(text.contains("search \"gain four\"") && text.contains("Nothing found for \"gain four\":"))
        #expect(!text.contains("\"\""))
    }

    @Test("The line of a filter says what can be typed, as long as there is room", arguments: [40, 80, 120])
    func hints(_ width: Int) {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 4)])], width: width)
        driver.start()
        driver.press("/")
        #expect(bottom(driver).contains("F1 help") && (width < 60 || bottom(driver).contains("older:30d")))
        driver.type(String(repeating: "long ", count: 30))
        #expect(!bottom(driver).contains("F1"))
    }

    @Test("Beside a list each source has the number of what the list shows, and the heading names that")
    func countsOfTheTab() throws {
        var driver = BrowserDriver(
            [
                PretendSource(
                    "files",
                    [.thread: PretendRecords.threads("files", 8), .index: PretendRecords.threads("files", 41)]),
                PretendSource("memory", [.thread: PretendRecords.threads("memory", 4)]),
            ], width: 160, height: 45)
        driver.start()
        driver.press("2")
        var lines = screen(driver)
        let columns = { (line: String) in String(line.prefix(30)).split(separator: " ").map(String.init) }
        #expect(columns(lines[1]) == ["sources", "threads"])
        #expect(columns(lines[2]) == ["files", "8"] && columns(lines[4]) == ["memory", "4"])
        driver.press("1")
        lines = screen(driver)
        #expect(columns(lines[1]) == ["sources", "indexes"])
        #expect(columns(lines[2]) == ["files", "41"] && columns(lines[4]) == ["memory", "-"])
    }

    @Test(
        "The list of sources is never poorer on a wider screen: the counts stay",
        arguments: [80, 90, 100, 119, 120, 149, 150, 200])
    func sources(_ width: Int) {
        var driver = BrowserDriver(
            [
                PretendSource(
                    "conversations",
                    [
                        .thread: PretendRecords.threads("a", 8), .index: PretendRecords.threads("a", 25),
                        .artifact: PretendRecords.threads("a", 16), .task: PretendRecords.threads("a", 7),
                    ]), PretendSource("memory", [.thread: PretendRecords.threads("memory", 4)]),
            ], width: width, height: 30)
        driver.start()
        driver.press("5")
        let lines = screen(driver)
        for kind in ["indexes", "threads", "artifacts", "tasks", "state"] {
            #expect(lines[1].contains(kind), "\(kind) at \(width): \(lines[1])")
        }
        #expect(lines[2].contains("ok · memory · pretend"), "\(lines[2])")
        // The facts of the source in focus are on the screen too.
        #expect(lines.contains { $0.contains("/stores/conversations") })
    }

    @Test("A number the store does not tell has a sign that the help explains")
    func untold() {
        let monorepo = RecordSummary(
            id: RecordID(source: "a", layout: "pretend", kind: .index, key: "monorepo"), title: "monorepo",
            updated: PretendRecords.now, bytes: nil, detail: .index(IndexDetail(origin: "github x/y")))
        var driver = BrowserDriver([
            PretendSource(
                "a", [.index: .init([monorepo, PretendRecords.index("a", "web", origin: "acme/web", files: 2)])])
        ])
        driver.start()
        driver.press("1")
        let line = screen(driver).first { $0.contains("monorepo") } ?? ""
        #expect(line.split(separator: " ").filter { $0 == "?" }.count == 2, "\(line)")
        driver.press("?")
        #expect(screen(driver).contains { $0.contains("? not known") })
    }

    @Test(
        "Titles are whole where the screen has room for them",
        arguments: [80, 100, 120, 130, 149, 150, 160, 180, 200, 240])
    func titles(_ width: Int) {
        let titles = ["Move billing to PostgreSQL 16", "Deploy fails on staging", "Late invoices of March, again"]
        let shelf = PretendSource.Shelf(
            titles.enumerated().map {
                PretendRecords.thread(
                    "support", "s-\($0)", title: $1, messages: 120, tokens: 12_345, agent: "support-bot")
            })
        let other = PretendSource(
            "releases", [.thread: .init([PretendRecords.thread("releases", "r", agent: "release-bot")])])
        var driver = BrowserDriver([PretendSource("support", [.thread: shelf]), other], width: width, height: 30)
        driver.start()
        driver.press("2")
        let text = screen(driver).map { String($0.dropFirst(width >= 150 ? 31 : 0)) }
        for title in titles {
            #expect(text.contains { $0.contains(title) }, "\(title) at \(width)\n\(text.joined(separator: "\n"))")
        }
        if width >= 180 { #expect(text.contains { $0.contains("release-bot") }) }
        // Every column that 80 columns show is there in the full width of a list.
        if width >= 120 {
            for column in ["agent", "msgs", "tokens", "updated", "source"] {
                #expect(text[1].contains(column), "\(column) at \(width)")
            }
        }
    }

    @Test("The tokens beside a message have their unit")
    func tokensOfMessages() {
        var source = PretendSource("a", [.thread: PretendRecords.threads("a", 1)])
        source.messages = { _ in (3, { PretendRecords.message($0, .user, "Dinner in Kyoto", tokens: 25) }) }
        var driver = BrowserDriver([source], width: 160, height: 30)
        driver.start()
        driver.press("2", "Enter")
        #expect(screen(driver).contains { $0.contains("Dinner in Kyoto") && $0.contains("25 tok│") })
    }
}
