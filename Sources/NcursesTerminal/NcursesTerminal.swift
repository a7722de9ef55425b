import CNcurses
import CTerminalRescue
import Glibc
public import TerminalSurface

/// The terminal in full-screen mode: the only owner of curses.
///
/// It belongs to the main thread: it is not `Sendable`, and curses, signals and
/// the tty's modes are the process's own, so there is one at a time. `close`
/// gives the terminal back as it was; so do a trap, an abort and `exit`.
public final class NcursesTerminal {
    let input: Int32
    let output: Int32
    let capabilities: TerminalCapabilities
    let signals: TerminalSignals
    var decoder: InputDecoder
    /// The tty's modes before anything was changed.
    private var originalModes: termios
    private let screen: OpaquePointer
    private let streams: (input: UnsafeMutablePointer<FILE>, output: UnsafeMutablePointer<FILE>)
    private var painter: CellPainter
    /// What the screen shows; nil when that is unknown.
    private var shown: CellGrid?
    private var showsCursor: Bool?
    var isMouseOn = false
    /// When the terminal was asked what it knows, in seconds of a clock that nobody sets; `nil` before.
    private var asked: Double?
    private let longestAnswer: Double
    /// What happened while another program had the terminal; told by the next `read`.
    var heldEvents: [TerminalEvent] = []
    var isOpen = true

    /// Takes the terminal over.
    ///
    /// Throws before any mode is changed when input or output is not a
    /// terminal, or its type (TERM) is missing, unknown or cannot place the
    /// cursor.
    ///
    /// - Parameter longestAnswer: seconds after which an answer of the terminal
    ///   is not expected any more: so long may leaving take.
    public init(
        input: Int32 = 0, output: Int32 = 1, theme: ThemeName = .auto, longestAnswer: Double = 0.25
    ) throws(TerminalProblem) {
        guard isatty(input) == 1 else {
            throw TerminalProblem(sentence: "The browser needs a terminal, and standard input is none.")
        }
        guard isatty(output) == 1 else {
            throw TerminalProblem(sentence: "The browser needs a terminal, and standard output is none.")
        }
        let capabilities = try TerminalCapabilities(output: output)
        var modes = termios()
        guard tcgetattr(output, &modes) == 0 else {
            throw TerminalProblem(
                sentence: "The terminal's modes cannot be read (\(String(cString: strerror(errno)))).")
        }
        guard let inputStream = fdopen(dup(input), "r"), let outputStream = fdopen(dup(output), "w") else {
            throw TerminalProblem(sentence: "The terminal cannot be opened again: too many open files.")
        }
        // Before newterm, which installs handlers of its own only where there are none.
        let signals = try TerminalSignals()
        let leave = capabilities.leaveBytes.map { CChar(bitPattern: $0) }
        ctx_rescue_arm(output, &modes, leave, leave.count)
        guard let screen = newterm(capabilities.name, outputStream, inputStream) else {
            signals.close()
            ctx_rescue_disarm()
            throw TerminalProblem(sentence: "The terminal type \"\(capabilities.name)\" (TERM) cannot be used.")
        }
        self.input = input
        self.output = output
        self.longestAnswer = longestAnswer
        self.capabilities = capabilities
        self.signals = signals
        self.screen = screen
        streams = (inputStream, outputStream)
        originalModes = modes
        decoder = InputDecoder(sequences: capabilities.keySequences, isUnicode: capabilities.isUnicode)

        raw()
        noecho()
        nonl()
        // Input is read here, not by curses, which must not cut a frame short because a key waits.
        typeahead(-1)
        // Text that moves up a line is moved by the terminal, not written again.
        if let window = ctx_curses_screen() { idlok(window, true) }
        painter = CellPainter(theme: capabilities.theme(theme), isUnicode: capabilities.isUnicode)
        enterModes()
    }

    deinit {
        close()
    }

    /// Becomes readable when keys wait, or the terminal is gone.
    public var inputDescriptor: Int32 { input }

    /// Becomes readable when a signal waits.
    public var signalDescriptor: Int32 { signals.descriptor }

    /// Whether characters beyond ASCII can be shown; where not, likenesses are drawn for them.
    public var usesUnicode: Bool { capabilities.isUnicode }

    public var colorDepth: ColorDepth { capabilities.colorDepth }

    public var size: GridSize {
        let window = ctx_curses_screen()
        return GridSize(width: Int(getmaxx(window)), height: Int(getmaxy(window)))
    }

