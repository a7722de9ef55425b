import BrowserModel
import BrowserTestSupport
import BrowserView
import StoredRecords
import TerminalSurface
import Testing

@Suite("Where an export goes")
struct ExportDialogTests {
    private func grid(_ width: Int, _ height: Int, directory: String, keys: [String] = []) -> CellGrid {
        var driver = BrowserDriver(
            [PretendSource("a", [.thread: PretendRecords.threads("a", 3)])], width: width, height: height,
            place: WorkingPlace(directory: directory, home: "/home/ada"))
        driver.start()
        driver.press("2", "e")
        for key in keys { driver.press(key) }
        return BrowserView.grid(driver.state)
    }

    private func text(_ grid: CellGrid) -> String {
        (0..<grid.height).map { grid.text(row: $0) }.joined(separator: "\n")
    }

    @Test("The dialog says in which directory the file will be, as it is typed")
    func directory() {
        #expect(text(grid(80, 24, directory: "/srv/notes")).contains("to a file in /srv/notes "))
        let typed = grid(80, 24, directory: "/srv/notes", keys: ["x", "/", "y"])
        #expect(text(typed).contains("to a file in /srv/notes/x "))
        #expect(text(grid(80, 24, directory: "/srv", keys: ["~", "/", "y"])).contains("to a file in /home/ada "))
    }

    @Test("A long directory is cut at its beginning, and a hostile one is shown in visible form", arguments: [80, 40])
    func narrow(_ width: Int) {
        let long = "/srv/" + String(repeating: "very-long-name/", count: 10) + "the-end"
        let shown = text(grid(width, 10, directory: long))
        #expect(shown.contains("in …") && shown.contains("long-name/the-end"))
        #expect(text(grid(width, 10, directory: "/srv/\u{1B}[2J\u{202E}x")).contains("/srv/^[[2J<U+202E>x"))
    }

    /// Where a word stands on the screen.
    private func row(of word: String, _ grid: CellGrid) -> Int? {
        (0..<grid.height).first { grid.text(row: $0).contains(word) }
    }

    @Test("File, format and messages keep their lines whichever of them is typed, also with something to say")
    func keepPlaces() {
        for keys in [["Down"], ["Down", "x"], ["Down", "9", "9", "9"], ["Down", "2"], ["Tab"]] {
            let before = grid(80, 24, directory: "/srv")
            let after = grid(80, 24, directory: "/srv", keys: keys)
            for word in ["format  ", "file  ", "messages  ", "to a file in", "Enter exports", "Export"] {
                #expect(row(of: word, before) != nil && row(of: word, before) == row(of: word, after), "\(word)")
            }
        }
    }

    @Test("What is no number is seen and refused, and a number above the thread's says how many it has")
    func numbers() {
        let typed = ["4", "0", "0", "-", "4", "1", "0"]
        let wrong = text(grid(80, 24, directory: "/srv", keys: ["Down"] + typed))
        #expect(wrong.contains("400-410") && wrong.contains("! only a number: the newest N messages"))
        let refused = text(grid(80, 24, directory: "/srv", keys: ["Down"] + typed + ["Enter"]))
        #expect(refused.contains("400-410") && refused.contains("only a number"))
        let large = text(grid(80, 24, directory: "/srv", keys: ["Down", "9", "9"]))
        #expect(large.contains("! the thread has only 12 messages: all of them"))
    }

    @Test("The dialog says that the name sets the format")
    func endings() {
        #expect(text(grid(80, 24, directory: "/srv")).contains("a name that ends in .json or .md sets the format"))
    }

    @Test("After an export it is said how many messages of how many went to which file, with its whole path")
    func exported() {
        #expect(
            text(grid(80, 24, directory: "/srv/notes", keys: ["Down", "5", "Enter"])).contains(
                "exported 5 of 12 messages to /srv/notes/a-0.json"))
        #expect(
            text(grid(80, 24, directory: "/srv", keys: ["x", ".", "m", "d", "Enter"])).contains(
                "exported 12 of 12 messages to /srv/x.md"))
        #expect(
            text(grid(80, 24, directory: "/srv", keys: ["Down", "9", "9", "Enter"])).contains(
                "exported 12 of 12 messages to /srv/a-0.json"))
    }

    @Test("A proposed name is shown as selected until a key is pressed")
    func selected() {
        // The cursor stands behind the name.
        func style(_ grid: CellGrid) -> Style? {
            grid.cursor.flatMap { grid.cell(row: $0.row, column: $0.column - 1)?.style }
        }
        #expect(style(grid(80, 24, directory: "/")) == .selected)
        #expect(style(grid(80, 24, directory: "/", keys: ["Left"])) == .normal)
    }
}
