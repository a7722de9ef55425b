public import StoredRecords

/// Where layouts take the present moment from, so that tests can set it.
public struct Clock: Sendable {
    public var now: @Sendable () -> Timestamp

    public init(now: @escaping @Sendable () -> Timestamp) {
        self.now = now
    }
}
