/// A search through content.
public struct SearchQuery: Sendable, Hashable {
    public var text: TextFilter
    /// The kinds to look into; empty means all.
    public var kinds: [RecordKind]
    /// Of each record so many hits are handed over, and further ones only
    /// counted; of a document then every place is a hit. With `nil` every
    /// message is handed over and of a document its first place.
    public var hitsPerRecord: Int?

    public init(_ text: TextFilter, kinds: [RecordKind] = [], hitsPerRecord: Int? = nil) {
        self.text = text
        self.kinds = kinds
        self.hitsPerRecord = hitsPerRecord
    }
}

/// One place where the search text occurs.
public struct SearchHit: Sendable, Hashable {
    public var record: RecordSummary
    /// The message's position, when the text is in a message.
    public var message: Int?
    /// Who speaks in that message.
    public var role: MessageRole?
    /// The document's name, when the text is in a document.
    public var document: String?
    /// The bytes of the document that are the place, as far as it is known.
    public var range: Range<Int>?
    /// The document's line, counted from 1.
    public var line: Int?
    /// The way to the place in a JSON document: `.contextState.blobs[17]`.
    public var path: String?
    /// Some text around the match, on one line. Hostile: sanitize before drawing.
    public var excerpt: String

    public init(
        record: RecordSummary, message: Int? = nil, role: MessageRole? = nil, document: String? = nil,
        range: Range<Int>? = nil, line: Int? = nil, path: String? = nil, excerpt: String
    ) {
        self.record = record
        self.message = message
        self.role = role
        self.document = document
        self.range = range
        self.line = line
        self.path = path
        self.excerpt = excerpt
    }
}

/// What a search tells while it runs.
public enum SearchNews: Sendable, Hashable {
    case hit(SearchHit)
    /// So many further hits in a record of which enough were handed over.
    case further(RecordID, Int)
    /// What was looked through since this was told last.
    case looked(SearchedAmount)
}

/// How much a search has looked through.
public struct SearchedAmount: Sendable, Hashable {
    public var records: Int
    public var messages: Int

    public init(records: Int = 0, messages: Int = 0) {
        self.records = records
        self.messages = messages
    }

    public static func += (left: inout SearchedAmount, right: SearchedAmount) {
        left.records += right.records
        left.messages += right.messages
    }
}

/// What the receiver of a stream wants next.
public enum StreamControl: Sendable, Hashable {
    case more
    case stop
}
