internal import StoredRecords

/// Reads the text of bytes of no known format line by line.
enum RawText {
    /// A longer line is handed over in pieces of this many bytes.
    private static let longestLine = 16 * 1024

    /// Hands over line after line until the receiver stops; none of bytes
    /// that are no text. What is not UTF-8 comes as U+FFFD.
    static func forEachLine(
        of bytes: StoredBytes, _ receive: (String) -> StreamControl
    ) -> StreamControl {
        if RawFormat.of(bytes, name: "") == .binary { return .more }
        return bytes.withBytes { buffer in
            var start = 0
            while start < buffer.count {
                if Task.isCancelled { return .stop }
                let bound = min(buffer.count, start + longestLine)
                let end = buffer[start..<bound].firstIndex(of: 0x0A) ?? bound
                if end > start, receive(String(decoding: buffer[start..<end], as: UTF8.self)) == .stop { return .stop }
                start = end < buffer.count && buffer[end] == 0x0A ? end + 1 : end
            }
            return .more
        }
    }
}
