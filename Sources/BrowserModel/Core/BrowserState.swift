public import StoredRecords
public import TerminalSurface

/// Everything the browser knows and shows; changed by `update` and nothing else.
public struct BrowserState: Sendable, Equatable {
    public internal(set) var size: GridSize
    public internal(set) var now = Timestamp(seconds: 0)
    public internal(set) var keyMap: KeyMap
    /// Whether every destructive key is switched off.
    public let isReadOnly: Bool
    /// What paths that are typed start from.
    public let place: WorkingPlace
    public internal(set) var sources: [SourceState] = []
    /// What was looked for and where, when nothing was named.
    public internal(set) var lookedFor: [String] = []
    /// What was named or configured and cannot be taken as a source.
    public internal(set) var problems: [StorageError] = []
    /// Whether it is known which sources there are.
    public internal(set) var knowsSources = false
    /// From the root to what is seen; never empty.
    public internal(set) var screens: [Screen]
    public internal(set) var dialog: Dialog?
    public internal(set) var input: Input?
    /// What the status line says.
    public internal(set) var notice: Notice?
    public internal(set) var history: [Notice] = []
    /// Errors of the history that were not looked at there.
    public internal(set) var unread = 0
    /// The work under way, oldest first.
    public internal(set) var jobs: [InFlight] = []
    /// What has ended in this run.
    public internal(set) var finishedJobs = FinishedJobs()
    public internal(set) var isQuitting = false
    /// The records marked to be acted on together.
    public internal(set) var marks = Marks()
    /// How many marks are not among the rows of the list on the screen.
    public internal(set) var hiddenMarks = 0
    /// Orders and columns of lists as the user left them.
    public internal(set) var listChoices: ListChoices
    public internal(set) var theme = ThemeName.auto
    public internal(set) var settings = ViewSettings()
    /// Whether the mouse is taken because this run was started so, which the next one need not be.
    var takesMouseThisTime: Bool
    /// What was typed after `:`.
    public internal(set) var lineHistory = LineHistory()
    /// What was filtered by and searched for.
    public internal(set) var wordHistory = LineHistory()

    /// The first keys, at the first start.
    public internal(set) var tour = Tour.over

    /// What is remembered from one start to the next.
    var keeping = SessionKeeping()
    /// Keys are dropped until all that were typed before a dialog opened are read.
    var dropsTypedAhead = false
    /// What of the configuration cannot be used and was not told yet.
    var preferenceProblems: [String] = []
    var lastCancel: Timestamp?
    var nextNumber = 1
    /// Where the output of the last command line went, offered for the next.
    var keepsPipeOutput = false
    /// The cut being chosen in an open thread.
    public internal(set) var trimming: TrimPreview?
    /// Why entries of the journal could not be undone exactly, though inexactly they can.
    var inexactOffers: [String: StorageError] = [:]
    /// How many messages the last trim kept, offered for the next.
    var lastKeep: Int?
    /// Marking all of a list, while that reads on.
    var markingAll: MarkingAll?
    /// An act on many records, while it runs.
    var bulk: BulkRun?
    /// Acts on many records of this run, oldest first, to be undone as one.
    /// Undoing such an act, while that runs.
    var undoing: UndoRun?
    /// What `hiddenMarks` was counted for.
    var countedMarks: CountedMarks?
    /// Effects of the event being handled.
    var outbox: [BrowserEffect] = []

    /// Notices that are remembered; older ones are dropped.
    static let rememberedNotices = 500

    public init(
        size: GridSize, keyMap: KeyMap = .standard, isReadOnly: Bool = false, usesMouse: Bool = false,
        listChoices: ListChoices = ListChoices(), place: WorkingPlace = WorkingPlace()
    ) {
        self.size = size
        self.keyMap = keyMap
        self.isReadOnly = isReadOnly
        self.place = place
        self.listChoices = listChoices
        settings.usesMouse = usesMouse
        takesMouseThisTime = usesMouse
        var browse = BrowseScreen(id: ScreenID(0), scope: nil, tab: .records(.thread))
        browse.isTabAutomatic = true
        screens = [.browse(browse)]
    }

