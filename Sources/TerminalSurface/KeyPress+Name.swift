extension KeyPress {
    /// The name shown in help and written in a configuration: `j`, `Space`, `Ctrl-D`, `Alt-x`, `Shift-Tab`, `F5`.
    public var name: String {
        var result = ""
        if modifiers.contains(.control) { result += "Ctrl-" }
        if modifiers.contains(.alt) { result += "Alt-" }
        if modifiers.contains(.shift) { result += "Shift-" }
        switch key {
        case .character(" "): return result + "Space"
        case .character(let character):
            return result + (modifiers.contains(.control) ? character.uppercased() : String(character))
        case .function(let number): return result + "F\(number)"
        default: return result + (Self.names.first { $0.key == key }?.name ?? "")
        }
    }

    /// The key of a name; letter case counts only for a single character. Nil for a name of no key.
    public init?(name: String) {
        var rest = Substring(name)
        var modifiers: Modifiers = []
        prefixes: while true {
            for (prefix, modifier) in Self.prefixes
            where rest.count > prefix.count && rest.lowercased().hasPrefix(prefix) {
                modifiers.insert(modifier)
                rest = rest.dropFirst(prefix.count)
                continue prefixes
            }
            break
        }
        guard let key = Self.key(named: rest) else { return nil }
        self.init(key, modifiers)
    }

    private static func key(named name: Substring) -> Key? {
        if name.count == 1, let character = name.first { return .character(character) }
        let lower = name.lowercased()
        if lower == "space" { return .character(" ") }
        if let named = names.first(where: { $0.name.lowercased() == lower }) { return named.key }
        if let alias = aliases[lower] { return alias }
        if lower.first == "f", let number = Int(lower.dropFirst()), number >= 1, number <= 63 {
            return .function(number)
        }
        return nil
    }

    private static let prefixes: [(String, Modifiers)] = [
        ("ctrl-", .control), ("alt-", .alt), ("shift-", .shift),
    ]

    private static let names: [(key: Key, name: String)] = [
        (.enter, "Enter"), (.tab, "Tab"), (.escape, "Esc"), (.backspace, "Backspace"), (.delete, "Delete"),
        (.insert, "Insert"), (.up, "Up"), (.down, "Down"), (.left, "Left"), (.right, "Right"), (.home, "Home"),
        (.end, "End"), (.pageUp, "PgUp"), (.pageDown, "PgDn"),
    ]

    private static let aliases: [String: Key] = [
        "return": .enter, "escape": .escape, "del": .delete, "ins": .insert, "pageup": .pageUp,
        "pagedown": .pageDown, "bs": .backspace,
    ]
}
