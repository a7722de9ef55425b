internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexKeysLayout {
    /// Writes the documented form, `{id, metadata, messages: [{content, role,
    /// metadata, created_at}]}`, as Python's `json.dumps` spells it. Message
    /// ids, token counts and the thread's times follow behind these fields,
    /// where the documented storage passes them by.
    public func saveThread(_ thread: ConversationThread) async throws(StorageError) {
        let act = "save the thread"
        try engine.requireWritable(act)
        guard !thread.id.isEmpty else { throw error(.invalid, act, "the thread's id is empty") }
        if let maxMessages, maxMessages < 1 { throw error(.invalid, act, "maxMessages is less than 1") }
        let kept = maxMessages.map { thread.messages.suffix($0) } ?? thread.messages[...]
        let messages = kept.map { message in
            var members = [
                JSONMember("content", message.content), JSONMember("role", .text(message.role)),
                JSONMember("metadata", message.metadata),
                JSONMember("created_at", .text(MemexEncoding.time(message.created))),
            ]
            if !message.id.isEmpty { members.append(JSONMember("id", .text(message.id))) }
            if let tokens = message.tokenCount { members.append(JSONMember("token_count", .integer(tokens))) }
            return JSONValue.object(members)
        }
        let document = JSONValue.object([
            JSONMember("id", .text(thread.id)), JSONMember("metadata", thread.metadata),
            JSONMember("messages", .array(messages)),
            JSONMember("created_at", .text(MemexEncoding.time(thread.created))),
            JSONMember("updated_at", .text(MemexEncoding.time(thread.updated))),
        ])
        let id = Array(thread.id.utf8)
        // Redis' SET takes a remaining life away, as the documented storage does.
        try await engine.commit(
            [
                .setExpiring(keys.thread(id), StoredBytes(document.serializedBytes(.pythonDefault)), nil),
                .addMember(keys.set, id),
            ], expecting: [])
    }

    public func thread(_ id: String, messageLimit: Int?) async throws(StorageError) -> ConversationThread? {
        guard !id.isEmpty else { throw error(.invalid, "read the thread", "the thread's id is empty") }
        if let messageLimit, messageLimit < 1 {
            throw error(.invalid, "read the thread", "the message limit is less than 1")
        }
        guard let entry = try await entry(ObjectKey(id).description), entry.info != nil,
            let document = try await document(entry)
        else { return nil }
        return try thread(id, document, messageLimit: messageLimit)
    }

    /// Reads every thread, as the format keeps no order of times.
    public func listThreads(limit: Int, offset: Int) async throws(StorageError) -> [ConversationThread] {
        guard limit > 0, offset >= 0 else {
            throw error(.invalid, "list threads", "the limit is less than 1 or the offset less than 0")
        }
        return Array(try await allThreads { _ in true }.dropFirst(offset).prefix(limit))
    }

    @discardableResult
    public func deleteThread(_ id: String) async throws(StorageError) -> Bool {
        let act = "delete the thread"
        try engine.requireWritable(act)
        guard !id.isEmpty else { throw error(.invalid, act, "the thread's id is empty") }
        guard let entry = try await entry(ObjectKey(id).description) else { return false }
        var changes: [KeyChange] = [.delete(keys.thread(entry.id))]
        if entry.isNamed { changes.append(.removeMember(keys.set, entry.id)) }
        try await engine.commit(changes, expecting: [])
        return entry.info != nil
    }

    public func searchThreads(_ query: ThreadSearch) async throws(StorageError) -> [ConversationThread] {
        guard !query.metadata.isEmpty || query.content != nil else {
            throw error(.invalid, "search the threads", "the search is empty", help: "give metadata or content")
        }
        let needle = query.content.map { Array($0.lowercased().utf8) }
        return try await allThreads { thread in
            guard query.metadata.allSatisfy({ thread.metadata[$0.key.text].map($0.value.means) ?? false }) else {
                return false
            }
            guard let needle else { return true }
            return thread.messages.contains { Self.texts($0.content).contains { $0.contains(run: needle) } }
        }
    }

    /// The text of a message and of its text parts, in lower case.
    private static func texts(_ content: JSONValue) -> [[UInt8]] {
        switch content {
        case .string(let text): [Array(text.text.lowercased().utf8)]
        case .array(let parts):
            parts.compactMap { $0["text"]?.stringValue.map { Array($0.lowercased().utf8) } }
        default: []
        }
    }

    /// The readable threads that are wanted, newest update first.
    private func allThreads(
        _ isWanted: (ConversationThread) -> Bool
    ) async throws(StorageError) -> [ConversationThread] {
        var threads: [ConversationThread] = []
        for entry in try await entries().entries where entry.info?.type == .string {
            guard let document = try await document(entry), document.isThread else { continue }
            let thread = try thread(String(decoding: entry.id, as: UTF8.self), document, messageLimit: nil)
            if isWanted(thread) { threads.append(thread) }
        }
        return threads.sorted { ($1.updated, $0.id) < ($0.updated, $1.id) }
    }

    /// A time that is not stored is that of the first or last message.
    private func thread(
        _ id: String, _ document: MemexDocument, messageLimit: Int?
    ) throws(StorageError) -> ConversationThread {
        if let problem = document.problem {
            throw error(.corrupt, "read the thread", problem, help: "browse the thread to see what is stored")
        }
        let count = document.messages.count
        let first = messageLimit.map { max(0, count - $0) } ?? 0
        let messages = (0..<count).map { position -> ConversationMessage in
            let value = document.message(at: position).value
            let created = value["created_at"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
            return ConversationMessage(
                id: value["id"]?.stringValue ?? "", role: value["role"]?.stringValue ?? "",
                content: value["content"] ?? .null, created: created ?? Timestamp(seconds: 0),
                metadata: value["metadata"] ?? .object([]), tokenCount: value["token_count"]?.intValue)
        }
        return ConversationThread(
            id: id, created: document.created ?? messages.first?.created ?? Timestamp(seconds: 0),
            updated: document.updated ?? messages.last?.created ?? Timestamp(seconds: 0),
            metadata: document.metadata ?? .object([]), messages: Array(messages[first...]))
    }
}
