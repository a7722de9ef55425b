public import StoredRecords

/// Work the model asks for; its answer comes back as `BrowserEvent.answered` with the same id.
public struct BrowserEffect: Sendable, Equatable {
    public var id: RequestID
    public var work: Work

    public init(_ id: RequestID, _ work: Work) {
        self.id = id
        self.work = work
    }

    public enum Work: Sendable, Equatable {
        /// Make the library and say which sources there are.
        case findSources
        case open(source: String)
        case capabilities(source: String, kind: RecordKind)
        case count(source: String, kind: RecordKind)
        case list(source: String, query: RecordQuery)
        case summary(RecordID)
        case messages(RecordID, PageRequest)
        case documents(RecordID)
        /// Build the folding index of a JSON document.
        case outline(StoredBytes)
        /// Find where each line of a document begins.
        case lines(StoredBytes)
        case find(BytesSearch)
        case findInTree(TreeSearch)
        case plan(ChangeRequest, RecordID)
        case carryOut(ChangePlan)
        case recoveryEntries
        case undo(entry: String, inexactly: Bool)
        case exportForms(RecordSummary)
        case export(ExportOrder)
        /// Put text on the terminal's clipboard.
        case copy(String)
        /// Show text in the user's pager, which gets the terminal for that time.
        case page(StoredBytes, name: String)
        /// Stop this process until it is continued.
        case suspend
        /// Draw the whole screen anew, whatever the terminal is thought to show.
        case redraw
        /// Stop work under way; its answer is not wanted any more.
        case cancel(RequestID)
        case quit
    }
}

/// What to export, and where to.
public struct ExportOrder: Sendable, Equatable {
    public var record: RecordID
    /// The format's word, which is also the usual extension: "json", "md" ...
    public var format: String
    public var path: String
    /// Whether a file that is already there is replaced.
    public var overwrites: Bool

    public init(record: RecordID, format: String, path: String, overwrites: Bool) {
        self.record = record
        self.format = format
        self.path = path
        self.overwrites = overwrites
    }
}

/// A search through bytes for the next place of a text.
public struct BytesSearch: Sendable, Equatable {
    public var bytes: StoredBytes
    public var needle: String
    /// The byte to start at; backwards, only matches before it count.
    public var from: Int
    public var isForward: Bool

    public init(bytes: StoredBytes, needle: String, from: Int, isForward: Bool) {
        self.bytes = bytes
        self.needle = needle
        self.from = from
        self.isForward = isForward
    }
}
