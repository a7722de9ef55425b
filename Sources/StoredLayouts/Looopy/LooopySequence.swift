internal import Synchronization

/// Counts up from 0, shared by every copy of one layout.
final class LooopySequence: Sendable {
    private let counter = Atomic<Int>(0)

    /// The next number, each given out once.
    func next() -> Int {
        counter.wrappingAdd(1, ordering: .relaxed).oldValue
    }
}
