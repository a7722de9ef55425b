import TerminalSurface
import Testing

@Suite struct CharacterWidthTests {
    @Test(
        arguments: [
            ("", 0), ("a", 1), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日", 2), ("日本語", 6), ("한", 2), ("ｱ", 1),
            ("Ａ", 2),
            ("😀", 2), ("👍🏽", 2), ("👨\u{200D}👩\u{200D}👧", 6), ("🇩🇪", 2), ("❤\u{FE0F}", 1), ("1\u{FE0F}\u{20E3}", 1),
            ("\u{301}", 1), ("각", 2), ("\u{1100}\u{1161}\u{11A8}", 2), ("\u{1B}", 2), ("\u{9B}", 8), ("\u{3000}", 2),
            ("…", 1), ("│", 1), ("\u{E000}", 1), ("का", 2), ("สวัสดี", 4), ("🏽", 2),
        ])
    func `text takes the columns its drawn scalars take`(_ text: String, _ columns: Int) {
        #expect(CharacterWidth.columns(of: text) == columns)
        var grid = CellGrid(width: 40, height: 1)
        #expect(grid.put(text, row: 0, column: 0) == columns)
    }

    @Test func `the text tables are sorted so that every wide range is found at both ends`() {
        for value in [0x1100, 0x115E, 0x231A, 0x2E80, 0x4E00, 0x9FFF, 0xAC00, 0xD7A3, 0xFF01, 0x1F300, 0x20000] {
            let scalar = Unicode.Scalar(UInt32(value))
            #expect(scalar.map { CharacterWidth.columns(of: $0) } == 2, "\(value)")
        }
        for value in [0x300, 0x36F, 0x483, 0x5BD, 0x20D0, 0xFE20, 0x1D167, 0x1160, 0x11FF] {
            let scalar = Unicode.Scalar(UInt32(value))
            #expect(scalar.map { CharacterWidth.columns(of: $0) } == 0, "\(value)")
        }
    }
}
