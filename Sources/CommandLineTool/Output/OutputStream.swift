internal import Glibc
internal import StoredRecords
internal import Synchronization

/// A buffered file descriptor for data that goes to standard output.
///
/// When the reader has gone (`EPIPE`) the rest is dropped without a word and
/// `isBroken` tells loops to end.
final class OutputStream: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var isBroken = false
        var failure: Int32?
    }

    private static let capacity = 64 << 10
    private let descriptor: Int32
    private let state = Mutex(State())

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Whether nobody takes what is written any more.
    var isBroken: Bool { state.withLock { $0.isBroken || $0.failure != nil } }

    func write(_ text: String) {
        state.withLock { state in
            state.buffer.append(contentsOf: text.utf8)
            if state.buffer.count >= Self.capacity { flush(&state) }
        }
    }

    func write(line: String) {
        write(line + "\n")
    }

    func write(bytes: [UInt8]) {
        state.withLock { state in
            state.buffer.append(contentsOf: bytes)
            if state.buffer.count >= Self.capacity { flush(&state) }
        }
    }

    /// Stored bytes exactly, in pieces, so that a large object is not copied at once.
    func write(_ bytes: StoredBytes) {
        var at = 0
        while at < bytes.count, !isBroken {
            write(bytes: bytes.slice(at..<at + Self.capacity))
            at += Self.capacity
        }
    }

    func flush() {
        state.withLock { flush(&$0) }
    }

    /// Throws when something could not be written, other than because the
    /// reader has gone.
    func finish() throws(Failure) {
        flush()
        if let code = state.withLock({ $0.failure }) {
            let reason = String(cString: strerror(code))
            throw Failure(.failed, "cannot write to standard output: \(reason)")
        }
    }

    private func flush(_ state: inout State) {
        var at = 0
        while at < state.buffer.count, !state.isBroken, state.failure == nil {
            let count = state.buffer[at...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                at += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno == EPIPE {
                state.isBroken = true
            } else if errno != EINTR {
                state.failure = errno
            }
        }
        state.buffer.removeAll(keepingCapacity: true)
    }
}
