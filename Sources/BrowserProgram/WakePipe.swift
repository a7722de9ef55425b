internal import Glibc

/// A pipe that neither end blocks on and no child inherits.
struct WakePipe: Sendable {
    let readEnd: Int32
    let writeEnd: Int32

    /// `nil` when the system gives none.
    init?(blocks: Bool = false) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            if !blocks { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    /// Makes the read end readable; a full pipe already is.
    func ring() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    func drain() {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &buffer, buffer.count) > 0 {}
    }

    func closeBoth() {
        close(readEnd)
        close(writeEnd)
    }
}
