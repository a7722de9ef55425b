/// What a terminal or a signal reports to the program.
public enum TerminalEvent: Equatable, Sendable {
    case key(KeyPress)
    /// Text pasted in one piece, as the terminal sent it: unchecked, newlines as `\n`.
    case paste(String)
    case mouse(MousePress)
    /// The screen has another size; however many changes arrived together, only the last is told.
    case resize(GridSize)
    /// Another process asked the program to stop for now (SIGTSTP).
    case suspend
    /// The program runs again after having been stopped (SIGCONT); the screen is drawn anew.
    case resumed
    /// Another process asked the program to end (SIGTERM, SIGINT).
    case terminate
    /// The terminal is gone (SIGHUP, end of input, I/O error); nothing more can be shown.
    case closed
}

/// A mouse button or wheel step over a cell.
public struct MousePress: Equatable, Sendable {
    public enum Button: Sendable {
        case left, middle, right, wheelUp, wheelDown
    }

    public var button: Button
    public var position: GridPosition
    public var isDoubleClick: Bool

    public init(_ button: Button, at position: GridPosition, isDoubleClick: Bool = false) {
        self.button = button
        self.position = position
        self.isDoubleClick = isDoubleClick
    }
}
