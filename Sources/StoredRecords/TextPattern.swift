/// A regular expression whose match takes time in proportion to the text,
/// whatever the expression is.
///
/// All states it can be in are followed at once, so that nothing is tried
/// twice and no expression is slow. What cannot be matched so, back references
/// and look-around, is refused. Without a capital letter it matches in any case;
/// `^` and `$` match where lines begin and end.
public struct TextPattern: Sendable, Hashable {
    public let source: String
    private let program: [Step]
    private let isExact: Bool

    /// One step of the program; targets are indices into it.
    enum Step: Sendable, Hashable {
        case scalar(UInt32)
        case any
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case start, end
        case border(Bool)
        case match
    }

    public init(_ source: String) throws(PatternProblem) {
        self.source = source
        var parser = PatternParser(source)
        let tree = try parser.read()
        // An escaped class like `\S` is no capital letter of the text.
        isExact = !parser.ignoresCase && parser.hasCapital
        var writer = PatternWriter()
        try writer.write(tree)
        program = writer.program + [.match]
    }

    /// Whether it matches anywhere in the text.
    public func matches(_ text: String, isCancelled: () -> Bool = { false }) -> Bool {
        var text = text
        return text.withUTF8 { find(in: $0, 0..<$0.count, anyEnd: true, isCancelled) } != nil
    }

    /// The bytes of the first match.
    public func range(in text: String) -> Range<Int>? {
        var text = text
        return text.withUTF8 { range(in: $0) }
    }

    /// The bytes of the first match within some bytes of a text, which are UTF-8 from character to character.
    ///
    /// - Parameter bounds: where the match is to lie; all of the text when `nil`.
    /// - Returns: `nil` also when `isCancelled`, which is asked now and then, says so.
    public func range(
        in text: UnsafeBufferPointer<UInt8>, _ bounds: Range<Int>? = nil, isCancelled: () -> Bool = { false }
    ) -> Range<Int>? {
        find(in: text, bounds ?? 0..<text.count, anyEnd: false, isCancelled)
    }

    private func find(
        in text: UnsafeBufferPointer<UInt8>, _ bounds: Range<Int>, anyEnd: Bool, _ isCancelled: () -> Bool
    ) -> Range<Int>? {
        var run = Run(program, anyEnd: anyEnd)
        var before = bounds.lowerBound > 0 ? Self.neighbour(text[bounds.lowerBound - 1]) : nil
        var at = bounds.lowerBound
        var asked = at
        while at < bounds.upperBound {
            if at - asked >= 1 << 20 {
                asked = at
                if isCancelled() { return nil }
            }
            let (scalar, length) = Self.scalar(text, at)
            if isExact || scalar < 0x80 {
                let folded = !isExact && scalar >= 65 && scalar <= 90 ? scalar + 32 : scalar
                if !run.begin(before: before, after: folded, at) { return run.found }
                run.take(folded)
                before = folded
            } else {
                // A letter may fold to several scalars, which all stand where it stands.
                for (index, folded) in Self.folded(scalar).enumerated() {
                    let place = index == 0 ? at : at + length
                    if !run.begin(before: before, after: folded, place) { return run.found }
                    run.take(folded)
                    before = folded
                }
            }
            at += length
        }
        _ = run.begin(before: before, after: at < text.count ? Self.neighbour(text[at]) : nil, at)
        return run.found
    }

    /// What stands beside the bytes that are searched; of letters beyond ASCII any will do.
    private static func neighbour(_ byte: UInt8) -> UInt32 { byte < 0x80 ? UInt32(byte) : 0xAA }

