import JSONText
import TestSupport
import Testing

@Suite struct ListingTests {
    @Test func `Threads of a MemexLLM database come newest update first`() throws {
        let bench = try Workbench()
        let run = try bench.run("list", "threads", "--json", bench.memex)
        expectDone(run)
        let updated = try run.texts("updated")
        #expect(run.lines.count == 14 && updated.count == 14)
        #expect(updated == updated.sorted(by: >))
        for value in try run.json() {
            #expect(value["kind"]?.stringValue == "thread")
            for member in ["id", "source", "layout", "title"] { #expect(value[member]?.stringValue != nil) }
            #expect(value["messages"]?.intValue != nil && value["metadata"]?.objectValue != nil)
        }
    }

    @Test func `Indexes are listed with the one in the base directory, and their files are counted`() throws {
        let bench = try Workbench()
        let list = try bench.run("list", "indexes", "--json", bench.connectors)
        expectDone(list)
        #expect(Set(try list.texts("id")) == [".", "billing_service", "docs", "mobile", "web-app"])
        let show = try bench.run("show", "indexes", "mobile", bench.connectors)
        expectDone(show)
        #expect(show.lines.contains("files 1200"))
        #expect(
            try bench.run("show", "index", "mobile", "--json", bench.connectors).json()[0]["files"]?.intValue == 1200)
    }

    @Test(arguments: [("threads", 8), ("artifacts", 24), ("tasks", 16)])
    func `A looopy store lists all of a kind`(kind: String, count: Int) throws {
        let bench = try Workbench()
        let run = try bench.run("list", kind, "--json", bench.looopy)
        expectDone(run)
        #expect(run.lines.count == count)
        #expect(Set(try run.texts("id")).count == count)
    }

    @Test func `Several sources are merged into one order`() throws {
        let bench = try Workbench()
        let run = try bench.run(["list", "threads", "--json"] + bench.everything)
        expectDone(run)
        let updated = try run.texts("updated")
        #expect(run.lines.count == 22)
        #expect(updated == updated.sorted(by: >))
        #expect(Set(try run.texts("layout")) == ["memexllm", "looopy"])
        let limited = try bench.run(["list", "threads", "--json", "--limit", "5"] + bench.everything)
        #expect(limited.lines == Array(run.lines.prefix(5)))
    }

    @Test func `Contents of no known layout come by name, also of several sources and in pages`() throws {
        let bench = try Workbench()
        for (place, numbers) in [("one", stride(from: 0, to: 1200, by: 2)), ("two", stride(from: 1, to: 1200, by: 2))] {
            try RawFiles.makeDirectory(bench.path(place))
            // Written from the last name to the first, so that times say the opposite of names.
            for number in numbers.reversed() {
                try RawFiles.write(bench.path("\(place)/\(10_000 + number).txt"), "x")
            }
        }
        let one = try bench.run("list", "raw", "--json", bench.path("one"))
        expectDone(one)
        #expect(try one.texts("id").count == 600)
        let both = try bench.run("list", "raw", "--json", bench.path("one"), bench.path("two"))
        expectDone(both)
        #expect(try both.texts("id") == (0..<1200).map { "\(10_000 + $0).txt" })
        let mixed = try bench.run("list", "raw", "--json", bench.path("one"), bench.memex)
        expectDone(mixed)
        #expect(mixed.lines == one.lines)
    }

    @Test func `A filter lets through what holds all words`() throws {
        let bench = try Workbench()
        let run = try bench.run("list", "indexes", "--json", "--filter", "acme app", bench.connectors)
        expectDone(run)
        #expect(try run.texts("id") == ["web-app"])
        let none = try bench.run("list", "indexes", "--filter", "nothing like it", bench.connectors)
        expectDone(none)
        #expect(none.output.isEmpty)
    }

    @Test func `Without a terminal a record is one line with tabs and no control character`() throws {
        let bench = try Workbench()
        let run = try bench.run(["list", "threads"] + bench.everything)
        expectDone(run)
        #expect(run.lines.count == 22)
        let columns = run.lines.map { $0.split(separator: "\t", omittingEmptySubsequences: false).count }
        #expect(Set(columns).count == 1)
        #expect(run.output.allSatisfy { $0 >= 0x20 || $0 == 0x09 || $0 == 0x0A })
    }

    @Test func `One source that fails does not keep the others from answering`() throws {
        let bench = try Workbench()
        let run = try bench.run("list", "threads", "--json", bench.path("gone.db"), bench.memex)
        #expect(run.lines.count == 14)
        expectRefusal(run, 1, "gone.db", "there is no such file or directory")
    }

    @Test func `Sources tell engine, layouts, counts and state`() throws {
        let bench = try Workbench()
        let run = try bench.run(["sources", "--json"] + bench.everything)
        expectDone(run)
        let reports = try run.json()
        #expect(reports.map { $0["engine"]?.stringValue } == ["SQLite", "files", "files"])
        #expect(reports[0]["counts"]?["threads"]?.intValue == 14)
        #expect(reports[1]["counts"]?["tasks"]?.intValue == 16)
        #expect(reports[2]["layouts"]?[0]?.stringValue == "context-connectors")
        #expect(reports.allSatisfy { $0["state"]?.stringValue == "ok" })
    }

