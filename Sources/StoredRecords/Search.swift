/// A search through content.
public struct SearchQuery: Sendable, Hashable {
    public var text: TextFilter
    /// The kinds to look into; empty means all.
    public var kinds: [RecordKind]

    public init(_ text: TextFilter, kinds: [RecordKind] = []) {
        self.text = text
        self.kinds = kinds
    }
}

/// One place where the search text occurs.
public struct SearchHit: Sendable, Hashable {
    public var record: RecordSummary
    /// The message's position, when the text is in a message.
    public var message: Int?
    /// The document's name, when the text is in a document.
    public var document: String?
    /// Some text around the match, on one line. Hostile: sanitize before drawing.
    public var excerpt: String

    public init(record: RecordSummary, message: Int? = nil, document: String? = nil, excerpt: String) {
        self.record = record
        self.message = message
        self.document = document
        self.excerpt = excerpt
    }
}

/// What the receiver of a stream wants next.
public enum StreamControl: Sendable, Hashable {
    case more
    case stop
}
