import Glibc
import TerminalSurface
import TestSupport
import Testing

/// The adapter on a pseudo-terminal: bytes, signals, and the tty left behind.
@Suite(.blocks, .serialized) struct ProbeTests {
    @Test func `keys go in and come out by name`() throws {
        let probe = try ProbeTerminal()
        #expect(try probe.line() == "ready 80x24 true twoHundredFiftySix")
        for (bytes, name) in [
            ("x", "x"), ("\u{3}", "Ctrl-C"), ("\u{13}", "Ctrl-S"), ("\u{1B}", "Esc"), ("\u{1B}OA", "Up"),
            ("\u{1B}[6~", "PgDn"),
            ("\r", "Enter"), ("日", "日"), ("\u{1B}x", "Alt-x"), ("\u{7F}", "Backspace"),
        ] {
            probe.send(bytes)
            #expect(try probe.line() == "key \(name)")
        }
        probe.send("\u{1B}[200~two\rlines\u{1B}[201~")
        #expect(try probe.line() == "paste \"two\\nlines\"")
    }

    @Test func `a terminal that knows synchronized output gets large frames in one piece and small ones as they are`()
        throws
    {
        let begin = Array("\u{1B}[?2026h".utf8)
        let end = Array("\u{1B}[?2026l".utf8)
        let probe = try ProbeTerminal()
        _ = try probe.line()
        #expect(contains(try probe.untilBell(), Array("\u{1B}[?2026$p".utf8)))
        // Before the answer, and for a terminal that gives none, nothing is wrapped.
        probe.send("\u{C}")
        _ = try probe.line()
        #expect(!contains(try probe.untilBell(), begin))
        probe.send("\u{1B}[?2026;2$yx")
        #expect(try probe.line() == "key x")
        let redrawn = try probe.bytesDrawn(for: "\u{C}")
        #expect(redrawn.starts(with: begin) && redrawn.suffix(end.count).elementsEqual(end))
        #expect(!contains(try probe.bytesDrawn(for: "j"), begin))
    }

