public import JSONText
public import StoredRecords

/// Stores the artifacts of agent contexts the way looopy-ai's artifact store does.
public protocol ArtifactStore: Sendable {
    /// Writes an artifact with its content and metadata, complete.
    func create(_ artifact: NewArtifact, at time: Timestamp) async throws(StorageError)
    /// The artifact's metadata and content; `nil` when there is none.
    func artifact(agent: String, context: String, id: String) async throws(StorageError) -> [RecordDocument]?
}

/// An artifact as a program creates it.
public struct NewArtifact: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        /// Text or, with `isBase64`, bytes the store keeps as base64 text.
        case file(StoredBytes, mimeType: String, isBase64: Bool)
        case data(JSONValue)
        case dataset(columns: [TableColumn], rows: [JSONValue])
    }

    public var agent: String
    public var context: String
    public var task: String
    public var id: String
    public var name: String
    public var description: String
    public var content: Content
    /// A dataset's whole schema, kept as it is; `nil` makes one of the columns' names and types.
    public var schema: JSONValue?

    public init(
        agent: String, context: String, task: String, id: String, name: String, description: String = "",
        content: Content, schema: JSONValue? = nil
    ) {
        self.agent = agent
        self.context = context
        self.task = task
        self.id = id
        self.name = name
        self.description = description
        self.content = content
        self.schema = schema
    }
}
