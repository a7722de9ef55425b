internal import EngineCore
internal import JSONText
internal import StoredRecords

/// Makes thread summaries from a context's own files and listings, never from
/// message bodies.
struct LooopyThreads: Sendable {
    let tree: LooopyTree
    let clock: Clock
    let recordID: @Sendable (String) -> RecordID
    private var engine: any ObjectEngine { tree.engine }

    /// Title, state and times of many conversations, read together.
    ///
    /// What costs a listing for each (counts, bytes, lock) is left to `complete`.
    /// A conversation of which nothing but empty directories is left is none.
    func summaries(
        _ conversations: [LooopyConversation]
    ) async throws(StorageError) -> [(conversation: LooopyConversation, summary: RecordSummary)] {
        var all: [(conversation: LooopyConversation, summary: RecordSummary)] = []
        all.reserveCapacity(conversations.count)
        var at = 0
        while at < conversations.count {
            let end = min(at + ObjectChanges.batch, conversations.count)
            let keys = conversations[at..<end].flatMap { conversation in
                conversation.directories.map { $0.key.appending(LooopyNames.contextFile) }
            }
            var results = try await engine.readMany(keys)[...]
            for conversation in conversations[at..<end] {
                let own = results.prefix(conversation.directories.count)
                results = results.dropFirst(own.count)
                let isKnown = own.contains { if case .success(nil) = $0 { false } else { true } }
                if !isKnown {
                    guard try await tree.holdsAnything(conversation) else { continue }
                }
                all.append((conversation, summary(conversation, Array(own))))
            }
            at = end
        }
        return all
    }

    /// The summary with message count, size, lock and, where the context file
    /// names no time, the newest time there is.
    func complete(
        _ summary: RecordSummary, _ conversation: LooopyConversation
    ) async throws(StorageError) -> RecordSummary {
        var summary = summary
        let listed = try await LooopyMessages(engine: engine, directory: conversation.messages).files()
        summary.notes += listed.notes
        // In a directory that cannot be listed there may be any number, and a lock as well as none.
        if listed.files.isEmpty, !listed.notes.isEmpty { return summary }
        summary.messages = listed.files.count
        summary.bytes = listed.files.reduce(0) { $0 + $1.info.size }
        if summary.updated == nil {
            summary.updated = listed.files.compactMap { $0.name?.moment ?? $0.info.modified }.max()
        }
        for directory in conversation.directories.dropFirst() {
            let other = try await LooopyMessages(
                engine: engine, directory: directory.key.appending(LooopyNames.messages).appending("")
            ).files().files.count
            if other > 0 {
                summary.notes.append("\(directory.key) holds \(other) message files that looopy-ai does not read")
            }
        }
        guard case .thread(var detail) = summary.detail else { return summary }
        if let lock = try await lock(conversation, summary: summary) {
            detail.lock = lock
            summary.notes.append("locked by \(lock)")
        }
        summary.detail = .thread(detail)
        return summary
    }

    private func summary(
        _ conversation: LooopyConversation, _ files: [Result<StoredObject?, StorageError>]
    ) -> RecordSummary {
        var summary = RecordSummary(id: recordID(conversation.key), notes: conversation.notes)
        var detail = ThreadDetail(agent: conversation.agent)
        // The context store writes into the directory spelled like the id.
        var found: StoredObject?
        for (directory, file) in zip(conversation.directories, files) {
            switch file {
            case .success(let object?):
                if found == nil || directory.context.isExactly(conversation.context) { found = object }
            case .success(nil): break
            case .failure(let error):
                summary.notes.append("\(LooopyNames.contextFile) cannot be read: \(error.reason)")
            }
        }
        if let found {
            let fields = LooopyFields(
                found.bytes,
                [
                    ["title"], ["status"], ["tags"], ["createdAt"], ["updatedAt"], ["lastActivityAt"],
                    ["totalTokensUsed"], ["metadata"], ["lockedBy"], ["lockExpiresAt"],
                ])
            if let problem = fields.problem { summary.notes.append("\(LooopyNames.contextFile) \(problem)") }
            summary.title = fields.text("title") ?? ""
            summary.created = fields.moment("createdAt")
            summary.updated = fields.moment("lastActivityAt") ?? fields.moment("updatedAt")
            summary.tokens = fields.integer("totalTokensUsed")
            summary.metadata = fields["metadata"]
            detail.status = fields.text("status")
            detail.tags = (fields["tags"]?.arrayValue ?? []).compactMap(\.stringValue)
            if let owner = fields.text("lockedBy"), let expires = fields.moment("lockExpiresAt"),
                expires > clock.now()
            {
                detail.lock = Self.lockText(owner, expires)
            }
        } else if !files.contains(where: Self.isFailure) {
            summary.notes.append("\(LooopyNames.contextFile) is missing")
        }
        summary.detail = .thread(detail)
        return summary
    }

    // MARK: Locks

    /// Who holds the conversation and until when; `nil` when nobody does.
    ///
    /// The lock file counts, and the lock members of the context file where
    /// there is no such file.
    private func lock(
        _ conversation: LooopyConversation, summary: RecordSummary
    ) async throws(StorageError) -> String? {
        let files = try await engine.readMany(
            conversation.directories.map { $0.key.appending(LooopyNames.lockFile) })
        for file in files {
            if case .success(nil) = file { continue }
            // A lock that cannot be read may be one that holds.
            guard case .success(let object?) = file,
                case let fields = LooopyFields(object.bytes, [["lockOwnerId"], ["expiresAt"]]),
                let expires = fields.moment("expiresAt")
            else { return "somebody (\(LooopyNames.lockFile) cannot be read)" }
            if expires > clock.now() { return Self.lockText(fields.text("lockOwnerId") ?? "somebody", expires) }
        }
        if case .thread(let detail) = summary.detail { return detail.lock }
        return nil
    }

    private static func lockText(_ owner: String, _ expires: Timestamp) -> String {
        "\(owner) until \(expires.iso8601)"
    }

    private static func isFailure(_ result: Result<StoredObject?, StorageError>) -> Bool {
        if case .failure = result { true } else { false }
    }
}
