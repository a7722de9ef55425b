internal import Glibc
internal import Synchronization
internal import TerminalSurface

/// A progress bar on standard error, drawn only when that is a terminal and
/// the work has taken more than a second.
final class Progress: Sendable {
    private struct State {
        var drawn: ContinuousClock.Instant?
        var isShown = false
    }

    private let console: Console
    private let title: String
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(_ title: String, console: Console) {
        self.title = title
        self.console = console
    }

    /// - Parameter total: how much there is in all; `nil` while that is unknown.
    func report(_ done: Int, of total: Int?) {
        guard console.errorsAreTerminal else { return }
        let now = ContinuousClock.now
        guard now - start > .seconds(1) else { return }
        state.withLock { state in
            if let drawn = state.drawn, now - drawn < .milliseconds(100) { return }
            state.drawn = now
            state.isShown = true
            console.draw("\r\u{1B}[K" + Self.line(title, done, total))
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            if state.isShown { console.draw("\r\u{1B}[K") }
            state.isShown = false
        }
    }

    static func line(_ title: String, _ done: Int, _ total: Int?) -> String {
        let title = TextFit.truncated(title, to: 30)
        guard let total, total > 0 else { return "\(title) \(done)" }
        let filled = min(20, done * 20 / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 20 - filled)
        return "\(title) [\(bar)] \(min(100, done * 100 / total)) %"
    }
}
