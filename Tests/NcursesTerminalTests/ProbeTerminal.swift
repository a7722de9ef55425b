import CPseudoTerminal
import Glibc

/// The probe running on a pseudo-terminal of its own, with the test as the terminal.
final class ProbeTerminal {
    private let master: Int32
    private let slave: Int32
    private let log: Int32
    private var logged: [UInt8] = []
    private(set) var output: [UInt8] = []
    let process: pid_t
    private let modesBefore: [UInt8]

    /// A minute is far beyond what any step takes on a loaded machine.
    private static let patience: Int32 = 60_000

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    init(
        term: String? = "xterm-256color", columns: UInt16 = 80, rows: UInt16 = 24,
        environment: [String] = ["LANG=C.UTF-8"]
    )
        throws
    {
        var slave: Int32 = -1
        master = ctx_pty_open(columns, rows, &slave)
        self.slave = slave
        var ends: [Int32] = [-1, -1]
        guard master >= 0, ctx_pty_pipe(&ends) == 0 else {
            throw Failure(description: "no pseudo-terminal: errno \(errno)")
        }
        log = ends[0]
        modesBefore = Self.modes(of: slave)
        var variables = ["PATH=/usr/bin:/bin", "SWIFT_BACKTRACE=enable=no"] + environment
        if let term { variables.append("TERM=\(term)") }
        let path = Self.executable
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup(path), strdup("/dev/fd/3"), nil]
        let variablePointers: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        process = ctx_pty_spawn(slave, ends[1], path, arguments, variablePointers)
        for pointer in arguments + variablePointers { free(pointer) }
        Glibc.close(ends[1])
        guard process > 0 else { throw Failure(description: "\(path) does not start: errno \(errno)") }
    }

    deinit {
        if !hasEnded {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        if !isHungUp { Glibc.close(master) }
        Glibc.close(slave)
        Glibc.close(log)
    }

    /// The probe is built beside the tests.
    static var executable: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count)
        let path = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/TerminalProbe"
    }

    private var hasEnded = false
    private var isHungUp = false

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// The next line the probe tells; what it draws meanwhile is collected.
    func line() throws -> String {
        while true {
            if let end = logged.firstIndex(of: 0x0A) {
                let line = String(decoding: logged[..<end], as: UTF8.self)
                logged.removeSubrange(...end)
                return line
            }
            guard try collect() else {
                throw Failure(
                    description:
                        "the probe ended; its screen: \(String(decoding: output, as: UTF8.self).debugDescription)")
            }
        }
    }

    /// The line that answers a key: a size may be told before it.
    private func answer() throws {
        while try !line().hasPrefix("key ") {}
    }

    /// Sends keys one after the other, each answered, and returns what was drawn for them.
    func bytesDrawn(for keys: String...) throws -> [UInt8] {
        _ = try untilBell()
        for key in keys {
            send(key)
            try answer()
        }
        return try untilBell()
    }

    /// Lets the probe ring and returns what came before the bell: nothing is still on its way then.
    func untilBell() throws -> [UInt8] {
        send("M")
        while true {
            if let bell = output.indices.first(where: isBell) {
                let before = Array(output[..<bell])
                output.removeSubrange(...bell)
                try answer()
                return before
            }
            guard try collect() else { throw Failure(description: "the probe ended before it rang") }
        }
    }

    /// Whether a byte rings: curses ends with one like it the sequence that takes changed colours back.
    private func isBell(_ index: Int) -> Bool {
        output[index] == 0x07 && !output[..<index].suffix(5).elementsEqual("\u{1B}]104".utf8)
    }

    /// Reads until the terminal has been sent a text.
    func seen(_ text: String) throws {
        let wanted = Array(text.utf8)
        while !output.indices.contains(where: { output[$0...].starts(with: wanted) }) {
            guard try collect() else { throw Failure(description: "the probe ended before it wrote \(text)") }
        }
    }

    /// Bytes that were typed and that nobody has read.
    var unread: Int {
        var count: Int32 = 0
        _ = ioctl(slave, UInt(FIONREAD), &count)
        return Int(count)
    }

    func resize(columns: UInt16, rows: UInt16) {
        ctx_pty_resize(slave, columns, rows)
    }

    func hangUp() {
        isHungUp = true
        Glibc.close(master)
    }

    enum End: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    /// How the probe ends.
    func end() throws -> End {
        while !isHungUp, try collect() {}
        var status: Int32 = 0
        waitpid(process, &status, 0)
        hasEnded = true
        return status & 0x7F == 0 ? .status((status >> 8) & 0xFF) : .signal(status & 0x7F)
    }

    /// Whether the tty has the modes it had before the probe started.
    var isRestored: Bool { Self.modes(of: slave) == modesBefore }

    private static func modes(of slave: Int32) -> [UInt8] {
        var modes = [UInt8](repeating: 0, count: Int(CTX_PTY_MODES_SIZE))
        ctx_pty_modes(slave, &modes)
        return modes
    }

    /// Waits for something to arrive from the probe; false when its log has ended.
    private func collect() throws -> Bool {
        var descriptors = [
            pollfd(fd: log, events: Int16(POLLIN), revents: 0),
            pollfd(fd: isHungUp ? -1 : master, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&descriptors, 2, Self.patience) > 0 else { throw Failure(description: "the probe is silent") }
        var buffer = [UInt8](repeating: 0, count: 65536)
        if descriptors[1].revents & Int16(POLLIN) != 0 {
            let count = read(master, &buffer, buffer.count)
            if count > 0 { output += buffer.prefix(count) }
            return true
        }
        let count = read(log, &buffer, buffer.count)
        if count > 0 { logged += buffer.prefix(count) }
        return count > 0
    }
}
