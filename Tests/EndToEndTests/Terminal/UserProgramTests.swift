import Glibc
import TestSupport
import Testing

@Suite("Programs of the user's on the same terminal", .blocks)
struct UserProgramTests {
    private let demo: DemoBrowser

    init() throws {
        demo = try DemoBrowser()
    }

    @Test("The pager gets visible text, and it is said in one sentence when it is not there")
    func pager() throws {
        let pager = try demo.script("pager", "cat > \"$HOME/paged\"; echo done > \"$HOME/ended\"")
        let session = try demo.thread(variables: ["PAGER": pager])
        try session.press("o", until: "full-screen mode again") { picture in
            (try? demo.contents("ended"))?.isEmpty == false && picture.modes.contains("?1049")
        }
        try session.press("?", untilTop: "help")
        try session.press("q", untilTop: "message 1 of")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
        let paged = try demo.contents("paged")
        #expect(!paged.isEmpty && !paged.contains("\u{1B}"))
    }

    @Test("A pager that is not there is said in one sentence")
    func missingPager() throws {
        let session = try demo.thread(variables: ["PAGER": "no-such-pager -x"])
        try session.press("o", until: "no-such-pager")
        try session.press("?", untilTop: "help")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
    }

    @Test("The editor gets a copy that only the user can read and that is gone afterwards; what it saved is not kept")
    func editor() throws {
        let editor = try demo.script(
            "editor",
            """
            stat -c '%a' "$2" "$(dirname "$2")" > "$HOME/facts"
            echo "$1 $2" >> "$HOME/facts"
            echo more >> "$2"
            """)
        let session = try demo.thread(variables: ["VISUAL": "\(editor) -word"])
        try session.press("V", until: "is not kept")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
        let facts = try demo.contents("facts").split(separator: "\n")
        #expect(facts.prefix(2) == ["600", "700"])
        #expect(facts[2].hasPrefix("-word "))
        #expect(!RawFiles.exists(String(facts[2].dropFirst(6))))
    }

    @Test("A command line gets the exact text and keeps the terminal until Enter, or its output goes to a screen")
    func pipes() throws {
        let session = try demo.thread()
        try session.press("|", until: "pipe to the terminal")
        try session.press("cat > \"$HOME/piped\"; echo it is done; exit 7\r", until: "status 7. Enter goes back")
        try session.press("\r", untilTop: "message 1 of")
        try session.press("|\t", until: "pipe to a screen")
        try session.press("wc -c; tty\r", until: "not a tty")
        let bytes = try demo.contents("piped").utf8.count
        #expect(session.picture.text.contains("\(bytes)"))
        try session.press("q", untilTop: "message 1 of")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
    }
}
