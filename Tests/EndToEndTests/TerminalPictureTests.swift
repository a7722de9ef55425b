import Testing

@Suite("The terminal the tests stand in for")
struct TerminalPictureTests {
    private func picture(_ text: String) -> TerminalPicture {
        var picture = TerminalPicture(columns: 10, rows: 3)
        // Byte by byte, as a terminal may get it.
        for byte in text.utf8 { picture.take([byte]) }
        return picture
    }

    @Test(
        "What a terminal would obey is an offence",
        arguments: [
            "\u{1B}]52;c;ZXZpbA==\u{07}", "\u{9B}6n", "\u{85}", "\u{202E}", "\u{2066}", "\u{200B}", "\u{FEFF}",
            "\u{7F}",
            "\u{1B}[6n", "\u{1B}[777m", "\u{1B}P1q\u{1B}\\", "\u{1B}c", "\u{07}",
        ])
    func offences(_ text: String) {
        #expect(!picture(text + "x").offences.isEmpty)
    }

    @Test("A byte that is no text is an offence")
    func rawBytes() {
        var picture = TerminalPicture(columns: 10, rows: 3)
        picture.take([0x61, 0x9B, 0x62])
        #expect(picture.offences.count == 1)
        #expect(picture.lines[0].hasPrefix("ab"))
    }

    @Test("Text is shown where the cursor is, and moved, erased and scrolled as asked")
    func drawing() {
        let drawn = picture("\u{1B}[2;3Hab\u{1B}[4bé\r\n\u{1B}[31mz\u{1B}[K\u{1B}[1;2r\u{1B}[1S\u{1B}[1;10HX")
        #expect(drawn.lines == ["  abbbbbéX", "          ", "z         "])
        #expect(drawn.offences == [])
    }
}
