import CPseudoTerminal
import Glibc
import TestSupport

/// A run of the program on a terminal of its own, with the test as the user.
final class TerminalRun {
    private let master: Int32
    private let process: pid_t
    private(set) var output = ""
    private var code: Int32?

    init(_ bench: Workbench, _ arguments: [String], columns: UInt16 = 80) throws {
        var slave: Int32 = -1
        master = ctx_pty_open(columns, 24, &slave)
        guard master >= 0 else { throw SystemFailure("posix_openpt") }
        let words = [PackagePlaces.program] + arguments
        let vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables: [UnsafeMutablePointer<CChar>?] = bench.environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in vector + variables { free(pointer) } }
        process = ctx_pty_spawn(slave, open("/dev/null", O_WRONLY | O_CLOEXEC), words[0], vector, variables)
        close(slave)
        guard process > 0 else { throw SystemFailure("fork") }
    }

    deinit {
        if code == nil {
            kill(process, SIGKILL)
            var status: Int32 = 0
            waitpid(process, &status, 0)
        }
        close(master)
    }

    /// Reads until the program has printed the text since the last call.
    func wait(for text: String) throws {
        var seen = ""
        while !seen.contains(text) {
            guard let more = read() else { throw SystemFailure("waited for \(text), got \(output)") }
            seen += more
        }
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Reads to the end and returns the exit code.
    func end() -> Int32 {
        while read() != nil {}
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        self.code = code
        return code
    }

    /// A minute is far beyond what any step takes on a loaded machine.
    private func read() -> String? {
        var waiting = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 60_000) > 0 else { return nil }
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(master, &chunk, chunk.count)
        guard count > 0 else { return nil }
        let text = String(decoding: chunk[..<count], as: UTF8.self)
        output += text
        return text
    }
}
