import JSONText
import TestSupport
import Testing

@Suite(.blocks) struct ListingTests {
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

    @Test(arguments: [
        ("threads", "updated created id title messages tokens size agent status"),
        ("artifacts", "updated created id title size type status"),
        ("tasks", "updated id title size agent state"), ("indexes", "synced key title size origin"), ("raw", "id"),
    ])
    func `A list is sorted by each key of the browser's menu, and by no other`(kind: String, keys: String) throws {
        let bench = try Workbench()
        let place = kind == "indexes" ? bench.connectors : bench.looopy
        let all = try bench.run("list", kind, "--json", place)
        for key in keys.split(separator: " ").map(String.init) {
            let run = try bench.run("list", kind, "--sort", key, "--json", place)
            expectDone(run)
            #expect(Set(run.lines) == Set(all.lines), "by \(key)")
        }
        let others = ["created", "messages", "agent", "state", "origin", "type", "nonsense"].filter {
            !keys.split(separator: " ").map(String.init).contains($0)
        }
        for key in others {
            let run = try bench.run("list", kind, "--sort", key, "--json", place)
            let words = keys.split(separator: " ")
            let told = (words.count > 1 ? words.dropLast().joined(separator: ", ") + " or " : "") + (words.last ?? "")
            expectRefusal(run, 2, "\(kind) are not sorted by '\(key)'", "KEY is \(told)")
        }
    }

    @Test func `A list comes in the order that is asked for, or the other way round, over all sources`() throws {
        let bench = try Workbench()
        func list(_ options: String...) throws -> [JSONValue] {
            let run = try bench.run(["list", "threads", "--json"] + options + bench.everything)
            expectDone(run)
            return try run.json()
        }
        let messages = try list("--sort", "messages").compactMap { $0["messages"]?.intValue }
        #expect(messages.count == 22 && messages == messages.sorted(by: >))
        #expect(try list("--sort=messages", "--reverse").compactMap { $0["messages"]?.intValue } == messages.sorted())
        let ids = try list("--sort", "key").compactMap { $0["id"]?.stringValue }
        #expect(ids == ids.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try list("--sort", "ID", "--limit", "3").compactMap { $0["id"]?.stringValue } == Array(ids.prefix(3)))
        // Without a key the usual order is turned round; what has no time stays last.
        let oldest = try list("--reverse").compactMap { $0["updated"]?.stringValue }
        #expect(oldest == oldest.sorted())
        #expect(try list("--sort", "updated") == (try list()))
    }

    @Test func `Where one source does not have the order its records come last, and where none has it it is refused`()
        throws
    {
        let bench = try Workbench()
        let run = try bench.run(["list", "threads", "--sort", "tokens", "--json"] + bench.everything)
        #expect(run.code == 0)
        #expect(run.errors.contains("cannot sort threads by tokens; they come last, by updated"))
        let layouts = try run.texts("layout")
        #expect(layouts == Array(repeating: "looopy", count: 8) + Array(repeating: "memexllm", count: 14))
        let tokens = try run.json().prefix(8).map { $0["tokens"]?.intValue ?? 0 }
        #expect(tokens == tokens.sorted(by: >))
        let updated = Array(try run.texts("updated").suffix(14))
        #expect(updated == updated.sorted(by: >))
        expectRefusal(
            try bench.run("list", "threads", "--sort", "tokens", bench.memex), 2,
            "no source here sorts threads by tokens", "updated, created, id, title or messages")
    }

    @Test func `A place where nothing is stored yet lists nothing and is no failure`() throws {
        let bench = try Workbench()
        try RawFiles.makeDirectory(bench.path("indexes"))
        try RawFiles.write(bench.path("memexllm.db"), RawFiles.read(bench.memex))
        let found = try bench.run("list", "threads", "--json")
        expectDone(found)
        #expect(found.lines.count == 14)
        for place in [bench.path("indexes"), "memory:"] {
            let run = try bench.run("list", "indexes", place)
            expectDone(run)
            #expect(run.lines.isEmpty)
        }
        try RawFiles.write(
            bench.path("own.json"), "{sources: {own: {location: \"\(bench.memex)\", layouts: [\"looopy\"]}}}")
        expectRefusal(
            try bench.run("list", "threads", "--config", "own.json"), 3, "nothing in it is of a known layout")
        try RawFiles.write(bench.path("indexes/notes.txt"), "x")
        expectRefusal(try bench.run("list", "indexes", bench.path("indexes")), 3, "nothing in it is of a known layout")
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

    @Test func `A name that is no key of the filter is told beside an empty list`() throws {
        let bench = try Workbench()
        let run = try bench.run("list", "threads", "--filter", "mesages:>1", bench.memex)
        #expect(run.code == 0 && run.lines.isEmpty)
        #expect(run.errors.contains("mesages: is no key of the filter, it was taken as words"))
        #expect(try bench.run("list", "threads", "--filter", "messages:>1", bench.memex).errors.isEmpty)
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
        // As every line of JSON has them.
        #expect(reports.allSatisfy { $0["kind"]?.stringValue == "source" && $0["id"] == $0["source"] })
        #expect(reports.map { $0["layout"]?.stringValue } == ["memexllm", "looopy", "context-connectors"])
        #expect(reports.allSatisfy { $0["title"]?.stringValue?.isEmpty == false })
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

    @Test func `Search takes quoted words and patterns as the browser does`() throws {
        let bench = try Workbench()
        func count(_ text: String) throws -> Int {
            let run = try bench.run(["search", text, "--json"] + bench.everything)
            expectDone(run)
            return run.lines.count
        }
        let words = try count("refund policy")
        let phrase = try count(#""refund policy""#)
        #expect(phrase > 0 && phrase <= words)
        #expect(try count("policy refund") == words)
        #expect(try count(#""policy refund""#) == 0)
        #expect(try count("/refund policy/") > 0)
        expectRefusal(try bench.run("search", "/(/", bench.memex), 2, "/(/ is no pattern")
        expectRefusal(try bench.run("search", #""refund policy"#, bench.memex), 2, #"a second " ends the words"#)
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
