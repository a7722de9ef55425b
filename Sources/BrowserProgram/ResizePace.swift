internal import TerminalSurface

/// How often a window that is being dragged is drawn.
///
/// The first new size is taken at once. One that follows within a frame's time
/// waits for it to pass, and of all that wait only the last is ever taken.
struct ResizePace {
    /// Thirty frames a second are a movement to the eye.
    static let milliseconds: Int64 = 33

    private var waiting: GridSize?
    private var free: Int64 = .min

    /// Whether the terminal has a size that nothing is drawn for yet.
    var isWaiting: Bool { waiting != nil }

    mutating func offer(_ size: GridSize) { waiting = size }

    /// The size that is to be taken now, if any.
    ///
    /// - Parameters:
    ///   - now: Milliseconds of a clock that nobody sets.
    ///   - isUrgent: Whether something happens that is meant for the new size.
    mutating func take(at now: Int64, isUrgent: Bool = false) -> GridSize? {
        guard let size = waiting, isUrgent || now >= free else { return nil }
        waiting = nil
        free = now + Self.milliseconds
        return size
    }

    /// Milliseconds until a size is to be taken; `nil` while none waits.
    func wait(at now: Int64) -> Int64? {
        waiting == nil ? nil : max(0, free - now)
    }
}
