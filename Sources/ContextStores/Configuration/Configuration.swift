/// What the user's configuration file says, read once.
public struct Configuration: Sendable {
    public var sources: [SourceSpec]
    /// The theme's name; `nil` leaves the choice to the terminal.
    public var theme: String?
    /// Command name to key names that replace the built-in ones.
    public var keys: [String: [String]]
    /// Kind word to the columns to show, in order.
    public var columns: [String: [String]]
    public var recovery: RecoveryLimits
    /// What could not be used, each one sentence with file and line; the rest holds.
    public var problems: [String]
    /// Whether every source and all it says of them was understood. Where it
    /// was not, a source may be meant to be read-only, so nothing is changed.
    public var isCertainOfSources = true

    public init(
        sources: [SourceSpec] = [], theme: String? = nil, keys: [String: [String]] = [:],
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
