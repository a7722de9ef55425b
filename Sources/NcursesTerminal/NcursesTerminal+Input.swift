import CTerminalRescue
import Glibc
public import TerminalSurface

extension NcursesTerminal {
    /// How long an escape may wait for the rest of a sequence.
    private static let escapeDelayInMilliseconds: Int32 = 25

    /// Everything that waits: signals first, then keys. Does not block, but for
    /// the 25 ms an escape on its own is given to turn out a longer sequence.
    public func read() -> [TerminalEvent] {
        guard isOpen else { return [.closed] }
        var events = heldEvents + takeSignals()
        heldEvents = []
        var isClosed = false
        while true {
            let wait = decoder.isWaiting ? Self.escapeDelayInMilliseconds : 0
            guard isReadable(within: wait) else { break }
            guard let bytes = readBytes() else {
                isClosed = true
                break
            }
            events += decoder.feed(bytes)
        }
        if decoder.isWaiting { events += decoder.flush() }
        if isClosed, !events.contains(.closed) { events.append(.closed) }
        return events
    }

    /// Drops keys that were typed before what they would act on was on the screen.
    public func dropPendingInput() {
        tcflush(input, TCIFLUSH)
        decoder.reset()
    }

    private func takeSignals() -> [TerminalEvent] {
        var events: [TerminalEvent] = []
        var resizes = false
        let taken = signals.takeAll()
        // A hang-up comes with a continue, after which there is nothing left to draw on.
        if taken.contains(.hangUp) { return [.closed] }
        for signal in taken {
            switch signal {
            case .resized: resizes = true
            case .stop: events.append(.suspend)
            case .continued:
                // Whoever had the terminal meanwhile has changed its modes.
                takeBack()
                resizes = true
                events.append(.resumed)
            case .hangUp: break
            case .terminate, .interrupt: events.append(.terminate)
            }
        }
        // A size that was another for a moment only is told once more: what was cut off then is gone from the screen.
        if resizes, adoptSize() || taken.contains(.resized) {
            // Terminals move what was on the screen when they are resized, each its own way.
            redraw()
            events.append(.resize(size))
        }
        return events
    }

    private func isReadable(within milliseconds: Int32) -> Bool {
        var descriptor = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        while true {
            let count = poll(&descriptor, 1, milliseconds)
            if count < 0 && errno == EINTR { continue }
            return count > 0
        }
    }

    /// What waits; nil when the terminal is gone.
    private func readBytes() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(input, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            if count < 0 && errno == EAGAIN { return [] }
            return count > 0 ? Array(buffer.prefix(count)) : nil
        }
    }
}
