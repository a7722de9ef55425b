import TerminalSurface
import Testing

@Suite struct KeyPressTests {
    static let table: [(KeyPress, String)] = [
        (KeyPress("j"), "j"), (KeyPress("J"), "J"), (KeyPress(" "), "Space"), (KeyPress("?"), "?"),
        (KeyPress("-"), "-"),
        (.control("d"), "Ctrl-D"), (.control(" "), "Ctrl-Space"), (.alt("x"), "Alt-x"), (.alt("X"), "Alt-X"),
        (KeyPress("d", [.control, .alt]), "Ctrl-Alt-D"), (KeyPress(.enter), "Enter"),
        (KeyPress(.tab, .shift), "Shift-Tab"),
        (KeyPress(.pageDown), "PgDn"), (KeyPress(.pageUp), "PgUp"), (KeyPress(.function(5)), "F5"),
        (KeyPress(.function(12)), "F12"), (KeyPress(.escape), "Esc"), (KeyPress(.backspace), "Backspace"),
        (KeyPress(.delete), "Delete"), (KeyPress(.up, .control), "Ctrl-Up"), (.control("-"), "Ctrl--"),
        (KeyPress("é"), "é"),
        (KeyPress("F"), "F"), (KeyPress(":"), ":"), (KeyPress("日"), "日"),
    ]

    @Test(arguments: table)
    func `a key has one name and the name means that key`(_ key: KeyPress, _ name: String) {
        #expect(key.name == name)
        #expect(KeyPress(name: name) == key)
    }

    @Test func `names are read without regard to letter case and with common spellings`() {
        #expect(KeyPress(name: "ctrl-d") == .control("d"))
        #expect(KeyPress(name: "CTRL-SPACE") == .control(" "))
        #expect(KeyPress(name: "pagedown") == KeyPress(.pageDown))
        #expect(KeyPress(name: "Escape") == KeyPress(.escape))
        #expect(KeyPress(name: "f1") == KeyPress(.function(1)))
    }

    @Test(arguments: ["", "Nope", "F0", "F99", "Ctrl-", "Hyper-x"])
    func `what names no key is refused`(_ name: String) {
        #expect(KeyPress(name: name) == nil)
    }

    @Test func `only a plain character is typed into an input`() {
        #expect(KeyPress("é").typedCharacter == "é")
        #expect(KeyPress.control("a").typedCharacter == nil)
        #expect(KeyPress(.enter).typedCharacter == nil)
    }
}
