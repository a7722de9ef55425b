internal import Glibc

/// Runs tests of this very test program without the rights of root, which no
/// missing permission stops.
public enum Unprivileged {
    public static let isRoot = geteuid() == 0

    /// Runs the tests that the filter names as the user nobody; `nil` when
    /// that is not possible here.
    public static func runTests(_ filter: String) throws -> (status: Int32, output: String)? {
        guard let program = realpath("/proc/self/exe", nil) else { throw SystemFailure("realpath") }
        defer { free(program) }
        let path = String(cString: program)
        let prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        guard try run(prefix + ["test", "-x", path]).status == 0 else { return nil }
        return try run(prefix + [path, "--disable-xctest", "--filter", filter, "--testing-library", "swift-testing"])
    }

    /// Runs a program to its end and returns its exit status and what it printed.
    static func run(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let directory = try TemporaryDirectory()
        let output = directory.path("output")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        guard posix_spawnp(&process, arguments[0], &actions, nil, &words, environ) == 0 else {
            return (127, "")
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw SystemFailure("waitpid") }
        }
        let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return (exit, String(decoding: try RawFiles.read(output), as: UTF8.self))
    }
}
