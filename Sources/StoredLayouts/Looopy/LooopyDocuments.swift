internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Reads the documents of a record as they are stored.
struct LooopyDocuments: Sendable {
    let engine: any ObjectEngine
    let clock: Clock

    func documents(_ record: LooopyLayout.Record) async throws(StorageError) -> [RecordDocument] {
        switch record {
        case .thread(let conversation): try await documents(conversation)
        case .artifact(let artifact): try await documents(artifact)
        case .task(let task): try await documents(task)
        }
    }

    /// What is stored about the conversation besides its messages.
    private func documents(_ conversation: LooopyConversation) async throws(StorageError) -> [RecordDocument] {
        var documents: [RecordDocument] = []
        for name in [LooopyNames.contextFile, LooopyNames.stateFile, LooopyNames.lockFile] {
            for directory in conversation.directories {
                guard let object = try await engine.read(directory.key.appending(name)) else { continue }
                let isTwin = documents.contains { $0.name == name }
                documents.append(
                    RecordDocument(
                        name: isTwin ? object.info.key.description : name, format: .json, bytes: object.bytes,
                        isContent: false, notes: Self.notesOnJSON(object.bytes)))
            }
        }
        return documents
    }

    private func documents(_ task: LooopyTasks.Found) async throws(StorageError) -> [RecordDocument] {
        guard let object = try await engine.read(task.info.key) else { return [] }
        var notes = Self.notesOnJSON(object.bytes)
        let fields = LooopyFields(object.bytes, [["_metadata", "expiresAt"]])
        if let expires = fields.moment("_metadata", "expiresAt"), expires < clock.now() {
            notes.append("expired at \(expires.iso8601)")
        }
        return [
            RecordDocument(name: task.info.key.lastPart.description, format: .json, bytes: object.bytes, notes: notes)
        ]
    }

    /// The content, the metadata, then whatever else lies in the directory.
    private func documents(_ artifact: LooopyArtifacts.Found) async throws(StorageError) -> [RecordDocument] {
        let metadata = try await engine.read(artifact.directory.appending(LooopyNames.metadataFile))
        let reader = LooopyArtifactContent(metadata: metadata?.bytes)
        let stored = LooopyContent.allCases.filter { artifact.object($0.fileName) != nil }
        var documents: [RecordDocument] = []
        for content in reader.type.map({ [$0] }) ?? stored {
            let object = try await engine.read(artifact.directory.appending(content.fileName))
            if let document = reader.document(content, stored: object?.bytes) { documents.append(document) }
        }
        if let metadata {
            documents.append(
                RecordDocument(
                    name: LooopyNames.metadataFile, format: .json, bytes: metadata.bytes, isContent: false,
                    notes: Self.notesOnJSON(metadata.bytes)))
        }
        let shown = Set(documents.map(\.name))
        for info in artifact.objects where !shown.contains(relativeName(info, artifact)) {
            guard let object = try await engine.read(info.key) else { continue }
            documents.append(
                RecordDocument(
                    name: relativeName(info, artifact), format: object.bytes.text == nil ? .binary : .text,
                    bytes: object.bytes, isContent: false, notes: ["not a file looopy-ai writes for this type"]))
        }
        return documents
    }

    private func relativeName(_ info: ObjectInfo, _ artifact: LooopyArtifacts.Found) -> String {
        ObjectKey(bytes: Array(info.key.bytes.dropFirst(artifact.directory.bytes.count))).description
    }

    static func notesOnJSON(_ bytes: StoredBytes) -> [String] {
        let problem: JSONError? = bytes.withBytes { buffer in
            do throws(JSONError) {
                try JSONScanner(buffer).validate()
                return nil
            } catch {
                return error
            }
        }
        return problem.map { ["not valid JSON: \($0)"] } ?? []
    }
}
