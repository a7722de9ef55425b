internal import StoredRecords

/// Some text around a match, on one line.
struct MemexExcerpt: Sendable {
    /// Characters shown of a text: a quarter of them before the match.
    private static let length = 120

    private let words: [(text: String, isExact: Bool)]

    init(_ filter: TextFilter) {
        words = filter.text.split(whereSeparator: \.isWhitespace).map {
            (String($0), $0.contains(where: \.isUppercase))
        }
    }

    /// The text around the first word that occurs in one of the fields; the
    /// beginning of the first field where only folding finds one.
    func text(_ fields: [String]) -> String {
        for field in fields {
            for word in words {
                if let at = Self.find(word.text, in: field, isExact: word.isExact) { return Self.around(at, in: field) }
            }
        }
        return fields.first.map { Self.around($0.startIndex, in: $0) } ?? ""
    }

    private static func find(_ word: String, in field: String, isExact: Bool) -> String.Index? {
        let needle = isExact ? word : word.lowercased()
        guard let first = needle.first else { return nil }
        var at = field.startIndex
        while at < field.endIndex {
            let here = field[at]
            if here == first || !isExact && here.lowercased().hasPrefix(String(first)) {
                let rest = field[at...].prefix(needle.count)
                if (isExact ? String(rest) : rest.lowercased()).hasPrefix(needle) { return at }
            }
            at = field.index(after: at)
        }
        return nil
    }

    private static func around(_ at: String.Index, in field: String) -> String {
        let start = field.index(at, offsetBy: -length / 4, limitedBy: field.startIndex) ?? field.startIndex
        let end = field.index(start, offsetBy: length, limitedBy: field.endIndex) ?? field.endIndex
        let text = field[start..<end].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return (start > field.startIndex ? "…" : "") + text + (end < field.endIndex ? "…" : "")
    }
}
