public import ContextStores
public import StoredRecords

/// Stores of all three formats, on files, SQLite and in memory,
/// with believable content, for trying the browser and for the pictures in the documentation.
///
/// They are written through the store interfaces, as any program would, and
/// then damaged in a few places the way real stores are.
public enum DemoStores {
    /// Writes the stores below an empty directory and returns their locations.
    ///
    /// - Parameter now: the moment the newest content is from.
    public static func write(into directory: String, now: Timestamp) async throws(StorageError) -> [String] {
        let threads = directory + "/memexllm.db"
        let agents = directory + "/_agent_store"
        let indexes = directory + "/context-connectors"
        try await DemoThreads(now: now).write(to: threads)
        try await DemoAgents(now: now).write(to: agents)
        try await DemoIndexes(now: now).write(to: indexes)
        return [threads, agents, indexes]
    }

    /// Fills an empty store in memory with what a program might hold while it runs.
    public static func fill(_ connection: StoreConnection, now: Timestamp) async throws(StorageError) {
        try await DemoThreads(now: now).write(into: connection, lengths: [16, 5, 9])
        try await DemoAgents(now: now).writeScratch(into: connection)
    }
}
