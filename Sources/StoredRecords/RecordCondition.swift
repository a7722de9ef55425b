/// A condition on what is known of a record besides its texts.
enum RecordCondition: Sendable, Hashable {
    /// Last changed before or since a moment.
    case changed(before: Bool, Timestamp)
    case size(Bounds)
    case messages(Bounds)
    case tokens(Bounds)
    case source(String)
    case agent(String)
    case status(String)

    /// Both ends belong to it.
    struct Bounds: Sendable, Hashable {
        var least = Int64.min
        var most = Int64.max

        func contains(_ number: Int64) -> Bool { least <= number && number <= most }
    }

    /// Whether it looks at sums, which some stores know only of records they hand over.
    var isOnSums: Bool {
        switch self {
        case .size, .messages, .tokens: true
        case .changed, .source, .agent, .status: false
        }
    }

    /// `nil` when the record does not tell.
    func holds(for record: RecordSummary) -> Bool? {
        switch self {
        case .changed(let before, let moment):
            return Self.time(of: record).map { before ? $0 < moment : $0 >= moment }
        case .size(let bounds): return record.bytes.map(bounds.contains)
        case .messages(let bounds): return record.messages.map { bounds.contains(Int64($0)) }
        case .tokens(let bounds): return record.tokens.map { bounds.contains(Int64($0)) }
        case .source(let name): return Self.begins(record.id.source, with: name)
        case .agent(let name): return Self.agent(of: record).map { Self.begins($0, with: name) }
        case .status(let name): return Self.status(of: record).map { Self.begins($0, with: name) }
        }
    }

    /// Whether a name begins so, in any case.
    static func begins(_ name: String, with start: String) -> Bool {
        name.lowercased().utf8.starts(with: start.lowercased().utf8)
    }

    private static func time(of record: RecordSummary) -> Timestamp? {
        if case .index(let index) = record.detail, let synced = index.synced { return synced }
        return record.updated ?? record.created
    }

    private static func agent(of record: RecordSummary) -> String? {
        switch record.detail {
        case .thread(let thread): thread.agent
        case .task(let task): task.agent
        default: nil
        }
    }

    private static func status(of record: RecordSummary) -> String? {
        switch record.detail {
        case .thread(let thread): thread.status
        case .artifact(let artifact): artifact.status
        case .task(let task): task.state
        default: nil
        }
    }
}

// MARK: Reading

extension RecordCondition {
    /// `nil` when the word is only a word, like `http://...`.
    static func read(_ word: String, now: Timestamp) throws(FilterProblem) -> RecordCondition? {
        guard let colon = word.firstIndex(of: ":") else { return nil }
        let value = String(word[word.index(after: colon)...])
        let name = word[..<colon].lowercased()
        switch name {
        case "older", "newer":
            guard let moment = moment(value, now: now) else {
                throw FilterProblem("\(name): takes an age like 30d, 12h, 2w or 1y, or a date like 2025-01-31")
            }
            return .changed(before: name == "older", moment)
        case "larger", "smaller":
            guard let bytes = bytes(value) else {
                throw FilterProblem("\(name): takes a size like 500, 20k, 1m or 2g")
            }
            return .size(name == "larger" ? Bounds(least: bytes + 1) : Bounds(most: bytes - 1))
        case "size":
            guard let bounds = bounds(value, bytes) else {
                throw FilterProblem("size: takes a size like >20k, <1m or 1m")
            }
            return .size(bounds)
        case "messages", "tokens":
            guard let bounds = bounds(value, { Int64($0) }) else {
                throw FilterProblem("\(name): takes a number like >100, <5 or 12")
            }
            return name == "messages" ? .messages(bounds) : .tokens(bounds)
        case "source", "agent", "status", "state":
            guard !value.isEmpty else { throw FilterProblem("\(name): takes the beginning of a name") }
            return name == "source" ? .source(value) : name == "agent" ? .agent(value) : .status(value)
        default: return nil
        }
    }

    /// The name before the colon of a word that looks like a condition and is none; `nil` for what looks like
    /// anything else, as `12:30`, `http://...` or `error: timeout`.
    static func unknownName(in word: String) -> String? {
        guard let colon = word.firstIndex(of: ":") else { return nil }
        let name = word[..<colon]
        let value = word[word.index(after: colon)...]
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isLetter }), let first = value.first, first != "/",
            first != ":", !first.isWhitespace, !names.contains(name.lowercased())
        else { return nil }
        return String(name)
    }

    private static let names: Set<String> = [
        "older", "newer", "larger", "smaller", "size", "messages", "tokens", "source", "agent", "status", "state",
    ]

    private static func moment(_ text: String, now: Timestamp) -> Timestamp? {
        if let date = Timestamp(iso8601: text) { return date }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Int64] = [
            "s": 1, "min": 60, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_592_000, "y": 31_536_000,
        ]
        guard let count = Int64(digits), count <= 1_000_000, let unit = units[text.dropFirst(digits.count)] else {
            return nil
        }
        return Timestamp(seconds: now.seconds - count * unit, nanoseconds: now.nanoseconds)
    }

    /// `500`, `20k`, `1.5m`, `2gb`: powers of 1024.
    private static func bytes(_ text: String) -> Int64? {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let units: [String: Double] = [
            "": 1, "b": 1, "k": 1024, "kb": 1024, "m": 1_048_576, "mb": 1_048_576, "g": 1_073_741_824,
            "gb": 1_073_741_824,
        ]
        guard number.first?.isNumber == true, let value = Double(number),
            let unit = units[text.dropFirst(number.count).lowercased()], value * unit < 1e18
        else { return nil }
        return Int64(value * unit)
    }

    private static func bounds(_ text: String, _ number: (String) -> Int64?) -> Bounds? {
        for (sign, make) in Self.comparisons where text.hasPrefix(sign) {
            return number(String(text.dropFirst(sign.count))).map(make)
        }
        return number(text).map { Bounds(least: $0, most: $0) }
    }

    /// Longer signs first.
    private static let comparisons: [(String, @Sendable (Int64) -> Bounds)] = [
        (">=", { Bounds(least: $0) }), ("<=", { Bounds(most: $0) }),
        (">", { Bounds(least: $0 == .max ? .max : $0 + 1) }), ("<", { Bounds(most: $0 == .min ? .min : $0 - 1) }),
    ]
}
