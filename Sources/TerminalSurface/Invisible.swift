/// Which characters would not be seen on a screen, or would change how others are seen.
enum Invisible {
    static let nonJoiner: UInt32 = 0x200C
    static let joiner: UInt32 = 0x200D

    static func isVariationSelector(_ value: UInt32) -> Bool {
        (value >= 0xFE00 && value <= 0xFE0F) || (value >= 0xE0100 && value <= 0xE01EF)
    }

    /// Whether a scalar has no shape of its own or none that is known: controls,
    /// separators, format characters, default-ignorable and unassigned ones.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0xA0 { return scalar.value < 0x20 || scalar.value >= 0x7F }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .unassigned, .surrogate: return true
        case .format: return properties.isDefaultIgnorableCodePoint || CharacterWidth.columns(of: scalar) == 0
        default: return properties.isDefaultIgnorableCodePoint
        }
    }

    /// Whether a variation selector after `base` picks a shape: not on plain
    /// letters and spaces, where it could only smuggle something past the eye.
    static func canSelectVariant(of base: Unicode.Scalar?) -> Bool {
        guard let base else { return false }
        if base.value < 0x80 { return (base.value >= 0x30 && base.value <= 0x39) || base == "#" || base == "*" }
        return !base.properties.isWhitespace
    }

    static func isPicture(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0xFF && scalar.properties.isEmoji
    }

    /// Scripts whose spelling uses joiners: Arabic and its relatives, the
    /// Indic scripts, Khmer, Mongolian.
    static func isJoiningScript(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0600...0x08FF, 0x0900...0x109F, 0x1780...0x18AF, 0xA840...0xA8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC:
            true
        default: false
        }
    }
}
