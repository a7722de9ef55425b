public import EngineCore
internal import JSONText
public import StoredRecords

/// looopy-ai's messages, artifacts and task states on any object engine.
///
/// Source of the layout: the filesystem stores of looopy-ai's core package.
/// A thread is one agent context; its record key is `AGENT/CONTEXT`, that of
/// an artifact or a task has its id behind that.
public struct LooopyLayout: RecordLayout {
    public static let layoutName = "looopy"

    public let source: String
    let engine: any ObjectEngine
    let tree: LooopyTree
    let clock: Clock
    /// Numbers the messages this process appends, as the tool's store does.
    let sequence = LooopySequence()

    /// A store whose `agent=` directories are below `base`; the root by default.
    public init(_ engine: any ObjectEngine, base: ObjectKey = .root, _ context: LayoutContext) {
        let prefix = base.bytes.isEmpty || base.bytes.last == UInt8(ascii: "/") ? base : base.appending("")
        self.init(engine, root: .store(prefix), context)
    }

    init(_ engine: any ObjectEngine, root: LooopyTree.Root, _ context: LayoutContext) {
        self.engine = engine
        source = context.source
        clock = context.clock
        tree = LooopyTree(engine: engine, root: root)
    }

    public var name: String { Self.layoutName }
    public var kinds: [RecordKind] { [.thread, .artifact, .task] }

    public func capabilities(of kind: RecordKind) -> RecordCapabilities {
        guard kinds.contains(kind) else { return .none(kind, of: name) }
        let writing = engine.capabilities.write
        var trim = Availability.unavailable("only threads have messages to trim")
        var fields: [RecordSort.Field] = [.updated, .created, .key, .title, .bytes, .group, .status]
        switch kind {
        case .thread:
            trim = writing
            fields += [.messages, .tokens]
        case .task: fields.removeAll { $0 == .created }
        default: break
        }
        return RecordCapabilities(delete: writing, trim: trim, write: writing, sortFields: fields)
    }

    // MARK: Listing

    public func list(_ query: RecordQuery) async throws(StorageError) -> Page<RecordSummary> {
        let operation = "list \(query.kind.plural)"
        guard capabilities(of: query.kind).sortFields.contains(query.sort.field) else {
            throw StorageError(
                .unsupported, operation: operation, place: engine.place,
                reason: "looopy \(query.kind.plural) cannot be sorted by \(query.sort.field.rawValue)")
        }
        let listed = try await tree.conversations()
        let paging = SummaryPaging(query)
        switch query.kind {
        case .thread:
            return try await listThreads(query, listed.all, notes: listed.notes, operation: operation)
        case .artifact:
            var found: [LooopyArtifacts.Found] = []
            var notes = listed.notes
            for conversation in listed.all {
                let own = try await artifacts.find(conversation)
                found += own.found
                notes += own.notes
            }
            return try paging.page(
                of: try await artifacts.summaries(found), notes: notes, operation: operation, place: engine.place)
        default:
            var found: [LooopyTasks.Found] = []
            var notes = listed.notes
            for conversation in listed.all {
                let own = try await tasks.find(conversation)
                found += own.found
                notes += own.notes
            }
            return try paging.page(
                of: try await tasks.summaries(found), notes: notes, operation: operation, place: engine.place)
        }
    }

    /// Counts and locks cost a listing a conversation, so they are looked up
    /// for the page alone, unless the order needs them.
    private func listThreads(
        _ query: RecordQuery, _ conversations: [LooopyConversation], notes: [String], operation: String
    ) async throws(StorageError) -> Page<RecordSummary> {
        let found = try await threads.summaries(conversations)
        var summaries = found.map(\.summary)
        var byID: [RecordID: LooopyConversation] = [:]
        for conversation in conversations { byID[recordID(.thread, conversation.key)] = conversation }
        var isComplete: Set<RecordID> = []
        for index in summaries.indices {
            let needed =
                switch query.sort.field {
                case .messages, .bytes: true
                case .updated: summaries[index].updated == nil
                default: false
                }
            guard needed else { continue }
            summaries[index] = try await threads.complete(summaries[index], found[index].conversation)
            isComplete.insert(summaries[index].id)
        }
        var page = try SummaryPaging(query).page(
            of: summaries, notes: notes, operation: operation, place: engine.place)
        for index in page.items.indices where !isComplete.contains(page.items[index].id) {
            guard let conversation = byID[page.items[index].id] else { continue }
            page.items[index] = try await threads.complete(page.items[index], conversation)
        }
        return page
    }

    public func count(_ kind: RecordKind) async throws(StorageError) -> Total {
        let conversations = try await tree.conversations().all
        var count = 0
        for conversation in conversations {
            switch kind {
            case .thread: count += try await tree.holdsAnything(conversation) ? 1 : 0
            case .artifact: count += try await artifacts.find(conversation).found.count
            case .task: count += try await tasks.find(conversation).found.count
            default: break
            }
        }
        return .exact(count)
    }

