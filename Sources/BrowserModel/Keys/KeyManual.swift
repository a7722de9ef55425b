internal import TerminalSurface

/// What the manual says of the browser: tables made from those that the browser itself works by.
public struct KeyManual: Sendable {
    public struct Table: Sendable {
        public var title: String
        /// What is typed, and what it does.
        public var rows: [(term: String, text: String)]
    }

    private let keyMap: KeyMap

    public init(_ keyMap: KeyMap = .standard) {
        self.keyMap = keyMap
    }

    /// All keys, a table a mode, in the order of the key map. Modes and commands have their words
    /// for the configuration behind them, and what may remove stored data has a star.
    public var keys: [Table] {
        Mode.allCases.map { mode in
            Table(
                title: "\(mode.title) (\(mode.rawValue))",
                rows: keyMap.bindings.filter { $0.mode == mode }.map { binding in
                    let command = binding.command
                    let mark = command.isDestructive ? " *" : ""
                    return (
                        term: binding.keys.map(\.name).joined(separator: ", "),
                        text: "\(command.help) (\(command.word))\(mark)"
                    )
                } + mode.typed.map { (term: $0.keys, text: $0.help) })
        }.filter { !$0.rows.isEmpty }
    }

    /// What can be typed after `:` beside the names of commands.
    public var lineVerbs: Table {
        Table(
            title: "Command line of the browser",
            rows: LineVerb.allCases.map { verb in
                let words = verb.words.map { ":" + $0 }.joined(separator: ", ")
                return (term: words + (verb.argument.isEmpty ? "" : " " + verb.argument), text: verb.help)
            } + [
                (term: ":120", text: "go to line or message 120"),
                (term: ":.a.b[17]", text: "in JSON, go to this path"),
            ])
    }

    /// What `:set` takes.
    public var settings: Table {
        Table(
            title: "Settings",
            rows: Setting.allCases.flatMap { setting in
                setting.words.enumerated().map { place, word in
                    let value = setting == .theme ? " NAME" : ""
                    return (term: ":set \(word)\(value)", text: setting.help(isOn: place == 0))
                }
            })
    }

    /// What a filter takes.
    public var filters: Table {
        Table(title: "Filters", rows: FilterHelp.rows.map { (term: $0.0, text: $0.1) })
    }

    /// The names of the themes.
    public var themes: [String] { ThemeName.allCases.map(\.rawValue) }
}