    @Test func `A thread is shown as JSON, as stored, as text and for people`() throws {
        let bench = try Workbench()
        let thread = try #require(
            try bench.run("list", "threads", "--json", bench.memex).json().first {
                $0["messages"]?.intValue == 7
            }?["id"]?.stringValue)
        let json = try bench.run("show", "threads", thread, "--json", bench.memex)
        expectDone(json)
        #expect(try json.json().map { $0["position"]?.intValue } == Array(0..<7))
        let last = try bench.run("show", "threads", thread, "--json", "--last", "2", bench.memex)
        #expect(last.lines == Array(json.lines.suffix(2)))
        let human = try bench.run("show", "threads", thread, bench.memex)
        expectDone(human)
        #expect(human.lines.contains("messages 7") && human.text.contains("--- 1 "))
        #expect(human.output.allSatisfy { $0 >= 0x20 || $0 == 0x0A })
        let raw = try bench.run("show", "threads", thread, "--raw", bench.memex)
        #expect(raw.text.contains("\"message_index\""))
    }

    @Test func `Stored bytes are printed exactly`() throws {
        let bench = try Workbench()
        let run = try bench.run("show", "indexes", "docs", "--raw", bench.connectors)
        expectDone(run)
        #expect(run.output == (try RawFiles.read(bench.connectors + "/indexes/docs/state.json")))
    }

    @Test func `Search names every place in messages, documents and titles`() throws {
        let bench = try Workbench()
        let run = try bench.run(["search", "refund policy", "--json"] + bench.everything)
        expectDone(run)
        #expect(!run.lines.isEmpty)
        #expect(try run.json().allSatisfy { $0["excerpt"]?.stringValue != nil })
        let kind = try bench.run(["search", "refund policy", "--kind", "artifacts", "--json"] + bench.everything)
        #expect(Set(try kind.texts("kind")) == ["artifact"])
    }

    @Test func `A reader that goes away ends the program without a word`() throws {
        let bench = try Workbench()
        let run = try bench.shell("\"$@\" | head -1; exit 0", ["list", "artifacts", "--json", bench.looopy])
        #expect(run.lines.count == 1)
        #expect(run.errors.isEmpty)
    }

    @Test func `Data that cannot be written is a failure`() throws {
        let bench = try Workbench()
        let run = try bench.shell("\"$@\" > /dev/full", ["list", "threads", "--json", bench.memex])
        expectRefusal(run, 1, "standard output")
    }

    @Test func `Configured sources are used by name and when none is named, and a mistake in the file is told`() throws
    {
        let bench = try Workbench()
        try RawFiles.makeDirectory(bench.path("home/.config/ctxbrowse"))
        let file = bench.path("home/.config/ctxbrowse/config.json")
        try RawFiles.write(
            file,
            """
            { // two places
              "sources": {
                "chats": { "location": "sqlite:\(bench.memex)", "readOnly": true },
                "agents": { "location": "\(bench.looopy)" },
              },
            }
            """)
        let named = try bench.run("list", "threads", "--json", "chats")
        expectDone(named)
        #expect(named.lines.count == 14)
        #expect(Set(try named.texts("source")) == ["chats"])
        #expect(try bench.run("list", "threads", "--json").lines.count == 22)
        let thread = try #require(try named.texts("id").first)
        expectRefusal(try bench.run("delete", "threads", thread, "--yes", "chats"), 4, "read-only")
        #expect(try bench.run("list", "threads", "--json", "chats").lines.count == 14)
        try RawFiles.write(file, "{ \"sources\": {\n\"chats\": 7 } }")
        let wrong = try bench.run("list", "threads", "--json", bench.memex)
        #expect(wrong.lines.count == 14)
        #expect(wrong.errorLines.count == 1 && wrong.errors.contains("config.json, line 2"), "\(wrong.errors)")
    }

    @Test func `A database beside other stores in a directory is a source of its own`() throws {
        let bench = try Workbench()
        try RawFiles.makeDirectory(bench.path("agents"))
        try RawFiles.write(bench.path("agents/memexllm.db"), try RawFiles.read(bench.memex))
        #expect(try bench.run("list", "threads", "--json", "agents").lines.count == 14)
        try RawFiles.rename(bench.looopy, bench.path("agents/_agent_store"))
        #expect(try bench.run("list", "threads", "--json", "agents").lines.count == 22)
    }

    @Test func `A word that is neither verb nor source opens nothing`() throws {
        let bench = try Workbench()
        expectRefusal(try bench.run("serach", "refund"), 2, "did you mean 'search'?")
        expectRefusal(try bench.run("nothing.db"), 3, "there is no verb, source, file or directory 'nothing.db'")
    }
}
