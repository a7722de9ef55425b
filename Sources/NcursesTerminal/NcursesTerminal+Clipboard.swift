/// Which way copied text went; the terminal sends no answer, so arrival is not known.
public enum ClipboardRoute: Equatable, Sendable {
    case terminal
    case throughTmux
    case throughScreen
}

extension NcursesTerminal {
    /// Puts `text` on the clipboard of the machine the terminal runs on (OSC 52).
    ///
    /// Nil when this type of terminal has no such command. Under tmux the
    /// command goes out twice, plain for `set-clipboard on` and wrapped for
    /// `allow-passthrough on`, since either setting may be off.
    public func copy(_ text: String) -> ClipboardRoute? {
        guard isOpen,
            let (bytes, route) = ClipboardSequence.make(
                text, terminal: capabilities.name, isInTmux: TerminalCapabilities.environment("TMUX") != nil,
                isInScreen: TerminalCapabilities.environment("STY") != nil)
        else { return nil }
        write(bytes)
        return route
    }
}
