internal import JSONText
internal import EngineCore
internal import StoredRecords

/// Finds the task states of conversations and summarises them.
struct LooopyTasks: Sendable {
    let engine: any ObjectEngine
    let clock: Clock
    let recordID: @Sendable (String) -> RecordID

    struct Found: Sendable {
        var conversation: LooopyConversation
        /// The file's name without `.json`: the task's id as the store spells it.
        var id: String
        var info: ObjectInfo

        var key: String { "\(conversation.key)/\(id)" }
    }

    func find(_ conversation: LooopyConversation) async throws(StorageError) -> (found: [Found], notes: [String]) {
        var all: [Found] = []
        var notes: [String] = []
        var ids: Set<ExactText> = []
        for directory in conversation.directories {
            let base = directory.key.appending(LooopyNames.tasks).appending("")
            let listed = try await engine.listAll(base, isDelimited: true)
            notes += listed.notes
            for entry in listed.entries {
                guard case .object(let info) = entry,
                    let id = LooopyNames.stem(of: info.key.lastPart, ending: ".json")
                else { continue }
                guard ids.insert(ExactText(id)).inserted else {
                    notes.append("task \(id) is in two directories; \(info.key) is not shown")
                    continue
                }
                all.append(Found(conversation: conversation, id: id, info: info))
            }
        }
        return (all, notes)
    }

    func summaries(_ found: [Found]) async throws(StorageError) -> [RecordSummary] {
        var all: [RecordSummary] = []
        var at = 0
        while at < found.count {
            let end = min(at + ObjectChanges.batch, found.count)
            let results = try await engine.readMany(found[at..<end].map(\.info.key))
            for (task, result) in zip(found[at..<end], results) {
                if let summary = summary(task, result) { all.append(summary) }
            }
            at = end
        }
        return all
    }

    /// `nil` for a file that went meanwhile.
    private func summary(_ task: Found, _ result: Result<StoredObject?, StorageError>) -> RecordSummary? {
        var summary = RecordSummary(id: recordID(task.key), title: task.id, bytes: task.info.size)
        var detail = TaskDetail(agent: task.conversation.agent)
        switch result {
        case .success(nil): return nil
        case .failure(let error): summary.notes.append(error.description)
        case .success(let object?):
            let fields = LooopyFields(
                object.bytes,
                [
                    ["taskId"], ["iteration"], ["completed"], ["resumeFrom"], ["lastActivity"], ["checkpointMetadata"],
                    ["_metadata", "savedAt"], ["_metadata", "expiresAt"],
                ])
            if let problem = fields.problem { summary.notes.append("the file \(problem)") }
            summary.title = fields.text("taskId") ?? task.id
            summary.updated = fields.moment("_metadata", "savedAt") ?? fields.moment("lastActivity")
            summary.metadata = fields["checkpointMetadata"]
            detail.iteration = fields.integer("iteration")
            detail.isCompleted = fields["completed"]?.boolValue
            detail.resumeFrom = fields.text("resumeFrom")
            detail.expires = fields.moment("_metadata", "expiresAt")
            detail.isExpired = detail.expires.map { $0 < clock.now() } ?? false
            if detail.isExpired {
                summary.notes.append("expired; looopy-ai deletes it the next time it looks for a task")
            }
        }
        summary.updated = summary.updated ?? task.info.modified
        summary.detail = .task(detail)
        return summary
    }
}
