/// The completion for bash.
///
/// It needs nothing beside bash 4. Names of sources come from the
/// configuration, without a source being opened; they are compared as text and
/// never given to `compgen -W`, which would carry out a `$(...)` in them.
enum BashCompletion {
    static var text: String {
        """
        # \(CompletionWords.heading(.bash))
        # To use it: source this file, or put it into ~/.local/share/bash-completion/completions/ctxbrowse

        _ctxbrowse_files() {
            local name
            compopt -o filenames 2>/dev/null
            while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$1")
        }

        # $1 what is typed, $2 the program, further words its --config
        _ctxbrowse_sources() {
            local name typed=$1
            while IFS= read -r name; do
                [[ $name == "$typed"* ]] && COMPREPLY+=("$name")
            done < <("${@:2}" --generate source-names 2>/dev/null)
            _ctxbrowse_files "$typed"
        }

        _ctxbrowse_words() {
            local word
            for word in $2; do
                [[ $word == "$1"* ]] && COMPREPLY+=("$word")
            done
        }

        _ctxbrowse() {
            local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
            local verb= kind= value= word at options
            local -a program=("$1")
            COMPREPLY=()

            # "--option=value" comes as three words.
            if [[ $cur == "=" ]]; then
                cur=
            elif [[ $before == "=" ]]; then
                before=${COMP_WORDS[COMP_CWORD - 2]}
            fi

            for ((at = 1; at < COMP_CWORD; at++)); do
                word=${COMP_WORDS[at]}
                if [[ -n $value ]]; then
                    [[ $word == "=" ]] && continue
                    [[ $value == --config ]] && program=("$1" --config "$word")
                    value=
                    continue
                fi
                case $word in
                \(CompletionWords.flags { _ in true }.joined(separator: "|"))) value=$word ;;
                -* | = | :) ;;
                *) if [[ -z $verb ]]; then verb=$word; elif [[ -z $kind ]]; then kind=$word; fi ;;
                esac
            done

            case $before in
        \(values)
            esac

            case $verb in
        \(verbs)
            *) options="\(flags(CompletionWords.withoutVerb))" ;;
            esac

            if [[ $cur == -* ]]; then
                _ctxbrowse_words "$cur" "$options"
                return
            fi
            case $verb in
            "") _ctxbrowse_words "$cur" "\(Verb.allCases.map(\.rawValue).joined(separator: " "))" ;;
            \(CompletionWords.verbsWithKind.joined(separator: "|")))
                if [[ -z $kind ]]; then
                    _ctxbrowse_words "$cur" "\(CompletionWords.kinds.joined(separator: " "))"
                    return
                fi
                ;;
            esac
            _ctxbrowse_sources "$cur" "${program[@]}"
        }

        complete -F _ctxbrowse ctxbrowse

        """
    }

    private static func flags(_ options: [Option]) -> String { options.map(\.flag).joined(separator: " ") }

    private static var values: String {
        var lines: [String] = []
        func add(_ flags: [String], _ action: String) {
            lines += ["    \(flags.joined(separator: "|")))", "        \(action)", "        return", "        ;;"]
        }
        add(CompletionWords.flags { $0 == .files }, "_ctxbrowse_files \"$cur\"")
        add(CompletionWords.flags { $0 == .sources }, "_ctxbrowse_sources \"$cur\" \"${program[@]}\"")
        for option in Option.allCases {
            guard case .words(let words) = CompletionWords.value(of: option) else { continue }
            add([option.flag], "_ctxbrowse_words \"$cur\" \"\(words.joined(separator: " "))\"")
        }
        add(CompletionWords.flags { $0 == .free }, ":")
        return lines.joined(separator: "\n")
    }

    private static var verbs: String {
        Verb.allCases.map { verb in
            "    \(verb.rawValue)) options=\"\(flags(CompletionWords.options(of: verb)))\" ;;"
        }.joined(separator: "\n")
    }
}
