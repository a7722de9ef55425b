import Glibc

/// A tmux server of its own with one pane: a real terminal whose screen can be read.
final class Tmux {
    private let socket: String
    private let directory: String
    private let log: Int32
    private var logged: [UInt8] = []
    private static let patience = 60

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static var isInstalled: Bool { access("/usr/bin/tmux", X_OK) == 0 || access("/usr/local/bin/tmux", X_OK) == 0 }

    /// Opens a pane with a plain shell in it, or with the probe at once.
    init(columns: Int = 80, rows: Int = 24, startsProbe: Bool = true) throws {
        var template = Array("/tmp/terminal-probe-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(description: "no directory: errno \(errno)") }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        socket = directory + "/socket"
        mkfifo(directory + "/log", 0o600)
        // Open for writing too, so that the reader never meets an end while no probe runs.
        log = open(directory + "/log", O_RDWR | O_CLOEXEC)
        let environment = "env -u TMUX LC_ALL=C.UTF-8 SWIFT_BACKTRACE=enable=no PS1='$ ' "
        let program = startsProbe ? probeCommand : "bash --norc --noprofile"
        let started = Self.run(
            environment + "tmux -S \(socket) -f /dev/null -u new-session -d -x \(columns) -y \(rows) '\(program)' 2>&1")
        guard started.isEmpty else { throw Failure(description: "tmux: \(started)") }
    }

    deinit {
        _ = tmux("kill-server")
        close(log)
        _ = Self.run("rm -rf \(directory)")
    }

    var probeCommand: String { "\(ProbeTerminal.executable) \(directory)/log" }

    @discardableResult
    func tmux(_ arguments: String) -> String {
        Self.run("tmux -S \(socket) \(arguments) 2>&1")
    }

    func send(_ keys: String) {
        tmux("send-keys \(keys)")
    }

    /// The next line the probe tells.
    func line() throws -> String {
        while true {
            if let end = logged.firstIndex(of: 0x0A) {
                let line = String(decoding: logged[..<end], as: UTF8.self)
                logged.removeSubrange(...end)
                return line
            }
            var descriptor = pollfd(fd: log, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, Int32(Self.patience * 1000)) > 0 else {
                throw Failure(description: "the probe is silent; its screen:\n\(screen.joined(separator: "\n"))")
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(log, &buffer, buffer.count)
            logged += buffer.prefix(max(0, count))
        }
    }

    /// The rows of the pane without trailing spaces.
    var screen: [String] {
        tmux("capture-pane -p").split(separator: "\n", omittingEmptySubsequences: false).map { row in
            var row = String(row)
            while row.last == " " { row.removeLast() }
            return row
        }
    }

    /// Looks at the screen until it shows what is waited for; what it shows in the end is returned either way.
    func screen(until condition: ([String]) -> Bool) -> [String] {
        let deadline = time(nil) + Self.patience
        while true {
            let rows = screen
            if condition(rows) || time(nil) > deadline { return rows }
        }
    }

    private static func run(_ command: String) -> String {
        guard let pipe = popen(command, "r") else { return "no shell" }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&buffer, 1, buffer.count, pipe)
            if count == 0 { break }
            output += buffer.prefix(count)
        }
        pclose(pipe)
        return String(decoding: output, as: UTF8.self)
    }
}
