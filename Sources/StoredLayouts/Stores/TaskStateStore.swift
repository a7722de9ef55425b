public import JSONText
public import StoredRecords

/// Stores the state of agent tasks the way looopy-ai's task state store does.
public protocol TaskStateStore: Sendable {
    /// Writes the state, an object with `taskId`, `agentId`, `contextId` and
    /// the loop's fields; the store adds `_metadata` with the times of saving
    /// and expiry.
    func save(_ state: JSONValue, at time: Timestamp, timeToLive: Duration) async throws(StorageError)
    /// The state without `_metadata`; `nil` when there is none or it has
    /// expired at `time`. An expired state is not deleted.
    func load(agent: String, context: String, task: String, at time: Timestamp) async throws(StorageError) -> JSONValue?
}
