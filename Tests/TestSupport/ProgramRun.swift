import Glibc

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
        var inputPipe: [Int32] = [0, 0]
        var outputPipe: [Int32] = [0, 0]
        var errorPipe: [Int32] = [0, 0]
        guard pipe2(&inputPipe, O_CLOEXEC) == 0, pipe2(&outputPipe, O_CLOEXEC) == 0, pipe2(&errorPipe, O_CLOEXEC) == 0
        else { throw ProgramFailure(description: "cannot make pipes") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, inputPipe[0], 0)
        posix_spawn_file_actions_adddup2(&actions, outputPipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, errorPipe[1], 2)
        if let directory { posix_spawn_file_actions_addchdir_np(&actions, directory) }
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child = pid_t()
        let status = posix_spawn(&child, program, &actions, nil, &words, &variables)
        close(inputPipe[0])
        close(outputPipe[1])
        close(errorPipe[1])
        guard status == 0 else {
            for end in [inputPipe[1], outputPipe[0], errorPipe[0]] { close(end) }
            throw ProgramFailure(description: "cannot run \(program): \(String(cString: strerror(status)))")
        }
        _ = Array(input.utf8).withUnsafeBytes { write(inputPipe[1], $0.baseAddress, $0.count) }
        close(inputPipe[1])
        let (output, errors) = readBoth(outputPipe[0], errorPipe[0])
        var ended: Int32 = 0
        while waitpid(child, &ended, 0) < 0, errno == EINTR {}
        let code = ended & 0x7F == 0 ? (ended >> 8) & 0xFF : 128 + (ended & 0x7F)
        return ProgramRun(output: output, errors: String(decoding: errors, as: UTF8.self), code: code)
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
