import Glibc
import TestSupport
import Testing

@Suite("What the program writes about itself", .blocks)
struct GeneratedTextTests {
    private static func generate(_ what: String, _ more: [String] = []) throws -> String {
        let run = try Workbench().run(["--generate", what] + more)
        #expect(run.code == 0 && run.errors.isEmpty)
        return run.text
    }

    private static func file(_ path: String) throws -> String {
        String(decoding: try RawFiles.read("\(PackagePlaces.root)/\(path)"), as: UTF8.self)
    }

    @Test(
        "The manual page and the completions are those of this program; `make docs` writes them",
        arguments: [
            ("man", "docs/ctxbrowse.1"), ("complete-bash", "completions/ctxbrowse.bash"),
            ("complete-zsh", "completions/_ctxbrowse"), ("complete-fish", "completions/ctxbrowse.fish"),
        ])
    func texts(_ what: String, _ path: String) throws {
        let isFresh = try Self.file(path) == Self.generate(what)
        #expect(isFresh, "\(path) is not what the program writes now: run `make docs` and commit it")
    }

    @Test("The table of keys in README is that of this program; `make docs` writes it")
    func keyTable() throws {
        let lines = try Self.file("README.md").split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasPrefix("<!-- key-table") })
        let end = try #require(lines.firstIndex { $0.hasPrefix("<!-- end of key-table") })
        let table = lines[(start + 1)..<end].map { $0 + "\n" }.joined()
        let isFresh = try table == Self.generate("key-table")
        #expect(isFresh, "README.md does not have the keys that the program has now: run `make docs` and commit it")
    }

    @Test("The manual page has every verb, option and key, in ASCII, and formats without a warning")
    func page() throws {
        let page = try Self.generate("man")
        #expect(page.utf8.allSatisfy { $0 == 10 || (0x20...0x7E).contains($0) })
        let help = try Workbench().run("--help").lines
        for line in help {
            let words = line.split(separator: " ").filter { $0.hasPrefix("--") && $0.count > 2 }
            for word in words {
                let flag = word.prefix { $0.isLetter || $0 == "-" }.replacing("-", with: "\\-")
                #expect(page.contains(flag))
            }
        }
        for line in try Workbench().run("--keys").lines where line.hasPrefix("  ") {
            let keys = line.dropFirst(2).split(separator: "  ").first.map(String.init) ?? ""
            let term = keys.split(separator: " ").joined(separator: ", ")
            #expect(page.contains("\\fB\(Self.escaped(term))\\fR\n"), "\(term)")
        }
        guard access("/usr/bin/groff", X_OK) == 0 else { return }
        let format = try ProgramRun.run(
            "/usr/bin/groff", ["-ww", "-man", "-Tutf8", "-rLL=78n", "\(PackagePlaces.root)/docs/ctxbrowse.1"],
            environment: ["PATH": "/usr/bin:/bin"])
        #expect(format.code == 0)
        #expect(format.errors == "")
        #expect(format.text.contains("ctxbrowse trim"))
    }

    private static func escaped(_ text: String) -> String {
        var text = text.replacing("\\", with: "\\e")
        for (character, name) in [("-", "\\-"), ("'", "\\(aq"), ("`", "\\(ga"), ("^", "\\(ha"), ("~", "\\(ti")] {
            text = text.replacing(character, with: name)
        }
        return text
    }

    @Test("A word that names no such text is wrong usage, and so is a verb beside it")
    func wrongWords() throws {
        let bench = try Workbench()
        let wrong = try bench.run("--generate", "complete-bsh")
        #expect(wrong.code == 2)
        #expect(wrong.errors.contains("did you mean 'complete-bash'?"))
        #expect(try bench.run("list", "threads", "--generate", "man").code == 2)
    }
}

@Suite("Completion in bash", .blocks)
struct BashCompletionTests {
    /// What Tab offers after these words, the last of which is being typed.
    private func offers(_ bench: Workbench, _ words: String...) throws -> [String] {
        let script = """
            source "$1"; shift
            COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
            _ctxbrowse "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            [ ${#COMPREPLY[@]} = 0 ] || printf '%s\\n' "${COMPREPLY[@]}"
            """
        let run = try ProgramRun.run(
            "/bin/bash",
            [
                "--norc", "-c", script, "bash", "\(PackagePlaces.root)/completions/ctxbrowse.bash",
                PackagePlaces.program,
            ] + words,
            environment: bench.environment, directory: bench.directory.path)
        #expect(run.errors == "")
        return run.lines
    }

    @Test("Verbs, kinds, options and their values are offered where they belong")
    func words() throws {
        let bench = try Workbench()
        #expect(try offers(bench, "tr") == ["trim"])
        #expect(Set(try offers(bench, "")).isSuperset(of: ["list", "show", "search", "undo"]))
        #expect(try offers(bench, "list", "") == ["indexes", "threads", "artifacts", "tasks", "raw"])
        #expect(try offers(bench, "--read-only", "list", "th") == ["threads"])
        #expect(try offers(bench, "trim", "id", "--") == ["--keep", "--snap", "--dry-run", "--yes"] + everywhere)
        #expect(try offers(bench, "--") == ["--demo", "--mouse", "--generate"] + everywhere)
        #expect(try offers(bench, "export", "threads", "id", "--format", "j") == ["json", "jsonl"])
        #expect(try offers(bench, "export", "threads", "id", "--format", "=", "m") == ["md"])
        #expect(try offers(bench, "search", "word", "--kind", "=").count == 5)
        #expect(try offers(bench, "trim", "id", "--keep", "") == [])
    }

    private let everywhere = ["--config", "--read-only", "--no-color", "--help", "--version", "--keys"]

    @Test("Files are offered whole, whatever is in their names")
    func files() throws {
        let bench = try Workbench()
        try RawFiles.write(bench.path("a b.db"), "")
        try RawFiles.write(bench.path("a$(touch harm).db"), "")
        #expect(Set(try offers(bench, "list", "threads", "a")) == ["a b.db", "a$(touch harm).db"])
        #expect(Set(try offers(bench, "list", "threads", "sqlite", ":", "a ")) == ["a b.db"])
        #expect(try offers(bench, "--config", "a ") == ["a b.db"])
        #expect(access(bench.path("harm"), F_OK) != 0)
    }

    @Test("The names of configured sources are offered as text, and no source is opened for it")
    func sources() throws {
        let bench = try Workbench()
        try RawFiles.makeDirectory(bench.path("home/.config"))
        try RawFiles.makeDirectory(bench.path("home/.config/ctxbrowse"))
        try RawFiles.write(
            bench.path("home/.config/ctxbrowse/config.json"),
            """
            { sources: { support: "redis://127.0.0.1:1", "suite $(touch harm)": "sqlite:s.db", "su\\u001bx": "sqlite:s.db" } }
            """)
        #expect(try offers(bench, "list", "threads", "su") == ["support", "suite $(touch harm)"])
        #expect(try offers(bench, "copy", "threads", "id", "--into", "sup") == ["support"])
        #expect(access(bench.path("harm"), F_OK) != 0)
        #expect(access(bench.path("s.db"), F_OK) != 0)
        try RawFiles.write(bench.path("other.json"), "{ sources: { sunday: \"memory:\" } }")
        #expect(try offers(bench, "--config", "other.json", "list", "threads", "su") == ["sunday"])
    }
}
