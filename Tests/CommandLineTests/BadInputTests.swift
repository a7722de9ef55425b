import Glibc
import JSONText
import TestSupport
import Testing

@Suite(.blocks) struct BadInputTests {
    private let run102 = "/agent=data-analyst/context=run-102"

    // MARK: Places

    @Test func `A path that is not there is not found`() throws {
        let bench = try Workbench()
        expectRefusal(try bench.run("list", "threads", bench.path("gone")), 3, "gone", "no such file or directory")
        expectRefusal(try bench.run("show", "threads", "x", "./gone.db"), 3, "gone.db")
        expectRefusal(try bench.run("--config", "none.json", "list", "threads", bench.looopy), 3, "none.json")
    }

    @Test func `A directory with nothing known in it is told, and shown as it is`() throws {
        let bench = try Workbench()
        try RawFiles.makeDirectory(bench.path("other"))
        try RawFiles.write(bench.path("other/notes.txt"), "hello")
        expectRefusal(try bench.run("list", "threads", bench.path("other")), 3, "known layout", "list raw")
        let raw = try bench.run("list", "raw", "--json", bench.path("other"))
        #expect(try raw.texts("id") == ["notes.txt"])
        let shown = try bench.run("show", "raw", "notes.txt", "--raw", bench.path("other"))
        #expect(shown.text == "hello")
    }

    @Test func `A file that is no database is told`() throws {
        let bench = try Workbench()
        try RawFiles.write(bench.path("notes.txt"), "this is no database\n")
        let run = try bench.run("list", "threads", bench.path("notes.txt"))
        expectRefusal(run, 1, "notes.txt", "database")
        let named = try bench.run("list", "threads", "sqlite:" + bench.path("notes.txt"))
        expectRefusal(named, 1, "notes.txt", "database")
    }

    @Test func `Nothing named and nothing found says what was looked for`() throws {
        let bench = try Workbench()
        expectRefusal(try bench.run("list", "threads"), 3, "./_agent_store", "memexllm.db", "augment")
    }

    @Test func `A source that stands where an id or words were meant is told as such`() throws {
        let bench = try Workbench()
        expectRefusal(
            try bench.run("show", "threads", bench.looopy), 2, "an id is missing", "write it before the source")
        expectRefusal(try bench.run("delete", "threads", "--yes", bench.looopy), 2, "an id is missing", bench.looopy)
        expectRefusal(try bench.run("search", bench.looopy), 2, "the words to search for are missing")
        // With sources that are found elsewhere it still is no id.
        try RawFiles.write(bench.path("own.json"), "{\"sources\": {\"own\": {\"location\": \"\(bench.memex)\"}}}")
        expectRefusal(try bench.run("--config", "own.json", "show", "threads", bench.looopy), 2, "an id is missing")
        expectRefusal(try bench.run("--config", "own.json", "show", "threads", "own"), 2, "an id is missing")
    }

    @Test func `Several words to search for without quotes are refused and not half searched`() throws {
        let bench = try Workbench()
        let run = try bench.run("search", "refund", "policy", bench.looopy)
        expectRefusal(run, 2, "'policy' is no source", "'refund policy'")
        #expect(run.output.isEmpty)
        expectRefusal(try bench.run("search", "refund", "./policy"), 3, "./policy", "no such file")
    }

    @Test func `An id that is not there names the one that was most likely meant`() throws {
        let bench = try Workbench()
        expectRefusal(
            try bench.run("show", "threads", "run-102", bench.looopy), 3, "did you mean 'data-analyst/run-102'?")
        expectRefusal(
            try bench.run("trim", "data-analyst/rum-102", "--keep", "5", "--yes", bench.looopy), 3,
            "did you mean 'data-analyst/run-10")
        let far = try bench.run("show", "threads", "zzzzzz", bench.looopy)
        expectRefusal(far, 3, "there is no thread 'zzzzzz'")
        #expect(!far.errors.contains("did you mean"))
    }

