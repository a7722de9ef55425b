/// What a source's configuration can set about its layouts; every field has the tool's own default.
public struct LayoutOptions: Sendable, Hashable {
    /// MemexLLM: the newest so many messages are kept when a thread is saved.
    public var maxMessages: Int?
    /// Table names that differ from the tools' defaults, by default name.
    public var tables: [String: String]
    /// MemexLLM on keys: what stands before the thread id.
    public var threadKeyPrefix: String
    /// MemexLLM on keys: the set of thread ids.
    public var threadSetKey: String
    /// Context-connectors on keys: what stands before an index key.
    public var indexKeyPrefix: String
    /// Context-connectors on objects: where new indexes go when nothing tells yet.
    public var indexForm: ConnectorsObjectsLayout.Form
    /// Only these layouts are looked for; empty means all.
    public var layouts: [String]

    public init(
        maxMessages: Int? = nil, tables: [String: String] = [:], threadKeyPrefix: String = "thread:",
        threadSetKey: String = "threads", indexKeyPrefix: String = "context:",
        indexForm: ConnectorsObjectsLayout.Form = .released, layouts: [String] = []
    ) {
        self.maxMessages = maxMessages
        self.tables = tables
        self.threadKeyPrefix = threadKeyPrefix
        self.threadSetKey = threadSetKey
        self.indexKeyPrefix = indexKeyPrefix
        self.indexForm = indexForm
        self.layouts = layouts
    }
}
