internal import EngineCore
public import StoredRecords

/// `context.json` and the agent's state beside the messages, as looopy-ai's filesystem stores keep them.
extension LooopyLayout: ConversationDocumentStore {
    public func addDocument(
        _ name: String, _ bytes: StoredBytes, agent: String, context: String
    ) async throws(StorageError) -> Bool {
        let operation = "add \(name) to \(agent)/\(context)"
        // A lock is the running agent's own.
        guard [LooopyNames.contextFile, LooopyNames.stateFile].contains(name) else { return false }
        try engine.requireWritable(operation)
        let directory = try tree.directory(
            agent: LooopyNames.sanitized(agent), context: LooopyNames.sanitized(context), operation: operation)
        do throws(StorageError) {
            try await engine.write(
                directory.appending(name), bytes, condition: .ifAbsent, contentType: "application/json")
            return true
        } catch {
            guard error.kind == .conflict else { throw error }
            return false
        }
    }
}
