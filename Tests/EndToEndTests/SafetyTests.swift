import TestSupport
import Testing

@Suite("A trim through its preview and an undo from the recovery screen after a restart", .blocks)
struct SafetyTests {
    /// Every file of a directory by its checksum, every row of a database as it is stored.
    private func content(_ directory: TemporaryDirectory, _ source: String) throws -> [String] {
        let dump = "import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).iterdump(), sep='\\n')"
        let run =
            source.hasPrefix("looopy")
            ? try ProgramRun.run(
                "/bin/sh", ["-c", "find looopy -type f -exec md5sum {} + | sort"],
                environment: ["PATH": "/usr/bin:/bin"], directory: directory.path)
            : try ProgramRun.run("/usr/bin/python3", ["-c", dump, directory.path(source)])
        #expect(run.code == 0 && !run.lines.isEmpty)
        return run.lines
    }

    @Test("What was there before is there again", arguments: ["looopy/_agent_store"])
    func trimAndUndo(_ source: String) throws {
        let directory = try CopiedStores.make("memexllm", "looopy")
        let before = try content(directory, source)
        let session = try BrowserSession([directory.path(source)], home: directory.path)
        try session.press("2", until: "> ")
        try session.press("T", until: "keep ")
        try session.press("1", until: "keep 1 · drop ")
        try session.press("\u{1B}", whileShown: "keep 1 ")
        #expect(try content(directory, source) == before)
        try session.press("T", until: " · drop ")
        try session.press("1", until: "keep 1 · drop ")
        try session.press("\r", until: "Trim a thread")
        try session.press(until: "the plan") { $0.text.contains("keep 1, drop") }
        try session.press("y", until: "the outcome or a question") {
            $0.text.contains("trimmed") || $0.text.contains("anyway")
        }
        if !session.picture.text.contains("trimmed") { try session.press("y", until: "trimmed") }
        #expect(session.end("Q") == 0)
        #expect(try content(directory, source) != before)

        let again = try BrowserSession([directory.path(source)], home: directory.path)
        try again.press("U", until: "1 can be undone")
        try again.press("\r", until: "The messages that went")
        try again.press("\u{1B}", whileShown: "The messages that went")
        try again.press("u", until: "brings back")
        try again.press("y", until: "undone: trim to 1")
        try again.press(until: "it is undone already")
        #expect(again.end("Q") == 0)
        #expect(try content(directory, source) == before)
    }
}
