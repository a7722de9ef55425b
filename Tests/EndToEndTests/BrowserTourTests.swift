import TestSupport
import Testing

@Suite("The browser over the stores of three tools", .blocks)
struct BrowserTourTests {
    /// Copies of what the tools wrote, and an index that holds a number no double can.
    private func stores() throws -> TemporaryDirectory {
        let directory = try CopiedStores.make("memexllm", "looopy", "context-connectors")
        let index = directory.path("context-connectors/indexes/numbers")
        try RawFiles.makeDirectory(index)
        for name in ["state.json", "search.json"] {
            try RawFiles.write(
                "\(index)/\(name)",
                """
                {"version":1,"contextState":{"mode":"full","big":9007199254740993,"addedBlobs":[],"deletedBlobs":[],\
                "blobs":[]},"source":{"type":"github","config":{"owner":"acme","repo":"numbers"},\
                "syncedAt":"2099-01-01T00:00:00.000Z"}}
                """)
        }
        return directory
    }

    private func sums(_ directory: TemporaryDirectory) throws -> [String] {
        try ProgramRun.run(
            "/bin/sh", ["-c", "find memexllm looopy context-connectors -type f -exec md5sum {} + | sort"],
            environment: ["PATH": "/usr/bin:/bin"], directory: directory.path
        ).lines
    }

    @Test(
        "Reading, asking and going back changes nothing and leaves a clean terminal",
        arguments: [[80, 24], [200, 50]])
    func tour(_ size: [Int]) throws {
        let directory = try stores()
        let before = try sums(directory)
        let session = try BrowserSession(
            ["memexllm/memexllm.db", "looopy/_agent_store", "context-connectors"].map(directory.path),
            home: directory.path, columns: size[0], rows: size[1])
        try session.press("2", untilTop: "2 Threads 22")
        // All sources have answered; before that records still come between others.
        try session.press(until: "all threads") { $0.lines[$0.lines.count - 1].contains(" of 22") }
        try session.press("gj\r", untilTop: "message 1 of")
        try session.press("\u{1B}", untilTop: "2 Threads 22")
        try session.press("1", until: "> numbers")
        try session.press("\r", until: "big: 9007199254740993")
        try session.press("\u{1B}", untilTop: "1 Indexes 6")
        try session.press("2", until: "> ")
        try session.press("T", until: "first to stay")
        try session.press("\u{1B}", whileShown: "first to stay")
        try session.press("d", until: "would go")
        try session.press("dd\u{4}\u{1B}", whileShown: "Delete a thread")
        for _ in 0..<3 { try session.press("\u{1B}", until: "this is the first screen; q quits") }
        session.resize(columns: 20, rows: 5)
        try session.press(until: "the small screen") {
            $0.lines[0].contains("2 Threads") && $0.lines[1].hasPrefix("  About")
        }
        session.resize(columns: size[0], rows: size[1])
        try session.press(until: "the heading") {
            $0.lines[0].contains("3 Artifacts 24") && $0.text.contains("updated↓")
        }
        #expect(session.picture.modes.contains("?1049"))
        #expect(session.end("q") == 0)
        #expect(session.isRestored)
        #expect(session.picture.modes.subtracting(["?25", "?7"]) == [])
        #expect(try sums(directory) == before)
        #expect(!before.isEmpty)
    }
}
