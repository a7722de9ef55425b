import BrowserTestSupport
import StoredRecords
import Testing

@testable import BrowserModel

@Suite("Signs and what is typed, in the help")
struct SignTests {
    private func help(_ keys: [String], width: Int = 80) -> String {
        var shelf = PretendRecords.threads("a", 3)
        shelf = .init(count: 3) { PretendRecords.thread("a", "a-\($0)") }
        var source = PretendSource("a", [.thread: shelf, .task: .init([PretendRecords.task("a", "x")])])
        source.messages = PretendRecords.talk(5)
        source.documents = { _ in [RecordDocument(name: "x", format: .json, bytes: StoredBytes("{\"a\":[1]}"))] }
        var driver = BrowserDriver([source], width: width)
        driver.start()
        for key in keys + ["?"] { driver.press(key) }
        guard case .reader(let screen) = driver.state.top else { return "" }
        return screen.lines.map(\.text).joined(separator: "\n")
    }

    @Test(
        "The help of a screen says what each sign in its rows means",
        arguments: [
            (
                ["2"],
                ["! damaged", "● marked", "✗ marked, and the last act on it failed", "○ in the range", "> in focus"]
            ),
            (["5"], ["… not known yet", "- holds nothing of this kind"]),
            (["2", "Enter"], ["U user", "T tool", "→ calls a tool", "← what the tool answered", "! damaged"]),
            (["4", "Enter"], ["▸ folded", "▾ unfolded"]),
            (["2", "U"], ["u can be brought back", "! cannot be brought back"]),
        ] as [([String], [String])])
    func signs(_ keys: [String], _ words: [String]) {
        let text = help(keys)
        #expect(text.contains("Signs"))
        for word in words { #expect(text.contains(word)) }
        // A sign stands on the line of its meaning at any width.
        let narrow = help(keys, width: 40)
        for word in words { #expect(narrow.contains(word.split(separator: " ").prefix(2).joined(separator: " "))) }
    }

    @Test("The signs can be looked for among the keys")
    func filtered() {
        var driver = BrowserDriver([PretendSource("a", [.thread: PretendRecords.threads("a", 3)])])
        driver.start()
        driver.press("2", "?", "/")
        driver.type("damaged")
        driver.press("Enter")
        guard case .reader(let screen) = driver.state.top else { return }
        #expect(screen.lines.contains { $0.text.hasPrefix("! ") || $0.text.contains("!  ") })
    }

    @Test("The help of the trim preview says that digits can be typed, and so do the lists of all keys")
    func digits() {
        #expect(help(["2", "T"]).contains("0-9"))
        #expect(help(["2", "T"]).contains("type how many messages to keep"))
        #expect(KeyMap.standard.listing.contains("0-9"))
        #expect(KeyManual().keys.contains { $0.rows.contains { $0.term == "0-9" } })
    }
}
