internal import StoredRecords

/// Some text around a match, on one line.
struct SearchExcerpt: Sendable {
    /// Characters shown of a text: a quarter of them before the match.
    private static let length = 160

    private let words: [(text: String, isExact: Bool)]
    private let patterns: [TextPattern]

    init(_ filter: TextFilter) {
        words = filter.parts.map { ($0, $0.contains(where: \.isUppercase)) }
        patterns = filter.patterns
    }

    /// The text around the first match of a pattern or word in one of the fields; the
    /// beginning of the first field that is not empty where there is none.
    func text(_ fields: [String]) -> String {
        for field in fields {
            for pattern in patterns {
                guard let range = pattern.range(in: field) else { continue }
                return Self.around(Self.index(range.lowerBound, in: field), in: field)
            }
            for word in words {
                if let text = Self.around(word.text, in: field, isExact: word.isExact) { return text }
            }
        }
        return fields.first { !$0.isEmpty }.map { Self.around($0.startIndex, in: $0) } ?? ""
    }

    /// The text around bytes that are known to be a match.
    func text(around range: Range<Int>, in text: String) -> String {
        guard range.lowerBound <= text.utf8.count else { return "" }
        return Self.around(Self.index(range.lowerBound, in: text), in: text)
    }

    /// Looks through bytes, since a field may be a document of megabytes.
    private static func around(_ word: String, in field: String, isExact: Bool) -> String? {
        if isExact { return position(of: word, in: field).map { around(index($0, in: field), in: field) } }
        let folded = field.lowercased()
        guard let offset = position(of: word.lowercased(), in: folded) else { return nil }
        // Folding rarely changes lengths; where it does, its own text is shown.
        let shown = folded.utf8.count == field.utf8.count ? field : folded
        return around(index(offset, in: shown), in: shown)
    }

    /// The byte offset of a word; `nil` when it does not occur.
    private static func position(of word: String, in text: String) -> Int? {
        var (word, text) = (word, text)
        return word.withUTF8 { needle in
            text.withUTF8 { bytes -> Int? in
                guard let first = needle.first, needle.count <= bytes.count else { return nil }
                for at in 0...(bytes.count - needle.count) where bytes[at] == first {
                    if bytes[at..<at + needle.count].elementsEqual(needle) { return at }
                }
                return nil
            }
        }
    }

    /// The index at a byte offset, moved back to the beginning of its character.
    private static func index(_ offset: Int, in text: String) -> String.Index {
        let index = text.utf8.index(text.startIndex, offsetBy: offset)
        return index < text.endIndex ? text.index(before: text.index(after: index)) : index
    }

    private static func around(_ at: String.Index, in field: String) -> String {
        let start = field.index(at, offsetBy: -length / 4, limitedBy: field.startIndex) ?? field.startIndex
        let end = field.index(start, offsetBy: length, limitedBy: field.endIndex) ?? field.endIndex
        let text = field[start..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return (start > field.startIndex ? "…" : "") + text + (end < field.endIndex ? "…" : "")
    }
}
