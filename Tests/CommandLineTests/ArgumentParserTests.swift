import StoredRecords
import Testing

@testable import CommandLineTool

@Suite struct ArgumentParserTests {
    private func options(_ arguments: String...) throws -> CommandLineOptions {
        try CommandLineOptions.parse(arguments).get()
    }

    private func complaint(_ arguments: [String]) -> String? {
        if case .failure(let error) = CommandLineOptions.parse(arguments) { error.description } else { nil }
    }

    @Test func `No verb opens the browser on the named sources`() throws {
        let parsed = try options("a.db", "--read-only", "b")
        #expect(parsed.action == .browse)
        #expect(parsed.isReadOnly)
        #expect(parsed.operands.all == ["a.db", "b"])
        #expect(try options("--demo").isDemo)
    }

    @Test func `A verb is the first word only and never after two dashes`() throws {
        #expect(try options("list", "threads").action == .verb(.list))
        #expect(try options("--read-only", "list", "threads").action == .verb(.list))
        #expect(try options("a.db", "list").action == .browse)
        #expect(try options("--", "list").action == .browse)
    }

    @Test(arguments: [
        ("thread", RecordKind.thread), ("threads", .thread), ("index", .index), ("indexes", .index),
        ("artifact", .artifact), ("artifacts", .artifact), ("task", .task), ("tasks", .task), ("raw", .raw),
    ])
    func `A kind is read in the singular and the plural`(word: String, kind: RecordKind) throws {
        #expect(try options("list", word).kind == kind)
    }

    @Test func `Values follow an option or an equals sign, and options may stand anywhere`() throws {
        let parsed = try options("trim", "--keep=3", "t1", "--yes", "t2", "--snap", "--dry-run")
        #expect(parsed.keep == 3)
        #expect(parsed.isConfirmed && parsed.snaps && parsed.isDryRun)
        #expect(parsed.operands.plain == ["t1", "t2"])
        let list = try options("list", "threads", "--filter", "a b", "--limit", "5", "--json", "x.db", "--config=c=d")
        #expect(list.filter == "a b" && list.limit == 5 && list.form == .json)
        #expect(list.configuration == "c=d")
    }

    @Test func `A single dash is a value and a word, two dashes end the options`() throws {
        let export = try options("export", "threads", "t1", "--to", "-")
        #expect(export.target == "-")
        let parsed = try options("show", "threads", "--", "--weird", "src")
        #expect(parsed.operands.literal == ["--weird", "src"])
    }

    @Test func `Help, version and keys win over everything else`() throws {
        #expect(try options("trim", "--help").action == .help(.trim))
        #expect(try options("--help").action == .help(nil))
        #expect(try options("list", "-h").action == .help(.list))
        #expect(try options("--version").action == .version)
        #expect(try options("--keys").action == .keys)
    }

    @Test(arguments: [
        (["list", "thread5"], "unknown kind 'thread5'", "did you mean 'threads'?"),
        (["list"], "list needs a kind", "indexes, threads, artifacts or tasks"),
        (["list", "threads", "--limt", "3"], "unknown option '--limt'", "did you mean '--limit'?"),
        (["list", "threads", "--keep", "3"], "list has no option --keep", "it belongs to trim"),
        (["--keep", "3"], "option --keep needs a verb", "trim"),
        (["trim", "t1", "--keep", "0"], "--keep must be at least 1, not 0", "delete"),
        (["trim", "t1", "--keep", "-3"], "--keep must be at least 1, not -3", ""),
        (["trim", "t1", "--keep", "many"], "--keep needs a whole number, not 'many'", ""),
        (["trim", "t1", "--keep", "99999999999999999999"], "--keep needs a whole number", ""),
        (["trim", "t1", "--keep"], "option --keep needs a value", "--keep N"),
        (["trim", "t1", "--keep", "--yes"], "option --keep needs a value", ""),
        (["trim", "t1"], "trim needs --keep N", ""),
        (["trim", "--keep", "3"], "trim needs an ID", ""),
        (["search"], "search needs a TEXT", ""),
        (["export", "threads", "t1"], "export needs --to PATH", ""),
        (["copy", "threads", "t1"], "copy needs --into SOURCE", ""),
        (["undo", "--list", "a"], "undo --list shows all there is, and takes no ENTRY or source", ""),
        (["show", "threads", "t1", "--json", "--raw"], "only one of --json, --raw and --text", ""),
        (["list", "threads", "--json=yes"], "option --json takes no value", ""),
    ])
    func `A wrong command line is one clear sentence`(arguments: [String], start: String, part: String) throws {
        let sentence = try #require(complaint(arguments))
        #expect(sentence.hasPrefix(start), "\(sentence)")
        #expect(sentence.contains(part), "\(sentence)")
        #expect(!sentence.contains("\n"))
    }

    @Test func `Ids come first, and the first existing path begins the sources`() throws {
        let sorting = OperandSorting { ["here", "t1"].contains($0) }
        let plain = try options("delete", "threads", "t1", "t2", "here", "t3", "--yes").operands
        #expect(sorting.sort(plain, for: .many("ID")) == .init(ids: ["t1", "t2"], sources: ["here", "t3"]))
        let paths = try options("delete", "threads", "a/b", "./gone.db").operands
        #expect(sorting.sort(paths, for: .many("ID")) == .init(ids: ["a/b"], sources: ["./gone.db"]))
        let one = try options("show", "threads", "t9", "nothing").operands
        #expect(sorting.sort(one, for: .one("ID")) == .init(ids: ["t9"], sources: ["nothing"]))
    }

    @Test func `Words between two pairs of dashes are ids whatever they look like`() throws {
        let sorting = OperandSorting { $0 == "here" }
        let words = try options("delete", "threads", "--yes", "--", "t1", "here", "--", "here").operands
        #expect(sorting.sort(words, for: .many("ID")) == .init(ids: ["t1", "here"], sources: ["here"]))
    }

    @Test func `Every verb and option has its line of help`() {
        let overview = HelpText.text(for: nil)
        for verb in Verb.allCases {
            #expect(overview.contains("ctxbrowse \(verb.rawValue)"))
            let help = HelpText.text(for: verb)
            for option in verb.options + Option.everywhere { #expect(help.contains(option.usage)) }
        }
    }

    @Test(arguments: [("serch", "search"), ("lst", "list"), ("exprot", "export"), ("zzzz", nil)])
    func `The nearest word is suggested only when it is near`(typed: String, expected: String?) {
        #expect(Suggestion.nearest(to: typed, among: Verb.allCases.map(\.rawValue)) == expected)
    }
}
