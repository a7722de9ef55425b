import CNcurses
import CTerminalRescue
import Glibc
import TerminalSurface

extension NcursesTerminal {
    /// Stops the program as Ctrl-Z does and returns when it is continued, in full-screen mode again.
    ///
    /// The next `present` draws everything; the screen may have another size.
    public func suspend() {
        guard isOpen else { return }
        leaveModes()
        ctx_rescue_pause(1)
        ctx_signals_stop_here()
        ctx_rescue_pause(0)
        takeBack()
        settle()
    }

    /// Lends the terminal, in its original modes, to what `body` runs: a pager, an editor.
    ///
    /// The next `present` draws everything; the screen may have another size.
    /// Ctrl-C and Ctrl-Z during `body` were meant for what it ran.
    public func handOver<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard isOpen else { return try body() }
        leaveModes()
        ctx_rescue_pause(1)
        ctx_signals_lend(output)
        defer {
            ctx_signals_take_back(output)
            ctx_rescue_pause(0)
            takeBack()
            settle()
        }
        return try body()
    }

    /// Switches reports of mouse buttons on or off; off at first, so that the terminal's own selection works.
    public func setMouse(_ isOn: Bool) {
        isMouseOn = isOn
        guard isOpen, capabilities.takesXtermSequences else { return }
        write(isOn ? TerminalModes.mouseOn : TerminalModes.mouseOff)
    }

    /// Enters full-screen mode anew over whatever the screen holds now.
    func takeBack() {
        reset_prog_mode()
        enterModes()
        redraw()
    }

    /// Sorts out the signals that came while another program had the terminal.
    private func settle() {
        holdSignals()
        // A stopped group is not told of a new size, so it is looked up whatever was signalled.
        if adoptSize() { heldEvents.append(.resize(size)) }
        // Whoever polls must come to `read` for what is held.
        if !heldEvents.isEmpty { signals.wake() }
    }

    /// Keeps the signals that end the program for the next `read`; the others were for whoever had the terminal.
    func holdSignals() {
        for signal in signals.takeAll() {
            switch signal {
            case .hangUp: heldEvents.append(.closed)
            case .terminate: heldEvents.append(.terminate)
            case .interrupt, .stop, .continued, .resized: break
            }
        }
    }
}
