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
        case preview(RecordID)
        case messages(PageRequest)
        case summary
        /// To see whether a record is still there after its messages were deleted.
        case remains
        case documents
        case outline(document: Int)
        case lines(document: Int)
        case find
        case plan
        case carryOut(ChangePlan)
        case recoveryEntries
        case undo(UndoEntry)
        case exportForms
        case export(ExportOrder)
        /// Nothing but to tell when it is done or has failed.
        case tell(String)
    }

    /// Whether it works for a screen.
    public func isFor(_ screen: ScreenID) -> Bool { self.screen == screen }

    /// Whether it changes or writes something, so that the user waits for its end.
    public var isAct: Bool {
        switch purpose {
        case .carryOut, .undo, .export: true
        default: false
        }
    }
}
