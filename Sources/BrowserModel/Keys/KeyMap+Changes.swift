internal import TerminalSurface

extension KeyMap {
    /// The map with the changes that can be made, and a sentence for each that cannot.
    public func changed(by changes: [KeyChange]) -> (map: KeyMap, problems: [String]) {
        var map = self
        var problems: [String] = []
        var seen: [String: String] = [:]
        for change in changes {
            if let problem = map.make(change, &seen) { problems.append("\(change.place): \(problem)") }
        }
        return (map, problems)
    }

    /// Makes one change, or says why not.
    private mutating func make(_ change: KeyChange, _ seen: inout [String: String]) -> String? {
        guard let mode = Mode(rawValue: change.mode) else {
            return "there is no mode \"\(change.mode)\"; there are "
                + Mode.allCases.map(\.rawValue).joined(separator: ", ")
        }
        guard let key = KeyPress(name: change.key) else {
            return "no key is named \"\(change.key)\"; names are like j, Space, Ctrl-D, F5, PgDn, Shift-Tab"
        }
        let place = "\(mode.rawValue) \(key.name)"
        if let before = seen[place] { return "\(key.name) means \(before) already in this mode" }
        if mode == .input, key.typedCharacter != nil { return "what is typed into a line can mean nothing else" }
        if change.command == "none" {
            let map = removing(key, in: mode)
            if let problem = map.missing(after: self, mode) { return problem }
            self = map
            seen[place] = "nothing"
            return nil
        }
        guard let command = Command(word: change.command) else {
            let near = FuzzyMatch.nearest(to: change.command, in: Command.allCases.map(\.word), count: 3)
            let help = near.isEmpty ? "ctxbrowse --keys lists all" : "near it: \(near.joined(separator: ", "))"
            return "there is no command \"\(change.command)\"; \(help)"
        }
        if let problem = Self.reason(against: command, in: mode) { return problem }
        let map = removing(key, in: mode).adding(key, command, in: mode)
        if let problem = map.danger(of: key, command, in: mode) ?? map.missing(after: self, mode) { return problem }
        self = map
        seen[place] = command.word
        return nil
    }

    /// Commands that are known to a mode only because its screens understand them.
    private static func reason(against command: Command, in mode: Mode) -> String? {
        let isKnown = KeyMap.standard.bindings.contains {
            $0.command == command && ($0.mode == mode || ($0.mode == .everywhere && mode.includesEverywhere))
        }
        return isKnown ? nil : "\(command.word) has no meaning in this mode"
    }

    /// What a key that is struck again or by habit must never do.
    private func danger(of key: KeyPress, _ command: Command, in mode: Mode) -> String? {
        if command.startsChange, Self.harmless.contains(key) {
            return "\(key.name) never deletes anything"
        }
        let confirms = bindings(in: .dialog).filter { [.confirm, .press].contains($0.command) }.flatMap(\.keys)
        let starts = bindings.filter { $0.command.startsChange }.flatMap(\.keys)
        if mode == .dialog || command.startsChange, confirms.contains(where: starts.contains) {
            return "the key that asks to remove something cannot be the one that confirms it"
        }
        return nil
    }

    /// What would have no key any more though nothing could be answered or left without it.
    private func missing(after before: KeyMap, _ mode: Mode) -> String? {
        let needed: [Command] =
            switch mode {
            case .dialog: [.dismiss, .confirm, .press]
            case .input: [.accept, .dismiss]
            default: [.up, .back, .commandLine, .help]
            }
        let modes: [Mode] = mode == .everywhere ? Mode.allCases.filter(\.includesEverywhere) : [mode]
        for mode in modes {
            for command in needed where before.key(for: command, in: mode) != nil && key(for: command, in: mode) == nil
            {
                return "\(command.word) would have no key left"
            }
        }
        return nil
    }

    private static let harmless: [KeyPress] = [
        KeyPress(.enter), KeyPress(.backspace), .control("d"), .control("h"), .control("m"), .control("j"),
    ]

    private func removing(_ key: KeyPress, in mode: Mode) -> KeyMap {
        KeyMap(
            bindings.compactMap { binding in
                guard binding.mode == mode, binding.keys.contains(key) else { return binding }
                let rest = binding.keys.filter { $0 != key }
                return rest.isEmpty ? nil : KeyBinding(binding.mode, rest, binding.command)
            })
    }

    /// The chosen key comes first, so that hints name it.
    private func adding(_ key: KeyPress, _ command: Command, in mode: Mode) -> KeyMap {
        var bindings = bindings
        if let index = bindings.firstIndex(where: { $0.mode == mode && $0.command == command }) {
            bindings[index].keys.insert(key, at: 0)
        } else {
            let end = bindings.lastIndex { $0.mode == mode }.map { $0 + 1 } ?? bindings.count
            bindings.insert(KeyBinding(mode, [key], command), at: end)
        }
        return KeyMap(bindings)
    }
}

extension Command {
    /// Whether it opens a question whose yes changes stored data.
    var startsChange: Bool {
        switch self {
        case .delete, .trim, .undo: true
        default: false
        }
    }
}