    @Test func `A locked database is told and nothing waits for ever`() throws {
        let bench = try Workbench()
        let script = """
            import sqlite3, subprocess, sys
            db = sqlite3.connect(sys.argv[1], isolation_level=None)
            db.execute("BEGIN EXCLUSIVE")
            sys.exit(subprocess.run(sys.argv[2:]).returncode)
            """
        let run = try ProgramRun.run(
            "/usr/bin/python3",
            [
                "-c", script, bench.memex, PackagePlaces.program, "delete", "threads", Self.longThread, "--yes",
                bench.memex,
            ],
            environment: bench.environment, directory: bench.directory.path)
        expectRefusal(run, 1, "memexllm.db", "lock")
    }

    @Test func `A place without permission is told`() throws {
        let bench = try Workbench()
        // Permissions do not bind root: the program is run as nobody then.
        _ = try ProgramRun.run("/bin/cp", [PackagePlaces.program, bench.path("ctxbrowse")])
        chmod(bench.directory.path, 0o755)
        chmod(bench.looopy, 0)
        let arguments = ["list", "threads", bench.looopy]
        let run =
            geteuid() == 0
            ? try ProgramRun.run(
                "/usr/bin/setpriv",
                ["--reuid=65534", "--regid=65534", "--clear-groups", bench.path("ctxbrowse")] + arguments,
                environment: bench.environment)
            : try bench.run(arguments)
        expectRefusal(run, 1, "_agent_store", "ermission")
    }

    @Test func `Links that lead in a circle or outside are not followed`() throws {
        let bench = try Workbench()
        #expect(symlink(".", bench.looopy + run102 + "/loop") == 0)
        #expect(symlink("/etc", bench.looopy + "/agent=evil") == 0)
        #expect(symlink("b", bench.looopy + "/agent=a") == 0 && symlink("agent=a", bench.looopy + "/b") == 0)
        let run = try bench.run("list", "threads", "--json", bench.looopy)
        #expect(run.code == 0 && run.lines.count == 8, "\(run.errors)")
        #expect(try bench.run("list", "artifacts", "--json", bench.looopy).lines.count == 24)
    }

    // MARK: Records

    @Test func `One broken message among many is shown with a note and its bytes`() throws {
        let bench = try Workbench()
        let directory = bench.looopy + run102 + "/messages"
        let name = try #require(RawFiles.names(directory).first { $0.contains("-010-") })
        let whole = try RawFiles.read(directory + "/" + name)
        try RawFiles.write(directory + "/" + name, Array(whole.prefix(40)))
        #expect(try bench.run("list", "threads", "--json", bench.looopy).lines.count == 8)
        let show = try bench.run("show", "threads", "data-analyst/run-102", "--json", bench.looopy)
        #expect(show.code == 0 && show.lines.count == 35)
        #expect(try show.json().contains { $0["notes"]?.arrayValue?.isEmpty == false })
        let export = try bench.run("export", "threads", "data-analyst/run-102", "--to", "-", bench.looopy)
        #expect(try JSONValue.parse(export.text)["messages"]?.arrayValue?.count == 35)
        let trim = try bench.run("trim", "data-analyst/run-102", "--keep", "3", "--yes", bench.looopy)
        #expect(trim.code == 0, "\(trim.errors)")
        expectDone(try bench.run("undo"))
        #expect(try RawFiles.read(directory + "/" + name) == Array(whole.prefix(40)))
    }

    private static let longThread = "5eb561a4-2163-4369-8b52-9b4a97b75092"

