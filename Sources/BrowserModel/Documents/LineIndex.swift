public import StoredRecords

/// Where the lines of a document begin, sampled so that a large one costs little.
public struct LineIndex: Sendable, Equatable {
    /// Lines between two samples.
    static let stride = 64

    /// Byte offsets of the lines 0, 64, 128 ...
    private var samples: [Int] = []
    public private(set) var count = 0

    /// Reads all of `bytes`; lines end at `\n`, and one at the very end starts no other.
    /// `isCancelled` is asked now and then; when it says so the result is `nil`.
    public init?(_ bytes: StoredBytes, isCancelled: () -> Bool = { false }) {
        let total = bytes.count
        var line = 0
        var samples: [Int] = []
        let finished = bytes.withBytes { buffer in
            var start = 0
            while start < total {
                if line % Self.stride == 0 {
                    if line % 65_536 == 0, isCancelled() { return false }
                    samples.append(start)
                }
                line += 1
                start = Self.lineEnd(buffer, from: start) + 1
            }
            return true
        }
        guard finished else { return nil }
        self.samples = samples
        count = line
    }

    /// The bytes of a line without its end mark.
    public func range(of line: Int, in bytes: StoredBytes) -> Range<Int>? {
        guard line >= 0, line < count else { return nil }
        return bytes.withBytes { buffer in
            var start = samples[line / Self.stride]
            for _ in 0..<(line % Self.stride) { start = Self.lineEnd(buffer, from: start) + 1 }
            var end = Self.lineEnd(buffer, from: start)
            if end > start, buffer[end - 1] == 13 { end -= 1 }
            return start..<end
        }
    }

    private static func lineEnd(_ buffer: UnsafeRawBufferPointer, from start: Int) -> Int {
        ByteSearch.first(10, in: buffer, from: start) ?? buffer.count
    }
}
