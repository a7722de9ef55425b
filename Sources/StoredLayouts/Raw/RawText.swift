internal import StoredRecords

/// Reads the text of bytes of no known format line by line.
enum RawText {
    /// A longer line is handed over in pieces of this many bytes.
    private static let longestLine = 16 * 1024

    /// Tells of each line that matches, until the receiver stops.
    static func search(
        _ bytes: StoredBytes, of record: RecordSummary, document: String, _ delivery: SearchDelivery
    ) {
        let filter = delivery.query.text
        let excerpt = SearchExcerpt(filter)
        forEachLine(of: bytes) { text, line, range in
            guard filter.matches([text]) else { return delivery.isStopped ? .stop : .more }
            if delivery.isFull(record.id) { return delivery.further(record.id, 1) }
            return delivery.hit(
                SearchHit(
                    record: record, document: document, range: range, line: line, excerpt: excerpt.text([text])))
        }
    }

    /// Hands over line after line, its number and its bytes, until the receiver stops; none of bytes
    /// that are no text. What is not UTF-8 comes as U+FFFD.
    private static func forEachLine(
        of bytes: StoredBytes, _ receive: (String, Int, Range<Int>) -> StreamControl
    ) {
        if RawFormat.of(bytes, name: "") == .binary { return }
        bytes.withBytes { buffer in
            var start = 0
            var line = 1
            while start < buffer.count {
                if Task.isCancelled { return }
                let bound = min(buffer.count, start + longestLine)
                let end = buffer[start..<bound].firstIndex(of: 0x0A) ?? bound
                if end > start {
                    let text = String(decoding: buffer[start..<end], as: UTF8.self)
                    if receive(text, line, start..<end) == .stop { return }
                }
                let isLineEnd = end < buffer.count && buffer[end] == 0x0A
                if isLineEnd { line += 1 }
                start = isLineEnd ? end + 1 : end
            }
        }
    }
}
