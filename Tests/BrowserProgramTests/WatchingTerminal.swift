import Synchronization
import TerminalSurface

@testable import BrowserProgram

/// A terminal whose user presses each key once the screen shows what is waited for.
final class WatchingTerminal: BrowserTerminal {
    struct Step {
        var text: String
        var key: String

        init(once text: String, press key: String) {
            self.text = text
            self.key = key
        }
    }

    let size = GridSize(width: 80, height: 24)
    let frames: Frames
    private var steps: ArraySlice<Step>
    private var events: [TerminalEvent] = []
    private let pipe: WakePipe
    private var picture = ""

    /// How many frames were shown, for other threads to ask.
    final class Frames: Sendable {
        private let number = Mutex(0)
        var count: Int { number.withLock { $0 } }
        func add() { number.withLock { $0 += 1 } }
    }

    init?(_ steps: [Step], frames: Frames = Frames()) {
        guard let pipe = WakePipe() else { return nil }
        self.pipe = pipe
        self.frames = frames
        self.steps = steps[...]
    }

    deinit { pipe.closeBoth() }

    var descriptors: [Int32] { [pipe.readEnd] }
    /// What never came and the screen that was shown instead; `nil` when all steps were done.
    var missing: String? { steps.first.map { "no \($0.text) in\n\(picture)" } }

    func read() -> [TerminalEvent] {
        pipe.drain()
        defer { events = [] }
        return events
    }

    func present(_ grid: CellGrid) {
        frames.add()
        picture = grid.text
        guard let step = steps.first, grid.text.contains(step.text), let key = KeyPress(name: step.key) else { return }
        steps.removeFirst()
        events.append(.key(key))
        pipe.ring()
    }

    func redraw() {}
    func suspend() {}
    func copy(_ text: String) -> String? { "the clipboard of a test" }
    func lend(to program: GuestProgram) -> String? { nil }
    func setMouse(_ isOn: Bool) {}
    func setTheme(_ name: ThemeName) {}
    func isIdle(_ grid: CellGrid) -> Bool { true }
    func close() {}
}
