import CPseudoTerminal
import Glibc
import TestSupport

/// The real program on a pseudo-terminal, with the test as the user and the terminal.
final class BrowserSession {
    private let master: Int32
    private let slave: Int32
    private let process: pid_t
    private let modesBefore: [UInt8]
    private var code: Int32?
    private(set) var picture: TerminalPicture

    /// A minute is far beyond what any step takes on a loaded machine.
    private static let patience: Int32 = 60_000

    /// - Parameter variables: more of the environment, as `NAME=VALUE`.
    init(
        _ arguments: [String], home: String, columns: Int = 80, rows: Int = 24, variables more: [String] = []
    ) throws {
        var slave: Int32 = -1
        master = ctx_pty_open(UInt16(columns), UInt16(rows), &slave)
        self.slave = slave
        guard master >= 0 else { throw SystemFailure("posix_openpt") }
        picture = TerminalPicture(columns: columns, rows: rows)
        modesBefore = Self.modes(of: slave)
        let words = [PackagePlaces.program] + arguments
        let variables =
            [
                "PATH=/usr/bin:/bin", "TERM=xterm-256color", "LC_ALL=C.UTF-8", "HOME=\(home)",
                "XDG_STATE_HOME=\(home)/state", "XDG_CONFIG_HOME=\(home)/config", "SWIFT_BACKTRACE=enable=no",
            ] + more
        let vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for pointer in vector + environment { free(pointer) } }
        let log = open("/dev/null", O_WRONLY | O_CLOEXEC)
        process = ctx_pty_spawn(slave, log, words[0], vector, environment)
        close(log)
        guard process > 0 else { throw SystemFailure("fork") }
    }

    deinit {
        if code == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(master)
        close(slave)
    }

    struct Unseen: Error, CustomStringConvertible {
        let description: String
    }

    /// Types keys and reads until the picture is as expected.
    func press(_ keys: String = "", until what: String, _ isSeen: (TerminalPicture) -> Bool) throws {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
        // A screen that counts seconds is never still.
        let end = ContinuousClock.now + .milliseconds(2 * Self.patience)
        while !isSeen(picture) {
            guard ContinuousClock.now < end, read() else {
                throw Unseen(
                    description: "after \(keys.debugDescription) no \(what) in\n\(picture.text)\n\(picture.offences)")
            }
        }
    }

    /// Types keys and reads until a text is on the screen.
    func press(_ keys: String = "", until text: String) throws {
        try press(keys, until: text) { $0.text.contains(text) }
    }

    /// Types keys and reads until a text is in the first line.
    func press(_ keys: String = "", untilTop text: String) throws {
        try press(keys, until: "\(text) above") { $0.lines[0].contains(text) }
    }

    /// Types keys and reads until a text is not on the screen any more.
    func press(_ keys: String, whileShown text: String) throws {
        try press(keys, until: "end of \(text)") { !$0.text.contains(text) }
    }

    /// Makes the terminal another size, and empty as some are then.
    func resize(columns: Int, rows: Int) {
        picture = TerminalPicture(columns: columns, rows: rows, modes: picture.modes)
        ctx_pty_resize(slave, UInt16(columns), UInt16(rows))
    }

    /// Types keys and reads to the end of the program.
    func end(_ keys: String) -> Int32 {
        let bytes = Array(keys.utf8)
        _ = write(master, bytes, bytes.count)
        var status: Int32 = 0
        // The test holds the terminal open too, so that there is no end to read to.
        while waitpid(process, &status, WNOHANG) == 0 { _ = read(patience: 20) }
        while read(patience: 0) {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        self.code = code
        return code
    }

    /// Whether the terminal has the modes it had before the program started.
    var isRestored: Bool { Self.modes(of: slave) == modesBefore }

    private func read(patience: Int32 = BrowserSession.patience) -> Bool {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, patience) > 0 else { return false }
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = Glibc.read(master, &chunk, chunk.count)
        guard count > 0 else { return false }
        picture.take(Array(chunk[..<count]))
        return true
    }

    private static func modes(of slave: Int32) -> [UInt8] {
        var modes = [UInt8](repeating: 0, count: Int(CTX_PTY_MODES_SIZE))
        ctx_pty_modes(slave, &modes)
        return modes
    }
}
