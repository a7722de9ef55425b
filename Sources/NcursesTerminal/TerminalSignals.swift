import CTerminalRescue
import Glibc

/// Signals as events: resize, stop, continue, terminate and hang-up arrive on a pipe.
struct TerminalSignals {
    enum Signal {
        case resized, stop, continued, hangUp, terminate, interrupt
    }

    /// Becomes readable when a signal waits.
    let descriptor: Int32

    init() throws(TerminalProblem) {
        descriptor = ctx_signals_open()
        if descriptor < 0 {
            throw TerminalProblem(
                sentence: "Signals cannot be received: no pipe could be made (\(String(cString: strerror(errno)))).")
        }
    }

    /// Takes every waiting signal, in order.
    func takeAll() -> [Signal] {
        var taken: [Signal] = []
        while true {
            switch ctx_signals_take() {
            case 0: return taken
            case SIGWINCH: taken.append(.resized)
            case SIGTSTP: taken.append(.stop)
            case SIGCONT: taken.append(.continued)
            case SIGHUP: taken.append(.hangUp)
            case SIGTERM: taken.append(.terminate)
            case SIGINT: taken.append(.interrupt)
            default: break
            }
        }
    }

    /// Makes the descriptor readable although no signal came.
    func wake() {
        ctx_signals_wake()
    }

    func close() {
        ctx_signals_close()
    }
}
