/// The completion for fish.
enum FishCompletion {
    static var text: String {
        let kinds = CompletionWords.kinds.joined(separator: " ")
        var lines = [
            "# \(CompletionWords.heading(.fish))",
            "# To use it: put this file as ctxbrowse.fish into ~/.config/fish/completions",
            "",
            "function __ctxbrowse_sources",
            "    ctxbrowse --generate source-names 2>/dev/null",
            "end",
            "",
            "# Whether a verb that takes a kind has none yet.",
            "function __ctxbrowse_needs_kind",
            "    __fish_seen_subcommand_from \(CompletionWords.verbsWithKind.joined(separator: " "))",
            "    and not __fish_seen_subcommand_from \(kinds)",
            "end",
            "",
        ]
        for verb in Verb.allCases {
            lines.append(
                "complete -c ctxbrowse -n __fish_use_subcommand -a \(verb.rawValue) -d \(quoted(verb.summary))")
        }
        lines += [
            "complete -c ctxbrowse -n '__ctxbrowse_needs_kind' -f -a \(quoted(kinds))",
            "complete -c ctxbrowse -n 'not __ctxbrowse_needs_kind' -a '(__ctxbrowse_sources)' -d 'configured source'",
        ]
        for option in Option.everywhere { lines.append(complete("", option)) }
        for option in Option.ofBrowser { lines.append(complete(" -n __fish_use_subcommand", option)) }
        for verb in Verb.allCases {
            for option in verb.options {
                lines.append(complete(" -n '__fish_seen_subcommand_from \(verb.rawValue)'", option))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func complete(_ condition: String, _ option: Option) -> String {
        let value =
            switch CompletionWords.value(of: option) {
            case nil: ""
            case .files: " -r -F"
            case .sources: " -r -F -a '(__ctxbrowse_sources)'"
            case .words(let words): " -x -a \(quoted(words.joined(separator: " ")))"
            case .free: " -x"
            }
        return "complete -c ctxbrowse\(condition) -l \(option.rawValue)\(value) -d \(quoted(option.summary))"
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
