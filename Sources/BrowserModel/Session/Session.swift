public import StoredRecords
public import TerminalSurface

/// What is found again at the next start: where the user was, how things were
/// shown, what was typed after `:` and `/`. Never a credential, never what a record holds.
///
/// That a list is filtered ends with the program, as do marks: records that do
/// not show, or that a key would act on, are the choice of the moment.
public struct Session: Sendable, Equatable {
    /// The tab that was shown; `nil` while the user has not chosen one.
    public var tab: BrowseScreen.Tab?
    /// The one source whose records were shown; `nil` for those of all.
    public var scope: String?
    /// The source in focus in the list of sources.
    public var source: String?
    /// The selected record of each kind, where the user moved to one.
    public var selected: [RecordKind: RecordID] = [:]
    public var lists = ListChoices()
    public var settings = ViewSettings()
    /// The theme the user chose over that of the configuration.
    public var theme: ThemeName?
    /// The theme of the configuration at that time.
    public var configuredTheme: ThemeName?
    public var lineHistory = LineHistory()
    /// What was filtered by and searched for.
    public var wordHistory = LineHistory()
    /// Whether the first keys were shown.
    public var hasToured = false

    public init() {}

    /// The same under another configuration: what that says anew holds over what was chosen before.
    public func adapted(to preferences: Preferences) -> Session {
        var session = self
        if configuredTheme != preferences.theme { session.theme = nil }
        session.configuredTheme = preferences.theme
        session.lists = lists.adapted(to: preferences.columns)
        return session
    }

    /// What another browser wrote meanwhile is not lost: its lines come before those of this one.
    public func merged(over other: Session) -> Session {
        var merged = self
        merged.lineHistory = lineHistory.merged(over: other.lineHistory)
        merged.wordHistory = wordHistory.merged(over: other.wordHistory)
        merged.hasToured = hasToured || other.hasToured
        return merged
    }
}