    /// Takes over what the configuration says; to be called before anything happens.
    public mutating func adopt(_ preferences: Preferences) {
        keyMap = preferences.keyMap
        theme = preferences.theme ?? theme
        listChoices.configured = preferences.columns
        keeping.configuredTheme = preferences.theme
        preferenceProblems = preferences.problems
    }

    public var layout: ScreenLayout {
        var layout = ScreenLayout(size)
        if showsTour { layout.tourLines = Tour.lines }
        if showsTrim { layout.footerLines = layout.trimLines + layout.trimRuleLines }
        return layout
    }

    public var top: Screen { screens[screens.count - 1] }

    /// Where keys are looked up now.
    public var mode: Mode {
        if let dialog { return dialog.mode }
        return input == nil ? screenMode : .input
    }

    public func source(_ name: String) -> SourceState? { sources.first { $0.name == name } }

    /// The sources a screen shows, in order.
    public func sources(of screen: BrowseScreen) -> [SourceState] {
        guard let scope = screen.scope else { return sources }
        return sources.filter { $0.name == scope }
    }

    /// How many records of a kind the sources of a screen hold; `nil` while no source has said so.
    public func total(of kind: RecordKind, in screen: BrowseScreen) -> Total? {
        let counts = sources(of: screen).compactMap { $0.counts[kind] }
        guard let first = counts.first else { return nil }
        return counts.dropFirst().reduce(first, +)
    }

    /// When `clock` has to be told next though nothing else happens; `nil` for never.
    public var nextWake: Timestamp? {
        var moments: [Timestamp] = []
        if let due = previewDue { moments.append(due) }
        for case .browse(let screen) in screens {
            if let due = screen.filterDue { moments.append(due) }
        }
        if case .change(let dialog) = dialog, let due = dialog.due { moments.append(due) }
        if dialog == nil, let due = followTop?.due { moments.append(due) }
        if dialog == nil { moments += trimming?.dueTimes ?? [] }
        moments += sources.compactMap(\.retry)
        if let due = keeping.due { moments.append(due) }
        if showsRunningTime { moments.append(now.adding(milliseconds: 1000)) }
        if let job = jobs.last { moments += [job.started.adding(milliseconds: 201)].filter { $0 > now } }
        if let age = nextAge { moments.append(age) }
        return moments.min()
    }

    /// Whether work that the program itself began is still under way or about to begin.
    public var isIdle: Bool {
        guard jobs.isEmpty else { return false }
        if previewDue != nil { return false }
        for case .browse(let screen) in screens where screen.filterDue != nil { return false }
        if case .change(let dialog) = dialog, dialog.due != nil { return false }
        if dialog == nil, trimming?.dueTimes.isEmpty == false { return false }
        return true
    }

    /// When the preview is to be read. One below another screen waits until it is
    /// seen again: it must not wake anybody before, for nothing would come of it.
    var previewDue: Timestamp? {
        if case .browse(let screen) = top { screen.preview.due } else { nil }
    }

    private var showsRunningTime: Bool {
        if case .jobs = top { return !jobs.isEmpty }
        if case .browse(let screen) = top {
            let seesSources = screen.tab == .sources || layout.hasSourcesColumn
            if seesSources, sources.contains(where: { $0.retry != nil }) { return true }
        }
        return jobs.contains(where: { $0.progress != nil || $0.isAct })
    }
}

extension Timestamp {
    /// The moment so many milliseconds later.
    public func adding(milliseconds: Int64) -> Timestamp {
        let nanoseconds = Int64(nanoseconds) + (milliseconds % 1000) * 1_000_000
        let carry = nanoseconds >= 1_000_000_000 ? 1 : nanoseconds < 0 ? -1 : 0
        return Timestamp(
            seconds: seconds + milliseconds / 1000 + Int64(carry),
            nanoseconds: Int32(nanoseconds - Int64(carry) * 1_000_000_000))
    }

    /// Milliseconds from `earlier` to this moment.
    public func milliseconds(since earlier: Timestamp) -> Int64 {
        (seconds - earlier.seconds) * 1000 + Int64(nanoseconds - earlier.nanoseconds) / 1_000_000
    }
}
