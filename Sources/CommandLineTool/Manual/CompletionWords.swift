internal import ContextStores
internal import StoredRecords

/// What the completions of all shells offer, from the tables of verbs and options.
enum CompletionWords {
    /// What can stand for an option's value.
    enum Value: Hashable {
        case files, sources, words([String]), free
    }

    static let kinds = RecordKind.allCases.map(\.plural)
    /// The orders of all kinds, each word once.
    static let sortWords = RecordKind.allCases.flatMap { kind in
        RecordSort.Field.fields(of: kind).map { $0.word(of: kind) }
    }.reduce(into: [String]()) { words, word in
        if !words.contains(word) { words.append(word) }
    }
    static let verbsWithKind = Verb.allCases.filter(\.takesKind).map(\.rawValue)
    static let withoutVerb = Option.ofBrowser + Option.everywhere

    static func value(of option: Option) -> Value? {
        switch option {
        case .config, .to: .files
        case .into: .sources
        case .kind: .words(kinds)
        case .sort: .words(sortWords)
        case .format: .words(ExportFormat.words.map(\.rawValue))
        case .generate: .words(GeneratedText.allCases.map(\.rawValue))
        default: option.value == nil ? nil : .free
        }
    }

    static func options(of verb: Verb) -> [Option] { verb.options + Option.everywhere }

    /// All options whose value is of this kind, as they are typed.
    static func flags(_ fits: (Value) -> Bool) -> [String] {
        Option.allCases.filter { value(of: $0).map(fits) ?? false }.map(\.flag)
    }

    static func heading(_ shell: GeneratedText) -> String {
        "completion of ctxbrowse, written by: ctxbrowse --generate \(shell.rawValue)"
    }
}
