internal import Glibc
internal import StoredRecords
internal import Synchronization
internal import TerminalSurface

/// Bytes on their way into a pipe, written by a thread of their own: a reader
/// may be slow, stop, or never read to the end.
final class PipeFeed: Sendable {
    enum Form: Sendable {
        /// As they are stored.
        case stored
        /// Control characters in visible form: a pager that passes them on gets none.
        case visible
    }

    private let bytes: StoredBytes
    private let form: Form
    private let isOver = Mutex(false)

    /// Bytes, or bytes of a line, that are taken at a time.
    private static let pieceBytes = 65_536
    /// How often a writer whose reader does not read looks whether it is still wanted.
    private static let glanceMilliseconds: Int32 = 100

    init(_ bytes: StoredBytes, _ form: Form) {
        self.bytes = bytes
        self.form = form
    }

    /// Begins to write and returns the end to read from, which the caller closes; `nil` with `errno` set.
    func begin() -> Int32? {
        guard let pipe = WakePipe(blocks: true) else { return nil }
        // Only the writer must not be held up; the reader is a program that expects to be.
        _ = fcntl(pipe.writeEnd, F_SETFL, O_NONBLOCK)
        OwnThread.start { [self] in
            write(to: pipe.writeEnd)
            close(pipe.writeEnd)
        }
        return pipe.readEnd
    }

    /// What was not written yet is not wanted any more.
    func end() {
        isOver.withLock { $0 = true }
    }

    private func write(to descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            var piece = bytes.slice(start..<start + Self.pieceBytes)
            if form == .visible {
                let end = piece.firstIndex(of: 10)
                let line = end.map { Array(piece[..<$0]) } ?? piece
                start += end.map { $0 + 1 } ?? piece.count
                piece = Array(Sanitizer.visible(bytes: line).utf8)
                if end != nil || start >= bytes.count { piece.append(10) }
            } else {
                start += piece.count
            }
            guard write(piece, to: descriptor) else { return }
        }
    }

    private func write(_ piece: [UInt8], to descriptor: Int32) -> Bool {
        var rest = piece[...]
        while !rest.isEmpty {
            if isOver.withLock({ $0 }) { return false }
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, Self.glanceMilliseconds)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }
}
