public import JSONText
public import StoredRecords

/// The differences between two records, pair of documents by pair.
public struct Comparison: Sendable, Equatable {
    /// A pair of documents; one side is `nil` where only the other record has it.
    public struct Section: Sendable, Equatable {
        public var name: String
        public var left: Side?
        public var right: Side?
    }

    public struct Side: Sendable, Equatable {
        public var document: RecordDocument
        /// The index of a JSON document.
        var report: OutlineReport?

        init(_ document: RecordDocument) {
            self.document = document
        }
    }

    public internal(set) var sections: [Section] = []
    public internal(set) var rows: [DiffRow] = []
    public internal(set) var added = 0
    public internal(set) var removed = 0
    public internal(set) var changed = 0
    /// Differences in all; n and N walk them.
    public internal(set) var count = 0
    /// What was not compared in full, and why.
    public internal(set) var notes: [String] = []
    /// The last id given to a row.
    var lastID = 0

    /// Rows that are kept; a comparison with more says so.
    static let mostRows = 200_000

    var isFull: Bool { rows.count >= Self.mostRows }

    mutating func append(
        _ content: DiffRow.Content, _ change: DiffRow.Change, section: Int, depth: Int, isDifference: Bool = false,
        isUnfolded: Bool = false
    ) {
        lastID += 1
        var row = DiffRow(id: lastID, section: section, depth: depth, change: change, content: content)
        row.isUnfolded = isUnfolded
        if isDifference {
            count += 1
            row.number = count
        }
        rows.append(row)
    }
}

/// One of two records to be compared, with its documents.
public struct ComparedRecord: Sendable, Equatable {
    public var documents: [RecordDocument]
    /// What of it is not there to be compared.
    public var notes: [String]

    public init(documents: [RecordDocument], metadata: JSONValue?, notes: [String] = []) {
        self.documents = documents + (metadata.map { [DocumentPane.metadata($0)] } ?? [])
        self.notes = notes
    }

    /// Messages of a thread that are compared.
    public static let mostMessages = 20_000

    /// A thread: its messages as they are stored are the elements of one JSON document.
    public init(messages: [StoredMessage], of total: Int?, metadata: JSONValue?) {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, message) in messages.enumerated() {
            if index > 0 { bytes += Array(",\n".utf8) }
            let raw = message.raw.displayText.array
            if (try? JSONValue.parse(raw)) != nil {
                bytes += raw
            } else {
                bytes += Array(JSONValue.text(String(decoding: raw, as: UTF8.self)).serialized(.compact).utf8)
            }
        }
        bytes.append(UInt8(ascii: "]"))
        self.init(
            documents: [RecordDocument(name: "messages", format: .json, bytes: StoredBytes(bytes))], metadata: metadata)
        if let total, total > messages.count {
            notes.append("the first \(Words.grouped(messages.count)) of \(Words.count(total, "messages")) are compared")
        }
    }
}
