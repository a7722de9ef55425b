import Glibc
import TestSupport
import Testing

@Suite("Quitting the browser and starting it again", .blocks)
struct SessionRestoreTests {
    private func session(_ directory: TemporaryDirectory, _ more: [String] = []) throws -> BrowserSession {
        try BrowserSession(more + [directory.path("looopy/_agent_store")], home: directory.path)
    }

    private func file(_ directory: TemporaryDirectory) -> String { directory.path("state/ctxbrowse/session.json") }

    @Test("The first keys are shown once; tab, order and command lines are there again")
    func quitAndStart() throws {
        let directory = try CopiedStores.make("looopy")
        let first = try session(directory)
        try first.press(until: "First steps")
        // What was shown is noted before anything else happens.
        for _ in 0..<10_000 where !RawFiles.exists(file(directory)) { poll(nil, 0, 5) }
        try first.press("3", whileShown: "First steps")
        try first.press(":", until: ":")
        try first.press("sort id\r", until: "by id ↑")
        #expect(first.end("Q") == 0)
        #expect(first.isRestored)
        #expect(try RawFiles.mode(file(directory)) == 0o600)

        let second = try session(directory)
        try second.press(until: "the tab and its order") {
            $0.lines[0].contains("3 Artifacts 24") && $0.text.contains("by id ↑")
        }
        #expect(!second.picture.text.contains("First steps"))
        try second.press(":\u{1B}[A", until: ":sort id")
        try second.press("\u{1B}", whileShown: ":sort id")
        try second.press("5", untilTop: "5 Sources 1")
        #expect(second.end("q") == 0)

        let third = try session(directory)
        try third.press(until: "engine")
        #expect(third.end("q") == 0)
        #expect(RawFiles.names(directory.path("state/ctxbrowse")).filter { $0.contains("session") } == ["session.json"])
    }

    @Test(
        "What was chosen is kept when the terminal hangs up or the program is asked to end",
        arguments: [SIGHUP, SIGTERM])
    func signalled(_ signal: Int32) throws {
        let directory = try CopiedStores.make("looopy")
        let first = try session(directory)
        try first.press("4", untilTop: "4 Tasks")
        try first.press("s", until: "Sort by")
        try first.press("k", until: "by id ↑")
        _ = first.end(signal: signal)
        let second = try session(directory)
        try second.press(until: "by id ↑")
        #expect(second.end("q") == 0)
    }

    @Test("A damaged file holds nothing up and is told in the messages")
    func damaged() throws {
        let directory = try CopiedStores.make("looopy")
        try RawFiles.makeDirectory(directory.path("state/ctxbrowse"))
        try RawFiles.write(file(directory), "{ nonsense")
        let first = try session(directory)
        try first.press("2", untilTop: "2 Threads 8")
        try first.press("!", until: "the last session is not restored")
        #expect(first.end("Q") == 0)
        let second = try session(directory)
        try second.press(untilTop: "2 Threads 8")
        try second.press("!", untilTop: "messages")
        #expect(!second.picture.text.contains("not restored"))
        #expect(second.end("Q") == 0)
    }

    @Test("The demo neither reads nor writes what is remembered")
    func demo() throws {
        let directory = try TemporaryDirectory()
        let demo = try BrowserSession(["--demo"], home: directory.path)
        try demo.press("2", untilTop: "2 Threads")
        try demo.press("s", until: "Sort by")
        try demo.press("k", until: "by id ↑")
        #expect(demo.end("Q") == 0)
        #expect(!RawFiles.exists(directory.path("state")))
    }
}
