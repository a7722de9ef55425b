import Testing

@testable import NcursesTerminal

@Suite struct ClipboardSequenceTests {
    @Test(
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("é~?", "w6l+Pw=="),
        ])
    func `base 64 agrees with the vectors of its RFC`(_ text: String, _ expected: String) {
        #expect(ClipboardSequence.base64(Array(text.utf8)) == expected)
    }

    @Test func `the sequence is wrapped for what lies between program and terminal`() {
        let plain = ClipboardSequence.make("foo", terminal: "xterm-256color", isInTmux: false, isInScreen: false)
        #expect(plain?.sequence == "\u{1B}]52;c;Zm9v\u{7}" && plain?.route == .terminal)
        let tmux = ClipboardSequence.make("foo", terminal: "tmux-256color", isInTmux: true, isInScreen: false)
        #expect(tmux?.sequence == "\u{1B}]52;c;Zm9v\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{7}\u{1B}\\")
        #expect(tmux?.route == .throughTmux)
        let screen = ClipboardSequence.make("foo", terminal: "screen", isInTmux: false, isInScreen: true)
        #expect(screen?.sequence == "\u{1B}P\u{1B}]52;c;Zm9v\u{7}\u{1B}\\" && screen?.route == .throughScreen)
        #expect(ClipboardSequence.make("foo", terminal: "linux", isInTmux: false, isInScreen: false) == nil)
    }
}
