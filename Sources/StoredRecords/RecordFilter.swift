internal import JSONText

/// What a list lets through: words, patterns and conditions, which must all hold.
///
/// | written | lets through |
/// |---|---|
/// | `refund policy` | what holds both words in any order; any case, unless a word has a capital |
/// | `/a.*b/` | what the regular expression matches |
/// | `!word` | what does not hold it; stands before everything else too |
/// | `older:30d`, `newer:12h`, `older:2025-01-31` | by the time of the last change |
/// | `larger:1m`, `smaller:20k` | by stored size |
/// | `messages:>100`, `messages:<5`, `messages:7`, `tokens:>10000` | by number |
/// | `source:NAME`, `agent:NAME`, `status:NAME` | by the beginning of the name |
///
/// What a record does not tell, like the size of a thread that was not
/// measured, fulfils no condition.
public struct RecordFilter: Sendable, Hashable {
    public let text: String
    let terms: [Term]

    struct Term: Sendable, Hashable {
        enum Test: Sendable, Hashable {
            case word([UInt8], isExact: Bool)
            case pattern(TextPattern)
            case condition(RecordCondition)
        }

        var test: Test
        var isNegated = false
    }

    private init(text: String, terms: [Term]) {
        self.text = text
        self.terms = terms
    }

    /// A filter of words, phrases and patterns alone.
    public init(_ words: TextFilter) {
        text = words.text
        terms = words.parts.map { Term(test: Self.word($0)) } + words.patterns.map { Term(test: .pattern($0)) }
    }

    /// Reads what a user typed; `nil` when that lets everything through.
    /// - Parameter now: what ages are counted from.
    public static func read(_ text: String, now: Timestamp) throws(FilterProblem) -> RecordFilter? {
        var reader = FilterReader(text)
        var terms: [Term] = []
        while let part = try reader.next() {
            var term: Term
            switch part.body {
            case .pattern(let source): term = Term(test: .pattern(try TextPattern.read(source)))
            case .word(let word):
                if let condition = try RecordCondition.read(word, now: now) {
                    term = Term(test: .condition(condition))
                } else {
                    term = Term(test: Self.word(word))
                }
            }
            term.isNegated = part.isNegated
            terms.append(term)
        }
        return terms.isEmpty ? nil : RecordFilter(text: text, terms: terms)
    }

    /// Words that have the form of a condition with a name that is none, as `tag:` of `tag:ci`: they were taken as
    /// words, which may not be what was meant.
    public var unknownNames: [String] {
        var reader = FilterReader(text)
        var names: [String] = []
        while let part = try? reader.next() {
            guard case .word(let word) = part.body, let name = RecordCondition.unknownName(in: word) else { continue }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The same as a sentence without an end; `nil` when there are none.
    public var unknownNamesSentence: String? {
        let names = unknownNames.prefix(3).map { $0 + ":" }
        guard let first = names.first else { return nil }
        return names.count == 1
            ? "\(first) is no key of the filter, it was taken as words"
            : "\(names.joined(separator: ", ")) are no keys of the filter, they were taken as words"
    }

    private static func word(_ word: String) -> Term.Test {
        let isExact = word.contains(where: \.isUppercase)
        return .word(Array(isExact ? word.utf8 : word.lowercased().utf8), isExact: isExact)
    }

    // MARK: Matching

    public func matches(_ record: RecordSummary) -> Bool {
        var facts = Facts { Self.fields(of: record) }
        return terms.allSatisfy { term in
            switch term.test {
            case .condition(let condition):
                // What is not known lets nothing through, negated or not.
                condition.holds(for: record).map { $0 != term.isNegated } ?? false
            default: facts.fulfil(term)
            }
        }
    }

    /// Whether a record of which only these texts are known is let through; conditions let none through.
    public func matches(_ fields: [String]) -> Bool {
        var facts = Facts { fields }
        return terms.allSatisfy { term in
            if case .condition = term.test { false } else { facts.fulfil(term) }
        }
    }

    /// The texts of a record and their forms, made when first asked for.
    private struct Facts {
        private let make: () -> [String]
        private lazy var fields = make()
        private lazy var exact = fields.map { Array($0.utf8) }
        private lazy var lowered = fields.map { Array($0.lowercased().utf8) }

        init(_ make: @escaping () -> [String]) {
            self.make = make
        }

        mutating func fulfil(_ term: Term) -> Bool {
            let isFound: Bool
            switch term.test {
            case .word(let word, let isExact):
                isFound = (isExact ? exact : lowered).contains { TextFilter.contains($0, word) }
            case .pattern(let pattern): isFound = fields.contains { pattern.matches($0) }
            case .condition: isFound = false
            }
            return isFound != term.isNegated
        }
    }

    private static func fields(of record: RecordSummary) -> [String] {
        TextFilter.fields(of: record) + [record.id.source]
    }

    // MARK: Parts

    /// Whether a source can hold anything that is let through.
    public func allows(source: String) -> Bool {
        terms.allSatisfy { term in
            guard case .condition(.source(let name)) = term.test else { return true }
            return RecordCondition.begins(source, with: name) != term.isNegated
        }
    }

    /// The part that sums decide (messages, tokens, sizes), which some stores
    /// know only of records they hand over; `nil` when there is none.
    public var bySums: RecordFilter? { part { $0 } }

    /// The part that decides without sums; `nil` when there is none.
    public var withoutSums: RecordFilter? { part { !$0 } }

    private func part(_ isWanted: (Bool) -> Bool) -> RecordFilter? {
        let chosen = terms.filter { term in
            if case .condition(let condition) = term.test { isWanted(condition.isOnSums) } else { isWanted(false) }
        }
        return chosen.isEmpty ? nil : RecordFilter(text: text, terms: chosen)
    }
}

/// Why a text is no filter.
public struct FilterProblem: Error, Sendable, Hashable {
    /// One sentence without its stop.
    public let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