    @Test func `a terminal that does not know synchronized output is left alone`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("\u{1B}[?2026;0$yx")
        #expect(try probe.line() == "key x")
        #expect(!contains(try probe.bytesDrawn(for: "\u{C}"), Array("\u{1B}[?2026h".utf8)))
    }

    @Test(arguments: ["linux", "vt100", "screen", "screen-256color", "rxvt-unicode"])
    func `a terminal that may draw a question is asked none`(_ term: String) throws {
        let probe = try ProbeTerminal(term: term)
        _ = try probe.line()
        #expect(!contains(try probe.untilBell(), Array("$p".utf8)))
    }

    @Test func `an answer that comes while the program is left is not typed into the shell`() throws {
        let probe = try ProbeTerminal(environment: ["LANG=C.UTF-8", "PROBE_IS_PATIENT=1"])
        _ = try probe.line()
        probe.send("q")
        probe.send("\u{1B}[?2026;2$y")
        #expect(try probe.end() == .status(0))
        #expect(probe.unread == 0)
    }

    @Test func `moving the selection by one row writes no more than 70 bytes`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        let drawn = try probe.bytesDrawn(for: "j")
        #expect(drawn.count > 0 && drawn.count <= 70, "\(drawn.count) bytes")
        let back = try probe.bytesDrawn(for: "k")
        #expect(back.count > 0 && back.count <= 70, "\(back.count) bytes")
    }

    @Test func `a frame that shows the same writes nothing`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        #expect(try probe.bytesDrawn(for: "x", "y", "z") == [])
    }

    @Test func `a redraw clears the screen once and a move never does`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        let clear = Array("\u{1B}[H\u{1B}[2J".utf8)
        #expect(!contains(try probe.bytesDrawn(for: "j"), clear))
        #expect(contains(try probe.bytesDrawn(for: "\u{C}"), clear))
    }

    @Test func `a resize is told and two hundred end at the last size`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.resize(columns: 40, rows: 10)
        #expect(try probe.line() == "resize 40x10")
        for step in 0..<200 { probe.resize(columns: UInt16(20 + step % 50), rows: UInt16(5 + step % 30)) }
        probe.resize(columns: 61, rows: 17)
        var line = ""
        while line != "resize 61x17" { line = try probe.line() }
        // It may be told once more: after a key that came later there is nothing left to tell.
        _ = try probe.bytesDrawn(for: "x")
        #expect(try probe.bytesDrawn(for: "x") == [])
    }

    @Test(arguments: [(1, 1), (2, 1), (1, 5), (3, 2), (500, 200)] as [(UInt16, UInt16)])
    func `any size can be drawn on`(_ columns: UInt16, _ rows: UInt16) throws {
        let probe = try ProbeTerminal(columns: columns, rows: rows)
        #expect(try probe.line().hasPrefix("ready \(columns)x\(rows)"))
        _ = try probe.bytesDrawn(for: "j")
        probe.resize(columns: 7, rows: 3)
        #expect(try probe.line() == "resize 7x3")
        probe.send("q")
        #expect(try probe.end() == .status(0))
    }

    @Test func `quitting leaves the tty as it was`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        #expect(!probe.isRestored)
        probe.send("q")
        #expect(try probe.end() == .status(0))
        #expect(probe.isRestored)
        #expect(contains(probe.output, Array("\u{1B}[?1049l".utf8)))
        #expect(contains(probe.output, Array("\u{1B}[?2004l".utf8)))
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `a signal to end is an event and leaves the tty as it was`(_ signal: Int32) throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        kill(probe.process, signal)
        #expect(try probe.line() == "terminate")
        #expect(try probe.end() == .status(15))
        #expect(probe.isRestored)
    }

    @Test func `a hang-up is told and leaves the tty as it was`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        kill(probe.process, SIGHUP)
        #expect(try probe.line() == "closed")
        #expect(try probe.end() == .status(1))
        #expect(probe.isRestored)
    }

    @Test func `a terminal that goes away ends the program`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.hangUp()
        #expect(try probe.line() == "closed")
        #expect(try probe.end() == .status(1))
    }

    @Test(arguments: [("A", SIGABRT), ("S", SIGSEGV), ("O", SIGSEGV)])
    func `a crash leaves the tty as it was and dies of the same signal`(_ key: String, _ signal: Int32) throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send(key)
        #expect(try probe.end() == .signal(signal))
        #expect(probe.isRestored)
        #expect(contains(probe.output, Array("\u{1B}[?1049l".utf8)))
    }

    @Test func `a Swift trap leaves the tty as it was`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("T")
        let end = try probe.end()
        #expect(end == .signal(SIGILL) || end == .signal(SIGTRAP))
        #expect(probe.isRestored)
    }

    @Test(arguments: [SIGBUS, SIGQUIT, SIGSEGV])
    func `a fatal signal from outside leaves the tty as it was`(_ signal: Int32) throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        kill(probe.process, signal)
        #expect(try probe.end() == .signal(signal))
        #expect(probe.isRestored)
    }

    @Test(arguments: [["LANG=C.UTF-8"], ["LANG=C.UTF-8", "PROBE_MAPS_FIRST=1"]])
    func `a bus error that the mapped-file reader repairs is none, any other restores the tty`(
        _ environment: [String]
    ) throws {
        let probe = try ProbeTerminal(environment: environment)
        var line = try probe.line()
        if environment.count > 1 {
            #expect(line == "guarded 0")
            line = try probe.line()
        }
        #expect(line.hasPrefix("ready"))
        for _ in 0..<100 {
            probe.send("B")
            #expect(try probe.line() == "guarded 0")
            #expect(try probe.line() == "key B")
        }
        #expect(!probe.isRestored)
        probe.send("b")
        #expect(try probe.end() == .signal(SIGBUS))
        #expect(probe.isRestored)
    }

    @Test func `a loop that is stuck ends at the second signal with the tty restored`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("L")
        #expect(try probe.line() == "stuck")
        kill(probe.process, SIGTERM)
        kill(probe.process, SIGINT)
        let end = try probe.end()
        #expect(end == .signal(SIGINT) || end == .signal(SIGTERM))
        #expect(probe.isRestored)
    }

    @Test func `exit without closing leaves the tty as it was`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("X")
        #expect(try probe.end() == .status(3))
        #expect(probe.isRestored)
    }

    @Test func `what the terminal is lent to finds the original modes and full screen comes back`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        let drawn = try probe.bytesDrawn(for: "H")
        let text = String(decoding: drawn, as: UTF8.self)
        #expect(text.contains("handed-overicanon"))
        #expect(text.contains("\u{1B}[?1049h"))
        #expect(!probe.isRestored)
        probe.send("q")
        #expect(try probe.end() == .status(0))
        #expect(probe.isRestored)
    }

    @Test func `a program that is lent the terminal finds its modes and its signals, and full screen comes back`()
        throws
    {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        _ = try probe.untilBell()
        for (key, end) in [
            ("P", "exited(0)"), ("N", "notStarted(\(ENOENT))"), ("I", "killed(signal: \(SIGINT))"),
            ("K", "killed(signal: \(SIGKILL))"), ("i", "exited(0)"),
        ] {
            probe.send(key)
            #expect(try probe.line() == "guest \(end)")
            #expect(try probe.line() == "key \(key)")
        }
        let text = String(decoding: try probe.untilBell(), as: UTF8.self)
        #expect(text.contains("guesticanon") && text.contains("fed"))
        #expect(text.contains("\u{1B}[?1049h") && !probe.isRestored)
        probe.send("q")
        #expect(try probe.end() == .status(0))
        #expect(probe.isRestored)
    }

    @Test func `Ctrl-C and what is typed are for the program that has the terminal`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        for _ in 0..<2 {
            _ = try probe.untilBell()
            probe.send("W")
            try probe.seen("waiting")
            probe.send("\u{3}")
            #expect(try probe.line() == "guest killed(signal: \(SIGINT))")
            #expect(try probe.line() == "key W")
        }
        _ = try probe.untilBell()
        probe.send("W")
        try probe.seen("waiting")
        probe.send("q\n")
        #expect(try probe.line() == "guest exited(0)")
        #expect(try probe.line() == "key W")
        #expect(String(decoding: try probe.untilBell(), as: UTF8.self).contains("read-q"))
    }

    @Test func `a program that stops where nobody would continue it goes on`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("Z")
        #expect(try probe.line() == "guest exited(0)")
        #expect(try probe.line() == "key Z")
        #expect(String(decoding: try probe.untilBell(), as: UTF8.self).contains("went-on"))
    }

    @Test func `what ends this program ends the one that has the terminal`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("W")
        try probe.seen("waiting")
        kill(probe.process, SIGTERM)
        #expect(try probe.line() == "guest killed(signal: \(SIGTERM))")
        #expect(try probe.line() == "key W")
        #expect(try probe.line() == "terminate")
        #expect(try probe.end() == .status(15))
        #expect(probe.isRestored)
    }

    @Test func `what a program wrote stays until Enter`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        probe.send("E")
        try probe.seen("it was exited(3); Enter? ")
        // Neither a new size nor a letter is an answer.
        probe.resize(columns: 90, rows: 30)
        probe.send("x\n")
        #expect(try probe.line() == "guest exited(3)")
        #expect(try probe.line() == "key E")
        #expect(try probe.line() == "resize 90x30")
    }

    @Test func `the mouse is off while another program has the terminal, and on again afterwards`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        _ = try probe.bytesDrawn(for: "m")
        probe.send("P")
        _ = try probe.line()
        _ = try probe.line()
        let text = String(decoding: try probe.untilBell(), as: UTF8.self)
        let off = try #require(text.firstRange(of: "\u{1B}[?1000l")).lowerBound
        let guest = try #require(text.firstRange(of: "guest")).lowerBound
        let on = try #require(text.firstRange(of: "\u{1B}[?1000h")).lowerBound
        #expect(off < guest && guest < on)
    }

    @Test func `copied text goes to the terminal in base 64`() throws {
        let probe = try ProbeTerminal(environment: ["LANG=C.UTF-8", "TMUX=/tmp/none,1,0"])
        _ = try probe.line()
        probe.send("C")
        #expect(try probe.line() == "copied throughTmux")
        _ = try probe.line()
        // Each of the two sequences ends in a bell itself.
        #expect(contains(try probe.untilBell(), Array("\u{1B}]52;c;aMOpbGxv".utf8)))
        #expect(contains(try probe.untilBell(), Array("\u{1B}Ptmux;\u{1B}\u{1B}]52;c;aMOpbGxv".utf8)))
    }

    @Test func `mouse presses are told only after the mouse was switched on`() throws {
        let probe = try ProbeTerminal()
        _ = try probe.line()
        #expect(!contains(probe.output, Array("\u{1B}[?1000h".utf8)))
        #expect(contains(try probe.bytesDrawn(for: "m"), Array("\u{1B}[?1000h".utf8)))
        probe.send("\u{1B}[<0;5;3M")
        #expect(try probe.line() == "mouse left 2 4 false")
    }

    @Test(
        arguments: [
            ("xterm-256color", "twoHundredFiftySix"), ("screen", "eight"), ("tmux-256color", "twoHundredFiftySix"),
            ("linux", "eight"), ("vt100", "none"), ("screen-256color", "twoHundredFiftySix"), ("xterm", "eight"),
            ("rxvt-unicode", "sixteen"), ("xterm-mono", "none"), ("vt220", "none"),
        ])
    func `every usual terminal type works and is left clean`(_ term: String, _ depth: String) throws {
        let probe = try ProbeTerminal(term: term)
        #expect(try probe.line() == "ready 80x24 true \(depth)")
        #expect(try probe.bytesDrawn(for: "j").count <= 100)
        probe.send("q")
        #expect(try probe.end() == .status(0))
        #expect(probe.isRestored)
    }

    @Test(arguments: [
        ("dumb", "cannot place the cursor"), ("no-such-type", "is not known"), ("", "is not set"), (nil, "is not set"),
    ])
    func `an unusable type is refused in one sentence before any mode is changed`(_ term: String?, _ reason: String)
        throws
    {
        let probe = try ProbeTerminal(term: term)
        let line = try probe.line()
        #expect(line.hasPrefix("refused ") && line.contains(reason))
        #expect(try probe.end() == .status(2))
        #expect(probe.isRestored)
        #expect(!probe.output.contains(0x1B))
    }

    @Test func `a hostile type name does not reach the screen raw`() throws {
        let probe = try ProbeTerminal(term: "x\u{1B}[31m\u{9B}2J")
        #expect(try probe.line().hasPrefix("refused "))
        #expect(try probe.end() == .status(2))
        #expect(!probe.output.contains(0x1B))
    }

    @Test func `without a UTF-8 locale only ASCII is drawn`() throws {
        let probe = try ProbeTerminal(environment: ["LANG=C"])
        #expect(try probe.line() == "ready 80x24 false twoHundredFiftySix")
        let drawn = try probe.untilBell()
        #expect(drawn.allSatisfy { $0 < 0x80 })
        #expect(contains(drawn, Array("probe | Za".utf8)))
    }

    @Test func `a UTF-8 locale that is not installed still draws Unicode`() throws {
        let probe = try ProbeTerminal(environment: ["LANG=xx_YY.UTF-8"])
        #expect(try probe.line() == "ready 80x24 true twoHundredFiftySix")
        #expect(contains(try probe.untilBell(), Array("日本語".utf8)))
    }

    @Test func `where colours are given directly they are those of the palette`() throws {
        let directory = "/tmp/terminal-probe-direct-\(getpid())"
        let entry =
            #"try-direct|direct colours,colors#0x1000000,pairs#0x7FFF,setaf=\E[38\:2\:\:%p1%{65536}%/%d\:"#
            + #"%p1%{256}%/%{255}%&%d\:%p1%{255}%&%dm,use=xterm-256color,"#
        #expect(system("mkdir -p \(directory) && echo '\(entry)' | tic -x -o \(directory) - 2>/dev/null") == 0)
        defer { _ = system("rm -r \(directory)") }
        let probe = try ProbeTerminal(term: "try-direct", environment: ["LANG=C.UTF-8", "TERMINFO=\(directory)"])
        #expect(try probe.line() == "ready 80x24 true twoHundredFiftySix")
        // The error is red: index 160 of the palette.
        #expect(contains(try probe.untilBell(), Array("38:2::215:0:0m".utf8)))
    }

    @Test func `NO_COLOR takes the colours and leaves the attributes`() throws {
        let plain = try ProbeTerminal(environment: ["LANG=C.UTF-8", "NO_COLOR=1"])
        #expect(try plain.line() == "ready 80x24 true none")
        let drawn = try plain.untilBell()
        #expect(!contains(drawn, Array("38;5;".utf8)) && !contains(drawn, Array("\u{1B}[31m".utf8)))
        #expect(contains(drawn, Array(";7m> record".utf8)))
        let coloured = try ProbeTerminal()
        _ = try coloured.line()
        #expect(contains(try coloured.untilBell(), Array("38;5;".utf8)))
    }

    private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard bytes.count >= part.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
    }
}
