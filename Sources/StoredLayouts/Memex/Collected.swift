internal import Synchronization

/// What the receiver of a stream gathers on the engine's thread.
final class Collected<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value { state.withLock { $0 } }

    func update<R: Sendable>(_ body: (inout Value) -> R) -> R {
        state.withLock { value in body(&value) }
    }
}
