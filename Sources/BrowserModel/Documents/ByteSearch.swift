internal import StoredRecords

/// Finds bytes and text in stored bytes, without copying them.
public enum ByteSearch {
    /// The first place of a byte at or after `start`.
    static func first(_ byte: UInt8, in buffer: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < buffer.count else { return nil }
        // `firstIndex(of:)` on a typed rebinding is what the compiler vectorises best.
        return buffer[start...].firstIndex(of: byte)
    }

    /// The last place of a byte before `end` and at or after `start`.
    static func last(_ byte: UInt8, in buffer: UnsafeRawBufferPointer, before end: Int, from start: Int) -> Int? {
        var at = end - 1
        while at >= start {
            if buffer[at] == byte { return at }
            at -= 1
        }
        return nil
    }

    /// Where a line begins, counted from 1; `nil` when there are fewer.
    static func offset(ofLine number: Int, in bytes: StoredBytes) -> Int? {
        bytes.withBytes { buffer in
            var start = 0
            for _ in 1..<max(1, number) {
                guard let end = first(10, in: buffer, from: start), end + 1 < buffer.count else { return nil }
                start = end + 1
            }
            return start
        }
    }

    /// The next place of a pattern. `isCancelled` is asked now and then, and
    /// `report` told how many bytes were searched; cancelled, the answer is `nil`.
    public static func find(
        _ search: BytesSearch, isCancelled: () -> Bool = { false }, report: (Int) -> Void = { _ in }
    ) -> Range<Int>? {
        if let pattern = search.pattern.pattern { return find(pattern, search, isCancelled, report) }
        let needle = search.pattern.bytes
        let ignoresCase = search.pattern.ignoresCase
        guard let first = needle.first else { return nil }
        return search.bytes.withBytes { buffer in
            let last = buffer.count - needle.count
            guard last >= 0 else { return nil }
            func isMatch(_ at: Int) -> Bool {
                for offset in needle.indices {
                    let byte = buffer[at + offset]
                    if (ignoresCase ? lowered(byte) : byte) != needle[offset] { return false }
                }
                return true
            }
            let upper = ignoresCase && (97...122).contains(first) ? first - 32 : first
            if search.isForward {
                var at = max(0, search.from)
                while at <= last {
                    if at & 0xFFFFF == 0 {
                        if isCancelled() { return nil }
                        report(at)
                    }
                    let byte = buffer[at]
                    if byte == first || byte == upper, isMatch(at) { return at..<at + needle.count }
                    at += 1
                }
            } else {
                var at = min(last, search.from - 1)
                while at >= 0 {
                    if at & 0xFFFFF == 0, isCancelled() { return nil }
                    let byte = buffer[at]
                    if byte == first || byte == upper, isMatch(at) { return at..<at + needle.count }
                    at -= 1
                }
            }
            return nil
        }
    }

    private static func find(
        _ pattern: TextPattern, _ search: BytesSearch, _ isCancelled: () -> Bool, _ report: (Int) -> Void
    ) -> Range<Int>? {
        search.bytes.withBytes { buffer in
            withoutActuallyEscaping(isCancelled) { isCancelled in
                let places = PatternPlaces(pattern, in: buffer.bindMemory(to: UInt8.self), isCancelled: isCancelled)
                return search.isForward
                    ? places.first(from: search.from, report: report) : places.last(before: search.from)
            }
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 65 && byte <= 90 ? byte + 32 : byte
    }
}
