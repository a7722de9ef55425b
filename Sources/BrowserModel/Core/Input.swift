/// The line at the bottom that takes text: a filter, a search, a command.
public struct Input: Sendable, Equatable {
    public enum Purpose: Sendable, Equatable {
        case filter, search, everywhere, command
        /// Which rows of a table are shown.
        case filterRows
        /// A command line that gets what is on the screen.
        case pipe
    }

    /// A walk through the lines typed before.
    struct Recall: Sendable, Equatable {
        /// What was typed when it began; only lines that begin so are shown.
        var typed: String
        var place: Int
    }

    public let purpose: Purpose
    public internal(set) var line: LineInput
    /// Whether what the command line of a pipe writes is shown in the browser, not in the terminal.
    public internal(set) var keepsOutput = false
    /// Why what is typed cannot be used as it stands.
    public internal(set) var problem: String?
    /// What the last word may become; `nil` where nothing is completed.
    public internal(set) var completion: Completion?
    /// What can be typed here, in shorter and shorter forms; empty where nothing needs to be told.
    public internal(set) var hints: [String] = []
    var recall: Recall?
    /// What was there before, for Esc.
    let original: String

    init(_ purpose: Purpose, _ text: String = "") {
        self.purpose = purpose
        line = LineInput(text)
        original = text
        if purpose == .everywhere { hints = SearchHelp.hints }
    }

    /// What stands before the typed text.
    public var prompt: String {
        switch purpose {
        case .filter: "filter: "
        case .search: "search: "
        case .everywhere: "search everywhere: "
        case .filterRows: "rows: "
        case .pipe: keepsOutput ? "pipe to a screen (Tab: terminal): " : "pipe to the terminal (Tab: screen): "
        case .command: ":"
        }
    }
}
