public import StoredRecords

/// Stores what is known of a conversation besides its messages: title, tags,
/// status, the agent's state. Each is a document under the name it has in the tool's own store.
public protocol ConversationDocumentStore: Sendable {
    /// Adds a document as it is; `false`, with nothing changed, where there is
    /// one already or the store has no place for one of that name.
    func addDocument(
        _ name: String, _ bytes: StoredBytes, agent: String, context: String
    ) async throws(StorageError) -> Bool
}
