/// Finds what nobody reads: base64 and data URLs of more than a line.
///
/// A run counts as base64 when it is long, has no space in it and holds small
/// letters, capitals and digits; names, paths and hashes do not.
enum LongRuns {
    /// Characters a run has at least.
    static let shortest = 200
    /// Bytes that are looked through for the end of a run; a longer one is told as "at least".
    static let farthest = 16 << 20

    struct Run: Equatable {
        /// The bytes of the run, with the `data:` before it.
        var range: Range<Int>
        /// What it stands for: "[image/png, 48 KB of base64]".
        var label: String
    }

    /// The first run that begins in `range`; its end may lie beyond it.
    static func first(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Run? {
        var start = range.lowerBound
        while start < range.upperBound {
            guard isBase64(bytes[start]) else {
                start += 1
                continue
            }
            var end = start
            let limit = min(bytes.count, start + shortest)
            while end < limit, isBase64(bytes[end]) { end += 1 }
            if end - start < shortest {
                start = end + 1
                continue
            }
            guard isMixed(bytes, start..<end) else {
                while end < range.upperBound, isBase64(bytes[end]) { end += 1 }
                start = end
                continue
            }
            let farthest = min(bytes.count, start + farthest)
            while end < farthest, isBase64(bytes[end]) { end += 1 }
            let isWhole = end == bytes.count || end < farthest
            while end < bytes.count, bytes[end] == UInt8(ascii: "="), end - start < farthest { end += 1 }
            return run(bytes, start..<end, isWhole: isWhole, from: range.lowerBound)
        }
        return nil
    }

    /// Whether a byte lies in a run.
    static func isInside(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Bool {
        guard offset < bytes.count, isBase64(bytes[offset]) else { return false }
        var start = offset
        while start > 0, offset - start < shortest, isBase64(bytes[start - 1]) { start -= 1 }
        var end = offset
        while end < bytes.count, end - start < shortest, isBase64(bytes[end]) { end += 1 }
        return end - start >= shortest && isMixed(bytes, start..<end)
    }

    /// The byte behind the run a byte lies in.
    static func end(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, isBase64(bytes[end]) { end += 1 }
        return end
    }

    /// Lines of base64 one below the other, as certificates and mail have them: the byte behind the
    /// last of them, `nil` when there are fewer than four.
    static func block(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        var at = start
        var width = 0
        var lines = 0
        while at < bytes.count, at - start < farthest {
            var end = at
            while end < bytes.count, isBase64(bytes[end]) { end += 1 }
            while end < bytes.count, bytes[end] == UInt8(ascii: "=") { end += 1 }
            if lines == 0 {
                width = end - at
                guard (60...shortest).contains(width), isMixed(bytes, at..<end) else { return nil }
            }
            let isLine = end == bytes.count || bytes[end] == 10 || bytes[end] == 13
            guard isLine, end > at, end - at <= width else { break }
            let isLast = end - at < width
            // A word below is no last line of base64.
            if isLast, bytes[end - 1] != UInt8(ascii: "="), !hasAllKinds(bytes, at..<end) { break }
            lines += 1
            if end < bytes.count, bytes[end] == 13 { end += 1 }
            at = min(bytes.count, end + 1)
            if isLast { break }
        }
        return lines >= 4 ? at : nil
    }

    static func label(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, type: String? = nil, isWhole: Bool = true
    )
        -> String
    {
        let type = type ?? kind(bytes, from: range.lowerBound)
        let size = (isWhole ? "" : ">= ") + Words.size(Int64(range.count))
        return "[" + (type.map { "\($0), " } ?? "") + "\(size) of base64]"
    }

    private static func run(
        _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isWhole: Bool, from lower: Int
    ) -> Run {
        // `data:image/png;base64,` stands before the run and belongs to it.
        let lead = max(lower, range.lowerBound - 120)
        let before = Array(bytes[lead..<range.lowerBound])
        let mark = Array("data:".utf8)
        var start = range.lowerBound
        var type: String?
        if before.last == UInt8(ascii: ","), before.count > mark.count {
            var at = before.count - mark.count
            while at >= 0 {
                if before[at..<at + mark.count].elementsEqual(mark) {
                    let head = before[(at + mark.count)...].prefix {
                        $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: ",")
                    }
                    if !head.contains(where: { $0 <= 32 || $0 == 34 }) {
                        start = lead + at
                        type = head.isEmpty ? "data" : String(decoding: head, as: UTF8.self)
                    }
                    break
                }
                at -= 1
            }
        }
        return Run(range: start..<range.upperBound, label: label(bytes, range, type: type, isWhole: isWhole))
    }

    /// What the first characters tell of the content.
    private static func kind(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> String? {
        let head = String(decoding: bytes[start..<min(bytes.count, start + 12)], as: UTF8.self)
        let kinds = [
            ("iVBORw0KGgo", "image/png"), ("/9j/", "image/jpeg"), ("R0lGOD", "image/gif"), ("UklGR", "image/webp"),
            ("JVBERi0", "application/pdf"), ("UEsDB", "application/zip"), ("H4sI", "application/gzip"),
            ("SUkq", "image/tiff"), ("T2dnUw", "audio/ogg"), ("SUQz", "audio/mpeg"), ("eyJ", "JSON"),
        ]
        return kinds.first { head.hasPrefix($0.0) }?.1
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F, 0x2D, 0x5F: true
        default: false
        }
    }

    private static func hasAllKinds(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        range.contains { (0x30...0x39).contains(bytes[$0]) } && range.contains { (0x41...0x5A).contains(bytes[$0]) }
            && range.contains { (0x61...0x7A).contains(bytes[$0]) }
    }

    private static func isMixed(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        var digits = 0
        var small = 0
        var large = 0
        for index in range {
            switch bytes[index] {
            case 0x30...0x39: digits += 1
            case 0x41...0x5A: large += 1
            case 0x61...0x7A: small += 1
            default: break
            }
        }
        // Of evenly spread characters each kind is a sixth at the least; words are nearly all small letters.
        return digits >= range.count / 40 && large >= range.count / 10 && small >= range.count / 10
    }
}
