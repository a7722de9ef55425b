/// A search for text in the keys and values of an outlined document, made in bounded steps.
///
/// Strings and keys are compared by what they mean, escapes resolved; numbers
/// and words by their spelling.
public struct JSONSearch: Sendable {
    public enum Direction: Sendable {
        case forward, backward
    }

    /// Which tokens are compared.
    public enum Scope: Sendable {
        case everything, keys, values
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
    public let scope: Scope
    /// Forward, tokens from here on are still to be searched; backward, tokens that begin before.
    public internal(set) var position: Int
    let needle: TextNeedle
    /// What is asked of each token's text in place of the needle.
    let test: (@Sendable (String) -> Bool)?

    /// - Parameters:
    ///   - position: Forward, the first offset that counts; backward, the first that does not. To go on behind
    ///     or before a match, pass `match.range.lowerBound + 1` or `match.range.lowerBound`.
    ///   - ignoresCase: Whether ASCII letters match in either case.
    public init(
        _ text: String, ignoresCase: Bool = true, in scope: Scope = .everything, _ direction: Direction = .forward,
        from position: Int
    ) {
        self.scope = scope
        needle = TextNeedle(text, ignoresCase: ignoresCase)
        test = nil
        self.direction = direction
        self.position = max(0, position)
    }

    /// A search for tokens whose text, escapes resolved, passes a test.
    public init(
        passing test: @escaping @Sendable (String) -> Bool, in scope: Scope = .everything,
        _ direction: Direction = .forward, from position: Int
    ) {
        self.scope = scope
        needle = TextNeedle("", ignoresCase: false)
        self.test = test
        self.direction = direction
        self.position = max(0, position)
    }

    var isEmpty: Bool { needle.isEmpty && test == nil }

    /// Whether a token holds what is looked for.
    func isFound(_ range: Range<Int>, isString: Bool, in bytes: JSONBytes) -> Bool {
        guard let test else {
            return isString ? needle.matches(string: range, in: bytes) : needle.matches(spelling: range, in: bytes)
        }
        if isString { return test(JSONString(quoted: range, in: bytes).text) }
        let spelling = UnsafeBufferPointer(start: bytes.base + range.lowerBound, count: range.count)
        return test(String(decoding: spelling, as: UTF8.self))
    }
}