    @Test func `Content of every type and any role is shown, and a save of it survives trim and undo`() throws {
        let bench = try Workbench()
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            db.execute("INSERT INTO threads (id, created_at, updated_at, metadata) VALUES ('odd', '2026-01-01', 'not a time', '{bad')")
            rows = ['"text"', '[{"type": "text", "text": "part"}]', '{"a": 9007199254740993}', '12.50', 'null', b'\\xff\\x00', 'plain', 7]
            for i, content in enumerate(rows):
                role = [None, 'robot', '', 'user'][i % 4]
                try:
                    db.execute("INSERT INTO messages (id, thread_id, content, role, created_at, metadata, message_index) VALUES (?, 'odd', ?, ?, 'when', '[', ?)", (f'odd{i}', content, role or '', 5))
                except sqlite3.IntegrityError as error:
                    sys.exit(str(error))
            db.execute("PRAGMA foreign_keys=OFF")
            db.execute("INSERT INTO messages (id, thread_id, content, role, created_at, metadata, message_index) VALUES ('lost', 'nowhere', '\\"x\\"', 'user', '', '{}', 0)")
            db.commit()
            """
        _ = try bench.python(script, [bench.memex])
        let dump = "import sqlite3,sys\nfor l in sqlite3.connect(sys.argv[1]).iterdump(): print(l)"
        let before = try bench.python(dump, [bench.memex])
        let list = try bench.run("list", "threads", "--json", bench.memex)
        #expect(list.code == 0, "\(list.errors)")
        #expect(try list.texts("id").contains("odd"))
        let show = try bench.run("show", "threads", "odd", "--json", bench.memex)
        #expect(show.code == 0 && show.lines.count == 8, "\(show.errors)")
        #expect(show.text.contains("9007199254740993"))
        let human = try bench.run("show", "threads", "odd", bench.memex)
        #expect(human.code == 0)
        let trim = try bench.run("trim", "odd", "--keep", "2", "--yes", bench.memex)
        #expect(trim.code == 0, "\(trim.errors)")
        #expect(try bench.run("show", "threads", "odd", "--json", bench.memex).lines.count == 2)
        expectDone(try bench.run("undo"))
        #expect(try bench.python(dump, [bench.memex]) == before)
    }

    @Test func `An index with only one document is listed and says so`() throws {
        let bench = try Workbench()
        #expect(unlink(bench.connectors + "/indexes/docs/search.json") == 0)
        let run = try bench.run("list", "indexes", "--json", bench.connectors)
        expectDone(run)
        let docs = try #require(try run.json().first { $0["id"]?.stringValue == "docs" })
        #expect(docs["has_search"]?.boolValue == false)
        #expect(docs["notes"]?.arrayValue?.isEmpty == false)
        let export = try bench.run("export", "indexes", "docs", "--to", "out/", bench.connectors)
        #expect(export.code == 0 && export.errors.contains("search.json is missing"))
        #expect(RawFiles.names(bench.path("out/docs")) == ["state.json"])
        let other = try Workbench()
        _ = try bench.run("delete", "indexes", "docs", "--yes", other.connectors)
        let copy = try bench.run("copy", "indexes", "docs", "--into", other.connectors, bench.connectors)
        expectRefusal(copy, 1, "only one of its two documents")
    }

    @Test func `An artifact without its content file and a dataset with a broken line are told`() throws {
        let bench = try Workbench()
        let artifacts = bench.looopy + run102 + "/artifacts"
        #expect(unlink(artifacts + "/summary-2/data.json") == 0)
        let show = try bench.run("show", "artifacts", "data-analyst/run-102/summary-2", bench.looopy)
        expectDone(show)
        #expect(show.text.contains("data.json is missing; taken from metadata.json"))
        let rows = try RawFiles.read(artifacts + "/sales-2/rows.jsonl")
        try RawFiles.write(artifacts + "/sales-2/rows.jsonl", rows + Array("{\"broken\": \n".utf8))
        let table = try bench.run(
            "export", "artifacts", "data-analyst/run-102/sales-2", "--to", "sales.csv", bench.looopy)
        #expect(table.code == 0 && table.errors.contains("column _line"), "\(table.errors)")
        let text = String(decoding: try RawFiles.read(bench.path("sales.csv")), as: UTF8.self)
        #expect(text.contains("\"{\"\"broken\"\": \""))
    }

    @Test func `Odd names are listed, shown, exported and deleted without harm`() throws {
        let bench = try Workbench()
        let names = ["a b", "it's \"quoted\"", "line\nbreak", "..%2f", String(repeating: "n", count: 255), "日本語"]
        for name in names {
            let directory = bench.connectors + "/indexes/" + name
            try RawFiles.makeDirectory(directory)
            for document in ["state.json", "search.json"] {
                try RawFiles.write(
                    directory + "/" + document, try RawFiles.read(bench.connectors + "/indexes/docs/" + document))
            }
        }
        let run = try bench.run("list", "indexes", "--json", bench.connectors)
        expectDone(run)
        #expect(Set(try run.texts("id")).isSuperset(of: names))
        #expect(try bench.run("list", "indexes", bench.connectors).lines.count == 11)
        expectDone(try bench.run(["export", "indexes", "--to", "out", "--"] + names + ["--", bench.connectors]))
        #expect(RawFiles.names(bench.path("out")).count == names.count)
        #expect(RawFiles.names(bench.path("out")).allSatisfy { $0.utf8.count <= 200 && !$0.contains("\n") })
        let before = try bench.tree(bench.connectors)
        let delete = try bench.run(["delete", "indexes", "--yes", "--"] + names + ["--", bench.connectors])
        #expect(delete.code == 0 && delete.lines.count == names.count, "\(delete.errors)")
        #expect(try bench.run("list", "indexes", "--json", bench.connectors).lines.count == 5)
        for _ in names { expectDone(try bench.run("undo")) }
        #expect(try bench.tree(bench.connectors) == before)
    }

    @Test func `Stored escape sequences never reach what people read`() throws {
        let bench = try Workbench()
        let directory = bench.looopy + run102 + "/messages"
        let name = try #require(RawFiles.names(directory).first { $0.contains("-000-") })
        let message = try JSONValue.parse(try RawFiles.read(directory + "/" + name))
        let nasty = "\u{1B}]52;c;QUJD\u{7} \u{9B}31m \u{202E}x"
        try RawFiles.write(directory + "/" + name, message.setting(.text(nasty), for: "content").serialized())
        for form in [
            ["show", "threads", "data-analyst/run-102"], ["show", "threads", "data-analyst/run-102", "--text"],
        ] {
            let run = try bench.run(form + [bench.looopy])
            expectDone(run)
            #expect(run.text.contains("^[]52;c;QUJD^G <U+009B>31m <U+202E>x"))
            #expect(!run.text.unicodeScalars.contains { ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}"].contains($0) })
        }
    }

    @Test func `Two threads whose ids differ in normalization alone are two threads`() throws {
        let bench = try Workbench()
        let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
        let make = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            now = "2026-01-01T00:00:00+00:00"
            for id, count in (("caf\\u00e9", 3), ("cafe\\u0301", 5)):
                db.execute("INSERT INTO threads VALUES (?,?,?,?)", (id, now, now, "{}"))
                for n in range(count):
                    db.execute("INSERT INTO messages (id, thread_id, content, role, created_at, metadata, message_index)"
                        " VALUES (?,?,?,?,?,?,?)", (f"{id}-{n}", id, '"hi"', "user", now, "{}", n))
            db.commit()
            """
        _ = try bench.python(make, [bench.memex])
        let messages = bench.looopy + "/agent=bot/context="
        for (id, count) in [(composed, 3), (decomposed, 5)] {
            for kind in ["messages", "artifacts/\(id)"] { try RawFiles.makeDirectory(messages + id + "/" + kind) }
            try RawFiles.write(messages + id + "/artifacts/\(id)/metadata.json", "{\"title\": \"\(count)\"}")
            for index in 0..<count {
                try RawFiles.write(
                    messages + id + "/messages/2026-01-01T00-00-00_000Z-00\(index)-00000\(index).json",
                    "{\"role\": \"user\", \"content\": \"hi\", \"index\": \(index)}")
            }
        }
        func exactly(_ ids: [String], _ key: String) -> Int { ids.count { Array($0.utf8) == Array(key.utf8) } }
        func count(_ key: String, _ place: String) throws -> Int {
            try bench.run("show", "threads", key, "--json", place).lines.count
        }
        for (place, prefix) in [(bench.memex, ""), (bench.looopy, "bot/")] {
            let list = try bench.run("list", "threads", "--json", place)
            expectDone(list)
            for id in [composed, decomposed] { #expect(exactly(try list.texts("id"), prefix + id) == 1) }
            #expect(try count(prefix + composed, place) == 3 && count(prefix + decomposed, place) == 5)
            #expect(try bench.run("trim", prefix + decomposed, "--keep", "1", "--yes", place).code == 0)
            #expect(try count(prefix + composed, place) == 3 && count(prefix + decomposed, place) == 1)
            #expect(try bench.run("delete", "threads", prefix + composed, "--yes", place).code == 0)
            #expect(try bench.run("show", "threads", prefix + composed, "--json", place).code != 0 || !prefix.isEmpty)
            #expect(try count(prefix + decomposed, place) == 1)
            expectDone(try bench.run("undo"))
            #expect(try count(prefix + composed, place) == 3 && count(prefix + decomposed, place) == 1)
        }
        let artifacts = try bench.run("list", "artifacts", "--json", bench.looopy).texts("id")
        for id in [composed, decomposed] { #expect(exactly(artifacts, "bot/\(id)/\(id)") == 1) }
        expectDone(
            try bench.run("export", "threads", "bot/" + composed, "bot/" + decomposed, "--to", "both/", bench.looopy))
        #expect(RawFiles.names(bench.path("both")).count == 2)
    }

    // MARK: Commands

    @Test func `A full disk while trimming changes nothing`() throws {
        let bench = try Workbench()
        let before = try bench.tree(bench.looopy)
        let script = "ulimit -f 4; exec \"$@\""
        let run = try bench.shell(
            script, ["trim", "data-analyst/run-100", "--keep", "3", "--yes", bench.looopy])
        #expect(run.code == 1 && run.output.isEmpty, "\(run.errors)")
        #expect(run.errorLines.last?.hasPrefix("ctxbrowse: cannot write a recovery entry") == true, "\(run.errors)")
        #expect(try bench.tree(bench.looopy) == before)
        expectRefusal(try bench.run("undo"), 3, "nothing to undo")
    }

    @Test(arguments: ["0", "-3", "many"])
    func `A wrong number to keep is wrong usage`(keep: String) throws {
        let bench = try Workbench()
        expectRefusal(try bench.run("trim", "x", "--keep", keep, "--yes", "."), 2, "--keep")
    }

    @Test func `Unknown options, kinds, ids and entries are told with what is meant`() throws {
        let bench = try Workbench()
        expectRefusal(try bench.run("list", "threads", "--jsn"), 2, "--jsn", "did you mean '--json'?")
        expectRefusal(try bench.run("list", "thredas"), 2, "thredas", "did you mean 'threads'?")
        expectRefusal(
            try bench.run("show", "indexes", "nope", bench.connectors), 3, "there is no index 'nope'", "list indexes")
        expectRefusal(try bench.run("undo", "nope"), 3, "nope", "no such recovery entry")
        expectRefusal(try bench.run("search", "  "), 2, "at least one word")
    }

    @Test func `An id that is in two sources needs the source named`() throws {
        let bench = try Workbench()
        let other = try Workbench()
        let both = try bench.run("show", "indexes", "docs", bench.connectors, other.connectors)
        expectRefusal(both, 2, "index 'docs' is in several sources")
        let before = try bench.tree(bench.connectors)
        expectRefusal(
            try bench.run("delete", "indexes", "docs", "--yes", bench.connectors, other.connectors), 2, "several")
        #expect(try bench.tree(bench.connectors) == before)
        expectDone(try bench.run("show", "indexes", "docs", other.connectors))
    }
}
