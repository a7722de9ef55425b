internal import CPseudoTerminal
internal import Glibc

/// A program on a pseudo-terminal of its own, with the test as the user and the terminal.
public final class ProgramOnTerminal {
    private let master: Int32
    private let slave: Int32
    private let process: pid_t
    private let modesBefore: [UInt8]
    private var code: Int32?
    private var isHungUp = false

    /// A minute is far beyond what any step takes on a loaded machine.
    public static let patience: Int32 = 60_000

    /// - Parameter environment: exactly these variables.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String], columns: Int = 80, rows: Int = 24
    ) throws {
        var slave: Int32 = -1
        master = ctx_pty_open(UInt16(columns), UInt16(rows), &slave)
        self.slave = slave
        guard master >= 0 else { throw SystemFailure("posix_openpt") }
        modesBefore = Self.modes(of: slave)
        let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        let log = open("/dev/null", O_WRONLY | O_CLOEXEC)
        process = ctx_pty_spawn(slave, log, program, words, variables)
        close(log)
        guard process > 0 else { throw SystemFailure("fork") }
    }

    deinit {
        if code == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        if !isHungUp { close(master) }
        close(slave)
    }

    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    public func send(signal: Int32) { kill(process, signal) }

    /// The terminal goes away: nothing can be typed or read any more.
    public func hangUp() {
        guard !isHungUp else { return }
        isHungUp = true
        close(master)
    }

    /// What the program has printed since the last call; `nil` when nothing comes in time.
    public func read(patience: Int32 = ProgramOnTerminal.patience) -> [UInt8]? {
        guard !isHungUp else {
            _ = poll(nil, 0, patience)
            return nil
        }
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, patience) > 0 else { return nil }
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(master, &chunk, chunk.count)
        return count > 0 ? Array(chunk[..<count]) : nil
    }

    /// Reads to the end of the program, which is killed when it does not come in time.
    ///
    /// - Returns: the exit code, or 128 and the signal's number.
    public func end(_ receive: ([UInt8]) -> Void) -> Int32 {
        if let code { return code }
        var status: Int32 = 0
        let limit = ContinuousClock.now + .milliseconds(2 * Self.patience)
        // The test holds the terminal open too, so that there is no end to read to.
        while waitpid(process, &status, WNOHANG) == 0 {
            if ContinuousClock.now > limit { kill(process, SIGKILL) }
            if let bytes = read(patience: 20) { receive(bytes) }
        }
        while let bytes = read(patience: 0) { receive(bytes) }
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        self.code = code
        return code
    }

    public func resize(columns: Int, rows: Int) { ctx_pty_resize(slave, UInt16(columns), UInt16(rows)) }

    /// Whether the terminal has the modes it had before the program started.
    public var isRestored: Bool { Self.modes(of: slave) == modesBefore }

    private static func modes(of slave: Int32) -> [UInt8] {
        var modes = [UInt8](repeating: 0, count: Int(CTX_PTY_MODES_SIZE))
        ctx_pty_modes(slave, &modes)
        return modes
    }
}
