internal import BrowserModel
internal import Synchronization

/// Events from any thread for the one loop: a queue, and a pipe that wakes `poll`.
final class EventMailbox: Sendable {
    private let queue = Mutex<[BrowserEvent]>([])
    private let pipe: WakePipe

    /// `nil` when the system gives no pipe.
    init?() {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
    }

    deinit {
        pipe.closeBoth()
    }

    /// Becomes readable when an event waits.
    var descriptor: Int32 { pipe.readEnd }

    func post(_ event: BrowserEvent) {
        let wasEmpty = queue.withLock { queue in
            defer { queue.append(event) }
            return queue.isEmpty
        }
        if wasEmpty { pipe.ring() }
    }

    var isEmpty: Bool { queue.withLock { $0.isEmpty } }

    /// Takes all events that wait.
    func takeAll() -> [BrowserEvent] {
        pipe.drain()
        return queue.withLock { queue in
            defer { queue = [] }
            return queue
        }
    }
}
