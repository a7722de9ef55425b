/// What the user's configuration file says, read once.
public struct Configuration: Sendable {
    public var sources: [SourceSpec]
    /// The theme's name; `nil` leaves the choice to the terminal.
    public var theme: String?
    /// Keys that are to mean something else than usual, in the order of the file.
    public var keys: [KeySetting]
    /// Kind word to the columns to show, in order.
    public var columns: [String: [String]]
    public var recovery: RecoveryLimits
    /// What could not be used, each one sentence with file and line; the rest holds.
    public var problems: [String]
    /// Where in the file the theme and the columns of a kind stand, for whoever finds them wrong.
    public var places: [String: String] = [:]
    /// Whether every source and all it says of them was understood. Where it
    /// was not, a source may be meant to be read-only, so nothing is changed.
    public var isCertainOfSources = true

    public init(
        sources: [SourceSpec] = [], theme: String? = nil, keys: [KeySetting] = [],
        columns: [String: [String]] = [:], recovery: RecoveryLimits = RecoveryLimits(), problems: [String] = []
    ) {
        self.sources = sources
        self.theme = theme
        self.keys = keys
        self.columns = columns
        self.recovery = recovery
        self.problems = problems
    }
}

/// A key that is to mean something else: names only, which the browser understands.
public struct KeySetting: Sendable, Hashable {
    /// "everywhere", "list", "thread" ...
    public var mode: String
    /// "j", "Ctrl-D", "F5" ...
    public var key: String
    /// "delete", "half-page-down" ..., or "none".
    public var command: String
    /// File, line and name, for what is to be said of it.
    public var place: String

    public init(mode: String, key: String, command: String, place: String) {
        self.mode = mode
        self.key = key
        self.command = command
        self.place = place
    }
}
