/// The completion for zsh.
enum ZshCompletion {
    static var text: String {
        """
        #compdef ctxbrowse
        # \(CompletionWords.heading(.zsh))
        # To use it: put this file as _ctxbrowse into a directory of $fpath, then run compinit.

        _ctxbrowse_sources() {
            local -a names
            names=(${(f)"$(_call_program sources ctxbrowse --generate source-names 2>/dev/null)"})
            (( $#names )) && compadd -X 'configured source' -a names
            _files
        }

        _ctxbrowse_verbs() {
            local -a verbs
            verbs=(
        \(Verb.allCases.map { "        \(quoted("\($0.rawValue):\(colons($0.summary))"))" }.joined(separator: "\n"))
            )
            _describe -t verbs verb verbs
            _ctxbrowse_sources
        }

        _ctxbrowse() {
            local curcontext=$curcontext state verb at
            local -a line
            typeset -A opt_args

            # The first word that is neither an option nor the value of one.
            for (( at = 2; at < CURRENT; at++ )); do
                case $words[at] in
                (\(CompletionWords.flags { _ in true }.joined(separator: "|"))) (( at++ )) ;;
                (-*) ;;
                (*) verb=$words[at]; break ;;
                esac
            done

            case $verb in
        \(verbs)
            (*)
                _arguments -s -S \\
        \(specs(CompletionWords.withoutVerb)) \\
                    '1: :_ctxbrowse_verbs' '*:source:_ctxbrowse_sources'
                ;;
            esac
        }

        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
            _ctxbrowse "$@"
        else
            compdef _ctxbrowse ctxbrowse
        fi

        """
    }

    private static var verbs: String {
        Verb.allCases.map { verb in
            var operands = ["'1: :'"]
            if verb.takesKind { operands.append("'2:kind:(\(CompletionWords.kinds.joined(separator: " ")))'") }
            operands.append("'*:\(word(verb.operands)):_ctxbrowse_sources'")
            return """
                    (\(verb.rawValue))
                        _arguments -s -S \\
                \(specs(CompletionWords.options(of: verb))) \\
                            \(operands.joined(separator: " "))
                        ;;
                """
        }.joined(separator: "\n")
    }

    private static func word(_ operands: Verb.Operands) -> String {
        switch operands {
        case .sources: "source"
        case .one(let name), .many(let name), .optional(let name): "\(name) or source"
        }
    }

    private static func specs(_ options: [Option]) -> String {
        options.map { "            \(quoted(spec($0)))" }.joined(separator: " \\\n")
    }

    /// `--kind=[only records of this kind]:KIND:(indexes threads)`.
    private static func spec(_ option: Option) -> String {
        let start = "\(option.flag)\(option.value == nil ? "" : "=")[\(brackets(option.summary))]"
        let name = option.value ?? ""
        return switch CompletionWords.value(of: option) {
        case nil: start
        case .files: "\(start):\(name):_files"
        case .sources: "\(start):\(name):_ctxbrowse_sources"
        case .words(let words): "\(start):\(name):(\(words.joined(separator: " ")))"
        case .free: "\(start):\(name): "
        }
    }

    private static func brackets(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("[", with: "\\[").replacing("]", with: "\\]")
    }

    private static func colons(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing(":", with: "\\:")
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
