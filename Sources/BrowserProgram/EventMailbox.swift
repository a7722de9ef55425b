internal import BrowserModel
internal import Glibc
internal import Synchronization

/// Events from any thread for the one loop: a queue, and a pipe that wakes `poll`.
final class EventMailbox: Sendable {
    private let queue = Mutex<[BrowserEvent]>([])
    private let readEnd: Int32
    private let writeEnd: Int32

    /// `nil` when the system gives no pipe.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe2(&ends, O_NONBLOCK | O_CLOEXEC) == 0 else { return nil }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Becomes readable when an event waits.
    var descriptor: Int32 { readEnd }

    func post(_ event: BrowserEvent) {
        let wasEmpty = queue.withLock { queue in
            defer { queue.append(event) }
            return queue.isEmpty
        }
        guard wasEmpty else { return }
        var byte: UInt8 = 1
        // A full pipe already wakes the loop.
        _ = write(writeEnd, &byte, 1)
    }

    var isEmpty: Bool { queue.withLock { $0.isEmpty } }

    /// Takes all events that wait.
    func takeAll() -> [BrowserEvent] {
        var buffer = [UInt8](repeating: 0, count: 64)
        while read(readEnd, &buffer, buffer.count) > 0 {}
        return queue.withLock { queue in
            defer { queue = [] }
            return queue
        }
    }
}
