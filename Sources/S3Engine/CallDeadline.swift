internal import EngineCore
internal import StoredRecords

/// Until when one call of an engine may take, over all its requests.
struct CallDeadline: Sendable {
    private(set) var operation: String
    let place: String
    private let length: Duration
    let end: ContinuousClock.Instant

    init(_ length: Duration, operation: String, place: String) {
        self.length = length
        self.operation = operation
        self.place = place
        end = .now + length
    }

    /// The same moment for one of the acts that the call is made of.
    func naming(_ operation: String) -> CallDeadline {
        var copy = self
        copy.operation = operation
        return copy
    }

    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: end)) }

    /// Throws `cancelled` when the task is, `timedOut` when no time is left.
    func check() throws(StorageError) {
        if Task.isCancelled { throw StorageError.cancelled(operation, place: place) }
        if remaining == .zero { throw timedOut }
    }

    /// Waits, but not when the time would be over then.
    func wait(_ duration: Duration) async throws(StorageError) {
        guard duration < remaining else { throw timedOut }
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw StorageError.cancelled(operation, place: place)
        }
    }

    var timedOut: StorageError {
        let parts = length.components
        let text = parts.seconds == 0 ? "\(parts.attoseconds / 1_000_000_000_000_000) ms" : "\(parts.seconds) s"
        return StorageError(
            .timedOut, operation: operation, place: place, reason: "there was no answer within \(text)",
            help: "try again, or give the source a longer deadline")
    }

    func error(
        _ kind: StorageError.Kind, _ reason: String, help: String = "", code: Int? = nil
    ) -> StorageError {
        StorageError(kind, operation: operation, place: place, reason: reason, help: help, vendorCode: code)
    }
}
