internal import Synchronization

/// Cuts pieces of bytes into lines and keeps the unfinished one for the next piece.
final class LineKeeper: Sendable {
    private let pending = Mutex<[UInt8]>([])

    /// The lines that are complete now, without their ends.
    func take(_ bytes: [UInt8]) -> [[UInt8]] {
        pending.withLock { pending in
            var lines: [[UInt8]] = []
            var start = 0
            while let end = bytes[start...].firstIndex(of: 0x0A) {
                lines.append(pending + bytes[start..<end])
                pending = []
                start = end + 1
            }
            pending += bytes[start...]
            return lines
        }
    }

    /// The unfinished line, if there is one.
    func rest() -> [UInt8]? {
        pending.withLock { $0.isEmpty ? nil : $0 }
    }
}
