import BrowserModel
import BrowserTestSupport
import BrowserView
import JSONText
import StoredRecords
import TerminalSurface
import TestSupport
import Testing

@Suite("A conversation as it is read", .blocks)
struct ReadingSnapshotTests {
    static let sizes = [
        GridSize(width: 80, height: 24), GridSize(width: 40, height: 10), GridSize(width: 200, height: 50),
        GridSize(width: 20, height: 5),
    ]

    private static let picture = "data:image/png;base64,iVBORw0KGgo" + String(repeating: "aB3/xY9+Qz", count: 4000)

    private static let answer = """
        # Plan

        The *first* step is **not** optional, see `notes.md` and [the paper](https://example.org/paper):

        1. Read the table
           - with care, since it is long enough to be wrapped on any screen that a person would use to read it
           - [x] done
        2. Write

        | name | 数量 | note |
        |:--|--:|---|
        | alpha | 1 200 | short |
        | beta | 7 | a note that is long enough to be wrapped inside its column on most screens there are |

        > Nobody reads quotes,
        > > least of all nested ones.

        ```python
        def f(x: int) -> str:  # a comment
            return "text" * 3
        ```

        ---
        That is all.
        """

    private static func message(_ position: Int) -> StoredMessage {
        var message: StoredMessage
        switch position {
        case 0: message = PretendRecords.message(0, .system, "You are careful.\nYou never guess.", tokens: 12)
        case 1: message = PretendRecords.message(1, .user, "What is on this picture? ![shot](\(picture))", tokens: 9)
        case 2:
            let call = ToolCall(id: "a", name: "look", arguments: ["path": "/tmp/shot.png", "zoom": 2])
            message = PretendRecords.message(2, .assistant, "", toolCalls: [call])
        case 3:
            message = PretendRecords.message(3, .tool, "{\"error\": \"no such file\"}")
            message.toolCallID = "a"
        case 4: message = PretendRecords.message(4, .assistant, answer, tokens: 180)
        default: message = PretendRecords.message(position, .user, "Thanks, number \(position).", tokens: 4)
        }
        message.created = Timestamp(seconds: PretendRecords.now.seconds - 90_000 + Int64(position) * 20_000)
        return message
    }

    private func driver(_ size: GridSize) -> BrowserDriver {
        var source = PretendSource(
            "a", [.thread: .init([PretendRecords.thread("a", "x", title: "Reading", messages: 9)])])
        source.messages = { _ in (9, { Self.message($0) }) }
        var driver = BrowserDriver([source], width: size.width, height: size.height)
        driver.start()
        driver.press("Enter")
        return driver
    }

    @Test("Folded, at the beginning and at the answer", arguments: sizes)
    func folded(_ size: GridSize) {
        var driver = driver(size)
        Snapshot.expect(driver.state, "reading-begin")
        driver.press(":")
        driver.type("5")
        driver.press("Enter")
        Snapshot.expect(driver.state, "reading-answer")
    }

    @Test("Unfolded, searched and in the list of messages", arguments: sizes)
    func states(_ size: GridSize) {
        var driver = driver(size)
        driver.press("Z")
        Snapshot.expect(driver.state, "reading-unfolded")
        driver.press("Z", "m")
        Snapshot.expect(driver.state, "reading-metadata")
        driver.press("m", "/")
        driver.type("no such")
        driver.press("Enter")
        Snapshot.expect(driver.state, "reading-search")
        driver.press("Esc", "g", "Tab", "j")
        Snapshot.expect(driver.state, "reading-list")
    }

    @Test("A terminal of ASCII shows every mark of the program by a likeness", arguments: sizes)
    func asciiMarks(_ size: GridSize) {
        var driver = driver(size)
        driver.press("Z")
        for _ in 0..<12 {
            let grid = BrowserView.grid(driver.state)
            for cell in grid.cells
            where !cell.isContinuation && cell.glyph.base.value >= 0x2000 && cell.glyph.base.value < 0x2E80 {
                #expect(cell.glyph.asciiFallback != Glyph("?"), "\(cell.glyph.text)")
            }
            driver.press("PgDn")
        }
    }

    @Test(
        "At no size is a line wider than the screen or the cursor off it",
        arguments: [20, 21, 33, 60, 119, 120, 121, 160, 500])
    func anySize(_ width: Int) {
        for height in [4, 7, 40] {
            var driver = driver(GridSize(width: width, height: height))
            for key in ["G", "Z", "g", "}", ")", "PgDn", "J", "m", "w", "K", "Ctrl-D", "x", "(", "z"] {
                driver.press(key)
                let grid = BrowserView.grid(driver.state)
                #expect(grid.cursor.map { $0.row > 0 && $0.row < height - 1 } == true, "\(key) at \(width) x \(height)")
            }
        }
    }
}
