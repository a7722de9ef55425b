public import JSONText

/// What a list shows of one record; made without reading message bodies.
public struct RecordSummary: Sendable, Hashable {
    public var id: RecordID
    /// For people; may be empty. Hostile text: sanitize before drawing.
    public var title: String
    public var created: Timestamp?
    public var updated: Timestamp?
    /// Number of messages of a thread.
    public var messages: Int?
    /// Token sum of a thread, when it is known without reading messages.
    public var tokens: Int?
    /// Stored size in bytes.
    public var bytes: Int64?
    /// The tool's own metadata, as stored.
    public var metadata: JSONValue?
    public var detail: RecordDetail
    /// What is wrong or remarkable: "search.json is missing", "locked by ...".
    public var notes: [String]
    /// The place in an order of its source's own, where the source could not
    /// put its records in the order asked for. It stands before the key then.
    public var ownPlace: Int?

    public init(
        id: RecordID, title: String = "", created: Timestamp? = nil, updated: Timestamp? = nil, messages: Int? = nil,
        tokens: Int? = nil, bytes: Int64? = nil, metadata: JSONValue? = nil, detail: RecordDetail = .none,
        notes: [String] = []
    ) {
        self.id = id
        self.title = title
        self.created = created
        self.updated = updated
        self.messages = messages
        self.tokens = tokens
        self.bytes = bytes
        self.metadata = metadata
        self.detail = detail
        self.notes = notes
    }
}

/// The columns that only one kind has.
public enum RecordDetail: Sendable, Hashable {
    case none
    case index(IndexDetail)
    case thread(ThreadDetail)
    case artifact(ArtifactDetail)
    case task(TaskDetail)
}

public struct IndexDetail: Sendable, Hashable {
    /// Where the indexed files come from: "github acme/web-app@main".
    public var origin: String
    /// Number of indexed files; `nil` until the full document is read.
    public var files: Int?
    public var synced: Timestamp?
    public var hasState: Bool
    public var hasSearch: Bool

    public init(
        origin: String = "", files: Int? = nil, synced: Timestamp? = nil, hasState: Bool = true, hasSearch: Bool = true
    ) {
        self.origin = origin
        self.files = files
        self.synced = synced
        self.hasState = hasState
        self.hasSearch = hasSearch
    }
}

public struct ThreadDetail: Sendable, Hashable {
    public var agent: String?
    public var status: String?
    public var tags: [String]
    /// Who holds an unexpired lock and until when, for people.
    public var lock: String?

    public init(agent: String? = nil, status: String? = nil, tags: [String] = [], lock: String? = nil) {
        self.agent = agent
        self.status = status
        self.tags = tags
        self.lock = lock
    }
}

public struct ArtifactDetail: Sendable, Hashable {
    /// "file", "data" or "dataset", or what is stored.
    public var type: String
    /// "building", "complete" or "failed", or what is stored.
    public var status: String
    public var version: Int?
    public var mimeType: String?
    /// Number of rows of a dataset, when known.
    public var rows: Int?

    public init(type: String, status: String = "", version: Int? = nil, mimeType: String? = nil, rows: Int? = nil) {
        self.type = type
        self.status = status
        self.version = version
        self.mimeType = mimeType
        self.rows = rows
    }
}

public struct TaskDetail: Sendable, Hashable {
    public var agent: String?
    public var iteration: Int?
    public var isCompleted: Bool?
    public var resumeFrom: String?
    public var expires: Timestamp?
    /// Whether `expires` had passed when the summary was made.
    public var isExpired: Bool

    public init(
        agent: String? = nil, iteration: Int? = nil, isCompleted: Bool? = nil, resumeFrom: String? = nil,
        expires: Timestamp? = nil, isExpired: Bool = false
    ) {
        self.agent = agent
        self.iteration = iteration
        self.isCompleted = isCompleted
        self.resumeFrom = resumeFrom
        self.expires = expires
        self.isExpired = isExpired
    }

    /// One word for lists: "expired", "completed", "running".
    public var state: String {
        if isExpired { return "expired" }
        guard let isCompleted else { return "unknown" }
        return isCompleted ? "completed" : "running"
    }
}
