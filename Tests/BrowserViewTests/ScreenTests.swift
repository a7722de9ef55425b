import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import TestSupport
import Testing

@Suite("Rules that hold on every screen", .blocks)
struct ScreenTests {
    @Test("No control, bidirectional or invisible character reaches a cell", arguments: Scene.allCases)
    func hostileText(_ scene: Scene) {
        for size in SnapshotTests.sizes + [GridSize(width: 120, height: 30), GridSize(width: 61, height: 17)] {
            let grid = BrowserView.grid(scene.state(.hostile, size))
            for cell in grid.cells {
                for scalar in cell.glyph.scalars {
                    #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
                    #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
                    #expect(scalar.value != 0x2028 && scalar.value != 0x2029 && scalar.value != 0xFEFF)
                }
            }
        }
    }

    @Test("Any size from 1 x 1 is drawn, and below 20 x 4 it is one sentence", arguments: Scene.allCases)
    func anySize(_ scene: Scene) {
        for width in [1, 2, 19, 20, 21, 39, 59, 60, 99, 100, 149, 150] {
            for height in [1, 3, 4, 5, 9, 11] {
                let grid = BrowserView.grid(scene.state(.unicode, GridSize(width: width, height: height)))
                #expect(grid.size == GridSize(width: width, height: height))
                if width == 19, height >= 3 { #expect(grid.text.contains("ctxbrowse needs 20")) }
            }
        }
    }

    @Test("The hardware cursor is on every screen that has room", arguments: Scene.allCases, Content.allCases)
    func cursor(_ scene: Scene, _ content: Content) {
        for size in SnapshotTests.sizes { #expect(BrowserView.grid(scene.state(content, size)).cursor != nil) }
    }

    @Test("Resizing back and forth ends in the picture of the size", arguments: Scene.allCases)
    func resizing(_ scene: Scene) {
        var driver = BrowserDriver([
            PretendSource("a", [.thread: PretendRecords.threads("a", 40), .index: .init([]), .artifact: .init([])])
        ])
        driver.start()
        driver.press("j", "j")
        let before = BrowserView.grid(driver.state)
        for (width, height) in [(20, 5), (3, 1), (200, 50), (100, 10), (80, 24)] { driver.resize(width, height) }
        driver.pass(200)
        #expect(BrowserView.grid(driver.state).text == before.text)
    }

    @Test("A source that was named and cannot be taken is told in full before anything else", arguments: [80, 40])
    func namedSourceFails(_ width: Int) {
        var driver = BrowserDriver([], width: width)
        driver.problems = ["/nonexist", "/neither"].map { path in
            StorageError(
                .notFound, operation: "open", place: path, reason: "there is no such file or directory",
                help: "name a directory, a file or a source of the configuration")
        }
        driver.start()
        let body = words(BrowserView.grid(driver.state).text.split(separator: "\n").dropFirst().joined(separator: "\n"))
        #expect(body.hasPrefix(driver.problems.map { words($0.description) }.joined(separator: " ")))
        #expect(!body.contains("No store of an LLM tool was found"))
        #expect(body.contains("open demo stores"))

        // With a source beside it the list of sources tells of it.
        driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 1)])], width: width)
        driver.problems = [StorageError(.notFound, operation: "open", place: "/nonexist", reason: "it is not there")]
        driver.start()
        driver.press("5")
        #expect(words(BrowserView.grid(driver.state).text).contains("cannot open in /nonexist: it is not there"))
    }

    private func words(_ text: String) -> String { text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }

    @Test("The reason of a ! is told in full by m, in the list and on the screen of every kind of record")
    func notes() {
        let note =
            "the file messages/0007-2025.json holds no message because it is cut in the middle of its content, at byte 4096"
        var records = [
            PretendRecords.thread("a", "x"), PretendRecords.index("a", "x", origin: "acme/x", files: 3),
            PretendRecords.artifact("a", "x", title: "x", type: "data"), PretendRecords.task("a", "x"),
        ]
        for index in records.indices { records[index].notes = [note] }
        var source = PretendSource("a", [:])
        for record in records { source.shelves[record.id.kind] = .init([record]) }
        source.messages = PretendRecords.talk(2)
        source.documents = { _ in [RecordDocument(name: "d", format: .json, bytes: StoredBytes("{\"a\":1}"))] }
        for key in ["1", "2", "3", "4"] {
            var driver = BrowserDriver([source])
            driver.start()
            driver.press(key)
            #expect(BrowserView.grid(driver.state).text.contains("m about"))
            driver.press("m")
            #expect(words(BrowserView.grid(driver.state).text).contains(note))
            driver.press("m", "Enter")
            let screen = BrowserView.grid(driver.state).text
            #expect(screen.contains("! the file messages"))
            if key != "2" {
                driver.press("m")
                #expect(words(BrowserView.grid(driver.state).text).contains(note))
            }
        }
    }

    @Test("Artifacts and tasks of one name are told apart by their contexts at 80 columns")
    func contexts() {
        let keys = (0..<3).map { "support-bot/conversation-of-the-day-000\($0)" }
        let source = PretendSource(
            "a",
            [
                .artifact: .init(
                    keys.map { PretendRecords.artifact("a", $0 + "/r", title: "report.md", type: "file") }),
                .task: .init(
                    keys.map { key in
                        var task = PretendRecords.task("a", key + "/t")
                        task.title = "task-1"
                        return task
                    }),
            ])
        var driver = BrowserDriver([source])
        driver.start()
        for key in ["3", "4"] {
            driver.press(key)
            let rows = BrowserView.grid(driver.state).text.split(separator: "\n").dropFirst(2).prefix(3)
            for (index, row) in rows.enumerated() {
                #expect(row.contains("support-bot") && row.contains("000\(index)"))
            }
        }
    }

    @Test("A short folded container shows its content on its row, its longest strings shortened first")
    func inlinedContainers() {
        let sum = String(repeating: "0123456789abcdef", count: 4)
        let blobs = (0..<120).map { "[\n \"\(sum)\",\n \"src/part \($0)/ma\\\"in.ts\"\n]" }.joined(separator: ",")
        var source = PretendSource("a", [.index: .init([PretendRecords.index("a", "x", origin: "acme/x", files: 120)])])
        source.documents = { _ in
            [RecordDocument(name: "state.json", format: .json, bytes: StoredBytes("{\"blobs\":[\(blobs)]}"))]
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("1", "Enter", "j", "Right")
        let text = BrowserView.grid(driver.state).text
        #expect(text.contains("…\", \"src/part 7/ma\\\"in.ts\"]"))
        #expect(text.contains("\"0123456789abcdef"))
    }

    @Test("A line that goes on beyond an edge or from the row above is marked when lines are not wrapped")
    func cutLines() {
        let long = (0..<1200).map { "word\($0)" }.joined(separator: " ")
        var source = PretendSource(
            "a", [.artifact: .init([PretendRecords.artifact("a", "x", title: "x", type: "file")])])
        source.documents = { _ in
            [RecordDocument(name: "t", format: .text, bytes: StoredBytes("short\n\(long)\nlast"))]
        }
        var driver = BrowserDriver([source])
        driver.start()
        driver.press("3", "Enter")
        func rows() -> [String] { (1..<6).map { BrowserView.grid(driver.state).text(row: $0) } }
        #expect(!rows().joined().contains("›"))
        driver.press("w")
        #expect(rows().map { $0.hasSuffix("›") } == [false, true, true, false, false])
        #expect(rows().map { $0.prefix(2) } == ["  ", "  ", " …", "  ", "  "])
        driver.press("Right")
        #expect(rows().prefix(4).map { $0.prefix(2) } == [" ‹", " ‹", "…‹", " ‹"])
    }

    @Test("Nothing is said of loading in the first fifth of a second")
    func quietStart() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.silent = ["a"]
        driver.start()
        #expect(!BrowserView.grid(driver.state).text.contains("Loading"))
        driver.pass(200)
        #expect(BrowserView.grid(driver.state).text.contains("Loading threads from a"))
    }

    @Test("Deleted words of a plan and its warnings are in the dialog at 80 x 24")
    func trimDialog() {
        let text = BrowserView.grid(Scene.trimDialog.state(.one, GridSize(width: 80, height: 24))).text
        #expect(
            text.contains("keep 6, drop 6 messages") && text.contains(">[ Cancel ]") && text.contains("first to stay"))
    }
}
