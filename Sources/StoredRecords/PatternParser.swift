/// A regular expression as it is written, part by part.
indirect enum PatternTree {
    case empty
    case scalar(UInt32)
    case any
    case set(ScalarSet)
    case start, end
    case border(Bool)
    case sequence([PatternTree])
    case choice([PatternTree])
    case times(PatternTree, least: Int, most: Int?)
}

/// Reads a regular expression: literals, `.`, classes, groups, `|`, `* + ? {m,n}`, `^ $ \b`.
struct PatternParser {
    private static let deepest = 60
    private static let mostRepeats = 1000

    private let scalars: [Unicode.Scalar]
    private var at = 0
    private var depth = 0
    private(set) var ignoresCase = false
    private(set) var hasCapital = false

    init(_ source: String) {
        scalars = Array(source.unicodeScalars)
    }

    private var next: Unicode.Scalar? { at < scalars.count ? scalars[at] : nil }

    private mutating func skip(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard scalars.dropFirst(at).starts(with: wanted) else { return false }
        at += wanted.count
        return true
    }

    mutating func read() throws(PatternProblem) -> PatternTree {
        ignoresCase = skip("(?i)")
        let tree = try choice()
        if next != nil { throw PatternProblem("a ) has no ( before it") }
        return tree
    }

    private mutating func choice() throws(PatternProblem) -> PatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw PatternProblem("its groups are nested too deeply") }
        var choices = [try sequence()]
        while skip("|") { choices.append(try sequence()) }
        return choices.count == 1 ? choices[0] : .choice(choices)
    }

    private mutating func sequence() throws(PatternProblem) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try repeated(try single()))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func single() throws(PatternProblem) -> PatternTree {
        guard let scalar = next else { return .empty }
        at += 1
        switch scalar {
        case ".": return .any
        case "^": return .start
        case "$": return .end
        case "(": return try group()
        case "[": return .set(try set())
        case "\\": return try escape()
        case "*", "+", "?": throw PatternProblem("a \(scalar) has nothing before it to repeat")
        default: return literal(scalar)
        }
    }

    private mutating func literal(_ scalar: Unicode.Scalar) -> PatternTree {
        .scalar(noted(scalar).value)
    }

    /// Remembers a capital, or takes it as a small letter where case makes no difference.
    private mutating func noted(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard scalar.properties.isUppercase else { return scalar }
        hasCapital = true
        return ignoresCase ? scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar : scalar
    }

    private mutating func group() throws(PatternProblem) -> PatternTree {
        if !skip("?:"), skip("?") {
            throw PatternProblem("look-around and named groups are not supported")
        }
        let tree = try choice()
        guard skip(")") else { throw PatternProblem("a ( is not closed") }
        return tree
    }

    private mutating func repeated(_ part: PatternTree) throws(PatternProblem) -> PatternTree {
        var part = part
        while true {
            if skip("*") {
                part = .times(part, least: 0, most: nil)
            } else if skip("+") {
                part = .times(part, least: 1, most: nil)
            } else if skip("?") {
                part = .times(part, least: 0, most: 1)
            } else if next == "{", let (least, most) = try counts() {
                part = .times(part, least: least, most: most)
            } else {
                return part
            }
            // Whether it takes much or little at first makes no difference to whether it matches.
            _ = skip("?")
        }
    }

    /// `{3}`, `{3,}` or `{3,5}`; `nil` when the brace counts nothing and stands for itself.
    private mutating func counts() throws(PatternProblem) -> (Int, Int?)? {
        let begin = at
        at += 1
        guard let least = number() else {
            at = begin
            return nil
        }
        var most: Int? = least
        if skip(",") { most = number() }
        guard skip("}") else {
            at = begin
            return nil
        }
        if let most, most < least { throw PatternProblem("{\(least),\(most)} counts backwards") }
        guard max(least, most ?? 0) <= Self.mostRepeats else {
            throw PatternProblem("it repeats more than \(Self.mostRepeats) times")
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var digits = ""
        while let scalar = next, ("0"..."9").contains(scalar), digits.count < 6 {
            digits.unicodeScalars.append(scalar)
            at += 1
        }
        return Int(digits)
    }

    // MARK: Classes

    private mutating func escape() throws(PatternProblem) -> PatternTree {
        guard let scalar = next else { throw PatternProblem("it ends with a \\") }
        if scalar == "b" || scalar == "B" {
            at += 1
            return .border(scalar == "b")
        }
        if ("1"..."9").contains(scalar) { throw PatternProblem("back references are not supported") }
        at += 1
        if let ranges = Self.named(scalar) { return .set(ScalarSet(ranges: ranges)) }
        return literal(Self.control(scalar) ?? scalar)
    }

    /// The characters of `\d` and its like.
    private static func named(_ scalar: Unicode.Scalar) -> [ClosedRange<UInt32>]? {
        switch scalar {
        case "d": ScalarSet.digits
        case "D": ScalarSet.rest(of: ScalarSet.digits)
        case "w": ScalarSet.words
        case "W": ScalarSet.rest(of: ScalarSet.words)
        case "s": ScalarSet.spaces
        case "S": ScalarSet.rest(of: ScalarSet.spaces)
        default: nil
        }
    }

    private static func control(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "t": "\t"
        case "n": "\n"
        case "r": "\r"
        default: nil
        }
    }

    private mutating func set() throws(PatternProblem) -> ScalarSet {
        var set = ScalarSet()
        set.isNegated = skip("^")
        var isFirst = true
        while let scalar = next, isFirst || scalar != "]" {
            isFirst = false
            at += 1
            var low = scalar
            if scalar == "\\" {
                guard let escaped = next else { break }
                at += 1
                if let ranges = Self.named(escaped) {
                    set.ranges += ranges
                    continue
                }
                low = Self.control(escaped) ?? escaped
            }
            low = noted(low)
            var high = low
            if next == "-", at + 1 < scalars.count, scalars[at + 1] != "]" {
                at += 1
                high = scalars[at]
                at += 1
                if high == "\\", let escaped = next {
                    high = Self.control(escaped) ?? escaped
                    at += 1
                }
                high = noted(high)
            }
            guard low <= high else { throw PatternProblem("[\(low)-\(high)] runs backwards") }
            set.ranges.append(low.value...high.value)
        }
        guard skip("]") else { throw PatternProblem("a [ is not closed") }
        return set
    }
}

