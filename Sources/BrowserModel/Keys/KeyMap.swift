public import TerminalSurface

/// Where the keys go.
public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// Works in every mode but `dialog` and `input`.
    case everywhere
    case list
    case thread
    case tree
    case text
    case table
    case reader
    case jobs
    case diff
    case results
    case recovery
    /// A thread whose cut is being chosen.
    case trim
    case dialog
    case input

    /// The heading of its part of `--keys`.
    public var title: String {
        switch self {
        case .everywhere: "Everywhere"
        case .list: "Lists"
        case .thread: "Thread"
        case .tree: "JSON"
        case .text: "Text and bytes"
        case .table: "Table"
        case .reader: "Help and messages"
        case .jobs: "Jobs"
        case .diff: "Differences"
        case .results: "Results of a search"
        case .recovery: "Recovery"
        case .trim: "Trim preview"
        case .dialog: "Dialogs"
        case .input: "Input line"
        }
    }

    /// Whether the keys of `everywhere` work in it too.
    public var includesEverywhere: Bool {
        self != .dialog && self != .input && self != .everywhere && self != .trim
    }
}

/// The keys of one command in one mode.
public struct KeyBinding: Sendable, Hashable {
    public var mode: Mode
    public var keys: [KeyPress]
    public var command: Command

    public init(_ mode: Mode, _ keys: [KeyPress], _ command: Command) {
        self.mode = mode
        self.keys = keys
        self.command = command
    }
}

/// Which key means which command in which mode: the one table from which the
/// help screen, the hint line and the `--keys` text are made.
public struct KeyMap: Sendable, Equatable {
    public private(set) var bindings: [KeyBinding]
    private let commands: [Place: Command]

    private struct Place: Hashable {
        var mode: Mode
        var key: KeyPress
    }

    /// Of two bindings of one key in one mode the first holds; `duplicates` names the rest.
    public init(_ bindings: [KeyBinding]) {
        self.bindings = bindings
        var commands: [Place: Command] = [:]
        for binding in bindings {
            for key in binding.keys {
                let place = Place(mode: binding.mode, key: key)
                if commands[place] == nil { commands[place] = binding.command }
            }
        }
        self.commands = commands
    }

    public func command(for key: KeyPress, in mode: Mode) -> Command? {
        if let command = commands[Place(mode: mode, key: key)] { return command }
        return mode.includesEverywhere ? commands[Place(mode: .everywhere, key: key)] : nil
    }

    /// The bindings that work in `mode`, its own ones first.
    public func bindings(in mode: Mode) -> [KeyBinding] {
        let own = bindings.filter { $0.mode == mode }
        return mode.includesEverywhere ? own + bindings.filter { $0.mode == .everywhere } : own
    }

    /// The first key of a command, for hints.
    public func key(for command: Command, in mode: Mode) -> KeyPress? {
        bindings(in: mode).first { $0.command == command }?.keys.first
    }

    /// Keys that are bound more than once where they would meet: "list j: lineDown, open".
    public var duplicates: [String] {
        Mode.allCases.flatMap { mode in
            var seen: [KeyPress: Command] = [:]
            var found: [String] = []
            for binding in bindings(in: mode) {
                for key in binding.keys {
                    if let other = seen[key] {
                        found.append("\(mode.rawValue) \(key.name): \(other.rawValue), \(binding.command.rawValue)")
                    } else {
                        seen[key] = binding.command
                    }
                }
            }
            return found
        }
    }

    /// All keys as plain text, a mode after the other, for `--keys`.
    public var listing: String {
        var lines: [String] = []
        for mode in Mode.allCases {
            let own = bindings.filter { $0.mode == mode }
            guard !own.isEmpty else { continue }
            if !lines.isEmpty { lines.append("") }
            lines.append(mode.title)
            for binding in own {
                let keys = binding.keys.map(\.name).joined(separator: " ")
                let gap = String(repeating: " ", count: max(2, 28 - keys.count))
                lines.append("  \(keys)\(gap)\(binding.command.help)\(binding.command.isDestructive ? " *" : "")")
            }
            for (keys, help) in mode.typed {
                lines.append("  \(keys)\(String(repeating: " ", count: max(2, 28 - keys.count)))\(help)")
            }
        }
        lines += ["", "* may remove stored data; always asks first and can be undone"]
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Mode {
    /// What can be typed as it is, beside the keys that mean a command.
    var typed: [(keys: String, help: String)] {
        switch self {
        case .trim: [("0-9", "type how many messages to keep; the cut moves once the number is whole")]
        case .dialog: [("0-9", "in a question that asks for a number, type it")]
        default: []
        }
    }
}
