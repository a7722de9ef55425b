import Glibc
import TestSupport
import Testing

@Suite("How the program leaves its terminal", .blocks)
struct TerminalEndTests {
    private let demo: DemoBrowser

    init() throws {
        demo = try DemoBrowser()
    }

    private func isClean(_ session: BrowserSession) -> Bool {
        session.isRestored && session.picture.modes.subtracting(["?25", "?7"]).isEmpty
    }

    @Test("SIGTERM and SIGHUP leave it clean", arguments: [SIGTERM, SIGHUP])
    func signals(_ number: Int32) throws {
        let session = try demo.thread()
        #expect(session.end(signal: number) == 0)
        #expect(isClean(session))
    }

    @Test("A crash leaves it clean", arguments: [SIGSEGV, SIGABRT])
    func crash(_ number: Int32) throws {
        let session = try demo.threads()
        #expect(session.end(signal: number) == 128 + number)
        #expect(isClean(session))
    }

    @Test("No process is left when the terminal goes away")
    func goneTerminal() throws {
        let session = try demo.threads()
        session.hangUp()
        // Ended by itself or by the signal of the hang-up, but ended.
        #expect([0, 1, 128 + SIGHUP].contains(session.end()))
    }

    @Test("Ctrl-Z gives the shell its terminal, and fg brings back the picture and the place in it")
    func suspend() throws {
        let session = try BrowserSession(
            ["-i"], home: demo.directory.path, variables: ["PS1": "shell> ", "ENV": ""], shell: "/bin/sh")
        try session.press(until: "shell> ")
        try session.press("\(PackagePlaces.program) --demo\r", untilTop: "1 Indexes")
        try DemoBrowser.showThreads(session)
        try session.press("jjj", until: "the fourth row") { $0.lines[5].hasPrefix(">") }
        for _ in 0..<2 {
            try session.press("\u{1A}", until: "the shell") {
                !$0.modes.contains("?1049") && $0.text.contains("Stopped") && $0.text.contains("shell> ")
            }
            #expect(session.isRestored)
            #expect(session.picture.modes.subtracting(["?25", "?7"]) == [])
            try session.press("fg\r", until: "the threads again") {
                $0.modes.contains("?1049") && $0.modes.contains("?2004") && !$0.text.contains("Stopped")
                    && $0.lines[0].contains("2 Threads 40") && $0.lines[5].hasPrefix(">")
                    && $0.lines[23].contains(" of 40")
            }
        }
        try session.press("j", until: "the fifth row") { $0.lines[6].hasPrefix(">") }
        // What is typed before the shell asks for it may reach a terminal that is still in the browser's modes.
        try session.press("Q", until: "the shell") { !$0.modes.contains("?1049") && $0.text.contains("shell> ") }
        #expect(session.end("exit\r") == 0)
        #expect(isClean(session))
    }
}
