import TerminalSurface
import TestSupport
import Testing

@Suite struct SanitizerTests {
    static let table: [(String, String)] = [
        ("plain ~ text", "plain ~ text"),
        ("\u{1B}[31mred", "^[[31mred"),
        ("\u{0}\u{7}\u{1F}", "^@^G^_"),
        ("del\u{7F}", "del^?"),
        ("\u{9B}2J", "<U+009B>2J"),
        ("\u{80}\u{9F}", "<U+0080><U+009F>"),
        ("a\u{202E}b\u{202C}", "a<U+202E>b<U+202C>"),
        ("\u{2066}x\u{2069}", "<U+2066>x<U+2069>"),
        ("\u{200E}\u{200F}\u{061C}", "<U+200E><U+200F><U+061C>"),
        ("a\u{2028}b\u{2029}c", "a<U+2028>b<U+2029>c"),
        ("\u{FEFF}bom", "<U+FEFF>bom"),
        ("zero\u{200B}width\u{2060}", "zero<U+200B>width<U+2060>"),
        ("soft\u{AD}hyphen", "soft<U+00AD>hyphen"),
        ("tag\u{E0041}", "tag<U+E0041>"),
        ("filler\u{3164}", "filler<U+3164>"),
        ("none\u{378}\u{E0080}", "none<U+0378><U+E0080>"),
        ("interlinear\u{FFF9}", "interlinear<U+FFF9>"),
        ("a\nb\rc", "a^Jb^Mc"),
        ("a\r\nb", "a^M^Jb"),
        ("a\u{200D}b", "a<U+200D>b"),
        ("a\u{FE0F}", "a<U+FE0F>"),
        ("❤\u{FE0F}", "❤\u{FE0F}"),
        ("❤\u{FE0F}\u{FE01}", "❤\u{FE0F}<U+FE01>"),
        ("1\u{FE0F}\u{20E3}", "1\u{FE0F}\u{20E3}"),
        ("👩\u{200D}💻", "👩\u{200D}💻"),
        ("👩\u{200D}", "👩<U+200D>"),
        ("می\u{200C}خواهم", "می\u{200C}خواهم"),
        ("paypal\u{200C}.com", "paypal<U+200C>.com"),
        ("e\u{301}", "e\u{301}"),
        ("e\u{301}\u{302}\u{303}\u{304}\u{305}", "e\u{301}\u{302}\u{303}\u{304}<U+0305>"),
        ("日本語 한국어 Ω", "日本語 한국어 Ω"),
    ]

    @Test(arguments: table)
    func `hostile text becomes visible and the rest stays`(_ raw: String, _ expected: String) {
        #expect(Array(Sanitizer.visible(raw).unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: table)
    func `sanitizing twice changes nothing more`(_ raw: String, _ expected: String) {
        let once = Sanitizer.visible(raw)
        #expect(Array(Sanitizer.visible(once).unicodeScalars) == Array(once.unicodeScalars))
    }

    @Test(.blocks) func `no control, format or unassigned scalar survives out of all of Unicode`() {
        var survivors: [UInt32] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let visible = Sanitizer.visible(String(Character(scalar)))
            for left in visible.unicodeScalars {
                switch left.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .unassigned: survivors.append(value)
                default: if left.properties.isDefaultIgnorableCodePoint { survivors.append(value) }
                }
            }
            if visible.isEmpty { survivors.append(value) }
        }
        #expect(survivors == [])
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a\\xffb"),
            ([0xC3, 0xA9], "é"),
            ([0xC3], "\\xc3"),
            ([0xC0, 0xAF], "\\xc0\\xaf"),
            ([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
            ([0xF0, 0x9F, 0x98], "\\xf0\\x9f\\x98"),
            ([0xF0, 0x9F, 0x98, 0x80, 0x1B], "😀^["),
            ([0xF8, 0x88], "\\xf8\\x88"),
            ([], ""),
        ] as [([UInt8], String)])
    func `bytes that are not UTF-8 show their value`(_ bytes: [UInt8], _ expected: String) {
        #expect(Sanitizer.visible(bytes: bytes) == expected)
    }

    @Test func `random bytes come out visible and of the same length of information`() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<500 {
            let bytes = (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
            let visible = Sanitizer.visible(bytes: bytes)
            #expect(CharacterWidth.columns(of: visible) >= 10)
            #expect(!visible.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
        }
    }

    @Test func `a tab goes to the next stop, counted in columns`() {
        #expect(Sanitizer.visible("a\tb") == "a   b")
        #expect(Sanitizer.visible("日\tb") == "日  b")
        #expect(Sanitizer.visible("\tb", tabWidth: 8) == "        b")
        #expect(Sanitizer.visible("\tb", tabWidth: 8, startColumn: 6) == "  b")
        #expect(Sanitizer.visible("a\tb", tabWidth: 1) == "a b")
    }

    @Test func `lines part at newlines only`() {
        #expect(Sanitizer.visibleLines("a\r\nb\n\nc\rd\n") == ["a", "b", "", "c^Md"])
        #expect(Sanitizer.visibleLines("") == [""])
        #expect(Sanitizer.visibleLines("\n\n") == ["", ""])
        #expect(Sanitizer.visibleLines("x\n\r\n") == ["x", ""])
    }
}
