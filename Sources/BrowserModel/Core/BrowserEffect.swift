public import StoredRecords
public import TerminalSurface

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
        /// Look through a source for a text; what is found comes in parts.
        case look(source: String, query: SearchQuery)
        case summary(RecordID)
        case messages(RecordID, PageRequest)
        /// Ask for whatever changes when the record changes.
        case revision(RecordID)
        /// Read a whole thread for a text; the hits come in parts.
        case findInThread(RecordID, ThreadFind)
        /// Read on in a thread up to the next message of a kind.
        case seekInThread(RecordID, MessageSeek)
        case documents(RecordID)
        /// Read a whole thread as one text; the answer is a document.
        case transcript(RecordID)
        /// Write a long message as documents: what it says, and its stored form.
        case messageDocuments(StoredMessage)
        /// Build the folding index of a JSON document.
        case outline(StoredBytes)
        /// Find where each line of a document begins.
        case lines(StoredBytes)
        case find(BytesSearch)
        case findInTree(TreeSearch)
        /// Find all places of a text, to number its hits.
        case findAll(MatchScan)
        case findPath(PathSearch)
        /// Choose and sort the rows of a table.
        case arrange(TableArrangement)
        case summarize(TableRows, column: Int)
        /// Find what differs between two records or documents.
        case compare(DiffScreen.Pair)
        case plan(ChangeRequest, RecordID)
        case carryOut(ChangePlan)
        case recoveryEntries
        /// Read what an entry of the recovery journal holds.
        case lookInside(entry: String)
        /// Remove an entry of the recovery journal for good.
        case forget(entry: String)
        case undo(entry: String, inexactly: Bool)
        case exportForms(RecordSummary)
        case export(ExportOrder)
        /// Open one more source, written as on the command line, beside the others.
        case addSource(String, name: String?)
        /// Find the paths that begin so.
        case completePath(String)
        /// Write a source to the configuration file.
        case keepSource(name: String, location: String)
        /// Make the demo stores and take them in place of the sources.
        case openDemo
        /// Write down what is found again at the next start.
        case saveSession(Session)
        /// Put text on the terminal's clipboard.
        case copy(String)
        /// Write what is too large for the clipboard to a file of the user's own.
        case saveCopy(CopyOrder)
        /// Show text in the user's pager, which gets the terminal for that time.
        case page(StoredBytes, name: String)
        /// Write a copy that an editor can be given, for this user's eyes only.
        case makeEditorCopy(StoredBytes, name: String)
        /// Show that copy in the user's editor, and remove it.
        case edit(path: String, name: String)
        /// Give bytes to a command line of the user's, which gets the terminal for that time.
        case pipe(StoredBytes, command: String)
        /// Give bytes to a command line of the user's, and keep what it writes.
        case capture(StoredBytes, command: String)
        /// Take clicks and the wheel, or leave them to the terminal.
        case mouse(Bool)
        case theme(ThemeName)
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
    /// Only the newest so many messages of a thread; `nil` for all.
    public var last: Int?
    /// Whether a file that is already there is replaced.
    public var overwrites: Bool

    public init(record: RecordID, format: String, path: String, last: Int? = nil, overwrites: Bool) {
        self.record = record
        self.format = format
        self.path = path
        self.last = last
        self.overwrites = overwrites
    }
}

/// A search through bytes for the next place of a pattern.
public struct BytesSearch: Sendable, Equatable {
    public var bytes: StoredBytes
    public var pattern: BytesPattern
    /// The byte to start at; backwards, only matches before it count.
    public var from: Int
    public var isForward: Bool

    public init(bytes: StoredBytes, pattern: BytesPattern, from: Int, isForward: Bool) {
        self.bytes = bytes
        self.pattern = pattern
        self.from = from
        self.isForward = isForward
    }
}
