/// Private modes of the xterm family that curses does not manage.
enum TerminalModes {
    /// Bracketed paste (2004): pasted text comes between marks.
    static let pasteOn = "\u{1B}[?2004h"
    static let pasteOff = "\u{1B}[?2004l"
    /// Button presses (1000) with decimal coordinates (1006).
    static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
    static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"
    /// Everything above off.
    static let off = mouseOff + pasteOff
}
