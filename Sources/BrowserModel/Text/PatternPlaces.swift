internal import StoredRecords

/// Finds a pattern's matches in a text, one behind the other: none of them empty, none across lines.
struct PatternPlaces {
    let pattern: TextPattern
    let text: UnsafeBufferPointer<UInt8>
    let isCancelled: () -> Bool

    init(_ pattern: TextPattern, in text: UnsafeBufferPointer<UInt8>, isCancelled: @escaping () -> Bool) {
        self.pattern = pattern
        self.text = text
        self.isCancelled = isCancelled
    }

    private var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(text) }

    /// The first match that begins at or after a byte; `report` is told now and then how far the search is.
    func first(from start: Int, report: (Int) -> Void = { _ in }) -> Range<Int>? {
        var start = max(0, start)
        var told = start
        while start < text.count {
            let end = lineEnd(start)
            if let found = match(in: start..<end) { return found }
            start = end + 1
            if start - told > 1 << 20 {
                if isCancelled() { return nil }
                report(start)
                told = start
            }
        }
        return nil
    }

    /// The last match that begins before a byte.
    func last(before limit: Int) -> Range<Int>? {
        var limit = min(limit, text.count)
        while limit > 0 {
            let start = ByteSearch.last(10, in: raw, before: limit - 1, from: 0).map { $0 + 1 } ?? 0
            let end = lineEnd(limit - 1)
            var best: Range<Int>?
            var at = start
            while let found = match(in: at..<end), found.lowerBound < limit {
                best = found
                at = found.upperBound
            }
            if best != nil { return best }
            if isCancelled() { return nil }
            limit = start
        }
        return nil
    }

    private func lineEnd(_ start: Int) -> Int { ByteSearch.first(10, in: raw, from: start) ?? text.count }

    /// The first match within part of a line that is not empty.
    private func match(in bounds: Range<Int>) -> Range<Int>? {
        var at = bounds.lowerBound
        while at < bounds.upperBound {
            guard let found = pattern.range(in: text, at..<bounds.upperBound, isCancelled: isCancelled) else {
                return nil
            }
            if !found.isEmpty { return found }
            at = found.upperBound + 1
            while at < bounds.upperBound, text[at] & 0xC0 == 0x80 { at += 1 }
        }
        return nil
    }
}
