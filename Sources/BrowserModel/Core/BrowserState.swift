public import StoredRecords
public import TerminalSurface

/// Everything the browser knows and shows; changed by `update` and nothing else.
public struct BrowserState: Sendable, Equatable {
    public internal(set) var size: GridSize
    public internal(set) var now = Timestamp(seconds: 0)
    public let keyMap: KeyMap
    /// Whether every destructive key is switched off.
    public let isReadOnly: Bool
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
    public internal(set) var isQuitting = false

    /// Keys are dropped until all that were typed before a dialog opened are read.
    var dropsTypedAhead = false
    var lastCancel: Timestamp?
    var nextNumber = 1
    /// How many messages the last trim kept, offered for the next.
    var lastKeep: Int?
    /// Effects of the event being handled.
    var outbox: [BrowserEffect] = []

    /// Notices that are remembered; older ones are dropped.
    static let rememberedNotices = 500

    public init(size: GridSize, keyMap: KeyMap = .standard, isReadOnly: Bool = false) {
        self.size = size
        self.keyMap = keyMap
        self.isReadOnly = isReadOnly
        var browse = BrowseScreen(id: ScreenID(0), scope: nil, tab: .records(.thread))
        browse.isTabAutomatic = true
        screens = [.browse(browse)]
    }

    public var layout: ScreenLayout { ScreenLayout(size) }

    public var top: Screen { screens[screens.count - 1] }

    /// Where keys are looked up now.
    public var mode: Mode {
        if let dialog { return dialog.mode }
        return input == nil ? top.mode : .input
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
        for case .browse(let screen) in screens {
            if let due = screen.preview.due { moments.append(due) }
            if let due = screen.filterDue { moments.append(due) }
        }
        if case .change(let dialog) = dialog, let due = dialog.due { moments.append(due) }
        moments += sources.compactMap(\.retry)
        if showsRunningTime { moments.append(now.adding(milliseconds: 1000)) }
        if let job = jobs.last { moments += [job.started.adding(milliseconds: 201)].filter { $0 > now } }
        if showsAges { moments.append(Timestamp(seconds: (now.seconds / 30 + 1) * 30)) }
        return moments.min()
    }

    /// Whether work that the program itself began is still under way or about to begin.
    public var isIdle: Bool {
        guard jobs.isEmpty else { return false }
        for case .browse(let screen) in screens where screen.preview.due != nil || screen.filterDue != nil {
            return false
        }
        if case .change(let dialog) = dialog, dialog.due != nil { return false }
        return true
    }

    private var showsRunningTime: Bool {
        if case .jobs = top { return !jobs.isEmpty }
        if case .browse(let screen) = top {
            let seesSources = screen.tab == .sources || layout.hasSourcesColumn
            if seesSources, sources.contains(where: { $0.retry != nil }) { return true }
        }
        return jobs.contains(where: { $0.progress != nil || $0.isAct })
    }

    private var showsAges: Bool {
        if case .browse(let screen) = top { return screen.list?.isEmpty == false }
        return false
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
