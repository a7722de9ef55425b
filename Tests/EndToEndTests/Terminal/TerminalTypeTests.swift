import TestSupport
import Testing

@Suite("Types of terminals", .blocks)
struct TerminalTypeTests {
    private let demo: DemoBrowser

    init() throws {
        demo = try DemoBrowser()
    }

    /// The modes that only a program in full-screen mode leaves on.
    private static let fullScreen: Set<String> = ["?1049", "?1047", "?47", "?2004", "?2026", "?1000", "?1006", "?1"]

    private func works(_ variables: [String: String]) throws {
        let session = try demo.threads(variables: variables)
        try session.press("jjjjj", until: "the sixth row") {
            $0.lines[7].hasPrefix(">") && !$0.lines[2].hasPrefix(">")
        }
        try session.press("\u{06}", until: "the next page") { !$0.lines[23].contains("1-21 of 40") }
        try session.press("G", until: "the last page") { $0.lines[23].contains("20-40 of 40") }
        try session.press("\r", untilTop: "message 1 of")
        try session.press("?", untilTop: "help")
        try session.press("q", untilTop: "message 1 of")
        try session.press("q", untilTop: "2 Threads 40")
        #expect(session.end("Q") == 0)
        #expect(session.isRestored)
        #expect(session.picture.modes.intersection(Self.fullScreen) == [])
    }

    @Test(
        "On every usual type lists, pages and threads are shown and the terminal is left clean",
        arguments: [
            "xterm", "xterm-256color", "screen", "screen-256color", "tmux-256color", "linux", "vt100", "vt220",
            "rxvt-unicode", "xterm-mono",
        ])
    func usual(_ type: String) throws {
        try works(["TERM": type])
    }

    @Test("On a type whose colours are given directly they are those of the palette")
    func direct() throws {
        let entry =
            #"try-direct|direct colours,colors#0x1000000,pairs#0x7FFF,setaf=\E[38\:2\:\:%p1%{65536}%/%d\:"#
            + #"%p1%{256}%/%{255}%&%d\:%p1%{255}%&%dm,use=xterm-256color,"#
        let types = demo.directory.path("terminfo")
        try RawFiles.makeDirectory(types)
        let made = try ProgramRun.run(
            "/bin/sh", ["-c", "printf '%s\\n' \"$1\" | tic -x -o \"$2\" -", "sh", entry, types],
            environment: ["PATH": "/usr/bin:/bin"])
        #expect(made.code == 0, "\(made.errors)")
        let session = try demo.threads(variables: ["TERM": "try-direct", "TERMINFO": types])
        let text = String(decoding: session.written, as: UTF8.self)
        #expect(text.contains("[38:2::") && !text.contains("[38;5;"))
        #expect(session.end("Q") == 0)
        try works(["TERM": "try-direct", "TERMINFO": types])
    }

    @Test(
        "A type that cannot be used is refused in one sentence, before anything is written",
        arguments: ["dumb", "no-such-type", ""])
    func unusable(_ type: String) throws {
        let session = try demo.started(variables: ["TERM": type])
        #expect(session.end() == 2)
        #expect(session.isRestored)
        let text = String(decoding: session.written, as: UTF8.self)
        #expect(text.hasPrefix("ctxbrowse: ") && text.contains("TERM") && !text.contains("\u{1B}"))
        #expect(text.split(separator: "\r\n").count == 1)
    }
}
