import TerminalSurface
import Testing

@Suite struct TextFitTests {
    @Test func `text that fits stays and longer text ends in the ellipsis`() {
        #expect(TextFit.truncated("hello", to: 5) == "hello")
        #expect(TextFit.truncated("hello!", to: 5) == "hell…")
        #expect(TextFit.truncated("hello!", to: 5, ellipsis: "~") == "hell~")
        #expect(TextFit.truncated("日本語", to: 4) == "日…")
        #expect(TextFit.truncated("日本語", to: 1) == "…")
        #expect(TextFit.truncated("日本語", to: 0) == "")
        #expect(TextFit.truncated("a👨\u{200D}👩\u{200D}👧b", to: 6) == "a👨👩…")
    }

    @Test func `the middle goes when both ends matter`() {
        #expect(TextFit.truncatedMiddle("/home/user/store.db", to: 9) == "/hom…e.db")
        #expect(TextFit.truncatedMiddle("short", to: 9) == "short")
    }

    @Test func `padding fills exactly the width`() {
        #expect(TextFit.padded("ab", to: 5) == "ab   ")
        #expect(TextFit.padded("ab", to: 5, alignment: .right) == "   ab")
        #expect(TextFit.padded("ab", to: 5, alignment: .center) == " ab  ")
        #expect(TextFit.padded("日本語", to: 4) == "日… ")
    }

    @Test func `a slice keeps columns in place and halves become spaces`() {
        #expect(TextFit.slice("abcdef", from: 2, columns: 3) == "cde")
        #expect(TextFit.slice("日本語", from: 1, columns: 4) == " 本 ")
        #expect(TextFit.slice("日本語", from: 2, columns: .max) == "本語")
        #expect(TextFit.slice("abc", from: 9, columns: 3) == "")
    }

    @Test func `prose wraps at spaces and long words break`() {
        #expect(TextFit.wrapped("the quick brown fox", to: 9) == ["the quick", "brown fox"])
        #expect(TextFit.wrapped("the quick brown", to: 7) == ["the", "quick", "brown"])
        #expect(TextFit.wrapped("abcdefghij", to: 4) == ["abcd", "efgh", "ij"])
        #expect(TextFit.wrapped("a abcdefghij", to: 4) == ["a", "abcd", "efgh", "ij"])
        #expect(TextFit.wrapped("one\n\ntwo\n", to: 9) == ["one", "", "two"])
        #expect(TextFit.wrapped("  indented code", to: 10) == ["  indented", "code"])
        #expect(TextFit.wrapped("日本語日本語", to: 5) == ["日本", "語日", "本語"])
        #expect(TextFit.wrapped("", to: 5) == [""])
        #expect(TextFit.wrapped("日", to: 1) == ["日"])
    }

    @Test(arguments: 1...12)
    func `random text fits every width it is fitted to`(_ width: Int) {
        var random = SeededRandom(seed: UInt64(width))
        for _ in 0..<300 {
            let text = random.text(20)
            #expect(CharacterWidth.columns(of: TextFit.truncated(text, to: width)) <= width)
            #expect(CharacterWidth.columns(of: TextFit.padded(text, to: width)) == width)
            let whole = CharacterWidth.columns(of: text)
            let slice = TextFit.slice(text, from: 3, columns: width)
            #expect(CharacterWidth.columns(of: slice) <= max(0, min(width, whole - 3)) + 1)
            for line in TextFit.wrapped(text, to: width) where width >= 2 {
                #expect(CharacterWidth.columns(of: line) <= width, "\(text.debugDescription)")
            }
        }
    }

    @Test func `wrapping loses nothing but the spaces it breaks at`() {
        var random = SeededRandom(seed: 99)
        for _ in 0..<300 {
            let text = random.text(30)
            let before = Sanitizer.visible(text).unicodeScalars.filter {
                $0 != " " && $0.value != 0x200D && $0.value != 0xFE0F
            }
            let after = TextFit.wrapped(text, to: 7).joined().unicodeScalars
                .filter { $0 != " " && $0.value != 0x200D && $0.value != 0xFE0F }
            #expect(String(String.UnicodeScalarView(before)) == String(String.UnicodeScalarView(after)))
        }
    }

    @Test func `ASCII wraps as any other text of the same widths does`() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                ["e", "e", "ee", " ", "  ", "eeeeee"].randomElement(using: &random) ?? ""
            }.joined()
            let accented = String(text.map { $0 == "e" ? "é" : $0 })
            let width = Int.random(in: 1...12, using: &random)
            let wrapped = TextFit.wrapped(accented, to: width).map { String($0.map { $0 == "é" ? "e" : $0 }) }
            #expect(TextFit.wrapped(text, to: width) == wrapped, "\(text.debugDescription) \(width)")
        }
    }

    @Test func `the beginning of a very long text is the same as that of a shorter one`() {
        let tail = String(repeating: "日本 \u{1B}e\u{301} ", count: 5000)
        for start in ["", "a", "👩\u{200D}💻", String(repeating: "\u{301}", count: 3000)] {
            let long = start + tail
            let short = start + String(tail.prefix(60))
            #expect(TextFit.truncated(long, to: 9) == TextFit.truncated(short, to: 9))
            #expect(TextFit.slice(long, from: 4, columns: 9) == TextFit.slice(short, from: 4, columns: 9))
        }
    }
}
