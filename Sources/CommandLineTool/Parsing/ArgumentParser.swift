internal import StoredRecords

/// Turns arguments into options by the table of `Verb` and `Option`.
struct ArgumentParser {
    private let arguments: [String]
    private var at = 0
    private var seen: [(option: Option, value: String)] = []
    private var words = OperandWords()
    private var verb: Verb?

    init(_ arguments: [String]) {
        self.arguments = arguments
    }

    mutating func parse() throws(UsageError) -> CommandLineOptions {
        while at < arguments.count {
            let argument = arguments[at]
            at += 1
            if words.literal == nil, argument != "--", argument.hasPrefix("-"), argument != "-" {
                try readOption(argument)
            } else {
                readWord(argument)
            }
        }
        return try options()
    }

    private mutating func readWord(_ word: String) {
        if word == "--", words.trailing == nil {
            if words.literal == nil { words.literal = [] } else { words.trailing = [] }
        } else if words.trailing != nil {
            words.trailing?.append(word)
        } else if words.literal != nil {
            words.literal?.append(word)
        } else if verb == nil, words.plain.isEmpty, let named = Verb(rawValue: word) {
            verb = named
        } else {
            words.plain.append(word)
        }
    }

    private mutating func readOption(_ argument: String) throws(UsageError) {
        if argument == "-h" {
            seen.append((.help, ""))
            return
        }
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let flag = String(parts[0])
        guard let option = Option.allCases.first(where: { $0.flag == flag }) else {
            throw UsageError("unknown option '\(flag)'\(suggestion(flag))")
        }
        guard let name = option.value else {
            if parts.count > 1 { throw UsageError("option \(flag) takes no value") }
            seen.append((option, ""))
            return
        }
        if parts.count > 1 {
            seen.append((option, String(parts[1])))
        } else if at < arguments.count, !arguments[at].hasPrefix("--") {
            seen.append((option, arguments[at]))
            at += 1
        } else {
            throw UsageError("option \(flag) needs a value: \(flag) \(name)")
        }
    }

    /// The nearest option of the verb, or of all when none was given yet.
    private func suggestion(_ flag: String) -> String {
        let known = verb.map { $0.options + Option.everywhere } ?? Option.allCases
        return Suggestion.clause(for: flag, among: known.map(\.flag))
    }

    private mutating func options() throws(UsageError) -> CommandLineOptions {
        var options = CommandLineOptions()
        for (option, value) in seen {
            try check(option)
            try set(option, value, in: &options)
        }
        if options.action == .browse, let verb {
            options.action = .verb(verb)
            try readKind(verb, into: &options)
            try readSort(into: &options)
            try checkOperands(verb)
            for option in verb.requiredOptions where !seen.contains(where: { $0.option == option }) {
                throw UsageError("\(verb.rawValue) needs \(option.usage)")
            }
        } else if case .help = options.action {
            options.action = .help(verb)
        }
        if words.all.contains("") {
            throw UsageError("a word is empty, as a variable of the shell that is not set leaves it")
        }
        options.operands = words
        return options
    }

    /// Whether the option belongs to what is asked for.
    private func check(_ option: Option) throws(UsageError) {
        if Option.everywhere.contains(option) { return }
        if let verb {
            if verb.options.contains(option) { return }
            throw UsageError("\(verb.rawValue) has no option \(option.flag)\(owners(option))")
        }
        if !Option.ofBrowser.contains(option) {
            throw UsageError("option \(option.flag) needs a verb before it\(owners(option))")
        }
    }

    private func owners(_ option: Option) -> String {
        let verbs = Verb.allCases.filter { $0.options.contains(option) }.map(\.rawValue)
        return verbs.isEmpty ? "" : "; it belongs to \(verbs.joined(separator: ", "))"
    }

