internal import TerminalSurface

extension BrowserState {
    /// Whether the first keys are on the screen.
    public var showsTour: Bool { tour == .shown && hasRoomForTour }

    private var hasRoomForTour: Bool {
        guard Tour.fits(size), case .browse = top else { return false }
        return !sources.isEmpty
    }

    /// Shows the first keys when it is time, and notes at once that it was done.
    mutating func beginTour() {
        guard tour == .due, dialog == nil, input == nil, hasRoomForTour else { return }
        tour = .shown
        layOutBrowsing()
        saveSession()
    }

    /// Ends it with the first key that does something.
    ///
    /// - Returns: whether that was all the key is to do, as Esc closes the innermost thing only.
    mutating func endTour(with command: Command) -> Bool {
        guard tour == .shown, command != .redraw, command != .suspend else { return false }
        let wasSeen = showsTour
        endTour()
        return wasSeen && command == .back
    }

    mutating func endTour() {
        guard tour == .shown else { return }
        tour = .over
        layOutBrowsing()
    }

    private mutating func layOutBrowsing() {
        for index in screens.indices {
            if case .browse = screens[index] { layOut(index) }
        }
    }
}
