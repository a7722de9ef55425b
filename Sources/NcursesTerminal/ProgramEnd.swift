/// How a program ended that had the terminal for a while.
public enum ProgramEnd: Equatable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// With the number of the system's error.
    case notStarted(Int32)
}