    /// Makes the screen show `grid`, writing only what differs; nothing at all when nothing does.
    ///
    /// A grid of another size than the screen is cut, and its lower and right
    /// rest stays blank: it was drawn before a resize that is still to be told.
    public func present(_ grid: CellGrid) {
        guard isOpen, let window = ctx_curses_screen() else { return }
        if let shown, shown == grid { return }
        let before: CellGrid
        if let shown, shown.size == grid.size {
            before = shown
        } else {
            werase(window)
            before = CellGrid(size: grid.size)
        }
        let runs = GridDifference(from: before, to: grid).runs
        // A short line is drawn at once anyway, and most that is drawn is short.
        let isLarge =
            decoder.knowsSynchronized == true
            && (shown == nil || runs.reduce(0) { $0 + $1.cells.count } >= Self.manyCells)
        for run in runs {
            let cells = painter.paint(run.cells)
            mvwadd_wchnstr(window, Int32(run.row), Int32(run.column), cells, Int32(cells.count))
        }
        place(grid.cursor, window)
        if isLarge { write(TerminalModes.synchronizedOn) }
        wrefresh(window)
        if isLarge { write(TerminalModes.synchronizedOff) }
        shown = grid
    }

    /// From so many cells on a change is shown as one where the terminal can.
    private static let manyCells = 400

    /// Forgets what the screen shows: the next `present` clears it and draws everything.
    public func redraw() {
        shown = nil
        if let window = ctx_curses_screen() { clearok(window, true) }
    }

    /// Changes the colours; the next `present` draws everything in them.
    public func setTheme(_ name: ThemeName) {
        guard isOpen else { return }
        painter = CellPainter(theme: capabilities.theme(name), isUnicode: capabilities.isUnicode)
        redraw()
    }

    public func bell() {
        if isOpen { beep() }
    }

    /// Gives the terminal back as it was. May be called again, to no effect.
    public func close() {
        guard isOpen else { return }
        leaveModes()
        isOpen = false
        signals.close()
        ctx_rescue_disarm()
        delscreen(screen)
        fclose(streams.input)
        fclose(streams.output)
    }

    /// Switches on what curses does not know of.
    func enterModes() {
        guard capabilities.takesXtermSequences else { return }
        write(TerminalModes.pasteOn + (isMouseOn ? TerminalModes.mouseOn : ""))
        if capabilities.takesQuestions, asked == nil {
            // The answer comes among the keys, whenever it comes, and nothing waits for it.
            asked = Self.seconds()
            write(TerminalModes.asksForSynchronized)
        }
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// An answer that is still on its way would be typed into the shell: a program that is left at once takes it first.
    private func takeLateAnswer() {
        guard let asked, decoder.knowsSynchronized == nil else { return }
        let end = asked + longestAnswer
        var buffer = [UInt8](repeating: 0, count: 4096)
        while decoder.knowsSynchronized == nil {
            let left = end - Self.seconds()
            var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
            guard left > 0, poll(&descriptor, 1, Int32(left * 1000)) > 0 else { return }
            let count = Glibc.read(input, &buffer, buffer.count)
            guard count > 0 else { return }
            _ = decoder.feed(buffer[..<count])
        }
    }

    /// Leaves full-screen mode; the tty has its original modes afterwards.
    func leaveModes() {
        takeLateAnswer()
        if capabilities.takesXtermSequences { write(TerminalModes.off) }
        if !capabilities.restoresScreen, let window = ctx_curses_screen() {
            // The picture stays: its last line is freed for the shell.
            wmove(window, getmaxy(window) - 1, 0)
            wclrtoeol(window)
            wrefresh(window)
        }
        endwin()
        restoreModes()
        showsCursor = nil
    }

    /// Gives the tty the modes it had before anything was changed.
    func restoreModes() {
        tcsetattr(output, TCSADRAIN, &originalModes)
    }

    /// Adopts the tty's present size; true when it is another one.
    func adoptSize() -> Bool {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_row > 0, window.ws_col > 0 else { return false }
        let now = GridSize(width: Int(window.ws_col), height: Int(window.ws_row))
        if now == size { return false }
        resize_term(Int32(now.height), Int32(now.width))
        return true
    }

    /// Writes bytes curses does not know of; a failure shows as end of input later.
    func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    private func place(_ cursor: GridPosition?, _ window: UnsafeMutablePointer<WINDOW>) {
        let bounds = Rect(row: 0, column: 0, width: size.width, height: size.height)
        let wanted = cursor.flatMap { bounds.contains(row: $0.row, column: $0.column) ? $0 : nil }
        if showsCursor != (wanted != nil) {
            curs_set(wanted == nil ? 0 : 1)
            showsCursor = wanted != nil
        }
        wmove(window, Int32(wanted?.row ?? 0), Int32(wanted?.column ?? 0))
    }
}