/// Writes a program for a pattern.
struct PatternWriter {
    private static let longest = 4000

    private(set) var program: [TextPattern.Step] = []

    mutating func write(_ tree: PatternTree) throws(PatternProblem) {
        guard program.count < Self.longest else { throw PatternProblem("it is too long with its repeats written out") }
        switch tree {
        case .empty: break
        case .scalar(let scalar): program.append(.scalar(scalar))
        case .any: program.append(.any)
        case .set(let set): program.append(.set(set))
        case .start: program.append(.start)
        case .end: program.append(.end)
        case .border(let isWanted): program.append(.border(isWanted))
        case .sequence(let parts):
            for part in parts { try write(part) }
        case .choice(let choices): try write(choices: choices)
        case .times(let part, let least, let most):
            for _ in 0..<least { try write(part) }
            if let most {
                for _ in least..<most { try write(optional: part) }
            } else {
                let split = program.count
                program.append(.jump(0))
                try write(part)
                program.append(.jump(split))
                program[split] = .split(split + 1, program.count)
            }
        }
    }

    private mutating func write(optional part: PatternTree) throws(PatternProblem) {
        let split = program.count
        program.append(.jump(0))
        try write(part)
        program[split] = .split(split + 1, program.count)
    }

    private mutating func write(choices: [PatternTree]) throws(PatternProblem) {
        var ends: [Int] = []
        for (index, choice) in choices.enumerated() {
            guard index < choices.count - 1 else {
                try write(choice)
                break
            }
            let split = program.count
            program.append(.jump(0))
            try write(choice)
            ends.append(program.count)
            program.append(.jump(0))
            program[split] = .split(split + 1, program.count)
        }
        for end in ends { program[end] = .jump(program.count) }
    }
}
