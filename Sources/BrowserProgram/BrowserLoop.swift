internal import BrowserModel
internal import BrowserView
internal import Glibc
internal import StoredRecords
internal import TerminalSurface

/// The loop on the main thread: waits, updates, starts work, draws.
///
/// All input that waits is read before anything is drawn, and a batch of
/// events is drawn once.
final class BrowserLoop {
    private var state: BrowserState
    private let terminal: any BrowserTerminal
    private let mailbox: EventMailbox
    private let runner: EffectRunner

    init(state: BrowserState, terminal: any BrowserTerminal, mailbox: EventMailbox, runner: EffectRunner) {
        self.state = state
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
            draw()
            if state.isIdle, mailbox.isEmpty, !terminal.isIdle(BrowserView.grid(state)) {
                break
            }
            wait()
            apply(.clock(Self.now()))
            // Answers come before input: a question that an answer asks drops
            // the keys that wait already, and no key that is typed at its sight.
            for event in mailbox.takeAll() { apply(event) }
            for event in terminal.read() {
                apply(.terminal(event))
                if state.isQuitting { break }
            }
            apply(.inputDrained)
        }
        runner.cancelAll()
    }

    private func apply(_ event: BrowserEvent) {
        for effect in update(&state, event) { perform(effect) }
    }

    private func draw() {
        terminal.present(BrowserView.grid(state))
    }

    private func perform(_ effect: BrowserEffect) {
        switch effect.work {
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .quit: break
        case .copy(let text):
            let isCopied = terminal.copy(text)
            mailbox.post(
                .answered(
                    effect.id,
                    isCopied
                        ? .done
                        : .failed(
                            StorageError(
                                .unsupported, operation: "copy", place: "the terminal",
                                reason: "this type of terminal has no clipboard command"))))
        case .page(let bytes, let name):
            if let problem = terminal.page(bytes) {
                mailbox.post(
                    .answered(
                        effect.id,
                        .failed(
                            StorageError(.failed, operation: "show \(name) in the pager", place: "", reason: problem))))
            }
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
        _ = poll(&descriptors, nfds_t(descriptors.count), timeout)
    }

    private static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }
}
