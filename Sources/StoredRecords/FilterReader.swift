/// Takes a filter apart: at spaces, but not within `/.../` and `"..."`. A slash that nothing ends is a character
/// as any other; a `"` that begins a word has to have a second one.
struct FilterReader {
    enum Body {
        case word(String)
        case pattern(String)
    }

    private var rest: Substring

    init(_ text: String) {
        rest = text[...]
    }

    mutating func next() throws(FilterProblem) -> (body: Body, isNegated: Bool)? {
        rest = rest.drop(while: \.isWhitespace)
        guard let first = rest.first else { return nil }
        var isNegated = false
        if first == "!", let second = rest.dropFirst().first, !second.isWhitespace {
            isNegated = true
            rest = rest.dropFirst()
        }
        if let source = enclosed(by: "/") { return (.pattern(source), isNegated) }
        if let words = enclosed(by: "\"") { return (.word(words), isNegated) }
        try requireNoQuote()
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        return (.word(String(word)), isNegated)
    }

    /// The same without signs for negation, which belong to a word then.
    mutating func nextWordOrPattern() throws(FilterProblem) -> Body? {
        rest = rest.drop(while: \.isWhitespace)
        guard !rest.isEmpty else { return nil }
        if let source = enclosed(by: "/") { return .pattern(source) }
        if let words = enclosed(by: "\"") { return .word(words) }
        try requireNoQuote()
        let word = rest.prefix { !$0.isWhitespace }
        rest = rest.dropFirst(word.count)
        return .word(String(word))
    }

    /// Words of which only the first was meant to be found would be found rarely, and nobody would know why.
    private func requireNoQuote() throws(FilterProblem) {
        // Of `"role":` both signs are there to be found.
        guard rest.first == "\"", !rest.dropFirst().contains("\"") else { return }
        throw FilterProblem("a second \" ends the words; /\"/ finds the sign itself")
    }

    /// What stands between two of a sign, when the second one ends a part; a path like `/home/me` is a word.
    private mutating func enclosed(by sign: Character) -> String? {
        guard rest.first == sign else { return nil }
        var at = rest.index(after: rest.startIndex)
        var isEscaped = false
        while at < rest.endIndex {
            let character = rest[at]
            let after = rest.index(after: at)
            if character == sign, !isEscaped {
                guard after == rest.endIndex || rest[after].isWhitespace else { return nil }
                let inside = rest[rest.index(after: rest.startIndex)..<at]
                guard !inside.isEmpty else { return nil }
                rest = rest[after...]
                return String(inside)
            }
            isEscaped = character == "\\" && !isEscaped
            at = after
        }
        return nil
    }
}
