internal import Glibc

/// Lets no file of this process grow beyond a size while the body runs: the
/// disk-full of a test that has no disk of its own.
///
/// The limit is one for the whole process, so it is larger than any file other
/// tests write.
public enum FileSizeLimit {
    public static let bytes = 64 << 20

    public static func whileSet<R>(_ body: () async throws -> R) async throws -> R {
        // The signal would end the program; without it the call fails with EFBIG.
        signal(SIGXFSZ, SIG_IGN)
        var old = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
        guard getrlimit(kind, &old) == 0 else { throw SystemFailure("getrlimit") }
        var new = rlimit(rlim_cur: rlim_t(bytes), rlim_max: old.rlim_max)
        guard setrlimit(kind, &new) == 0 else { throw SystemFailure("setrlimit") }
        defer { setrlimit(kind, &old) }
        return try await body()
    }
}
