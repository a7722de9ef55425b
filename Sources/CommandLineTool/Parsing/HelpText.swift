internal import StoredRecords

/// The texts of `--help`, made from the tables of verbs and options.
enum HelpText {
    static let version = "ctxbrowse 0.1.0"
    /// When that version was made, for the manual page.
    static let releaseDate = "2026-11-21"

    static func text(for verb: Verb?) -> String {
        verb.map(verbHelp) ?? overview
    }

    private static var overview: String {
        var lines = [
            "ctxbrowse - browse and tend what LLM tools have stored",
            "",
            "  ctxbrowse [SOURCE...]   open the browser on what is named, else configured, else found",
            "  ctxbrowse --demo        open the browser on a throw-away copy of the demo stores",
        ]
        lines += Verb.allCases.map { "  ctxbrowse \($0.synopsis)" }
        lines += ["", "verbs"]
        lines += table(Verb.allCases.map { ($0.rawValue, $0.summary) })
        lines += ["", "options without a verb"]
        lines += table(Option.ofBrowser.map { ($0.usage, $0.summary) })
        lines += ["", "options everywhere"]
        lines += table(Option.everywhere.map { ($0.usage, $0.summary) })
        lines += [""] + operands(nil) + [""] + exits
        return lines.joined(separator: "\n") + "\n"
    }

    private static func verbHelp(_ verb: Verb) -> String {
        var lines = ["ctxbrowse \(verb.synopsis)", "", "  \(verb.summary)", "", "options"]
        lines += table((verb.options + Option.everywhere).map { ($0.usage, $0.summary) })
        lines += notes(verb).isEmpty ? [] : [""] + notes(verb)
        let operands = operands(verb)
        lines += operands.isEmpty ? [] : [""] + operands
        lines += [""] + exits
        return lines.joined(separator: "\n") + "\n"
    }

    private static func table(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  " + $0.0 + String(repeating: " ", count: width - $0.0.count + 2) + $0.1 }
    }

    static func notes(_ verb: Verb) -> [String] {
        switch verb {
        case .export:
            [
                "The format depends on the kind:",
                "  threads    json (as stored), jsonl (a message a line), md, txt, html",
                "  indexes    json: both documents into a directory, the full one into a .json file or -",
                "  artifacts  a file as it is; data as json; a dataset as csv or jsonl",
                "  tasks      json",
                "Several ids, a directory or a PATH ending in / get a file each, named after the id.",
                "A file that is there is replaced only after a question, or with --yes.",
            ]
        case .trim, .delete:
            [
                "The plan is printed first, then asked about; without a terminal --yes is needed.",
                "What goes is kept in the recovery journal: ctxbrowse undo brings it back. Where a SOURCE does not answer,",
                "or none is named and a word is no id, nothing is changed at all.",
            ]
        case .undo:
            [
                "Where the store has changed so that only an inexact undo is possible, --yes allows it.",
                "With a SOURCE and no ENTRY the newest of what was done there is undone. No password is kept with an entry:",
                "name the SOURCE again where one is needed.",
                "A trim or delete of many ids leaves an entry for each; --group undoes all of them, newest first.",
            ]
        case .copy:
            ["What the other format cannot hold without loss is refused; a record that is there is never overwritten."]
        case .show:
            [
                "For a thread --json prints a message a line, with positions that count from 0 where people read numbers",
                "from 1; --raw prints what the store holds, byte for byte.",
            ]
        case .search:
            [
                "TEXT is words in any order, in any case unless a word has a capital letter; \"two words\" in double",
                "quotes stand next to each other as written, /a.*b/ is a regular expression, as with S in the browser.",
                "In a shell: ctxbrowse search '\"rate limit\" /retr(y|ies)/'. A quote that none closes is refused.",
                "A document is a hit when it holds all of them. The place told is one where they stand together, if there is",
                "one, else one of the longest.",
                "With --json messages count from 0, as the stores count them.",
            ]
        case .list:
            [
                "KEY is one of these, as in the browser's menu of orders. Not every store can sort by all of them; where one",
                "cannot and has many records, they come last. So do records that do not tell KEY, --reverse or not.",
            ] + table(RecordKind.allCases.map { ($0.plural, Self.sortWords($0).joined(separator: " ")) })
        case .sources: []
        }
    }

    private static func sortWords(_ kind: RecordKind) -> [String] {
        RecordSort.Field.fields(of: kind).map { $0.word(of: kind) }
    }

    private static func operands(_ verb: Verb?) -> [String] {
        var lines: [String] = []
        if verb?.takesKind ?? true {
            lines.append("KIND is \(ArgumentParser.kindWords) (or raw, for contents of no known layout).")
        }
        lines += [
            "SOURCE is a directory, a file, sqlite:PATH, memory:, postgres://..., redis://..., rediss://...,",
            "unix:///SOCKET (Redis), s3://BUCKET/PREFIX?endpoint=URL&region=R, or a name from the configuration.",
        ]
        let takesIDs = if case .many = verb?.operands ?? .many("ID") { true } else { false }
        guard takesIDs else { return lines }
        return lines + idRules
    }

    /// How ids and sources are told apart.
    static let idRules = [
        "Ids come first, and the first word is always one. From the first following word that is an existing",
        "path, is written as a path (/x, ./x, ../x, ~/x), or names a location or a configured source, all words",
        "are sources. An id that is also a path: put ids between two --, as in: delete threads -- a b -- SOURCE.",
    ]

    private static let exits = [
        "exit: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 refused (read-only, not confirmed, conflict)"
    ]
}
