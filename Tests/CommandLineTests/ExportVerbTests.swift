import JSONText
import TestSupport
import Testing

@Suite(.blocks) struct ExportVerbTests {
    private let thread = "data-analyst/run-102"

    @Test(arguments: ["json", "jsonl", "md", "txt", "html"])
    func `A thread is written in every form`(format: String) throws {
        let bench = try Workbench()
        let run = try bench.run("export", "threads", thread, "--to", "out.\(format)", bench.looopy)
        expectDone(run)
        #expect(run.lines == ["wrote out.\(format)"])
        let named = try bench.run("export", "threads", thread, "--to", "-", "--format", format, bench.looopy)
        expectDone(named)
        #expect(named.output == (try RawFiles.read(bench.path("out.\(format)"))))
        #expect(named.output.count > 1000)
    }

    @Test func `A thread's JSON holds the stored messages byte for byte`() throws {
        let bench = try Workbench()
        let run = try bench.run("export", "threads", thread, "--to", "-", bench.looopy)
        let directory = bench.looopy + "/agent=data-analyst/context=run-102/messages"
        for name in RawFiles.names(directory).prefix(5) {
            #expect(run.text.contains(String(decoding: try RawFiles.read(directory + "/" + name), as: UTF8.self)))
        }
        #expect(try JSONValue.parse(run.text)["messages"]?.arrayValue?.count == 35)
    }

    @Test func `What is no file is never replaced by one`() throws {
        let bench = try Workbench()
        try RawFiles.makePipe(bench.path("pipe"))
        let run = try bench.run("export", "threads", thread, "--to", "pipe", "--yes", bench.looopy)
        expectRefusal(run, 2, "it is there and no file")
        let still = try bench.shell("test -p pipe", [])
        #expect(still.code == 0)
    }

    @Test func `Indexes and artifacts are written as stored`() throws {
        let bench = try Workbench()
        expectDone(try bench.run("export", "indexes", ".", "docs", "--to", "out", bench.connectors))
        #expect(
            try RawFiles.read(bench.path("out/docs/search.json"))
                == (try RawFiles.read(bench.connectors + "/indexes/docs/search.json")))
        #expect(
            try RawFiles.read(bench.path("out/state.json")) == (try RawFiles.read(bench.connectors + "/state.json")))
        let artifacts = bench.looopy + "/agent=data-analyst/context=run-102/artifacts"
        let table = try bench.run(
            "export", "artifacts", "\(thread)/sales-2", "--to", "-", "--format", "csv", bench.looopy)
        expectDone(table)
        let rows = try RawFiles.read(artifacts + "/sales-2/rows.jsonl").count { $0 == 0x0A }
        #expect(table.text.split(separator: "\r\n").count >= rows)
        let data = try bench.run("export", "artifacts", "\(thread)/summary-2", "--to", "-", bench.looopy)
        #expect(data.output == (try RawFiles.read(artifacts + "/summary-2/data.json")))
        let file = try bench.run("export", "artifacts", "\(thread)/report-2", "--to", "r.md", bench.looopy)
        #expect(file.code == 0)
        #expect(try RawFiles.read(bench.path("r.md")) == (try RawFiles.read(artifacts + "/report-2/content.txt")))
    }

    @Test func `Several records go into a directory with a file each`() throws {
        let bench = try Workbench()
        let run = try bench.run(
            "export", "tasks", "\(thread)/task-2-0", "\(thread)/task-2-1", "--to", "tasks", bench.looopy)
        expectDone(run)
        #expect(
            RawFiles.names(bench.path("tasks")) == [
                "data-analyst_run-102_task-2-0.json", "data-analyst_run-102_task-2-1.json",
            ])
    }

    @Test func `Where one of several records is missing the others go into the directory all the same`() throws {
        let bench = try Workbench()
        let run = try bench.run(
            "export", "tasks", "\(thread)/task-2-0", "\(thread)/nosuch", "--to", "tasks", bench.looopy)
        #expect(run.code == 1)
        #expect(RawFiles.names(bench.path("tasks")) == ["data-analyst_run-102_task-2-0.json"])
    }

    @Test func `Several records do not make a directory with the name of a file`() throws {
        let bench = try Workbench()
        let words = ["export", "threads", thread, "data-analyst/run-101", "--to", "many.md", bench.looopy]
        expectRefusal(try bench.run(words), 2, "2 records do not go into one file 'many.md'")
        #expect(!RawFiles.exists(bench.path("many.md")))
        try RawFiles.makeDirectory(bench.path("many.md"))
        expectDone(try bench.run(words))
        #expect(RawFiles.names(bench.path("many.md")).count == 2)
    }

    @Test func `A place where no file can be made is not told as one that is not there`() throws {
        let bench = try Workbench()
        let gone = try bench.run("export", "threads", thread, "--to", "gone/x.md", bench.looopy)
        expectRefusal(gone, 3, "cannot export to gone: there is no such directory; make it first")
        let proc = try bench.run("export", "threads", thread, "--to", "/proc/x.md", bench.looopy)
        expectRefusal(proc, 1, "cannot export to /proc/x.md: no file can be made in that directory")
    }

    @Test func `A file that is there is kept unless the user says otherwise`() throws {
        let bench = try Workbench()
        try RawFiles.write(bench.path("out.md"), "mine")
        let run = try bench.run("export", "threads", thread, "--to", "out.md", bench.looopy)
        expectRefusal(run, 4, "cannot export to out.md: the file is there already")
        #expect(try RawFiles.read(bench.path("out.md")) == Array("mine".utf8))
        expectDone(try bench.run("export", "threads", thread, "--to", "out.md", "--yes", bench.looopy))
        #expect(try RawFiles.read(bench.path("out.md")).count > 1000)
    }

    @Test func `A full disk is one sentence and leaves no file`() throws {
        let bench = try Workbench()
        let script = "ulimit -f 8; exec \"$@\""
        let run = try bench.shell(script, ["export", "indexes", "mobile", "--to", "big", bench.connectors])
        expectRefusal(run, 1, "export", "too large")
        #expect(RawFiles.names(bench.path("big/mobile")).isEmpty)
    }

    @Test func `Wrong targets and formats are told before anything is written`() throws {
        let bench = try Workbench()
        expectRefusal(
            try bench.run("export", "threads", thread, "--to", "a.doc", bench.looopy), 2, "'.doc'", "--format")
        expectRefusal(
            try bench.run("export", "threads", thread, "--to", "a", "--format", "htlm", bench.looopy), 2, "htlm",
            "did you mean 'html'?")
        expectRefusal(
            try bench.run("export", "threads", thread, "--to", "none/a.md", bench.looopy), 3, "no such directory")
        expectRefusal(
            try bench.run("export", "threads", "a", "b", "--to", "-", bench.looopy), 2, "standard output")
        #expect(!RawFiles.exists(bench.path("a")) && !RawFiles.exists(bench.path("a.doc")))
    }
}
