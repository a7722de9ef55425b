import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import TestSupport
import Testing

@Suite("Every screen at every size over every content", .blocks)
struct SnapshotTests {
    static let sizes = [
        GridSize(width: 80, height: 24), GridSize(width: 40, height: 10), GridSize(width: 200, height: 50),
        GridSize(width: 20, height: 5),
    ]

    @Test("The screen is the recorded one", arguments: Scene.allCases, Content.allCases)
    func screens(_ scene: Scene, _ content: Content) {
        for size in Self.sizes { Snapshot.expect(scene.state(content, size), "\(scene)-\(content)") }
    }

    @Test("Without any source the first screen says what was looked for and offers the demo", arguments: sizes)
    func firstRun(_ size: GridSize) {
        var driver = BrowserDriver([], width: size.width, height: size.height)
        driver.lookedFor = ["./_agent_store", "./memexllm.db", "~/.augment/context-connectors"]
        driver.start()
        Snapshot.expect(driver.state, "first-run")
    }

    @Test(
        "A search says what it covers, also when it found nothing, is under way or failed", arguments: sizes,
        [Content.empty, .one, .loading, .error])
    func searches(_ size: GridSize, _ content: Content) {
        Snapshot.expect(Scene.results.state(content, size), "results-\(content)")
    }

    @Test("A filter that lets nothing through says how to clear it", arguments: sizes)
    func filteredOut(_ size: GridSize) {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 5)])], width: size.width, height: size.height)
        driver.start()
        driver.press("/")
        driver.type("nothing like it")
        driver.press("Enter")
        Snapshot.expect(driver.state, "filtered-out")
    }

    @Test("At the first start the first keys stand below the list where there is room", arguments: sizes)
    func tour(_ size: GridSize) {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 80)])], width: size.width, height: size.height)
        driver.begin(.first)
        driver.start()
        Snapshot.expect(driver.state, "tour")
    }

    @Test("Read-only, the first keys name none that changes anything; of those that have no room none is cut")
    func narrowTour() {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 80)])], width: 60, height: 16, isReadOnly: true)
        driver.begin(.first)
        driver.start()
        Snapshot.expect(driver.state, "tour-read-only")
    }

    @Test("A list shows the columns that the configuration names")
    func configuredColumns() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 5)])])
        driver.adopt(
            Preferences(
                keys: [], theme: nil,
                columns: [ColumnSetting(kind: "threads", columns: ["id", "tokens", "created"], place: "")]))
        driver.start()
        Snapshot.expect(driver.state, "columns-configured")
    }
}
