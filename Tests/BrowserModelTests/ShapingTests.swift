import BrowserTestSupport
import StoredRecords
import TerminalSurface
import Testing

@testable import BrowserModel

@Suite("Messages shaped for reading")
struct ShapingTests {
    private func text(_ markdown: String, _ width: Int = 60) -> [String] {
        MarkdownShaper.lay(markdown, width: width).map(\.text)
    }

    @Test("Emphasis, code and links lose their marks where a style takes their place")
    func inline() {
        let spans = MarkdownInline.spans("a *b* and **c** with `d` at [e](https://f.example/g)")
        #expect(spans.map(\.text).joined() == "a b and c with d at e (https://f.example/g)")
        #expect(spans.contains(Span("b", Style(.normal, .italic))))
        #expect(spans.contains(Span("c", Style(.normal, .bold))))
        #expect(spans.contains(Span("d", .code)))
        #expect(spans.contains(Span("e", .link)))
        #expect(text("これは**重要**です") == ["これは重要です"])
    }

    @Test(
        "Marks that mean nothing stay",
        arguments: ["2**3**4 and 2*3*4", "snake_case_name", "a ** b", "5 * 3 * 2", "`open", "[no link]", "x [1] (2)"])
    func keeps(_ line: String) {
        #expect(text(line) == [line])
    }

    @Test("A line of nothing but marks costs what its length costs")
    func hopelessMarks() {
        let line = String(repeating: "*a ", count: 5000) + String(repeating: "`b ``c ", count: 2000)
        let shown = MarkdownInline.spans(line).map(\.text).joined()
        #expect(shown.utf8.count > 15_000)
    }

