internal import Glibc
internal import Synchronization

/// Lets no file of this process grow beyond a size while the body runs: the
/// disk-full of a test that has no disk of its own.
///
/// The limit is one for the whole process and the programs it starts: tests
/// that set it and tests that write larger files are `writesLargeFiles`.
public enum FileSizeLimit {
    public static let bytes = 64 << 20

    /// How many bodies run now, and the limit from before the first of them.
    private static let users = Mutex<(count: Int, before: rlimit)>((0, rlimit()))

    @discardableResult
    public static func whileSet<R>(_ body: () async throws -> R) async throws -> R {
        try enter()
        defer { leave() }
        return try await body()
    }

    private static func enter() throws {
        try users.withLock { users in
            if users.count == 0 {
                // The signal would end the program; without it the call fails with EFBIG.
                signal(SIGXFSZ, SIG_IGN)
                guard getrlimit(kind, &users.before) == 0 else { throw SystemFailure("getrlimit") }
                var limit = rlimit(rlim_cur: rlim_t(bytes), rlim_max: users.before.rlim_max)
                guard setrlimit(kind, &limit) == 0 else { throw SystemFailure("setrlimit") }
            }
            users.count += 1
        }
    }

    private static func leave() {
        users.withLock { users in
            users.count -= 1
            if users.count == 0 { setrlimit(kind, &users.before) }
        }
    }

    private static var kind: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_FSIZE.rawValue) }
}
