internal import EngineCore
internal import JSONText
public import StoredRecords

/// Artifacts as looopy-ai's filesystem artifact store leaves them when one
/// was created and filled at one go.
extension LooopyLayout: ArtifactStore {
    /// Throws `conflict` when there is an artifact of this id, as the tool does.
    public func create(_ artifact: NewArtifact, at time: Timestamp) async throws(StorageError) {
        let operation = "create artifact \(artifact.id)"
        try engine.requireWritable(operation)
        let directory = try artifactDirectory(
            agent: artifact.agent, context: artifact.context, id: artifact.id, operation)
        let metadataKey = directory.appending(LooopyNames.metadataFile)
        guard try await engine.stat(metadataKey) == nil else {
            throw StorageError(
                .conflict, operation: operation, place: engine.place, reason: "there is already an artifact of this id",
                help: "use another id or delete that one first")
        }
        let made = try LooopyNewArtifact(artifact, at: time, operation: operation, place: engine.place)
        // The metadata comes last: without it the tool sees no artifact.
        try await engine.write(
            directory.appending(made.content.fileName), made.bytes, condition: .none, contentType: made.contentType)
        try await engine.write(
            metadataKey, StoredBytes(made.metadata.serializedBytes(.pretty)), condition: .ifAbsent,
            contentType: "application/json")
    }

    public func artifact(
        agent: String, context: String, id: String
    ) async throws(StorageError) -> [RecordDocument]? {
        let directory = try artifactDirectory(
            agent: agent, context: context, id: id, "load artifact \(id)")
        guard
            let conversation = LooopyConversation(
                agent: agent, context: context,
                directories: [.init(agent: agent, context: context, key: directory.parent.parent.appending(""))])
        else { return nil }
        guard let found = try await artifacts.find(conversation).found.first(where: { $0.directory == directory })
        else { return nil }
        return try await LooopyDocuments(engine: engine, clock: clock).documents(.artifact(found))
    }

    /// The ids go into the path as they are, unlike those of messages and tasks.
    private func artifactDirectory(
        agent: String, context: String, id: String, _ operation: String
    ) throws(StorageError) -> ObjectKey {
        if id.isEmpty || id == "." || id == ".." || id.utf8.contains(where: { $0 == 0 || $0 == 0x2F }) {
            throw StorageError(
                .invalid, operation: operation, place: engine.place,
                reason: "the artifact id is empty, a dot name, or holds \"/\" or NUL")
        }
        return try tree.directory(agent: agent, context: context, operation: operation)
            .appending(LooopyNames.artifacts).appending(id).appending("")
    }
}
