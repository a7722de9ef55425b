public import StoredRecords

/// A piece of work under way: a job.
public struct InFlight: Sendable, Equatable {
    public let id: RequestID
    /// What it does, for the list of jobs: "list threads of memex".
    public var label: String
    public var started: Timestamp
    public var progress: Progress?
    /// The screen it works for; leaving that screen cancels it.
    var screen: ScreenID?
    var purpose: Purpose

    /// What is to be done with the answer.
    enum Purpose: Sendable, Equatable {
        case findSources
        case open(source: String)
        case count(source: String, kind: RecordKind)
        case capabilities(source: String, kind: RecordKind)
        case list(kind: RecordKind, source: String, PageRequest)
        case look(source: String)
        /// A step of looking for the record that was selected last.
        case restore(RecordKind, RecordSeek.Step)
        case preview(RecordID)
        case messages(PageRequest)
        case findInThread
        case seekInThread(MessageSeek)
        case summary
        case revision
        /// What came after what is shown of a thread.
        case followed(PageRequest)
        /// To see whether what is shown again is still what is stored.
        case stale
        /// To see whether a record is still there after its messages were deleted.
        case remains
        case documents
        case messageDocuments(showsRaw: Bool)
        case outline(document: Int)
        case lines(document: Int)
        case find
        case findAll
        case findPath
        case arrange(TableSort?, String)
        case summarize(column: Int)
        case compare
        case copy(CopyOrder)
        case saveCopy(CopyOrder)
        case addSource
        case saveSession(Session)
        /// What the path at the end of a command line may become, and which of that is to be put in.
        case completePath(line: String, step: Int)
        case plan
        case carryOut(ChangePlan)
        case recoveryEntries
        /// The entries for their screen.
        case recovery
        case lookInside(UndoEntry)
        case forget(UndoEntry)
        /// What the cut of a trim preview would do.
        case trimVerdict(keeps: Int)
        case undo(UndoEntry)
        case exportForms
        case export(ExportOrder)
        /// A program had the terminal; there is something to tell only when it had not.
        case handOver
        /// Reading a record for a program of the user's.
        case gather(RecordSummary, HandOver)
        case editorCopy(name: String)
        case edit
        case capture(RecordSummary, command: String)
        /// A page of what is to be marked.
        case markAll(source: String)
        /// A step of an act on many records.
        case bulk(BulkRun.Step)
        case undoMany(UndoEntry)
        /// The one marked record, to be asked about.
        case alone(BulkDialog.Act)
        /// Nothing but to tell when it is done or has failed.
        case tell(String)
    }

    /// Whether it works for a screen.
    public func isFor(_ screen: ScreenID) -> Bool { self.screen == screen }

    /// Whether it looks for a message of a screen's thread.
    public func isSeeking(_ screen: ScreenID) -> Bool {
        if case .seekInThread = purpose { self.screen == screen } else { false }
    }

    /// Whether it changes or writes something, so that the user waits for its end.
    public var isAct: Bool {
        switch purpose {
        case .carryOut, .undo, .export, .bulk, .undoMany, .forget: true
        default: false
        }
    }
}
