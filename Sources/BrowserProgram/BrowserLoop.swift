internal import BrowserModel
internal import BrowserView
internal import Glibc
internal import StoredRecords
internal import TerminalSurface

/// The loop on the main thread: waits, updates, starts work, draws.
///
/// All input that waits is read before anything is drawn, and a batch of
/// events is drawn once; sizes that follow each other closely are one.
final class BrowserLoop {
    private(set) var state: BrowserState
    /// What the user sees, and clicks on.
    private var shown: CellGrid
    let terminal: any BrowserTerminal
    let mailbox: EventMailbox
    let runner: EffectRunner
    private var pace = ResizePace()

    init(state: BrowserState, terminal: any BrowserTerminal, mailbox: EventMailbox, runner: EffectRunner) {
        self.state = state
        shown = CellGrid(size: terminal.size)
        self.terminal = terminal
        self.mailbox = mailbox
        self.runner = runner
    }

    /// Runs until the user quits or the terminal is gone.
    func run() {
        apply(.clock(Self.now()))
        draw()
        apply(.started(terminal.size))
        while !state.isQuitting {
            // What is drawn for another size than the screen has would only flicker.
            if !pace.isWaiting { draw() }
            if state.isIdle, !pace.isWaiting, mailbox.isEmpty, !terminal.isIdle(BrowserView.grid(state)) {
                break
            }
            wait()
            apply(.clock(Self.now()))
            // Answers come before input: a question that an answer asks drops
            // the keys that wait already, and no key that is typed at its sight.
            for event in mailbox.takeAll() { apply(event) }
            for event in terminal.read() {
                if case .resize(let size) = event {
                    pace.offer(size)
                    continue
                }
                resize(isUrgent: true)
                if let meant = shown.meaning(of: event) { apply(.terminal(meant)) }
                if state.isQuitting { break }
            }
            resize()
            apply(.inputDrained)
        }
        runner.cancelAll()
        runner.copies.removeAll()
    }

    private func apply(_ event: BrowserEvent) {
        for effect in update(&state, event) { perform(effect) }
    }

    /// Takes over a new size of the terminal, when it is time.
    private func resize(isUrgent: Bool = false) {
        guard let size = pace.take(at: Self.milliseconds(), isUrgent: isUrgent) else { return }
        apply(.terminal(.resize(size)))
    }

    private func draw() {
        shown = BrowserView.grid(state)
        terminal.present(shown)
    }

    private func perform(_ effect: BrowserEffect) {
        switch effect.work {
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .mouse(let isOn): terminal.setMouse(isOn)
        case .theme(let name): terminal.setTheme(name)
        case .quit: break
        case .copy(let text):
            let place = terminal.copy(text)
            mailbox.post(
                .answered(
                    effect.id,
                    place.map { .copied(to: $0) }
                        ?? .failed(
                            StorageError(
                                .unsupported, operation: "copy", place: "the terminal",
                                reason: "this type of terminal has no clipboard command"))))
        case .page(let bytes, let name):
            lend(effect, to: .pager(bytes), "show \(name) in the pager", help: "PAGER names the pager")
        case .edit(let path, let name): edit(effect, path, name)
        case .pipe(let bytes, let command):
            lend(effect, to: .commandLine(command, bytes), "run \(command)", help: "")
        default: runner.run(effect)
        }
    }

    /// Sleeps until input, an answer, or the next moment the state asks for.
    private func wait() {
        var descriptors = (terminal.descriptors + [mailbox.descriptor]).map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        var timeout: Int32 = -1
        if let wake = state.nextWake {
            timeout = Int32(clamping: max(0, wake.milliseconds(since: Self.now()) + 1))
        }
        if let left = pace.wait(at: Self.milliseconds()) {
            timeout = timeout < 0 ? Int32(clamping: left) : min(timeout, Int32(clamping: left))
        }
        _ = poll(&descriptors, nfds_t(descriptors.count), timeout)
    }

    /// Of a clock that nobody sets.
    private static func milliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
