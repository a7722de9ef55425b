public import JSONText
public import StoredRecords

/// Stores conversation threads the way MemexLLM's storage does.
public protocol ThreadStore: Sendable {
    /// The newest so many messages are kept when a thread is saved; `nil` keeps all.
    var maxMessages: Int? { get }
    /// Writes the whole thread, replacing what was stored under its id.
    func saveThread(_ thread: ConversationThread) async throws(StorageError)
    /// The thread with its newest `messageLimit` messages in order; `nil`
    /// when there is none with this id.
    func thread(_ id: String, messageLimit: Int?) async throws(StorageError) -> ConversationThread?
    /// Threads with their messages, newest update first.
    func listThreads(limit: Int, offset: Int) async throws(StorageError) -> [ConversationThread]
    /// Whether a thread was there to be deleted.
    @discardableResult
    func deleteThread(_ id: String) async throws(StorageError) -> Bool
    /// Threads whose metadata has all the given members and one of whose
    /// messages contains the text in any case; both must hold where both are given.
    func searchThreads(_ query: ThreadSearch) async throws(StorageError) -> [ConversationThread]
}

/// A thread as a program holds it.
public struct ConversationThread: Sendable, Hashable {
    public var id: String
    public var created: Timestamp
    public var updated: Timestamp
    /// A JSON object.
    public var metadata: JSONValue
    public var messages: [ConversationMessage]

    public init(
        id: String, created: Timestamp, updated: Timestamp, metadata: JSONValue = .object([]),
        messages: [ConversationMessage] = []
    ) {
        self.id = id
        self.created = created
        self.updated = updated
        self.metadata = metadata
        self.messages = messages
    }
}

/// A message of a `ConversationThread`.
public struct ConversationMessage: Sendable, Hashable {
    /// Unique over the whole store.
    public var id: String
    public var role: String
    /// Text, or a JSON array of parts.
    public var content: JSONValue
    public var created: Timestamp
    /// A JSON object.
    public var metadata: JSONValue
    public var tokenCount: Int?

    public init(
        id: String, role: String, content: JSONValue, created: Timestamp, metadata: JSONValue = .object([]),
        tokenCount: Int? = nil
    ) {
        self.id = id
        self.role = role
        self.content = content
        self.created = created
        self.metadata = metadata
        self.tokenCount = tokenCount
    }
}

extension ConversationThread {
    /// Whether both say the same, however their JSON is spelled: the layouts
    /// spell what they store as their tools do.
    public func means(_ other: ConversationThread) -> Bool {
        id.utf8.elementsEqual(other.id.utf8) && created == other.created && updated == other.updated
            && metadata.means(other.metadata) && messages.count == other.messages.count
            && zip(messages, other.messages).allSatisfy { $0.means($1) }
    }
}

extension ConversationMessage {
    /// Whether both say the same, however their JSON is spelled.
    public func means(_ other: ConversationMessage) -> Bool {
        id.utf8.elementsEqual(other.id.utf8) && role.utf8.elementsEqual(other.role.utf8) && created == other.created
            && tokenCount == other.tokenCount && content.means(other.content) && metadata.means(other.metadata)
    }
}

/// What `searchThreads` looks for; at least one part should be given.
public struct ThreadSearch: Sendable, Hashable {
    /// Members the thread's metadata must have with equal values.
    public var metadata: [JSONMember]
    /// Text one message must contain, in any case.
    public var content: String?

    public init(metadata: [JSONMember] = [], content: String? = nil) {
        self.metadata = metadata
        self.content = content
    }
}
