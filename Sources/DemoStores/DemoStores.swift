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
        try await together([
            DemoThreads(path: threads, now: now), DemoAgents(path: agents, now: now),
            DemoIndexes(path: indexes, now: now),
        ])
        return [threads, agents, indexes]
    }

    /// Fills an empty store in memory with what a program might hold while it runs.
    public static func fill(_ connection: StoreConnection, now: Timestamp) async throws(StorageError) {
        try await DemoThreads(path: ":memory:", now: now).write(into: connection, lengths: [16, 5, 9])
        try await DemoAgents(path: ":memory:", now: now).writeScratch(into: connection)
    }

    /// Writes all parts at once and throws the first failure.
    static func together(_ parts: [any DemoPart]) async throws(StorageError) {
        let failure = await withTaskGroup(of: StorageError?.self) { group -> StorageError? in
            for part in parts {
                group.addTask {
                    do throws(StorageError) {
                        try await part.write()
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var first: StorageError?
            for await failure in group where first == nil { first = failure }
            return first
        }
        if let failure { throw failure }
    }
}

/// A part of the demo that is written independently of the others.
protocol DemoPart: Sendable {
    func write() async throws(StorageError)
}
