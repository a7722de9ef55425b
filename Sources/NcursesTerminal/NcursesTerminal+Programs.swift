import CTerminalRescue
import Glibc

extension NcursesTerminal {
    /// Lends the terminal to a program and returns when that has ended.
    ///
    /// The program gets signals as a shell would start it with. Where it stops,
    /// this process stops with it, so that the shell above has the terminal,
    /// and goes on with it.
    ///
    /// - Parameters:
    ///   - words: The program and its arguments; no shell sees them.
    ///   - input: What the program reads; the terminal when `nil`.
    ///   - ended: Runs before full-screen mode comes back, and may say
    ///     something to be read and confirmed first.
    public func run(
        _ words: [String], input: Int32? = nil, ended: (ProgramEnd) -> String? = { _ in nil }
    ) -> ProgramEnd {
        handOver {
            let end = Self.start(words, input).map(wait) ?? .notStarted(errno)
            if let sentence = ended(end) { confirm(sentence) }
            return end
        }
    }

    /// The process, or `nil` with `errno` set.
    private static func start(_ words: [String], _ input: Int32?) -> pid_t? {
        guard let program = words.first else {
            errno = ENOENT
            return nil
        }
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        if let input { posix_spawn_file_actions_adddup2(&actions, input, 0) }
        var defaults = sigset_t()
        sigfillset(&defaults)
        var blocked = sigset_t()
        sigemptyset(&blocked)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &blocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let failure = posix_spawnp(&process, program, &actions, &attributes, &arguments, environ)
        errno = failure
        return failure == 0 ? process : nil
    }

    private func wait(for process: pid_t) -> ProgramEnd {
        ctx_signals_lent_to(process)
        defer { ctx_signals_lent_to(0) }
        var status: Int32 = 0
        while true {
            if waitpid(process, &status, WUNTRACED) < 0 {
                if errno == EINTR { continue }
                return .exited(0)
            }
            if status & 0xFF == 0x7F {
                stopAlong(with: process)
            } else {
                return status & 0x7F == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: status & 0x7F)
            }
        }
    }

    /// The program has stopped: Ctrl-Z has stopped this process too, unless only the program itself was told to.
    private func stopAlong(with process: pid_t) {
        // Continued together, this process may be the first to run again.
        for _ in 0..<Self.glances {
            if !Self.isStopped(process) { return }
            usleep(Self.glanceMicroseconds)
        }
        var itsModes = termios()
        let hasModes = tcgetattr(output, &itsModes) == 0
        restoreModes()
        ctx_signals_stop_along()
        if hasModes { tcsetattr(output, TCSADRAIN, &itsModes) }
        kill(process, SIGCONT)
    }

    private static let glances = 10
    private static let glanceMicroseconds: UInt32 = 10_000

    private static func isStopped(_ process: pid_t) -> Bool {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { Glibc.close(file) }
        var buffer = [UInt8](repeating: 0, count: 512)
        let count = Glibc.read(file, &buffer, buffer.count)
        // The state stands behind the name, which is in parentheses and may hold some itself.
        guard count > 0, let end = buffer[..<count].lastIndex(of: UInt8(ascii: ")")), end + 2 < count else {
            return false
        }
        return buffer[end + 2] == UInt8(ascii: "T")
    }

    /// Says something below what the program has written and waits for Enter.
    private func confirm(_ sentence: String) {
        restoreModes()
        write(sentence)
        while true {
            var descriptors = [
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&descriptors, 2, -1) < 0 && errno == EINTR { continue }
            holdSignals()
            // A signal to end, or a terminal that is gone, needs no answer.
            if !heldEvents.isEmpty { return }
            if descriptors[0].revents == 0 { continue }
            var line = [UInt8](repeating: 0, count: 256)
            let count = Glibc.read(input, &line, line.count)
            if count < 0 && errno == EINTR { continue }
            if count <= 0 || line[..<count].contains(0x0A) { return }
        }
    }
}
