internal import Glibc
internal import StoredRecords

/// The few file calls of the state directory: private modes, whole writes, errors in one form.
enum PosixFile {
    /// The path with its links followed; itself where nothing is there.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Creates the directory and its missing parents with mode 0700.
    static func makeDirectory(_ path: String, operation: String) throws(StorageError) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/" + part
            if mkdir(made, 0o700) != 0, errno != EEXIST { throw failure(operation, made) }
        }
    }

    /// Names in a directory without `.` and `..`, ascending; empty when there is no directory.
    static func names(in path: String, operation: String) throws(StorageError) -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure(operation, path)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The file's bytes; `nil` when it is not there. Throws `invalid` for what
    /// is no regular file, which might never end.
    static func read(_ path: String, operation: String) throws(StorageError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(operation, path)
        }
        defer { close(file) }
        var info = stat()
        guard fstat(file, &info) == 0 else { throw failure(operation, path) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.invalid, operation: operation, place: path, reason: "it is no regular file")
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure(operation, path) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    static func writeAll(
        _ file: Int32, _ bytes: UnsafeRawBufferPointer, operation: String, path: String
    ) throws(StorageError) {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let count = write(file, base, rest.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { throw failure(operation, path) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Replaces the file: readers see the old bytes or the new, also after a crash.
    /// - Parameters:
    ///   - isDurable: whether a crash after the call leaves the new ones.
    ///   - isShared: whether another process may do the same at this moment.
    ///   - mode: the permissions it is to have.
    static func replace(
        _ path: String, with bytes: [UInt8], operation: String, isDurable: Bool = true, isShared: Bool = false,
        mode: UInt32 = 0o600
    ) throws(StorageError) {
        let temporary = isShared ? "\(path).new-\(getpid())" : path + ".new"
        let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure(operation, temporary) }
        do throws(StorageError) {
            var problem: StorageError?
            bytes.withUnsafeBytes { buffer in
                do throws(StorageError) {
                    try writeAll(file, buffer, operation: operation, path: temporary)
                } catch {
                    problem = error
                }
            }
            if let problem { throw problem }
            if mode != 0o600, fchmod(file, mode) != 0 { throw failure(operation, temporary) }
            if fsync(file) != 0 { throw failure(operation, temporary) }
        } catch {
            close(file)
            unlink(temporary)
            throw error
        }
        close(file)
        if rename(temporary, path) != 0 {
            let failed = failure(operation, path)
            unlink(temporary)
            throw failed
        }
        if isDurable { try synchronizeDirectory(of: path, operation: operation) }
    }

    /// Makes the names in the file's directory durable.
    static func synchronizeDirectory(of path: String, operation: String) throws(StorageError) {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let file = open(directory.isEmpty ? "/" : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure(operation, directory) }
        defer { close(file) }
        if fsync(file) != 0 { throw failure(operation, directory) }
    }

    /// Removes a directory of plain files.
    static func removeFlatDirectory(_ path: String, operation: String) throws(StorageError) {
        for name in try names(in: path, operation: operation) {
            if unlink(path + "/" + name) != 0, errno != ENOENT { throw failure(operation, path + "/" + name) }
        }
        if rmdir(path) != 0, errno != ENOENT { throw failure(operation, path) }
    }

    /// The error of the last failed call.
    /// Ends the file's lock with it.
    ///
    /// Closing alone does not while a process that is being started still has
    /// the file: it has all that were open when it was made, until it becomes
    /// another program.
    static func unlockAndClose(_ file: Int32) {
        flock(file, LOCK_UN)
        close(file)
    }

    static func failure(_ operation: String, _ path: String) -> StorageError {
        let code = errno
        let kind: StorageError.Kind
        var help = ""
        switch code {
        case ENOENT: kind = .notFound
        case EACCES, EPERM, EROFS:
            kind = .denied
            help = "check the permissions"
        case ENOSPC, EDQUOT, EFBIG:
            kind = .full
            help = "free some space and try again; nothing was changed"
        default: kind = .failed
        }
        return StorageError(
            kind, operation: operation, place: path, reason: String(cString: strerror(code)), help: help,
            vendorCode: Int(code))
    }
}
