import JSONText
import TerminalSurface
import TestSupport
import Testing

@Suite(.blocks) struct TerminalTests {
    private let run100 = "/agent=data-analyst/context=run-100/messages"

    @Test func `A trim asks, and only y goes on`() throws {
        let bench = try Workbench()
        let before = try bench.tree(bench.looopy)
        let refused = try TerminalRun(bench, ["trim", "data-analyst/run-100", "--keep", "3", bench.looopy])
        try refused.wait(for: "[y/N]")
        #expect(refused.output.contains("keep 3 messages"))
        refused.type("\n")
        #expect(refused.end() == 4)
        #expect(refused.output.contains("nothing was changed"))
        #expect(try bench.tree(bench.looopy) == before)
        let agreed = try TerminalRun(bench, ["trim", "data-analyst/run-100", "--keep", "3", bench.looopy])
        try agreed.wait(for: "[y/N]")
        agreed.type("y\n")
        #expect(agreed.end() == 0)
        #expect(RawFiles.names(bench.looopy + run100).count == 3)
    }

    @Test func `A message appended between plan and answer is a conflict and nothing is changed`() throws {
        let bench = try Workbench()
        let run = try TerminalRun(bench, ["trim", "data-analyst/run-100", "--keep", "3", bench.looopy])
        try run.wait(for: "[y/N]")
        let count = RawFiles.names(bench.looopy + run100).count
        try RawFiles.write(
            bench.looopy + run100 + "/2026-12-01T00-00-00_000Z-0\(count)-000999.json",
            "{\"role\": \"user\", \"content\": \"new\", \"id\": \"run-100-\(count)\", \"contextId\": \"run-100\", \"index\": \(count), \"timestamp\": \"2026-12-01T00:00:00.000Z\"}"
        )
        let before = try bench.tree(bench.looopy)
        run.type("y\n")
        #expect(run.end() == 4, "\(run.output)")
        #expect(try bench.tree(bench.looopy) == before)
    }

    @Test func `A MemexLLM thread that grew between plan and answer is a conflict`() throws {
        let bench = try Workbench()
        let thread = "5eb561a4-2163-4369-8b52-9b4a97b75092"
        let run = try TerminalRun(bench, ["trim", thread, "--keep", "50", bench.memex])
        try run.wait(for: "[y/N]")
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            db.execute("INSERT INTO messages (id, thread_id, content, role, created_at, metadata, message_index) SELECT 'new', id, '\\"hi\\"', 'user', updated_at, '{}', 300 FROM threads WHERE id = ?", (sys.argv[2],))
            db.commit()
            """
        _ = try bench.python(script, [bench.memex, thread])
        run.type("y\n")
        #expect(run.end() == 4, "\(run.output)")
        #expect(try bench.run("show", "threads", thread, "--json", bench.memex).lines.count == 301)
    }

    @Test func `In a list ids are whole and times are to the minute`() throws {
        let bench = try Workbench()
        let run = try TerminalRun(bench, ["list", "threads", bench.memex, bench.looopy])
        #expect(run.end() == 0)
        let lines = run.output.split(whereSeparator: \.isNewline)
        let line = try #require(lines.first { $0.hasPrefix("5eb561a4-2163-4369-8b52-9b4a97b75092 ") })
        #expect(line.contains("2025-03-01 09:04 "))
        #expect(lines.allSatisfy { $0.count <= 80 })
    }

    @Test func `Replacing a file is asked about`() throws {
        let bench = try Workbench()
        try RawFiles.write(bench.path("out.md"), "mine")
        let arguments = ["export", "threads", "data-analyst/run-100", "--to", bench.path("out.md"), bench.looopy]
        let kept = try TerminalRun(bench, arguments)
        try kept.wait(for: "replace it? [y/N]")
        kept.type("n\n")
        #expect(kept.end() == 4)
        #expect(try RawFiles.read(bench.path("out.md")) == Array("mine".utf8))
        let replaced = try TerminalRun(bench, arguments)
        try replaced.wait(for: "replace it? [y/N]")
        replaced.type("y\n")
        #expect(replaced.end() == 0)
        #expect(try RawFiles.read(bench.path("out.md")).count > 1000)
    }

    @Test func `A list fits the terminal and has a heading`() throws {
        let bench = try Workbench()
        let run = try TerminalRun(bench, ["list", "indexes", bench.connectors], columns: 72)
        #expect(run.end() == 0)
        let lines = run.output.split(whereSeparator: \.isNewline)
        #expect(lines.count == 6)
        #expect(lines[0].hasPrefix("ID"))
        #expect(lines.allSatisfy { CharacterWidth.columns(of: String($0)) <= 72 }, "\(run.output)")
    }

    @Test(arguments: ["--raw", "--json", "--text", "--last=100"])
    func `Nothing stored acts on the terminal, whatever is asked for`(form: String) throws {
        let bench = try Workbench()
        let name = try #require(RawFiles.names(bench.looopy + run100).first { $0.contains("-000-") })
        let path = bench.looopy + run100 + "/" + name
        let message = try JSONValue.parse(try RawFiles.read(path))
        let nasty = "\u{1B}]52;c;QUJD\u{7} \u{9B}31m \u{202E}x \u{7F}"
        // Written without escapes, as some writers of JSON do with all but C0.
        let raw = message.setting(.text("NASTY"), for: "content").serialized()
        let parts = raw.split(separator: "NASTY", maxSplits: 1, omittingEmptySubsequences: false)
        try RawFiles.write(path, String(parts[0]) + nasty.filter { $0 != "\u{1B}" && $0 != "\u{7}" } + String(parts[1]))
        let titled = try JSONValue.parse(
            try RawFiles.read(bench.looopy + "/agent=data-analyst/context=run-100/context.json"))
        try RawFiles.write(
            bench.looopy + "/agent=data-analyst/context=run-100/context.json",
            titled.setting(.text(nasty), for: "title").serialized())
        for arguments in [
            ["show", "threads", "data-analyst/run-100", form, bench.looopy], ["list", "threads", bench.looopy],
            ["list", "threads", "--json", bench.looopy], ["search", "x", bench.looopy],
            ["export", "threads", "data-analyst/run-100", "--to", "-", bench.looopy],
        ] {
            let run = try TerminalRun(bench, arguments)
            #expect(run.end() == 0, "\(arguments): \(run.output.suffix(300))")
            let bad = run.output.unicodeScalars.first {
                ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}", "\u{7F}"].contains($0)
            }
            #expect(bad == nil, "\(arguments)")
        }
    }
}
