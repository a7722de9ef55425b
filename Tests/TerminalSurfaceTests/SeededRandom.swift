/// A generator whose sequence depends on its seed alone (SplitMix64), so that a failure repeats.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

extension SeededRandom {
    /// Text of up to `length` pieces of every class a screen may meet.
    mutating func text(_ length: Int) -> String {
        let pieces = [
            "a", "b", "word", " ", " ", " ", "  ", "日", "本", "é", "e\u{301}", "👩\u{200D}💻", "👍🏽", "🇩🇪", "❤\u{FE0F}",
            "\u{1B}", "\u{9B}", "\u{202E}", "\t", "\u{301}", "한", "क्षि", "Ω",
        ]
        return (0..<Int.random(in: 0...length, using: &self)).map { _ in
            pieces.randomElement(using: &self) ?? ""
        }.joined()
    }
}
