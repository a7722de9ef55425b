internal import CSQLite
internal import Glibc
internal import StoredRecords

/// The path of a database and what the file system says about it.
///
/// The file itself is never opened here: closing a descriptor of it would drop
/// the locks of every connection in this process.
struct DatabaseFile: Sendable {
    let path: String

    /// Which file it is and in which state.
    struct State: Sendable, Equatable {
        let device: UInt64
        let inode: UInt64
        let size: Int64
        let modified: [Int]

        init(_ raw: stat) {
            device = UInt64(raw.st_dev)
            inode = UInt64(raw.st_ino)
            size = Int64(raw.st_size)
            modified = [raw.st_mtim.tv_sec, raw.st_mtim.tv_nsec]
        }

        /// Whether it was not replaced under its name, whatever was written to it.
        func isSameFile(as other: State) -> Bool { device == other.device && inode == other.inode }
    }

    init(path: String, _ operation: String) throws(StorageError) {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw StorageError(.invalid, operation: operation, place: path, reason: "the path is empty or holds a NUL")
        }
        guard !path.hasPrefix("/") else {
            self.path = path
            return
        }
        guard let current = getcwd(nil, 0) else {
            throw SQLiteFailure(code: SQLITE_CANTOPEN, systemError: errno).error(operation, place: path)
        }
        defer { free(current) }
        self.path = String(cString: current) + "/" + path
    }

    /// The regular file there; `nil` when there is none.
    ///
    /// SQLite would wait for ever on a pipe and read a device.
    func state(_ operation: String) throws(StorageError) -> State? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let code = errno
            if code == ENOENT { return nil }
            throw SQLiteFailure(code: SQLITE_CANTOPEN, systemError: code).error(operation, place: path)
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return State(status)
        case S_IFDIR:
            throw StorageError(
                .invalid, operation: operation, place: path, reason: "it is a directory and not a database")
        default:
            throw StorageError(.invalid, operation: operation, place: path, reason: "it is not a regular file")
        }
    }

    /// The size of the file with this ending; `nil` when there is none.
    func size(_ ending: String) -> Int64? {
        var status = stat()
        guard stat(realPath + ending, &status) == 0 else { return nil }
        return Int64(status.st_size)
    }

    /// Removes the file with this ending.
    func remove(_ ending: String) {
        _ = unlink(realPath + ending)
    }

    /// Whether files can be made beside the database.
    var hasWritableDirectory: Bool {
        let path = realPath
        guard let slash = path.lastIndex(of: "/") else { return false }
        let directory = path[..<slash].isEmpty ? "/" : String(path[..<slash])
        return faccessat(AT_FDCWD, directory, W_OK | X_OK, AT_EACCESS) == 0
    }

    /// The path of the file itself, beside which SQLite keeps its own.
    ///
    /// Only a link in the place of the file leads elsewhere; links to
    /// directories need no following, which takes a call for each of them.
    private var realPath: String {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return path }
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    /// The name by which SQLite opens the file, as the URI it asks for:
    /// https://www.sqlite.org/uri.html
    func uri(mode: String) -> String {
        var text = "file:"
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"),
                UInt8(ascii: "."), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16)
                text += (digits.utf8.count == 1 ? "%0" : "%") + digits
            }
        }
        return text + "?mode=" + mode
    }
}