    @Test("Lists hang, nest and show tasks as done or not")
    func lists() {
        let lines = text("- one two three four five\n  - nested\n1. first\n- [x] done\n- [ ] open", 20)
        #expect(
            lines == [
                "• one two three four", "  five", "  ◦ nested", "1. first", "[x] done", "[ ] open",
            ])
    }

    @Test("Quotes have a bar for each level, also around lists and code")
    func quotes() {
        #expect(text("> a\n>> b\n> - c\n> ```\n> d\n> ```\ne") == ["│ a", "│ │ b", "│ • c", "│ │ d", "e"])
    }

    @Test("Rules, headings of both kinds and blank lines in a row")
    func blocks() {
        #expect(
            text("Title\n=====\n\n\n\n## Part ##\ntext\n---\nmore", 12)
                == ["Title", "", "Part", "text", "────────────", "more"])
    }

    @Test(
        "A table is laid out in columns, its cells aligned and wrapped inside them", arguments: [14, 20, 30, 60, 200])
    func tables(_ width: Int) {
        let table = "| name | amount |\n|---|---:|\n| 日本語 | 1 200 |\n| a longer cell of words | 7 |\nafter"
        let lines = MarkdownShaper.lay(table, width: width)
        for line in lines { #expect(CharacterWidth.columns(of: line.text) <= width, "\(line.text)") }
        let words = lines.map(\.text).joined(separator: " ")
        for word in ["name", "amount", "longer", "words", "after"] { #expect(words.contains(word)) }
        guard width >= 60 else { return }
        #expect(
            lines.map(\.text) == [
                "name                   │ amount", "───────────────────────┼───────", "日本語                 │  1 200",
                "a longer cell of words │      7", "after",
            ])
    }

    @Test("The bars of a wrapped table stand one below the other")
    func tableBars() {
        let table = "| a | b |\n|---|---|\n| one two three four five six | seven eight nine ten |"
        let lines = MarkdownShaper.lay(table, width: 24)
        let bars = lines.map { line -> Int in
            let before = line.text.prefix { $0 != "│" && $0 != "┼" }
            return CharacterWidth.columns(of: String(before))
        }
        #expect(Set(bars).count == 1 && lines.count > 4)
    }

    @Test("Code keeps every space, has its language above it, and goes on with a mark where it is too long")
    func code() {
        #expect(
            text("```python\nif x:\n    return 'a very long line of code'\n```", 24)
                == ["┌─ python", "│ if x:", "│     return 'a very lon", "│»g line of code'"])
        #expect(text("text\n\n    indented\n    code\nback") == ["text", "", "│ indented", "│ code", "back"])
    }

    @Test("Lines of code that are cut are marked and scrolled")
    func cutCode() {
        let spans = [Span("0123456789abcdef")]
        #expect(CodeLines(room: 12, indent: 0, wraps: false).lines(spans).map(\.text) == ["│ 012345678›"])
        #expect(CodeLines(room: 12, indent: 0, wraps: false, sideways: 8).lines(spans).map(\.text) == ["│‹89abcdef"])
    }

    @Test(
        "Keywords, strings, numbers and comments are told apart",
        arguments: [
            ("python", "def f(): return \"a\" # 1", "def", "\"a\"", "# 1"),
            ("ts", "const a = 'b' // c", "const", "'b'", "// c"),
            ("swift", "let a = \"b\" // c", "let", "\"b\"", "// c"),
            ("rust", "fn a() { \"b\" } // c", "fn", "\"b\"", "// c"),
            ("go", "func a() `b` // c", "func", "`b`", "// c"),
            ("sql", "SELECT 'a' -- c", "SELECT", "'a'", "-- c"),
            ("c++", "int a = \"b\"; /* c */", "int", "\"b\"", "/* c */"),
            ("java", "class A \"b\" // c", "class", "\"b\"", "// c"), ("bash", "if [ 'a' ] # c", "if", "'a'", "# c"),
            ("yaml", "key: 'a' # c", "key", "'a'", "# c"), ("json", "{\"k\": \"a\"} // c", "\"k\"", "\"a\"", "// c"),
        ])
    func highlights(_ language: String, _ line: String, _ keyword: String, _ string: String, _ comment: String) throws {
        var highlighter = try #require(CodeHighlighter(language: language))
        let spans = highlighter.spans(line)
        #expect(spans.map(\.text).joined() == line)
        #expect(spans.contains(Span(keyword, CodeHighlighter.keyword)))
        #expect(spans.contains(Span(string, CodeHighlighter.string)))
        #expect(spans.contains(Span(comment, CodeHighlighter.comment)))
    }

    @Test("What spans lines is remembered, and an unknown language stays plain")
    func openCode() throws {
        var python = try #require(CodeHighlighter(language: "py"))
        _ = python.spans("x = \"\"\"a")
        #expect(
            python.spans("def \"\"\" + def").map(\.style).prefix(2) == [CodeHighlighter.string, CodeHighlighter.plain])
        var c = try #require(CodeHighlighter(language: "c"))
        #expect(c.spans("/* a").map(\.style) == [CodeHighlighter.comment])
        #expect(c.spans("int */ int").last == Span("int", CodeHighlighter.keyword))
        #expect(CodeHighlighter(language: "brainfuck") == nil)
    }

    @Test("Long base64 is told by type and size; hashes, paths and words are not taken for it")
    func longRuns() {
        let data = "iVBORw0KGgo" + String(repeating: "aB3/xY9+Qz", count: 500)
        #expect(
            text("see ![x](data:image/png;base64,\(data)) here", 200) == [
                "see [image: x] ([image/png, 4.9 KB of base64]) here"
            ])
        #expect(text("raw \(data)= end", 200) == ["raw [image/png, 4.9 KB of base64] end"])
        let lines = (0..<6).map { _ in String(repeating: "aB3/xY9+", count: 8) }.joined(separator: "\n")
        #expect(text("key:\n\(lines)\nend") == ["key:", "[390 B of base64]", "end"])
        let harmless = String(repeating: "0123456789abcdef", count: 16)
        #expect(text(harmless, 300) == [harmless])
        let path = String(repeating: "directory/of/words", count: 15)
        #expect(text(path, 300) == [path])
    }

    @Test("A text is found in any case, also beyond ASCII, but not by chance in base64")
    func needle() {
        #expect(TextNeedle("größe").places(in: "GRÖSSE Größe GRÖẞE größe").places == [8, 16, 25])
        #expect(TextNeedle("abc").places(in: "xABCabcAbc").count == 3)
        #expect(TextNeedle("Abc").places(in: "xABCabcAbc").places == [7])
        #expect(TextNeedle("ab").places(in: "ab " + String(repeating: "abX9Zq7/", count: 100) + " ab").count == 2)
    }

    @Test(
        "What a tool gave back is one line: its outcome, and whether it failed",
        arguments: [
            ("{\"rows\": 3, \"ok\": true}", "rows: 3, ok: true", false),
            ("{\"error\": {\"message\": \"no such table\"}}", "no such table", true),
            ("{\"exit_code\": 2, \"stderr\": \"bad flag\"}", "bad flag", true),
            ("{\"error\": null, \"n\": 1}", "error: null, n: 1", false),
            ("[1, 2, 3]", "3 items, first 1", false), ("\n  first line\nsecond", "first line", false),
            ("Traceback (most recent call last):\n  x", "Traceback (most recent call last):", true),
            ("TypeError: x is not a function", "TypeError: x is not a function", true),
            ("The error was found", "The error was found", false),
        ])
    func outcomes(_ text: String, _ outcome: String, _ isError: Bool) {
        let facts = ToolFacts.facts(ofResult: PretendRecords.message(0, .tool, text))
        #expect(facts.outcome == outcome)
        #expect(facts.isError == isError)
    }

    @Test("A fence that is open above what is shown is known of")
    func lookBack() {
        let above = [SourceLine(offset: 0, text: "```sql"), SourceLine(offset: 7, text: "select 1")]
        var shaper = MarkdownShaper(measure: 40, room: 40)
        let lines = shaper.shape(
            [
                SourceLine(offset: 16, text: "# no heading"), SourceLine(offset: 29, text: "```"),
                SourceLine(offset: 33, text: "# one"),
            ],
            before: above)
        #expect(lines.map(\.line.text) == ["│ # no heading", "one"])
    }
}
