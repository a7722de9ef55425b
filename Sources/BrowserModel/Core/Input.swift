/// The line at the bottom that takes text: a filter, a search, a number.
public struct Input: Sendable, Equatable {
    public enum Purpose: Sendable, Equatable {
        case filter, search, goTo
    }

    public let purpose: Purpose
    public internal(set) var line: LineInput
    /// What was there before, for Esc.
    let original: String

    init(_ purpose: Purpose, _ text: String = "") {
        self.purpose = purpose
        line = LineInput(text)
        original = text
    }

    /// What stands before the typed text.
    public var prompt: String {
        switch purpose {
        case .filter: "filter: "
        case .search: "search: "
        case .goTo: "go to: "
        }
    }
}
