/// A key with its modifiers, as a terminal can report it.
///
/// Shift is part of a character (`J`, `?`); it is a modifier only of named
/// keys. Control with a letter holds the lower-case letter.
public struct KeyPress: Hashable, Sendable {
    public enum Key: Hashable, Sendable {
        case character(Character)
        case enter, tab, escape, backspace, delete, insert
        case up, down, left, right, home, end, pageUp, pageDown
        case function(Int)
    }

    public struct Modifiers: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8

        public init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        public static let control = Modifiers(rawValue: 1)
        public static let alt = Modifiers(rawValue: 2)
        public static let shift = Modifiers(rawValue: 4)
    }

    public var key: Key
    public var modifiers: Modifiers

    public init(_ key: Key, _ modifiers: Modifiers = []) {
        if case .character(let character) = key, modifiers.contains(.control), let lower = character.lowercased().first
        {
            self.key = .character(lower)
        } else {
            self.key = key
        }
        self.modifiers = modifiers
    }

    public init(_ character: Character, _ modifiers: Modifiers = []) {
        self.init(.character(character), modifiers)
    }

    public static func control(_ character: Character) -> KeyPress { KeyPress(character, .control) }
    public static func alt(_ character: Character) -> KeyPress { KeyPress(character, .alt) }

    /// The character to insert when this key is typed into an input; nil for every other key.
    public var typedCharacter: Character? {
        guard case .character(let character) = key, modifiers.isEmpty else { return nil }
        return character
    }
}
