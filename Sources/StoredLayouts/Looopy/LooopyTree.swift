internal import EngineCore
internal import StoredRecords

/// Finds the directories of a looopy store.
struct LooopyTree: Sendable {
    /// What the engine's root is.
    enum Root: Sendable, Hashable {
        /// A prefix that holds `agent=` directories; empty or ending in `/`.
        case store(ObjectKey)
        /// The root is this agent's directory.
        case agent(String)
        /// The root is this context's directory.
        case context(agent: String, context: String)
    }

    let engine: any ObjectEngine
    let root: Root

    /// Every conversation, by agent and context.
    func conversations() async throws(StorageError) -> (all: [LooopyConversation], notes: [String]) {
        try await conversations { _ in true }
    }

    /// The conversation with these ids, which may also be given as the
    /// sanitizing stores spell them; `nil` when there is none.
    func conversation(agent: String, context: String) async throws(StorageError) -> LooopyConversation? {
        let wanted = LooopyNames.sanitized(agent)
        let found = try await conversations { LooopyNames.sanitized($0) == wanted }.all
        return found.first { $0.agent.isExactly(agent) && $0.context.isExactly(context) }
            ?? found.first { conversation in
                conversation.directories.contains { $0.agent.isExactly(agent) && $0.context.isExactly(context) }
            }
    }

    /// Whether anything is stored for the conversation. Engines with
    /// directories also list those that were emptied.
    func holdsAnything(_ conversation: LooopyConversation) async throws(StorageError) -> Bool {
        for directory in conversation.directories {
            let page = try await engine.list(ObjectListing(prefix: directory.key, limit: 1))
            if !page.entries.isEmpty || !page.notes.isEmpty { return true }
        }
        return false
    }

    /// The directory of a context whose ids are spelled like this, whether it
    /// exists or not; ends in `/`.
    func directory(
        agent: String, context: String, operation: String
    ) throws(StorageError) -> ObjectKey {
        for id in [agent, context] where id.isEmpty || id.utf8.contains(where: { $0 == 0 || $0 == 0x2F }) {
            throw StorageError(
                .invalid, operation: operation, place: engine.place,
                reason: "an agent or context id is empty or holds \"/\" or NUL")
        }
        switch root {
        case .store(let prefix):
            return prefix.appending(LooopyNames.agentPrefix + agent)
                .appending(LooopyNames.contextPrefix + context).appending("")
        case .agent(let own) where own.isExactly(agent):
            return ObjectKey(LooopyNames.contextPrefix + context).appending("")
        case .context(let ownAgent, let ownContext)
        where ownAgent.isExactly(agent) && ownContext.isExactly(context):
            return .root
        case .agent, .context:
            throw StorageError(
                .unsupported, operation: operation, place: engine.place,
                reason: "the source is the directory of another agent or context", help: "open the whole store")
        }
    }

    // MARK: Listing

    private func conversations(
        where isWanted: (String) -> Bool
    ) async throws(StorageError) -> (all: [LooopyConversation], notes: [String]) {
        var agents: [(id: String, key: ObjectKey)] = []
        var notes: [String] = []
        switch root {
        case .context(let agent, let context):
            let directory = LooopyConversation.Directory(agent: agent, context: context, key: .root)
            return (LooopyConversation(agent: agent, context: context, directories: [directory]).map { [$0] } ?? [], [])
        case .agent(let agent):
            agents = [(agent, .root)]
        case .store(let prefix):
            let listed = try await ids(below: prefix, prefix: LooopyNames.agentPrefix)
            agents = listed.ids
            notes += listed.notes
        }
        var all: [LooopyConversation] = []
        for group in Self.grouped(agents.map(\.id).filter(isWanted), word: "agent") {
            var directories: [LooopyConversation.Directory] = []
            for agent in agents where group.ids.contains(where: agent.id.isExactly) {
                let contexts = try await ids(below: agent.key, prefix: LooopyNames.contextPrefix)
                notes += contexts.notes
                directories += contexts.ids.map { .init(agent: agent.id, context: $0.id, key: $0.key) }
            }
            var names: [String] = []
            var byContext: [ExactText: [LooopyConversation.Directory]] = [:]
            for directory in directories {
                if byContext[ExactText(directory.context)] == nil { names.append(directory.context) }
                byContext[ExactText(directory.context), default: []].append(directory)
            }
            for context in Self.grouped(names, word: "context") {
                let own = context.ids.flatMap { byContext[ExactText($0)] ?? [] }
                if let conversation = LooopyConversation(
                    agent: group.name, context: context.name, directories: own, notes: group.notes + context.notes)
                {
                    all.append(conversation)
                }
            }
        }
        return (all, notes)
    }

    private func ids(
        below directory: ObjectKey, prefix: String
    ) async throws(StorageError) -> (ids: [(id: String, key: ObjectKey)], notes: [String]) {
        let beginning = directory.bytes.isEmpty ? ObjectKey(prefix) : directory.appending(prefix)
        let listed = try await engine.listAll(beginning, isDelimited: true)
        let found = listed.entries.compactMap { entry -> (id: String, key: ObjectKey)? in
            guard case .prefix(let key) = entry, let id = LooopyNames.id(in: key.lastPart, after: prefix) else {
                return nil
            }
            return (id, key)
        }
        return (found, listed.notes)
    }

    private struct Group {
        var name: String
        var ids: [String]
        var notes: [String] = []
    }

    /// Puts an id and its sanitized spelling together; the unsanitized one is
    /// the name, being what the program said.
    ///
    /// Two ids that share one sanitized spelling stay apart, since only the
    /// sanitizing stores mix them.
    private static func grouped(_ ids: [String], word: String) -> [Group] {
        var order: [String] = []
        var bySpelling: [String: [String]] = [:]
        for id in ids {
            let spelling = LooopyNames.sanitized(id)
            if bySpelling[spelling] == nil { order.append(spelling) }
            bySpelling[spelling, default: []].append(id)
        }
        return order.flatMap { spelling -> [Group] in
            let members = bySpelling[spelling] ?? []
            let originals = members.filter { !$0.isExactly(spelling) }
            if originals.count <= 1 { return [Group(name: originals.first ?? spelling, ids: members)] }
            return members.map { id in
                let others = members.filter { !$0.isExactly(id) }.joined(separator: ", ")
                return Group(
                    name: id, ids: [id],
                    notes: ["\(word) ids \(others) are spelled like this one where messages and tasks are stored"])
            }
        }
    }
}
