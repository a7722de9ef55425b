import Glibc
import JSONText
import TestSupport
import Testing

@Suite(.blocks) struct ChangeTests {
    private let thread300 = "5eb561a4-2163-4369-8b52-9b4a97b75092"

    /// The stored messages of a looopy conversation by file name.
    private func messages(_ bench: Workbench, _ context: String) throws -> [String: [UInt8]] {
        try bench.tree(bench.looopy + "/agent=data-analyst/context=\(context)/messages")
    }

    @Test func `A trim of a looopy thread keeps the newest and undo brings all back byte for byte`() throws {
        let bench = try Workbench()
        let before = try bench.tree(bench.looopy)
        let messages = try messages(bench, "run-102")
        let run = try bench.run("trim", "data-analyst/run-102", "--keep", "3", "--yes", bench.looopy)
        #expect(run.code == 0)
        #expect(run.lines.count == 1 && run.text.contains("kept 3") && run.text.contains("recovery entry"))
        let kept = try self.messages(bench, "run-102")
        #expect(kept.count == 3)
        let newest = try messages.map { try JSONValue.parse($0.value) }
            .sorted { ($0["index"]?.intValue ?? 0) < ($1["index"]?.intValue ?? 0) }.suffix(3)
        let values = try kept.map { try JSONValue.parse($0.value) }
            .sorted { ($0["index"]?.intValue ?? 0) < ($1["index"]?.intValue ?? 0) }
        for (index, (old, new)) in zip(newest, values).enumerated() {
            #expect(new["index"]?.intValue == index && new["id"]?.stringValue == "run-102-\(index)")
            #expect(
                new.setting(nil, for: "index").setting(nil, for: "id")
                    == old.setting(nil, for: "index").setting(nil, for: "id"))
        }
        let undo = try bench.run("undo")
        expectDone(undo)
        #expect(try bench.tree(bench.looopy) == before)
    }

    @Test func `A trim of a MemexLLM thread leaves its times and undo brings the rows back`() throws {
        let bench = try Workbench()
        let dump = "import sqlite3,sys\nfor l in sqlite3.connect(sys.argv[1]).iterdump(): print(l)"
        let before = try bench.python(dump, [bench.memex])
        let all = try bench.run("show", "threads", thread300, "--json", bench.memex)
        let times = try bench.run("list", "threads", "--json", bench.memex).texts("updated")
        let run = try bench.run("trim", thread300, "--keep", "50", "--yes", bench.memex)
        #expect(run.code == 0 && run.text.contains("kept 50, removed 250 messages"), "\(run.text)\(run.errors)")
        let kept = try bench.run("show", "threads", thread300, "--json", bench.memex)
        #expect(try kept.texts("id") == Array(try all.texts("id").suffix(50)))
        #expect(try bench.run("list", "threads", "--json", bench.memex).texts("updated") == times)
        let list = try bench.run("undo", "--list", "--json")
        #expect(try list.json().map { $0["removed"]?.intValue } == [250])
        let entry = try #require(try list.texts("entry").first)
        expectDone(try bench.run("undo", entry))
        #expect(try bench.python(dump, [bench.memex]) == before)
    }

    @Test func `A dry run prints the plan and changes nothing`() throws {
        let bench = try Workbench()
        _ = bench.everything
        let before = try bench.tree(bench.directory.path)
        let run = try bench.run("trim", "data-analyst/run-102", "--keep", "3", "--dry-run", bench.looopy)
        expectDone(run)
        #expect(run.lines[0].contains("keep 3 messages, remove 32 messages"), "\(run.text)")
        #expect(run.text.contains("first to stay") && run.text.contains("last to go"))
        let delete = try bench.run("delete", "threads", thread300, "--dry-run", bench.memex)
        #expect(delete.code == 0 && delete.text.hasPrefix("delete thread \(thread300)"))
        #expect(try bench.tree(bench.directory.path) == before)
    }

    @Test func `Records of every kind are deleted and come back, newest first`() throws {
        let bench = try Workbench()
        let looopy = try bench.tree(bench.looopy)
        let connectors = try bench.tree(bench.connectors)
        #expect(try bench.run("delete", "artifacts", "data-analyst/run-102/report-2", "--yes", bench.looopy).code == 0)
        #expect(try bench.run("delete", "tasks", "data-analyst/run-102/task-2-0", "--yes", bench.looopy).code == 0)
        #expect(try bench.run("delete", "indexes", ".", "docs", "--yes", bench.connectors).code == 0)
        #expect(try bench.run("list", "indexes", "--json", bench.connectors).lines.count == 3)
        #expect(try bench.run("list", "artifacts", "--json", bench.looopy).lines.count == 23)
        for _ in 0..<4 { expectDone(try bench.run("undo")) }
        #expect(try bench.tree(bench.looopy) == looopy)
        #expect(try bench.tree(bench.connectors) == connectors)
        expectRefusal(try bench.run("undo"), 3, "there is nothing to undo")
    }

    @Test func `What one delete did to many records is undone as one, each told of, and one that is back is left`()
        throws
    {
        let bench = try Workbench()
        let before = try bench.tree(bench.connectors)
        #expect(try bench.run("delete", "indexes", "docs", "--yes", bench.connectors).code == 0)
        let act = try bench.run("delete", "indexes", ".", "mobile", "web-app", "--yes", bench.connectors)
        #expect(act.code == 0, "\(act.text)")
        let entries = try bench.run("undo", "--list", "--json").lines.map { try JSONValue.parse($0) }
        let names = entries.compactMap { $0["entry"]?.stringValue }
        #expect(entries.map { $0["group"]?.stringValue } == [names[2], names[2], names[2], nil])
        #expect(act.errors.contains("ctxbrowse undo --group \(names[2]) brings back all 3"))
        expectDone(try bench.run("undo", names[1]))
        let undo = try bench.run("undo", "--group")
        #expect(undo.code == 0, "\(undo.text)")
        #expect(undo.lines.map { $0.split(separator: " ")[1].dropLast() }.map { String($0) } == [names[0], names[2]])
        #expect(try bench.run("list", "indexes", "--json", bench.connectors).lines.count == 4)
        // The one before it was an act of its own.
        expectDone(try bench.run("undo", "--group"))
        #expect(try bench.tree(bench.connectors) == before)
        expectRefusal(try bench.run("undo", "--group"), 3, "there is nothing to undo")
    }

    @Test func `Without a terminal a change needs its confirmation`() throws {
        let bench = try Workbench()
        let before = try bench.tree(bench.looopy)
        let run = try bench.run("delete", "threads", "data-analyst/run-102", bench.looopy)
        expectRefusal(run, 4, "needs --yes")
        let readOnly = try bench.run("--read-only", "delete", "threads", "data-analyst/run-102", "--yes", bench.looopy)
        expectRefusal(readOnly, 4, "--read-only")
        #expect(try bench.tree(bench.looopy) == before)
    }

    @Test func `One record that is not there does not keep the others from being changed`() throws {
        let bench = try Workbench()
        let run = try bench.run("delete", "indexes", "docs", "nope", "--yes", bench.connectors)
        #expect(run.lines.count == 1 && run.text.hasPrefix("deleted index docs"))
        expectRefusal(run, 1, "there is no index 'nope'")
    }

    @Test func `An undo brings directories back with the modes they had`() throws {
        let bench = try Workbench()
        let directories = [
            ("index", "docs", bench.connectors, bench.connectors + "/indexes/docs"),
            (
                "artifact", "data-analyst/run-102/sales-2", bench.looopy,
                bench.looopy + "/agent=data-analyst/context=run-102/artifacts/sales-2"
            ),
        ]
        for (kind, id, store, directory) in directories {
            for mode: UInt32 in [0o700, 0o711] {
                try RawFiles.setMode(directory, mode)
                let before = try bench.tree(store)
                expectDone(try bench.run("delete", kind, id, "--yes", store))
                #expect(!RawFiles.exists(directory))
                expectDone(try bench.run("undo"))
                #expect(try RawFiles.mode(directory) == mode)
                #expect(try bench.tree(store) == before)
            }
        }
    }

    @Test func `A mistyped source changes nothing anywhere, and neither does one that does not answer`() throws {
        let bench = try Workbench()
        let before = try RawFiles.read(bench.memex)
        try RawFiles.write(bench.path("own.json"), "{\"sources\": {\"own\": {\"location\": \"\(bench.memex)\"}}}")
        for verb in [["delete", "thread", thread300], ["trim", thread300, "--keep", "3"]] {
            let run = try bench.run(verb + ["bakcup.db", "--yes", "--config", "own.json"])
            expectRefusal(run, 3, "there is no thread 'bakcup.db'", lines: 2)
            #expect(run.errors.contains("nothing was changed"))
            let silent = try bench.run(verb + ["--yes", bench.memex, "redis://127.0.0.1:1/0"])
            expectRefusal(silent, 1, "127.0.0.1:1", lines: 2)
            expectRefusal(try bench.run(verb + ["--yes", bench.memex, "/nonexistent"]), 3, "/nonexistent", lines: 2)
        }
        #expect(try RawFiles.read(bench.memex) == before)
    }

    @Test func `An id that is given twice is changed once, and an empty word is none`() throws {
        let bench = try Workbench()
        let run = try bench.run("delete", "indexes", "docs", "docs", "--yes", bench.connectors)
        expectDone(run)
        #expect(run.lines.count == 1)
        let before = try bench.tree(bench.looopy)
        for words in [["undo", ""], ["delete", "threads", "data-analyst/run-102", "--yes", ""], ["sources", ""]] {
            expectRefusal(try bench.run(words), 2, "a word is empty")
        }
        #expect(try bench.tree(bench.looopy) == before)
        #expect(try bench.run("list", "indexes", "--json", bench.connectors).texts("id").contains("docs") == false)
    }

    @Test func `Undo of a source undoes what was done there, and lists only what can be undone`() throws {
        let bench = try Workbench()
        expectDone(try bench.run("delete", "indexes", "docs", "--yes", bench.connectors))
        let deleted = try bench.tree(bench.connectors)
        expectRefusal(try bench.run("undo", bench.looopy), 3, "there is nothing to undo in")
        #expect(try bench.tree(bench.connectors) == deleted)
        #expect(try bench.run("undo", "--list", "--json").lines.count == 1)
        expectDone(try bench.run("undo", bench.connectors))
        #expect(try bench.tree(bench.connectors) != deleted)
        #expect(try bench.run("undo", "--list", "--json").lines.isEmpty)
    }

    @Test func `Undo of a database leaves alone what was done in the store around it`() throws {
        let bench = try Workbench()
        let project = bench.path("project")
        try RawFiles.makeDirectory(project)
        expectDone(
            try bench.shell(
                "cp \"$2\" \"$4/memexllm.db\" && cp -r \"$3\" \"$4/_agent_store\"",
                [bench.memex, bench.looopy, project]))
        expectDone(try bench.run("delete", "threads", thread300, "--yes", project))
        expectDone(try bench.run("delete", "threads", "data-analyst/run-102", "--yes", project))
        let deleted = try bench.tree(project + "/_agent_store")
        let undo = try bench.run("undo", project + "/memexllm.db")
        expectDone(undo)
        #expect(undo.text.contains(thread300))
        #expect(try bench.tree(project + "/_agent_store") == deleted)
        expectDone(try bench.run("undo", project))
        #expect(try bench.tree(project + "/_agent_store") != deleted)
    }

    @Test func `A recovery entry that cannot be read is told`() throws {
        let bench = try Workbench()
        expectDone(try bench.run("delete", "indexes", "docs", "--yes", bench.connectors))
        let entry = try #require(try bench.run("undo", "--list", "--json").texts("entry").first)
        let state = try bench.shell("find . -name entry.json", []).lines
        try RawFiles.write(bench.path(try #require(state.first)), "{")
        let list = try bench.run("undo", "--list")
        #expect(list.errors.contains("recovery entry \(entry) cannot be read"))
    }

    @Test func `What the configuration protects is protected under its path too`() throws {
        let bench = try Workbench()
        let before = try RawFiles.read(bench.memex)
        try RawFiles.write(
            bench.path("own.json"),
            "{sources: {prod: {location: \"\(bench.memex)\", readOnly: true}}}")
        #expect(symlink(bench.memex, bench.path("link.db")) == 0)
        for name in ["prod", bench.memex, "sqlite:" + bench.memex, bench.path("link.db")] {
            let run = try bench.run("delete", "threads", thread300, "--yes", "--config", "own.json", name)
            expectRefusal(run, 4, "read-only")
        }
        #expect(try RawFiles.read(bench.memex) == before)
    }

    @Test func `An index is copied byte for byte and never over one that is there`() throws {
        let bench = try Workbench()
        let other = try Workbench()
        #expect(try bench.run("delete", "indexes", "docs", "--yes", other.connectors).code == 0)
        expectDone(try bench.run("copy", "indexes", "docs", "--into", other.connectors, bench.connectors))
        #expect(try bench.tree(other.connectors) == (try bench.tree(bench.connectors)))
        let again = try bench.run("copy", "indexes", "docs", "--into", other.connectors, bench.connectors)
        expectRefusal(again, 4, "there is one with this id already")
        let wrong = try bench.run("copy", "threads", thread300, "--into", bench.looopy, bench.memex)
        expectRefusal(wrong, 1, "no place for")
    }

    @Test func `Nothing is changed while the configuration may protect a source and cannot be read`() throws {
        let bench = try Workbench()
        try RawFiles.write(
            bench.path("bad.json"), "{ sources: { prod: { location: \"\(bench.memex)\", readOnly: true }")
        let before = try RawFiles.read(bench.memex)
        for arguments in [["trim", thread300, "--keep", "5"], ["delete", "threads", thread300]] {
            let run = try bench.run(arguments + ["--yes", "--config", "bad.json", bench.memex])
            #expect(run.code == 4)
            #expect(run.errors.contains("nothing is changed while the configuration has mistakes"))
        }
        #expect(try RawFiles.read(bench.memex) == before)
        #expect(try bench.run("list", "threads", "--config", "bad.json", bench.memex).code == 0)
        // What concerns no source leaves no doubt about any.
        try RawFiles.write(bench.path("theme.json"), "{ theme: 7 }")
        let trim = ["trim", thread300, "--keep", "5", "--yes", "--config", "theme.json", bench.memex]
        #expect(try bench.run(trim).code == 0)
    }

    @Test func `A copy into a place where nothing is yet makes a store of the same tool`() throws {
        let bench = try Workbench()
        let database = "sqlite:" + bench.path("new.db")
        expectDone(try bench.run("copy", "threads", thread300, "--into", database, bench.memex))
        #expect(try bench.run("list", "threads", "--json", database).texts("id") == [thread300])
        expectDone(try bench.run("copy", "indexes", "mobile", "docs", "--into", "./base", bench.connectors))
        #expect(
            try RawFiles.read(bench.path("base/indexes/docs/state.json"))
                == (try RawFiles.read(bench.connectors + "/indexes/docs/state.json")))
        #expect(RawFiles.names(bench.path("base/indexes")) == ["docs", "mobile"])
    }

    @Test func `A copy that its place cannot hold makes nothing there`() throws {
        let bench = try Workbench()
        let database = bench.path("new.db")
        let agents = "data-analyst/run-100"
        expectRefusal(
            try bench.run("copy", "threads", agents, "--into", "sqlite:" + database, bench.looopy), 1,
            "a new database cannot hold looopy records")
        #expect(!RawFiles.exists(database))
        expectRefusal(
            try bench.run("copy", "threads", thread300, "--into", "./new", bench.memex), 1,
            "name a new database by sqlite:PATH")
        #expect(!RawFiles.exists(bench.path("new")))
        expectRefusal(
            try bench.run("copy", "threads", thread300, "--into", "mistyped", bench.memex), 3,
            "for a new directory write ./mistyped")
        #expect(!RawFiles.exists(bench.path("mistyped")))
    }

    @Test func `A looopy conversation is copied with what is stored of it besides its messages`() throws {
        let bench = try Workbench()
        let run = try bench.run("copy", "threads", "data-analyst/run-100", "--into", "./other", bench.looopy)
        #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
        let place = "/agent=data-analyst/context=run-100"
        let (old, new) = (try bench.tree(bench.looopy + place), try bench.tree(bench.path("other") + place))
        #expect(old["context.json"] != nil && new["context.json"] == old["context.json"])
        let titles = try [bench.looopy, bench.path("other")].map { store -> JSONValue? in
            let threads = try bench.run("list", "threads", "--json", store).json()
            return threads.first { $0["id"] == "data-analyst/run-100" }?["title"]
        }
        #expect(titles[0] != nil && titles[0] == titles[1])
    }

    @Test func `A MemexLLM thread is copied with every column of its rows`() throws {
        let bench = try Workbench()
        let other = try Workbench()
        let dump = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            print(db.execute("SELECT * FROM threads ORDER BY id").fetchall())
            print(db.execute("SELECT * FROM messages ORDER BY id").fetchall())
            """
        #expect(try bench.run("delete", "threads", thread300, "--yes", other.memex).code == 0)
        #expect(try bench.python(dump, [other.memex]) != (try bench.python(dump, [bench.memex])))
        expectDone(try bench.run("copy", "threads", thread300, "--into", other.memex, bench.memex))
        #expect(try bench.python(dump, [other.memex]) == (try bench.python(dump, [bench.memex])))
    }

    @Test func `Messages, artifacts and tasks of a looopy context are copied`() throws {
        let bench = try Workbench()
        let other = try Workbench()
        let context = "/agent=data-analyst/context=run-100"
        TemporaryDirectory.removeTree(other.looopy + "/agent=data-analyst")
        for (kind, ids) in [
            ("threads", [""]), ("tasks", ["/task-0-0", "/task-0-1"]),
            ("artifacts", ["/report-0", "/sales-0", "/summary-0"]),
        ] {
            let keys = ids.map { "data-analyst/run-100" + $0 }
            let run = try bench.run(["copy", kind] + keys + ["--into", other.looopy, bench.looopy])
            #expect(run.code == 0 && run.lines.count == ids.count, "\(run.errors)")
        }
        let copied = try bench.tree(other.looopy + context)
        let stored = try bench.tree(bench.looopy + context)
        func contents(_ tree: [String: [UInt8]], _ part: String) throws -> Set<JSONValue> {
            Set(try tree.filter { $0.key.hasPrefix(part) }.map { try JSONValue.parse($0.value) })
        }
        #expect(try contents(copied, "messages/").count == 41)
        #expect(try contents(copied, "messages/") == (try contents(stored, "messages/")))
        #expect(try contents(copied, "task/") == (try contents(stored, "task/")))
        for name in ["report-0/content.txt", "sales-0/rows.jsonl", "summary-0/data.json"] {
            #expect(copied["artifacts/" + name] == stored["artifacts/" + name])
        }
        let building = try bench.run(
            "copy", "artifacts", "data-analyst/run-102/report-2", "--into", other.looopy, bench.looopy)
        expectRefusal(building, 1, "it is not complete")
    }
}
