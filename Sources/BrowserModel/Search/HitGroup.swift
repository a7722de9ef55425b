public import StoredRecords

/// A record in which something was found, and the places.
public struct HitGroup: Sendable, Equatable {
    public let record: RecordSummary
    public internal(set) var hits: [Hit] = []
    /// Places beyond those that were handed over.
    public internal(set) var further = 0

    init(_ record: RecordSummary) {
        self.record = record
    }

    /// One place in the record.
    public struct Hit: Sendable, Equatable {
        public let message: Int?
        public let role: MessageRole?
        public let document: String?
        public let range: Range<Int>?
        public let line: Int?
        public let path: String?
        public let excerpt: String

        init(_ hit: SearchHit) {
            message = hit.message
            role = hit.role
            document = hit.document
            range = hit.range
            line = hit.line
            path = hit.path
            excerpt = hit.excerpt
        }

        /// Where in the record it is, for people: `#14 user`, `.state.turns[3]`, `notes.txt:120`.
        public var place: String {
            if let message {
                let word = role.flatMap { $0 == .missing ? nil : $0.rawValue }
                return "#\(message + 1)" + (word.map { " " + $0 } ?? "")
            }
            if let path { return path }
            guard let document else { return "title or facts" }
            return line.map { "\(document):\($0)" } ?? document
        }
    }
}

/// Names one place that was found, whatever else is found later.
public struct HitID: Sendable, Hashable {
    public var record: RecordID
    /// `nil` is the record itself.
    public var hit: Int?

    public init(_ record: RecordID, _ hit: Int?) {
        self.record = record
        self.hit = hit
    }
}
