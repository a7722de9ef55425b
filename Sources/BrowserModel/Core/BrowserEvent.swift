public import StoredRecords
public import TerminalSurface

/// Something that happened.
public enum BrowserEvent: Sendable, Equatable {
    /// The program runs; nothing has been looked for yet.
    case started(GridSize)
    case terminal(TerminalEvent)
    /// All input that was waiting has been told.
    case inputDrained
    /// The time now, told before each batch of events.
    case clock(Timestamp)
    case answered(RequestID, Answer)
    /// A part of an answer; the rest is still to come.
    case partlyAnswered(RequestID, Answer)
    /// News of work under way; its answer is still to come.
    case progressed(RequestID, Progress)
}

/// What came of a `BrowserEffect`.
public enum Answer: Sendable, Equatable {
    case found(FoundSources)
    case opened(OpenedSource)
    case capabilities(RecordCapabilities)
    case counted(Total)
    case listed(Page<RecordSummary>)
    /// What a search found and how far it came since it told last.
    case looked([SearchNews])
    case summary(RecordSummary?)
    case messages(Page<StoredMessage>)
    /// `nil` when the record is not there.
    case revision(String?)
    case foundInThread(ThreadFindings)
    /// The position of the message looked for; `nil` when there is none.
    case soughtInThread(Int?)
    case documents([RecordDocument])
    case outlined(OutlineReport)
    case lines(LineIndex)
    /// Where the text was found; `nil` when it is nowhere.
    case foundText(Range<Int>?)
    case foundAll(MatchPlaces)
    case foundPath(PathFinding)
    /// The stored rows of a table in the order they are to be shown.
    case arranged([UInt32])
    case summarized(ColumnStatistics)
    case compared(Comparison)
    /// Where text was copied to, for people: "the terminal's clipboard".
    case copied(to: String)
    /// The file that a copy was written to.
    case savedCopy(path: String)
    case planned(ChangePlan)
    case carriedOut(CarriedOut)
    case recoveryEntries([UndoEntry])
    /// An entry of the journal is removed; so many bytes became free.
    case forgot(Int64)
    case undone(ChangeOutcome)
    /// The formats a record can be exported in, the usual one first, and a file name without ending.
    case exportForms([String], name: String)
    /// The files that were written, and what was remarkable.
    case exported([String], notes: [String])
    /// Where the copy for an editor is.
    case editorCopy(path: String)
    /// The editor has ended; whether the copy was written to.
    case edited(wasSaved: Bool)
    case captured(CapturedOutput)
    case added([AddedSource])
    case paths(PathChoices)
    case done
    case failed(StorageError)
}

/// How far a piece of work has come.
public struct Progress: Sendable, Equatable {
    public var done: Int
    public var total: Int?
    /// What is counted: "bytes", "messages".
    public var unit: String

    public init(done: Int, total: Int?, unit: String) {
        self.done = done
        self.total = total
        self.unit = unit
    }
}

/// The sources there are to open.
public struct FoundSources: Sendable, Equatable {
    public var sources: [SourceLabel]
    /// What could not be understood, one sentence each.
    public var problems: [StorageError]
    /// What was looked for and where, for the screen shown when nothing is there.
    public var lookedFor: [String]

    public init(sources: [SourceLabel], problems: [StorageError] = [], lookedFor: [String] = []) {
        self.sources = sources
        self.problems = problems
        self.lookedFor = lookedFor
    }
}

/// A source before it is opened.
public struct SourceLabel: Sendable, Equatable {
    public var name: String
    /// For people; holds no credential.
    public var location: String
    /// How it came to be here: "named", "configured", "found".
    public var origin: String
    public var isReadOnly: Bool

    public init(name: String, location: String, origin: String, isReadOnly: Bool) {
        self.name = name
        self.location = location
        self.origin = origin
        self.isReadOnly = isReadOnly
    }
}

/// What opening a source told.
public struct OpenedSource: Sendable, Equatable {
    public var engine: String
    public var layouts: [String]
    /// Those of which opening has not told whether anything is there.
    public var possible: [PossibleLayout]
    /// Also those of the possible layouts.
    public var kinds: [RecordKind]
    /// Whether anything may be changed, and if not, why.
    public var write: Availability
    public var notes: [String]

    public init(
        engine: String, layouts: [String], possible: [PossibleLayout] = [], kinds: [RecordKind], write: Availability,
        notes: [String] = []
    ) {
        self.engine = engine
        self.layouts = layouts
        self.possible = possible
        self.kinds = kinds
        self.write = write
        self.notes = notes
    }

    public var isReadOnly: Bool { !write.isAvailable }

    /// Why nothing may be changed, where it was not the user who asked for that.
    public var refusal: String? { write == .readOnly ? nil : write.reason }
}

/// A change that was carried out, and where it can be undone from.
public struct CarriedOut: Sendable, Equatable {
    public var outcome: ChangeOutcome
    public var entry: String
    public var notes: [String]

    public init(outcome: ChangeOutcome, entry: String, notes: [String] = []) {
        self.outcome = outcome
        self.entry = entry
        self.notes = notes
    }
}

/// An entry of the recovery journal.
public struct UndoEntry: Sendable, Equatable {
    public var id: String
    public var made: Timestamp
    /// What was done: "trim to 50", "delete".
    public var act: String
    public var record: RecordID
    public var title: String
    /// Number of what went, and its word.
    public var items: Int
    public var unit: String
    public var bytes: Int64
    /// Why it cannot be undone now; `nil` when it can.
    public var obstacle: String?
    /// Where its source is, for people; holds no credential.
    public var place: String
    /// What to know before it is undone: that its source is opened for it.
    public var note: String?
    public var isUndone: Bool
    /// Whether nothing but an undo needs it any more.
    public var canBeForgotten: Bool
    /// What the entries of one act on many records share.
    public var group: String?

    public init(
        id: String, made: Timestamp, act: String, record: RecordID, title: String, items: Int, unit: String,
        bytes: Int64,
        obstacle: String? = nil, place: String = "", note: String? = nil, isUndone: Bool = false,
        canBeForgotten: Bool = true, group: String? = nil
    ) {
        self.id = id
        self.made = made
        self.act = act
        self.record = record
        self.title = title
        self.items = items
        self.unit = unit
        self.bytes = bytes
        self.obstacle = obstacle
        self.place = place
        self.note = note
        self.isUndone = isUndone
        self.canBeForgotten = canBeForgotten
        self.group = group
    }
}
