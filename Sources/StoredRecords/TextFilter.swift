internal import JSONText

/// The words of a filter: all must occur, in any order, as substrings.
///
/// A word without a capital letter matches in any case; one with a capital
/// matches exactly (smart case).
public struct TextFilter: Sendable, Hashable {
    public let text: String
    private let words: [Word]

    private struct Word: Sendable, Hashable {
        let bytes: [UInt8]
        let isExact: Bool
    }

    /// `nil` when the text holds no word.
    public init?(_ text: String) {
        self.text = text
        words = text.split(whereSeparator: \.isWhitespace).map { part in
            let isExact = part.contains(where: \.isUppercase)
            return Word(bytes: Array(isExact ? String(part).utf8 : part.lowercased().utf8), isExact: isExact)
        }
        if words.isEmpty { return nil }
    }

    /// Whether every word occurs in one of the fields.
    public func matches(_ fields: [String]) -> Bool {
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
        var fields = [record.id.key, record.title]
        if let metadata = record.metadata { fields.append(metadata.serialized(.compact)) }
        switch record.detail {
        case .none: break
        case .index(let index): fields.append(index.origin)
        case .thread(let thread): fields += [thread.agent ?? "", thread.status ?? ""] + thread.tags
        case .artifact(let artifact): fields += [artifact.type, artifact.status, artifact.mimeType ?? ""]
        case .task(let task): fields += [task.agent ?? "", task.state]
        }
        return matches(fields)
    }

    private static func contains(_ haystack: [UInt8], _ needle: [UInt8]) -> Bool {
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
