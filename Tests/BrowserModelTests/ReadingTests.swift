import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Text laid out for reading")
struct ReadingTests {
    @Test("Wrapped lines are never wider than asked and lose no word", arguments: [1, 2, 3, 7, 20, 33, 80])
    func wraps(_ width: Int) {
        let text = "The quick brown 日本語の要約 fox — jumps over averyveryverylongwordindeed and 👩‍💻 rests."
        let lines = StyledLine.wrapped([Span(text)], width: width, indent: 0, hanging: 2)
        for line in lines { #expect(CharacterWidth.columns(of: line.text) <= max(2, width), "\(line.text)") }
        if width >= 2 {
            // A joiner is not drawn, and where a cluster is parted it is not needed either.
            let letters = { (text: String) in
                text.unicodeScalars.filter { $0 != "\u{200D}" && $0 != " " }.map(\.value)
            }
            #expect(letters(lines.map(\.text).joined()) == letters(text))
        }
    }

    @Test("Markdown keeps its shape: headings, lists, quotes, code")
    func markdown() {
        let text =
            "# Title\n\n- one **bold** item\n  1. two\n> quoted\n\n```swift\nlet a = 1\n  indented\n```\nplain `code`"
        let lines = MarkdownShaper.lay(text, width: 40)
        #expect(
            lines.map(\.text) == [
                "Title", "", "• one bold item", "  1. two", "│ quoted", "", "┌─ swift", "│ let a = 1", "│   indented",
                "plain code",
            ])
        #expect(lines[0].spans[0].style.role == .heading)
        #expect(lines[2].spans.contains(Span("bold", Style(.normal, .bold))))
        #expect(lines[7].spans.contains(Span("let", CodeHighlighter.keyword)))
        #expect(lines[9].spans.contains(Span("code", .code)))
    }

    @Test("Marks that are no layout stay as they are")
    func plainMarks() {
        let text = "a ** b, 2*3, `open, #tag, -5, snake_case_name, 1.5"
        #expect(MarkdownShaper.lay(text, width: 80).map(\.text) == [text])
    }

    @Test("Hostile text is visible after layout, and nothing of it is a control character")
    func hostile() {
        let text =
            "\u{1B}]52;c;ZXZpbA==\u{07} \u{9B}31m \u{202E}evil\u{2066} # \u{1B}[2J\n# \u{1B}c\n- \u{85}x\n`\u{1B}`"
        for line in MarkdownShaper.lay(text, width: 30) {
            for scalar in line.text.unicodeScalars {
                #expect(scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value))
                #expect(scalar.properties.generalCategory != .format)
            }
        }
        #expect(MarkdownShaper.lay(text, width: 200)[0].text.contains("^[]52;c;ZXZpbA==^G"))
    }

    @Test(
        "Numbers and sizes are short and grouped",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1 000"), (4213, "4 213"), (1_234_567, "1 234 567"), (-1500, "-1 500"),
        ])
    func grouped(_ number: Int, _ text: String) {
        #expect(Words.grouped(number) == text)
    }

    @Test(
        "Sizes have two digits or more",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KB"), (10_188, "9.9 KB"), (10_240, "10 KB"),
            (1_048_000, "1023 KB"), (1_048_576, "1.0 MB"), (5_368_709_120, "5.0 GB"),
        ] as [(Int64, String)])
    func sizes(_ bytes: Int64, _ text: String) {
        #expect(Words.size(bytes) == text)
    }

    @Test(
        "Ages are one number and a letter",
        arguments: [
            (0, "now"), (59, "now"), (60, "1m"), (3599, "59m"), (3600, "1h"), (86_400, "1d"), (86_400 * 13, "13d"),
            (86_400 * 14, "2w"), (86_400 * 365, "1y"), (-30, "now"), (-7200, "in 2h"),
        ] as [(Int64, String)])
    func ages(_ seconds: Int64, _ text: String) {
        let now = PretendRecords.now
        #expect(Words.age(of: Timestamp(seconds: now.seconds - seconds), now: now) == text)
    }

    @Test("A line being typed is edited at its cursor")
    func input() {
        var line = LineInput("hello world")
        _ = line.edit(.eraseWord)
        line.type("日本")
        _ = line.edit(.cursorLeft)
        line.type("x")
        #expect(line.text == "hello 日x本")
        _ = line.edit(.cursorStart)
        _ = line.edit(.erase)
        #expect(line.text == "hello 日x本" && line.cursor == 0)
        _ = line.edit(.eraseAll)
        #expect(line.text.isEmpty)
    }
}
