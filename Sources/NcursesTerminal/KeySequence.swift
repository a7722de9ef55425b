import TerminalSurface

/// The keys that common terminals name by the parameters and the last byte of a sequence.
enum KeySequence {
    /// The key of `ESC [ numbers final`; nil when it names none.
    static func key(final: UInt8, numbers: [Int?]) -> KeyPress? {
        let first = numbers.first.flatMap { $0 } ?? 1
        let modifiers = modifiers(numbers.count > 1 ? numbers[1] ?? 1 : 1)
        switch final {
        case 0x7E: return tilde(first).map { KeyPress($0, modifiers) }
        case 0x75: return character(first, modifiers)
        case 0x5A: return KeyPress(.tab, modifiers.union(.shift))
        // rxvt: lower-case arrows are shifted.
        case 0x61...0x64:
            guard numbers.allSatisfy({ $0 == nil }) else { return nil }
            return letter(final - 0x20).map { KeyPress($0, .shift) }
        default: return letter(final).map { KeyPress($0, modifiers) }
        }
    }

    /// The key of `ESC O final`; nil when it names none.
    static func key(singleShift final: UInt8) -> KeyPress? {
        switch final {
        case 0x4D: return KeyPress(.enter)
        // rxvt: lower-case arrows are pressed with control.
        case 0x61...0x64: return letter(final - 0x20).map { KeyPress($0, .control) }
        // Keypad in application mode: the character the key is printed with.
        case 0x6A...0x79: return KeyPress(Character(Unicode.Scalar(final - 0x40)))
        default: return letter(final).map { KeyPress($0) }
        }
    }

    private static func letter(_ final: UInt8) -> KeyPress.Key? {
        switch final {
        case 0x41: .up
        case 0x42: .down
        case 0x43: .right
        case 0x44: .left
        case 0x46: .end
        case 0x48: .home
        case 0x50: .function(1)
        case 0x51: .function(2)
        case 0x52: .function(3)
        case 0x53: .function(4)
        default: nil
        }
    }

    private static func tilde(_ number: Int) -> KeyPress.Key? {
        switch number {
        case 1, 7: .home
        case 2: .insert
        case 3: .delete
        case 4, 8: .end
        case 5: .pageUp
        case 6: .pageDown
        case 11...15: .function(number - 10)
        case 17...21: .function(number - 11)
        case 23, 24: .function(number - 12)
        default: nil
        }
    }

    /// `ESC [ code ; modifiers u`: any key by its code point.
    private static func character(_ code: Int, _ modifiers: KeyPress.Modifiers) -> KeyPress? {
        switch code {
        case 9: return KeyPress(.tab, modifiers)
        case 13: return KeyPress(.enter, modifiers)
        case 27: return KeyPress(.escape, modifiers)
        case 8, 127: return KeyPress(.backspace, modifiers)
        default:
            guard code >= 0x20, let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                return nil
            }
            return KeyPress(Character(scalar), modifiers.subtracting(.shift))
        }
    }

    /// xterm counts shift 1, alt 2, control 4, meta 8, plus one.
    private static func modifiers(_ number: Int) -> KeyPress.Modifiers {
        let bits = number >= 1 && number <= 16 ? number - 1 : 0
        var result: KeyPress.Modifiers = []
        if bits & 1 != 0 { result.insert(.shift) }
        if bits & (2 | 8) != 0 { result.insert(.alt) }
        if bits & 4 != 0 { result.insert(.control) }
        return result
    }
}
