/// A search for text in the keys and values of an outlined document, made in bounded steps.
///
/// Strings and keys are compared by what they mean, escapes resolved; numbers
/// and words by their spelling.
public struct JSONSearch: Sendable {
    public enum Direction: Sendable {
        case forward, backward
    }

    /// Where a search found its text.
    public struct Match: Sendable, Hashable {
        /// The bytes of the key or value with the text.
        public var range: Range<Int>
        /// Whether the text is in a key.
        public var isKey: Bool
    }

    /// What a step came to.
    public enum Outcome: Sendable, Hashable {
        case found(Match)
        /// Nothing in this step; go on with the next.
        case searching
        /// Nothing up to where the outline has been read; advance it and go on.
        case waiting
        /// Nothing up to the end, or backwards to the start, of the document.
        case exhausted
    }

    public let direction: Direction
    /// Forward, tokens from here on are still to be searched; backward, tokens that begin before.
    public internal(set) var position: Int
    let needle: TextNeedle

    /// - Parameters:
    ///   - position: Forward, the first offset that counts; backward, the first that does not. To go on behind
    ///     or before a match, pass `match.range.lowerBound + 1` or `match.range.lowerBound`.
    ///   - ignoresCase: Whether ASCII letters match in either case.
    public init(_ text: String, ignoresCase: Bool = true, _ direction: Direction = .forward, from position: Int) {
        needle = TextNeedle(text, ignoresCase: ignoresCase)
        self.direction = direction
        self.position = max(0, position)
    }
}
