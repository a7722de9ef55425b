public import StoredRecords

/// The documents of one record, one at a time.
public struct DocumentScreen: Sendable, Equatable {
    public let id: ScreenID
    public internal(set) var record: RecordSummary
    /// What the last breadcrumb says.
    public internal(set) var title: String
    public internal(set) var panes: [DocumentPane] = []
    public internal(set) var current = 0
    public internal(set) var error: StorageError?
    /// Whether it shows a part, a message or a value, rather than a record.
    public let isPart: Bool
    /// The list it was opened from, for the neighbours.
    var list: ScreenID?
    var loading: RequestID?
    /// The place to be shown once its document can be.
    var goal: HitGoal?
    /// When what is shown was read.
    var read: Timestamp?

    init(id: ScreenID, record: RecordSummary, list: ScreenID?) {
        self.id = id
        self.record = record
        self.list = list
        title = record.name
        isPart = false
    }

    /// Parts of a record as documents of their own.
    init(id: ScreenID, record: RecordSummary, parts: [RecordDocument]) {
        self.id = id
        self.record = record
        title = parts.first?.name ?? record.name
        isPart = true
        panes = parts.map(DocumentPane.init)
    }

    public var isLoading: Bool { loading != nil }
    public var pane: DocumentPane? { panes.indices.contains(current) ? panes[current] : nil }

    mutating func show(_ documents: [RecordDocument]) {
        let before = pane?.document.name
        let old = panes
        panes = documents.map { document in
            old.first { $0.document.name == document.name }?.again(document) ?? DocumentPane(document)
        }
        if let metadata = record.metadata { panes.append(DocumentPane(DocumentPane.metadata(metadata))) }
        current = panes.firstIndex { $0.document.name == before } ?? panes.firstIndex { $0.document.isContent } ?? 0
        error = nil
    }
}