    public func summary(_ kind: RecordKind, _ key: String) async throws(StorageError) -> RecordSummary? {
        switch try await find(kind, key) {
        case nil: return nil
        case .thread(let conversation): return try await fullSummary(conversation)
        case .artifact(let artifact): return try await artifacts.summaries([artifact]).first
        case .task(let task): return try await tasks.summaries([task]).first
        }
    }

    /// With the tokens the messages themselves name, where they name any.
    private func fullSummary(_ conversation: LooopyConversation) async throws(StorageError) -> RecordSummary? {
        guard let partial = try await threads.summaries([conversation]).first?.summary else { return nil }
        var summary = try await threads.complete(partial, conversation)
        let messages = LooopyMessages(engine: engine, directory: conversation.messages)
        let heads = try await messages.heads(try await messages.files().files)
        let tokens = heads.compactMap(\.tokens)
        if let sum = Self.sum(tokens) {
            summary.tokens = tokens.isEmpty ? summary.tokens : sum
        } else {
            summary.notes.append("the messages' token counts are too large to be added up")
        }
        let broken = heads.count { !$0.isObject }
        if broken > 0 { summary.notes.append("\(broken) message files hold no message") }
        return summary
    }

    /// `nil` when it is past the range of numbers.
    private static func sum(_ numbers: [Int]) -> Int? {
        var total = 0
        for number in numbers {
            let (sum, isPast) = total.addingReportingOverflow(number)
            if isPast { return nil }
            total = sum
        }
        return total
    }

    // MARK: Reading

    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        let operation = "show thread \(key)"
        guard case .thread(let conversation) = try await find(.thread, key) else {
            throw notFound(.thread, key, operation)
        }
        return try await LooopyMessages(engine: engine, directory: conversation.messages)
            .page(page, operation: operation)
    }

    public func documents(_ kind: RecordKind, _ key: String) async throws(StorageError) -> [RecordDocument] {
        guard let record = try await find(kind, key) else {
            throw notFound(kind, key, "show \(kind.rawValue) \(key)")
        }
        return try await LooopyDocuments(engine: engine, clock: clock).documents(record)
    }

    public func revision(_ kind: RecordKind, _ key: String) async throws(StorageError) -> String? {
        guard let record = try await find(kind, key) else { return nil }
        var digest = LooopyDigest()
        switch record {
        case .thread(let conversation):
            for directory in conversation.directories {
                for name in [LooopyNames.contextFile, LooopyNames.stateFile, LooopyNames.lockFile] {
                    if let info = try await engine.stat(directory.key.appending(name)) { digest.add(info) }
                }
            }
            for file in try await LooopyMessages(engine: engine, directory: conversation.messages).files().files {
                digest.add(file.info)
            }
        case .artifact(let artifact): artifact.objects.forEach { digest.add($0) }
        case .task(let task): digest.add(task.info)
        }
        return digest.text
    }

    public func look(
        for query: SearchQuery, telling receive: @escaping @Sendable (SearchNews) -> StreamControl
    ) async throws(StorageError) {
        try await LooopySearch(layout: self, query: query, delivery: SearchDelivery(query, receive)).run()
    }

    // MARK: Records

    /// A record where it is stored.
    enum Record: Sendable {
        case thread(LooopyConversation)
        case artifact(LooopyArtifacts.Found)
        case task(LooopyTasks.Found)
    }

    /// Finds a record by its key in what is listed; nothing is ever read from
    /// a path that a key spells.
    func find(_ kind: RecordKind, _ key: String) async throws(StorageError) -> Record? {
        // By bytes: an id may begin with a character that joins the `/` before it.
        let parts = key.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 2, omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
        guard parts.count == (kind == .thread ? 2 : 3), kinds.contains(kind),
            let conversation = try await tree.conversation(agent: parts[0], context: parts[1])
        else { return nil }
        switch kind {
        case .artifact:
            return try await artifacts.find(conversation).found.first { $0.id.isExactly(parts[2]) }.map {
                .artifact($0)
            }
        case .task:
            return try await tasks.find(conversation).found.first { $0.id.isExactly(parts[2]) }.map { .task($0) }
        default:
            return try await tree.holdsAnything(conversation) ? .thread(conversation) : nil
        }
    }

    var threads: LooopyThreads {
        LooopyThreads(tree: tree, clock: clock) { recordID(.thread, $0) }
    }

    var artifacts: LooopyArtifacts {
        LooopyArtifacts(engine: engine) { recordID(.artifact, $0) }
    }

    var tasks: LooopyTasks {
        LooopyTasks(engine: engine, clock: clock) { recordID(.task, $0) }
    }

    func notFound(_ kind: RecordKind, _ key: String, _ operation: String) -> StorageError {
        StorageError(
            .notFound, operation: operation, place: engine.place, reason: "there is no \(kind.rawValue) of this id")
    }
}
