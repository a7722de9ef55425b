internal import Glibc
internal import NcursesTerminal

/// How the end of a program is told.
enum ProgramWords {
    /// What was not well about the end that `waitpid` tells; `nil` for a good one.
    static func failure(_ status: Int32) -> String? {
        failure(status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: status & 0x7F))
    }

    static func failure(_ end: ProgramEnd) -> String? {
        switch end {
        case .exited(0): nil
        case .exited(let code): "ended with status \(code)"
        case .killed(let signal): "was ended by signal \(signal) (\(String(cString: strsignal(signal))))"
        case .notStarted(let code): "cannot be started: \(String(cString: strerror(code)))"
        }
    }
}
