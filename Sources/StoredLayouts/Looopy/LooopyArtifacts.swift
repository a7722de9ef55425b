internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Finds the artifacts of conversations and summarises them.
struct LooopyArtifacts: Sendable {
    let engine: any ObjectEngine
    let recordID: @Sendable (String) -> RecordID

    /// One artifact's directory with what is in it.
    struct Found: Sendable {
        var conversation: LooopyConversation
        /// The path below `artifacts/`, which is the artifact's id.
        var id: String
        /// Ends in `/`.
        var directory: ObjectKey
        var objects: [ObjectInfo]

        var key: String { "\(conversation.key)/\(id)" }

        func object(_ name: String) -> ObjectInfo? {
            let key = directory.appending(name)
            return objects.first { $0.key == key }
        }
    }

    /// The artifacts of a conversation, from one listing of each of its directories.
    ///
    /// An id may hold `/`, as the store puts it into the path as it is. So an
    /// artifact is every directory with a `metadata.json`, and every one right
    /// below `artifacts/` even without; other files belong to the nearest
    /// artifact above them.
    func find(_ conversation: LooopyConversation) async throws(StorageError) -> (found: [Found], notes: [String]) {
        var all: [Found] = []
        var notes: [String] = []
        var ids: Set<ExactText> = []
        for directory in conversation.directories {
            let base = directory.key.appending(LooopyNames.artifacts).appending("")
            let listed = try await engine.listAll(base)
            notes += listed.notes
            let objects = listed.entries.compactMap { entry -> ObjectInfo? in
                if case .object(let info) = entry { info } else { nil }
            }
            let withMetadata = Set(
                objects.filter { $0.key.lastPart == ObjectKey(LooopyNames.metadataFile) }.map(\.key.parent.bytes))
            var order: [ObjectKey] = []
            var groups: [ObjectKey: [ObjectInfo]] = [:]
            for info in objects {
                guard let owner = Self.owner(of: info.key, base: base, withMetadata: withMetadata) else { continue }
                if groups[owner] == nil { order.append(owner) }
                groups[owner, default: []].append(info)
            }
            for owner in order {
                let id = ObjectKey(bytes: Array(owner.bytes.dropFirst(base.bytes.count))).description
                guard ids.insert(ExactText(id)).inserted else {
                    notes.append("artifact \(id) is in two directories; \(owner) is not shown")
                    continue
                }
                all.append(
                    Found(
                        conversation: conversation, id: id, directory: owner.appending(""),
                        objects: groups[owner] ?? []))
            }
        }
        return (all, notes)
    }

    private static func owner(of key: ObjectKey, base: ObjectKey, withMetadata: Set<[UInt8]>) -> ObjectKey? {
        var directory = key.parent
        guard directory.bytes.count > base.bytes.count else { return nil }
        while !withMetadata.contains(directory.bytes) {
            let parent = directory.parent
            if parent.bytes.count < base.bytes.count { return directory }
            directory = parent
        }
        return directory
    }

    /// Summaries from the artifacts' metadata, scanned and never made into trees.
    func summaries(_ found: [Found]) async throws(StorageError) -> [RecordSummary] {
        var all: [RecordSummary] = []
        var at = 0
        while at < found.count {
            let end = min(at + ObjectChanges.batch, found.count)
            let results = try await engine.readMany(
                found[at..<end].map { $0.directory.appending(LooopyNames.metadataFile) })
            for (artifact, result) in zip(found[at..<end], results) { all.append(summary(artifact, result)) }
            at = end
        }
        return all
    }

    private func summary(_ artifact: Found, _ metadata: Result<StoredObject?, StorageError>) -> RecordSummary {
        var summary = RecordSummary(
            id: recordID(artifact.key), bytes: artifact.objects.reduce(0) { $0 + $1.size })
        let fields: LooopyFields
        switch metadata {
        case .success(let object?):
            fields = LooopyFields(
                object.bytes,
                [
                    ["type"], ["status"], ["version"], ["mimeType"], ["name"], ["totalSize"], ["createdAt"],
                    ["updatedAt"], ["externalStorage"], ["description"], ["taskId"],
                ], sized: [["rows"]])
            if let problem = fields.problem { summary.notes.append("\(LooopyNames.metadataFile) \(problem)") }
        case .success(nil):
            fields = LooopyFields(StoredBytes("{}"), [])
            summary.notes.append("\(LooopyNames.metadataFile) is missing")
        case .failure(let error):
            fields = LooopyFields(StoredBytes("{}"), [])
            summary.notes.append(error.description)
        }
        let type = fields.text("type") ?? LooopyContent.allCases.first { artifact.object($0.fileName) != nil }?.rawValue
        var detail = ArtifactDetail(type: type ?? "unknown")
        summary.title = fields.text("name") ?? ""
        summary.created = fields.moment("createdAt")
        summary.updated = fields.moment("updatedAt") ?? artifact.objects.compactMap(\.modified).max()
        detail.status = fields.text("status") ?? ""
        detail.version = fields.integer("version")
        detail.mimeType = fields.text("mimeType")
        if type == LooopyContent.dataset.rawValue {
            detail.rows = fields.count("rows") ?? fields.integer("totalSize")
        }
        var metadata: [JSONMember] = []
        for name in ["description", "taskId"] {
            if let value = fields[name] { metadata.append(JSONMember(name, value)) }
        }
        if !metadata.isEmpty { summary.metadata = .object(metadata) }
        summary.detail = .artifact(detail)
        if let storage = fields["externalStorage"], !storage.isNull {
            summary.notes.append("the content is stored elsewhere: \(Self.place(storage))")
        } else if let content = type.flatMap(LooopyContent.init(rawValue:)), artifact.object(content.fileName) == nil {
            summary.notes.append("\(content.fileName) is missing")
        }
        if detail.status == "building" { summary.notes.append("still being written") }
        if detail.status == "failed" { summary.notes.append("its making failed") }
        return summary
    }

    /// Where external content is, without anything that could be a credential.
    static func place(_ storage: JSONValue) -> String {
        let parts = ["provider", "bucket", "key"].compactMap { storage[$0]?.stringValue }
        return parts.isEmpty ? "in a place the metadata does not name" : parts.joined(separator: " ")
    }
}