    private func set(
        _ option: Option, _ value: String, in options: inout CommandLineOptions
    ) throws(UsageError) {
        switch option {
        case .config: options.configuration = value
        case .readOnly: options.isReadOnly = true
        case .noColor: options.usesColor = false
        case .help: options.action = .help(nil)
        case .version: if options.action == .browse { options.action = .version }
        case .keys: if options.action == .browse { options.action = .keys }
        case .generate:
            let text = try GeneratedText.read(value)
            if options.action == .browse { options.action = .generate(text) }
        case .demo: options.isDemo = true
        case .mouse: options.usesMouse = true
        case .json: try set(.json, in: &options)
        case .raw: try set(.raw, in: &options)
        case .text: try set(.text, in: &options)
        case .filter: options.filter = value
        case .sort: break  // Its words depend on the kind, which is read later.
        case .reverse: options.isReversed = true
        case .limit: options.limit = try Self.count(value, option)
        case .last: options.last = try Self.count(value, option)
        case .keep: options.keep = try Self.count(value, option)
        case .kind: options.kind = try Self.kind(value)
        case .to: options.target = try Self.filled(value, option)
        case .format: options.format = value
        case .into: options.destination = try Self.filled(value, option)
        case .snap: options.snaps = true
        case .dryRun: options.isDryRun = true
        case .yes: options.isConfirmed = true
        case .list: options.listsEntries = true
        case .group: options.undoesGroup = true
        }
    }

    private func set(_ form: CommandLineOptions.Form, in options: inout CommandLineOptions) throws(UsageError) {
        if options.form != .human, options.form != form {
            throw UsageError("only one of --json, --raw and --text can be given")
        }
        options.form = form
    }

    private mutating func readKind(_ verb: Verb, into options: inout CommandLineOptions) throws(UsageError) {
        guard verb.takesKind else { return }
        if !words.plain.isEmpty {
            options.kind = try Self.kind(words.plain.removeFirst())
        } else if let first = words.literal?.first {
            options.kind = try Self.kind(first)
            words.literal?.removeFirst()
        } else {
            throw UsageError("\(verb.rawValue) needs a kind: \(Self.kindWords), or raw for contents in no known form")
        }
    }

    private func readSort(into options: inout CommandLineOptions) throws(UsageError) {
        guard let kind = options.kind, let word = seen.last(where: { $0.option == .sort })?.value else { return }
        let fields = RecordSort.Field.fields(of: kind)
        options.sortField = fields.first { $0.isNamed(word, of: kind) }
        guard options.sortField == nil else { return }
        let known = fields.map { $0.word(of: kind) }
        throw UsageError(
            "\(kind.plural) are not sorted by '\(word)': KEY is \(Self.alternatives(known))\(Suggestion.clause(for: word, among: known))"
        )
    }

    /// `a, b or c`.
    static func alternatives(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    private func checkOperands(_ verb: Verb) throws(UsageError) {
        switch verb.operands {
        case .sources: break
        case .one(let name), .many(let name):
            if words.plain.isEmpty, words.literal?.isEmpty ?? true {
                let article = name == "ID" ? "an" : "a"
                throw UsageError("\(verb.rawValue) needs \(article) \(name): ctxbrowse \(verb.synopsis)")
            }
        case .optional(let name):
            if seen.contains(where: { $0.option == .list }), let word = words.all.first {
                throw UsageError(
                    "\(verb.rawValue) --list shows all there is, and takes no \(name) or source ('\(word)')")
            }
        }
    }

    static let kindWords = "indexes, threads, artifacts or tasks"

    private static func kind(_ word: String) throws(UsageError) -> RecordKind {
        if let kind = RecordKind(word: word) { return kind }
        let known = RecordKind.allCases.flatMap { [$0.plural, $0.rawValue] }
        throw UsageError(
            "unknown kind '\(word)': it is \(kindWords), or raw\(Suggestion.clause(for: word, among: known))")
    }

    /// A number from 1 up.
    private static func count(_ text: String, _ option: Option) throws(UsageError) -> Int {
        guard let number = Int(text) else {
            throw UsageError("\(option.flag) needs a whole number, not '\(text)'")
        }
        if number < 1 {
            let hint = option == .keep && number == 0 ? "; to remove a whole thread use delete" : ""
            throw UsageError("\(option.flag) must be at least 1, not \(number)\(hint)")
        }
        return number
    }

    private static func filled(_ text: String, _ option: Option) throws(UsageError) -> String {
        if text.isEmpty { throw UsageError("option \(option.flag) needs a value: \(option.usage)") }
        return text
    }
}
