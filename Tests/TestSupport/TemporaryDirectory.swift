internal import Glibc

/// A directory of a test's own under a random name, removed with all it holds
/// when the value goes.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        var template = Array("/tmp/ctxbrowse-test-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemFailure("mkdtemp") }
        path = String(cString: made)
    }

    deinit { Self.removeTree(path) }

    /// The path of something in it.
    public func path(_ name: String) -> String { path + "/" + name }

    /// Removes what is there, whatever its modes, without following links.
    public static func removeTree(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            chmod(path, 0o700)
            for name in RawFiles.names(path) { removeTree(path + "/" + name) }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

/// A system call of a test's own preparations that failed.
public struct SystemFailure: Error, CustomStringConvertible {
    public let description: String

    public init(_ call: String) {
        description = "\(call): \(String(cString: strerror(errno)))"
    }
}
