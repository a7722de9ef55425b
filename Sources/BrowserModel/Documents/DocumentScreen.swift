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
    /// Whether it shows a single message's stored form rather than a record.
    public let isMessage: Bool
    /// The list it was opened from, for the neighbours.
    var list: ScreenID?
    var loading: RequestID?

    init(id: ScreenID, record: RecordSummary, list: ScreenID?) {
        self.id = id
        self.record = record
        self.list = list
        title = record.title.isEmpty ? record.id.key : record.title
        isMessage = false
    }

    init(id: ScreenID, record: RecordSummary, message: StoredMessage) {
        self.id = id
        self.record = record
        title = "message \(message.position + 1)"
        isMessage = true
        panes = [DocumentPane(DocumentPane.raw(message))]
    }

    public var isLoading: Bool { loading != nil }
    public var pane: DocumentPane? { panes.indices.contains(current) ? panes[current] : nil }

    mutating func show(_ documents: [RecordDocument]) {
        let before = pane?.document.name
        panes = documents.map(DocumentPane.init)
        if let metadata = record.metadata { panes.append(DocumentPane(DocumentPane.metadata(metadata))) }
        current = panes.firstIndex { $0.document.name == before } ?? panes.firstIndex { $0.document.isContent } ?? 0
        error = nil
    }
}
