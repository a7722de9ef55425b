internal import EngineCore
internal import Glibc
public import StoredRecords
internal import Synchronization

/// An opened directory that exported files go to.
public final class ExportDirectory: Sendable {
    let descriptor: Int32
    let lane: BlockingLane
    /// As the user named it, for messages.
    public let path: String
    private let names = Mutex<[String: RecordID]>([:])

    /// Opens the directory, making its last part when it is missing.
    public convenience init(path: String) throws(StorageError) {
        let name = path.isEmpty ? "." : path
        if mkdir(name, 0o700) != 0, errno != EEXIST { throw Self.failure(name) }
        let descriptor = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(name) }
        self.init(descriptor: descriptor, path: name)
    }

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
        lane = BlockingLane(place: path, deadline: .seconds(600))
    }

    deinit {
        lane.close()
        close(descriptor)
    }

    /// The directory a file path lies in, which must be there, and the file's name.
    static func parent(ofFile path: String) throws(StorageError) -> (ExportDirectory, name: String) {
        let slash = path.lastIndex(of: "/")
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        var directory = slash.map { String(path[..<$0]) } ?? "."
        if directory.isEmpty { directory = "/" }
        guard !name.isEmpty, name != ".", name != ".." else {
            throw StorageError(
                .invalid, operation: "export to \(path)", place: "", reason: "it is no file name", help: "name a file")
        }
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(directory) }
        return (ExportDirectory(descriptor: descriptor, path: directory), name)
    }

    /// A directory directly below this one, made when it is missing; a link is not followed.
    func subdirectory(_ name: String) throws(StorageError) -> ExportDirectory {
        if mkdirat(descriptor, name, 0o700) != 0, errno != EEXIST { throw failure(name) }
        let below = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard below >= 0 else { throw failure(name) }
        return ExportDirectory(descriptor: below, path: Self.join(path, name))
    }

    /// A name for the record that no other record of this run was given.
    func name(for id: RecordID, ending: String) -> String {
        names.withLock { names in
            let wanted = ExportName.name(for: id, ending: ending)
            var name = wanted
            var number = 2
            while let owner = names[name], owner != id {
                name = ExportName.numbered(wanted, number)
                number += 1
            }
            names[name] = id
            return name
        }
    }

    /// Whether anything, a dangling link included, stands under the name.
    func holds(_ name: String) -> Bool {
        var info = stat()
        return fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Refuses a device, a pipe or a directory under the name: taking its name
    /// for a file would break whoever uses it.
    func requireReplaceable(_ name: String) throws(StorageError) {
        var info = stat()
        guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        guard info.st_mode & S_IFMT != S_IFREG else { return }
        guard info.st_mode & S_IFMT != S_IFLNK else {
            throw StorageError(
                .invalid, operation: "export to \(display(name))", place: "", reason: "it is a link",
                help: "name what it leads to, or - for standard output")
        }
        throw StorageError(
            .invalid, operation: "export to \(display(name))", place: "", reason: "it is there and no file",
            help: "name a file, or - for standard output")
    }

    /// Who may read and write the file of this name; `nil` when there is none.
    func mode(of name: String) -> mode_t? {
        var info = stat()
        guard fstatat(descriptor, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        return info.st_mode & 0o777
    }

    func display(_ name: String) -> String { Self.join(path, name) }

    func taken(_ name: String) -> StorageError {
        StorageError(
            .conflict, operation: "export to \(display(name))", place: "", reason: "the file is there already",
            help: "name another one or allow replacing it with --yes")
    }

    /// The error of the last failed call.
    func failure(_ name: String) -> StorageError { Self.failure(display(name), isOpen: true) }

    /// - Parameter isOpen: whether the directory is there, and only the file cannot be made.
    private static func failure(_ place: String, isOpen: Bool = false) -> StorageError {
        let code = errno
        let reason = String(cString: strerror(code)).lowercased()
        switch code {
        case ENOENT where isOpen:
            return StorageError(
                .denied, operation: "export to \(place)", place: "", reason: "no file can be made in that directory",
                help: "name another one", vendorCode: Int(code))
        case ENOENT:
            return StorageError(
                .notFound, operation: "export to \(place)", place: "", reason: "there is no such directory",
                help: "make it first", vendorCode: Int(code))
        case EACCES, EPERM:
            return StorageError(
                .denied, operation: "export to \(place)", place: "", reason: "the permission is missing",
                help: "name another place", vendorCode: Int(code))
        case ENOSPC, EDQUOT, EFBIG:
            return StorageError(
                .full, operation: "export to \(place)", place: "", reason: reason,
                help: "nothing was left there; free some space",
                vendorCode: Int(code))
        default:
            return StorageError(
                .failed, operation: "export to \(place)", place: "", reason: reason, vendorCode: Int(code))
        }
    }

    private static func join(_ path: String, _ name: String) -> String {
        if path == "." { return name }
        return path.hasSuffix("/") ? path + name : path + "/" + name
    }
}
