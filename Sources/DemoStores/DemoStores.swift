public import ContextStores
internal import EngineCore
internal import StoredLayouts
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
            DemoThreads(location: "sqlite:" + threads, now: now), DemoAgents(location: agents, now: now),
            DemoIndexes(location: indexes, now: now),
        ])
        return [threads, agents, indexes]
    }

    /// Fills an empty store in memory with what a program might hold while it runs.
    public static func fill(_ connection: StoreConnection, now: Timestamp) async throws(StorageError) {
        try await DemoThreads(location: "memory:", now: now).write(into: connection, lengths: [16, 5, 9])
        try await DemoAgents(location: "memory:", now: now).writeScratch(into: connection)
    }

    /// Writes every kind of record that a server's location can hold; the
    /// location should hold nothing yet.
    public static func write(toServer location: String, now: Timestamp) async throws(StorageError) {
        let connection = try await StoreConnection.open(location)
        let holdsObjects = connection.accesses.contains { $0.engine.capabilities.family == .objects }
        await connection.close()
        let records: any DemoPart =
            holdsObjects
            ? DemoAgents(location: location, now: now, isDamaged: false)
            : DemoThreads(location: location, now: now, isDamaged: false)
        try await together([records, DemoIndexes(location: location, now: now, isServer: true)])
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
