/// Names one record over all sources; stable across refresh, filter and sort.
///
/// Keys are compared by their bytes, as stores do.
public struct RecordID: Sendable, Hashable, Comparable {
    /// The source's unique name.
    public var source: String
    /// The layout's name within the source: "memexllm", "looopy" ...
    public var layout: String
    public var kind: RecordKind
    /// What the store itself calls the record: an index key, a thread id,
    /// `agent/context`, `agent/context/artifact`, `agent/context/task`.
    public var key: String

    public init(source: String, layout: String, kind: RecordKind, key: String) {
        self.source = source
        self.layout = layout
        self.kind = kind
        self.key = key
    }

    public static func < (left: RecordID, right: RecordID) -> Bool {
        left.parts < right.parts
    }

    public static func == (left: RecordID, right: RecordID) -> Bool {
        left.parts == right.parts
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(ExactText(key))
        hasher.combine(ExactText(source))
        hasher.combine(ExactText(layout))
    }

    private var parts: (RecordKind, ExactText, ExactText, ExactText) {
        (kind, ExactText(key), ExactText(source), ExactText(layout))
    }
}
