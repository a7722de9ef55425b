/// Private modes of the xterm family that curses does not manage.
enum TerminalModes {
    /// Bracketed paste (2004): pasted text comes between marks.
    static let pasteOn = "\u{1B}[?2004h"
    static let pasteOff = "\u{1B}[?2004l"
    /// Button presses (1000) with decimal coordinates (1006).
    static let mouseOn = "\u{1B}[?1000h\u{1B}[?1006h"
    static let mouseOff = "\u{1B}[?1006l\u{1B}[?1000l"
    /// Synchronized output (2026): what is drawn between the two is shown at once.
    static let synchronizedOn = "\u{1B}[?2026h"
    static let synchronizedOff = "\u{1B}[?2026l"
    /// Asks whether the terminal knows that mode (DECRQM); one that does not says so or says nothing.
    static let asksForSynchronized = "\u{1B}[?2026$p"
    static let synchronizedNumber = 2026
    /// Everything above that a program leaves on, off.
    static let off = mouseOff + pasteOff
}
