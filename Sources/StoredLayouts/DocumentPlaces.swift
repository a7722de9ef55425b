internal import JSONText
internal import StoredRecords

/// Where the words of a search stand in a document.
///
/// Words that stand near each other are one place, as is what a pattern
/// matches. Where all of them stand together somewhere only such places count,
/// else those of the first pattern, or of the longest word.
struct DocumentPlaces {
    struct Place {
        /// The first word's bytes.
        var range: Range<Int>
        var line: Int
        var path: String?
        var excerpt: String
    }

    private(set) var places: [Place] = []
    /// How many places there are beyond those.
    private(set) var further = 0

    /// Bytes from the first word of a place within which others belong to it.
    private static let reach = 160
    /// Larger JSON documents are not indexed for the path of a place.
    private static let indexedBytes = 16 << 20

    /// - Parameter limit: so many places are described, the others counted.
    init(_ filter: TextFilter, in document: RecordDocument, limit: Int) {
        guard document.format != .binary else { return }
        let text = document.bytes.lossyText
        guard filter.matches([text]) else { return }
        let excerpt = SearchExcerpt(filter)
        let folded = text.lowercased()
        guard folded.utf8.count == text.utf8.count, text.utf8.count == document.bytes.count else {
            // Folding or mending moved the bytes: the first place is all that can be told.
            places = [Place(range: 0..<0, line: 1, path: nil, excerpt: excerpt.text([text]))]
            return
        }
        let found = Self.found(filter, Array(text.utf8), Array(folded.utf8))
        guard !found.isEmpty else {
            // A pattern that takes no character matches everywhere.
            if Task.isCancelled { return }
            places = [Place(range: 0..<0, line: 1, path: nil, excerpt: excerpt.text([text]))]
            return
        }
        further = max(0, found.count - limit)
        describe(found.prefix(limit), text, document, excerpt)
    }

    private struct Word {
        var bytes: [UInt8]
        var isExact: Bool
    }

    /// What one place holds.
    private enum Wanted {
        case word(Word)
        case pattern(TextPattern)
    }

    private static func found(_ filter: TextFilter, _ text: [UInt8], _ folded: [UInt8]) -> [Range<Int>] {
        let words = filter.parts.map { part in
            let isExact = part.contains(where: \.isUppercase)
            return Word(bytes: Array((isExact ? part : part.lowercased()).utf8), isExact: isExact)
        }.sorted { $0.bytes.count > $1.bytes.count }
        let wanted = filter.patterns.map(Wanted.pattern) + words.map(Wanted.word)
        guard let first = wanted.first else { return [] }
        let others = wanted.dropFirst()
        var all: [Range<Int>] = []
        var complete: [Range<Int>] = []
        var at = 0
        while let range = range(of: first, text, folded, from: at, to: text.count) {
            if range.isEmpty {
                // Nothing is no place; what follows may be one.
                at = range.upperBound + 1
                while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
                if at > text.count { break }
                continue
            }
            let around = around(range, text)
            if complete.isEmpty { all.append(range) }
            if !others.isEmpty,
                others.allSatisfy({
                    self.range(of: $0, text, folded, from: around.lowerBound, to: around.upperBound) != nil
                })
            {
                complete.append(range)
            }
            // The rest of the same line nearby is the same place.
            let end = min(text.count, range.lowerBound + reach)
            at = max(range.upperBound, text[range.lowerBound..<end].firstIndex(of: 0x0A) ?? end)
            while at < text.count, text[at] & 0xC0 == 0x80 { at += 1 }
        }
        return complete.isEmpty ? all : complete
    }

    /// The bytes within which others belong to a place, from character to character.
    private static func around(_ range: Range<Int>, _ text: [UInt8]) -> Range<Int> {
        var from = max(0, range.lowerBound - reach)
        var to = min(text.count, range.upperBound + reach)
        while from > 0, text[from] & 0xC0 == 0x80 { from -= 1 }
        while to < text.count, text[to] & 0xC0 == 0x80 { to += 1 }
        return from..<to
    }

    private static func range(
        of wanted: Wanted, _ text: [UInt8], _ folded: [UInt8], from start: Int, to end: Int
    ) -> Range<Int>? {
        switch wanted {
        case .word(let word):
            return position(word, text, folded, from: start, to: end).map { $0..<$0 + word.bytes.count }
        case .pattern(let pattern):
            guard start <= end else { return nil }
            return text.withUnsafeBufferPointer {
                pattern.range(in: $0, start..<end, isCancelled: { Task.isCancelled })
            }
        }
    }

    private static func position(
        _ word: Word, _ text: [UInt8], _ folded: [UInt8], from start: Int, to end: Int
    ) -> Int? {
        let bytes = word.isExact ? text : folded
        guard let first = word.bytes.first, end - word.bytes.count >= start else { return nil }
        return bytes.withUnsafeBufferPointer { buffer in
            word.bytes.withUnsafeBufferPointer { needle in
                var at = start
                while at <= end - needle.count {
                    if buffer[at] == first, buffer[at..<at + needle.count].elementsEqual(needle) { return at }
                    at += 1
                }
                return nil
            }
        }
    }

    private mutating func describe(
        _ found: ArraySlice<Range<Int>>, _ text: String, _ document: RecordDocument, _ excerpt: SearchExcerpt
    ) {
        var outline: JSONOutline?
        if document.format == .json, !found.isEmpty, document.bytes.count <= Self.indexedBytes {
            var read = JSONOutline(document.bytes)
            while !read.isFinished { read.advance() }
            outline = read
        }
        var line = 1
        var counted = 0
        places = document.bytes.withBytes { buffer in
            found.map { range in
                while counted < range.lowerBound {
                    if buffer[counted] == 0x0A { line += 1 }
                    counted += 1
                }
                let path = outline.flatMap { outline in
                    outline.node(containing: range.lowerBound).map { outline.path(of: $0).description }
                }
                return Place(range: range, line: line, path: path, excerpt: excerpt.text(around: range, in: text))
            }
        }
    }
}
