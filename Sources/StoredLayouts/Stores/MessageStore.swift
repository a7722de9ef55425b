public import JSONText
public import StoredRecords

/// Stores the messages of agent contexts the way looopy-ai's message store does.
public protocol MessageStore: Sendable {
    /// All messages of the context in the order the agent reads them; empty
    /// when there are none. Each is the stored JSON object.
    func messages(agent: String, context: String) async throws(StorageError) -> [JSONValue]
    /// Appends one message: an object with `role`, `content` and what else an
    /// LLM message has. The store adds `id`, `contextId`, `index` and
    /// `timestamp`, and returns what it stored.
    @discardableResult
    func addMessage(
        _ message: JSONValue, agent: String, context: String, at time: Timestamp
    ) async throws(StorageError) -> JSONValue
}
