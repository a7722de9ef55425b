internal import CPseudoTerminal
import Glibc
import Synchronization

/// One run of a program: what it printed and how it ended.
public struct ProgramRun: Sendable {
    public var output: [UInt8]
    public var errors: String
    /// The exit code, or 128 and the signal's number.
    public var code: Int32

    public var text: String { String(decoding: output, as: UTF8.self) }
    /// The lines of standard output, without an empty one at the end.
    public var lines: [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
    public var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - environment: exactly these variables.
    ///   - input: given on standard input, which is closed after it.
    public static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], directory: String? = nil,
        input: String = ""
    ) throws -> ProgramRun {
        // A descriptor made by one thread must not slip into a program another one starts.
        let started = try starting.withLock { _ in
            try start(program, arguments, environment: environment, directory: directory)
        }
        _ = Array(input.utf8).withUnsafeBytes { write(started.input, $0.baseAddress, $0.count) }
        close(started.input)
        let (output, errors) = readBoth(started.output, started.errors)
        var ended: Int32 = 0
        while waitpid(started.process, &ended, 0) < 0, errno == EINTR {}
        let code = ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
        return ProgramRun(output: output, errors: String(decoding: errors, as: UTF8.self), code: code)
    }

    private static let starting = Mutex(())

    private struct Started {
        var process: pid_t
        var input: Int32
        var output: Int32
        var errors: Int32
    }

    private static func start(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String?
    ) throws -> Started {
        let words = directory.map { ["/usr/bin/env", "-C", $0, program] + arguments } ?? [program] + arguments
        let (inputEnd, input) = try makePipe()
        let (output, outputEnd) = try makePipe()
        let (errors, errorsEnd) = try makePipe()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputEnd, 0)
        posix_spawn_file_actions_adddup2(&actions, outputEnd, 1)
        posix_spawn_file_actions_adddup2(&actions, errorsEnd, 2)
        var vector: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in vector + variables { free(pointer) } }
        var process = pid_t()
        let status = posix_spawn(&process, words[0], &actions, nil, &vector, &variables)
        for end in [inputEnd, outputEnd, errorsEnd] { close(end) }
        guard status == 0 else {
            for end in [input, output, errors] { close(end) }
            throw ProgramFailure(description: "cannot run \(program): \(String(cString: strerror(status)))")
        }
        return Started(process: process, input: input, output: output, errors: errors)
    }

    private static func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard ctx_pty_pipe(&ends) == 0 else { throw ProgramFailure(description: "cannot make a pipe") }
        return (ends[0], ends[1])
    }

    /// Reads both to their ends, so that neither can fill up while the other is waited for.
    private static func readBoth(_ first: Int32, _ second: Int32) -> ([UInt8], [UInt8]) {
        var results: [[UInt8]] = [[], []]
        var waiting = [
            pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
        ]
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while waiting.contains(where: { $0.fd >= 0 }) {
            guard poll(&waiting, 2, -1) > 0 else { continue }
            for index in waiting.indices where waiting[index].fd >= 0 && waiting[index].revents != 0 {
                let count = read(waiting[index].fd, &chunk, chunk.count)
                if count > 0 {
                    results[index] += chunk[..<count]
                } else {
                    close(waiting[index].fd)
                    waiting[index].fd = -1
                }
            }
        }
        return (results[0], results[1])
    }
}

struct ProgramFailure: Error, CustomStringConvertible {
    var description: String
}