    private static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ at: Int) -> (UInt32, Int) {
        let first = UInt32(text[at])
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard length > 1, at + length <= text.count else { return (first, 1) }
        var scalar = first & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07)
        for offset in 1..<length { scalar = scalar << 6 | UInt32(text[at + offset] & 0x3F) }
        return (scalar, length)
    }

    private static func folded(_ scalar: UInt32) -> [UInt32] {
        guard let scalar = Unicode.Scalar(scalar) else { return [scalar] }
        return scalar.properties.lowercaseMapping.unicodeScalars.map(\.value)
    }

    /// The states between two scalars, those of the earliest begin first.
    private struct Run {
        private struct State {
            var at: Int
            /// Where in the text the match begins that it may become.
            var begin: Int
        }

        private let program: [Step]
        private var waiting: [State] = []
        private var ready: [State] = []
        private var seen: [Int]
        private var round = 0
        private var stack: [State] = []
        /// The match that nothing but a longer one of the same begin can replace.
        private(set) var found: Range<Int>?

        /// Whether it is enough to know that there is a match.
        private let anyEnd: Bool

        init(_ program: [Step], anyEnd: Bool) {
            self.program = program
            self.anyEnd = anyEnd
            seen = Array(repeating: -1, count: program.count)
        }

        /// Follows all steps that take no scalar; false when what was found is final.
        mutating func begin(before: UInt32?, after: UInt32?, _ offset: Int) -> Bool {
            round += 1
            ready.removeAll(keepingCapacity: true)
            // A later begin is of no interest once there is a match.
            if found == nil { stack.append(State(at: 0, begin: offset)) }
            stack += waiting.reversed()
            while let state = stack.popLast() {
                let at = state.at
                guard seen[at] != round else { continue }
                seen[at] = round
                switch program[at] {
                case .match:
                    // Whatever is less preferred than this can only be another match from here or later.
                    found = state.begin..<offset
                    stack.removeAll(keepingCapacity: true)
                case .jump(let target): stack.append(State(at: target, begin: state.begin))
                case .split(let first, let second):
                    stack.append(State(at: second, begin: state.begin))
                    stack.append(State(at: first, begin: state.begin))
                case .start:
                    if before == nil || before == 10 { stack.append(State(at: at + 1, begin: state.begin)) }
                case .end: if after == nil || after == 10 { stack.append(State(at: at + 1, begin: state.begin)) }
                case .border(let isWanted):
                    let isBorder = ScalarSet.isWord(before) != ScalarSet.isWord(after)
                    if isBorder == isWanted { stack.append(State(at: at + 1, begin: state.begin)) }
                case .scalar, .any, .set: ready.append(state)
                }
            }
            return found == nil || !ready.isEmpty && !anyEnd
        }

        mutating func take(_ scalar: UInt32) {
            waiting.removeAll(keepingCapacity: true)
            for state in ready {
                let isTaken =
                    switch program[state.at] {
                    case .scalar(let wanted): wanted == scalar
                    case .any: scalar != 10
                    case .set(let set): set.contains(scalar)
                    default: false
                    }
                if isTaken { waiting.append(State(at: state.at + 1, begin: state.begin)) }
            }
        }
    }
}

/// Why a text is no regular expression that can be used.
public struct PatternProblem: Error, Sendable, Hashable {
    /// One clause: "a [ is not closed".
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// A class of characters in a pattern.
struct ScalarSet: Sendable, Hashable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool {
        ranges.contains { $0.contains(scalar) } != isNegated
    }

    static let digits = [range("0", "9")]
    static let spaces: [ClosedRange<UInt32>] = [9...13, 32...32, 0xA0...0xA0, 0x2000...0x200A, 0x3000...0x3000]
    /// Letters beyond ASCII count as parts of words.
    static let words: [ClosedRange<UInt32>] =
        digits + [range("a", "z"), range("A", "Z"), range("_", "_"), 0xAA...0x1FFF, 0x2C00...0x10FFFF]

    static func isWord(_ scalar: UInt32?) -> Bool {
        guard let scalar else { return false }
        return words.contains { $0.contains(scalar) }
    }

    private static func range(_ first: Unicode.Scalar, _ last: Unicode.Scalar) -> ClosedRange<UInt32> {
        first.value...last.value
    }

    /// What the ranges do not hold.
    static func rest(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        var rest: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { rest.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { rest.append(next...0x10FFFF) }
        return rest
    }
}
