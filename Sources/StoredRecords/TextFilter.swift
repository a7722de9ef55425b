internal import JSONText

/// The words of a filter: all must occur, in any order, as substrings.
///
/// A word without a capital letter matches in any case; one with a capital
/// matches exactly (smart case). A word may be a phrase, spaces and all.
/// Besides words it may hold patterns, which must all match.
public struct TextFilter: Sendable, Hashable {
    public let text: String
    /// The words as they were typed, phrases without their quotes, for showing where they stand.
    public let parts: [String]
    public let patterns: [TextPattern]
    private let words: [Word]

    private struct Word: Sendable, Hashable {
        let bytes: [UInt8]
        let isExact: Bool
    }

    /// Words alone: `/a/` and `"a` are some as any other; `nil` when the text holds none.
    public init?(_ text: String) {
        self.init(text, parts: text.split(whereSeparator: \.isWhitespace).map { String($0) }, patterns: [])
        if words.isEmpty { return nil }
    }

    private init(_ text: String, parts: [String], patterns: [TextPattern]) {
        self.text = text
        self.parts = parts
        self.patterns = patterns
        words = parts.map { part in
            let isExact = part.contains(where: \.isUppercase)
            return Word(bytes: Array(isExact ? part.utf8 : part.lowercased().utf8), isExact: isExact)
        }
    }

    /// Reads what a search looks for, in the browser and on the command line: words, phrases as `"a b"` and
    /// patterns as `/a.*b/`; `nil` when the text holds none of them.
    public static func read(_ text: String) throws(FilterProblem) -> TextFilter? {
        var reader = FilterReader(text)
        var parts: [String] = []
        var patterns: [TextPattern] = []
        while let part = try reader.nextWordOrPattern() {
            switch part {
            case .word(let word): parts.append(word)
            case .pattern(let source): patterns.append(try TextPattern.read(source))
            }
        }
        return parts.isEmpty && patterns.isEmpty ? nil : TextFilter(text, parts: parts, patterns: patterns)
    }

    /// Whether every word occurs in one of the fields, and every pattern matches in one.
    public func matches(_ fields: [String]) -> Bool {
        matchesWords(fields)
            && patterns.allSatisfy { pattern in
                fields.contains { pattern.matches($0, isCancelled: { Task.isCancelled }) }
            }
    }

    private func matchesWords(_ fields: [String]) -> Bool {
        var lowered: [[UInt8]]?
        var exact: [[UInt8]]?
        return words.allSatisfy { word in
            if word.isExact {
                let candidates = exact ?? fields.map { Array($0.utf8) }
                exact = candidates
                return candidates.contains { Self.contains($0, word.bytes) }
            }
            let candidates = lowered ?? fields.map { Array($0.lowercased().utf8) }
            lowered = candidates
            return candidates.contains { Self.contains($0, word.bytes) }
        }
    }

    /// Whether the filter lets this record through: key, title, metadata and
    /// the columns of its kind are searched.
    public func matches(_ record: RecordSummary) -> Bool {
        matches(Self.fields(of: record))
    }

    /// The texts of a record that are searched.
    public static func fields(of record: RecordSummary) -> [String] {
        var fields = [record.id.key, record.title]
        if let metadata = record.metadata { fields.append(metadata.serialized(.compact)) }
        switch record.detail {
        case .none: break
        case .index(let index): fields.append(index.origin)
        case .thread(let thread): fields += [thread.agent ?? "", thread.status ?? ""] + thread.tags
        case .artifact(let artifact): fields += [artifact.type, artifact.status, artifact.mimeType ?? ""]
        case .task(let task): fields += [task.agent ?? "", task.state]
        }
        return fields
    }

    static func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
        guard needle.count <= haystack.count, let first = needle.first else { return needle.isEmpty }
        let last = haystack.count - needle.count
        var at = 0
        while at <= last {
            if haystack[at] == first, haystack[at..<at + needle.count].elementsEqual(needle) { return true }
            at += 1
        }
        return false
    }
}
