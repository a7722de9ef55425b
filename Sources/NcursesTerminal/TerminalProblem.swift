/// Why a terminal cannot be used: one sentence for the person in front of it.
///
/// It is found before any mode of the terminal is changed.
public struct TerminalProblem: Error, Equatable, CustomStringConvertible {
    public let sentence: String

    public var description: String { sentence }
}
