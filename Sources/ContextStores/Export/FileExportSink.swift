internal import EngineCore
internal import Glibc
internal import StoredRecords
internal import Synchronization

/// Writes one new file in an opened directory, with mode 0600: without a name
/// until `commit` where the file system allows that, so that even a killed
/// program leaves nothing behind; else under a temporary name.
///
/// The name is one path part, so nothing is ever written outside the
/// directory; a link that stands under it is neither followed nor replaced.
/// A file that is replaced leaves its mode.
final class FileExportSink: ExportSink {
    /// Linux's `O_TMPFILE`, which Swift does not import: a file without a name.
    private static let unnamed: Int32 = 0o20_000_000 | O_DIRECTORY

    private let directory: ExportDirectory
    private let name: String
    private let temporary: String
    private let isNamed: Bool
    private let file: Int32
    private let isOpen = Mutex(true)

    init(_ directory: ExportDirectory, name: String) throws(StorageError) {
        self.directory = directory
        self.name = name
        try directory.requireReplaceable(name)
        var generator = SystemRandomNumberGenerator()
        temporary = ".ctxbrowse-\(String(generator.next(), radix: 36)).part"
        let unnamed = openat(directory.descriptor, ".", Self.unnamed | O_WRONLY | O_CLOEXEC, 0o600)
        isNamed = unnamed < 0
        file =
            unnamed >= 0
            ? unnamed
            : openat(directory.descriptor, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw directory.failure(name) }
    }

    deinit { abandon() }

    func write(_ bytes: [UInt8]) async throws(StorageError) {
        try await directory.lane.run("export") { [file, directory, name] _ throws(StorageError) in
            var at = 0
            while at < bytes.count {
                let count = bytes[at...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                if count < 0 { throw directory.failure(name) }
                at += count
            }
        }
    }

    /// Makes the file durable and gives it its name.
    ///
    /// Throws `conflict` when the name is taken and `replacing` is false; the
    /// check and the naming are one step, so nothing made meanwhile is lost.
    func commit(replacing: Bool) async throws(StorageError) {
        try await directory.lane.run("export") { [self] _ throws(StorageError) in
            guard fsync(file) == 0 else { throw directory.failure(name) }
            if !isNamed, !replacing {
                // The name is given in one step, which fails where it is taken.
                guard giveName(name) else { throw errno == EEXIST ? directory.taken(name) : directory.failure(name) }
            } else {
                if !isNamed, !giveName(temporary) { throw directory.failure(name) }
                try directory.requireReplaceable(name)
                if let mode = directory.mode(of: name) { fchmod(file, mode) }
                try rename(replacing: replacing)
            }
            close()
            guard fsync(directory.descriptor) == 0 else { throw directory.failure(name) }
        }
    }

    /// Gives the open file without a name one.
    private func giveName(_ name: String) -> Bool {
        linkat(AT_FDCWD, "/proc/self/fd/\(file)", directory.descriptor, name, AT_SYMLINK_FOLLOW) == 0
    }

    private func rename(replacing: Bool) throws(StorageError) {
        if !replacing {
            if linkat(directory.descriptor, temporary, directory.descriptor, name, 0) == 0 {
                unlinkat(directory.descriptor, temporary, 0)
                return
            }
            // Some file systems have no hard links; there the check comes just before.
            guard errno != EEXIST, !directory.holds(name) else { throw directory.taken(name) }
        }
        guard renameat(directory.descriptor, temporary, directory.descriptor, name) == 0 else {
            throw directory.failure(name)
        }
    }

    /// Removes what was written so far; does nothing after `commit`.
    func abandon() {
        guard close() else { return }
        unlinkat(directory.descriptor, temporary, 0)
    }

    @discardableResult
    private func close() -> Bool {
        isOpen.withLock { isOpen in
            guard isOpen else { return false }
            Glibc.close(file)
            isOpen = false
            return true
        }
    }
}
