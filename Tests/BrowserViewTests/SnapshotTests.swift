import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@Suite("Every screen at every size over every content")
struct SnapshotTests {
    static let sizes = [
        GridSize(width: 80, height: 24), GridSize(width: 40, height: 10), GridSize(width: 200, height: 50),
        GridSize(width: 20, height: 5),
    ]

    @Test("The screen is the recorded one", arguments: Scene.allCases)
    func screens(_ scene: Scene) {
        for size in Self.sizes { Snapshot.expect(scene.state(.many, size), "\(scene)-many") }
    }

    @Test("The screen over other contents is the recorded one", arguments: Scene.allCases, [Content.unicode, .hostile])
    func contents(_ scene: Scene, _ content: Content) {
        Snapshot.expect(scene.state(content, Self.sizes[0]), "\(scene)-\(content)")
    }

    @Test("Empty, failed and waiting lists say what they are", arguments: [Content.empty, .error, .loading])
    func noContent(_ content: Content) {
        for scene in [Scene.threads, .indexes, .sources, .thread, .tree, .jobs] {
            Snapshot.expect(scene.state(content, Self.sizes[0]), "\(scene)-\(content)")
        }
    }

    @Test("Without any source the first screen says what was looked for and offers the demo", arguments: sizes)
    func firstRun(_ size: GridSize) {
        var driver = BrowserDriver([], width: size.width, height: size.height)
        driver.lookedFor = ["./_agent_store", "./memexllm.db", "~/.augment/context-connectors"]
        driver.start()
        Snapshot.expect(driver.state, "first-run")
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
}
