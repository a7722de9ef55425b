extension TextPattern {
    /// The pattern that a typed text is as a whole, written `/a.*b/` as in a filter; `nil` where it is just a text.
    public static func typed(_ text: String) throws(FilterProblem) -> TextPattern? {
        var reader = FilterReader(text)
        // Quotes are characters as any other here: the text is taken as it stands.
        guard let first = try? reader.nextWordOrPattern(), case .pattern(let source) = first,
            let rest = try? Optional.some(reader.nextWordOrPattern()), rest == nil
        else { return nil }
        return try read(source)
    }

    /// What stands between the slashes.
    static func read(_ source: String) throws(FilterProblem) -> TextPattern {
        do throws(PatternProblem) {
            return try TextPattern(source)
        } catch {
            throw FilterProblem("/\(source)/ is no pattern: \(error.reason)")
        }
    }
}
