internal import EngineCore
internal import Glibc
internal import StoredRecords

/// The files below one root directory, reached part by part so that no
/// symbolic link inside can lead out of it.
///
/// The root is opened anew for each call: a directory that was replaced under
/// the same path is seen at once.
struct FileTree: Sendable {
    /// Absolute, so that a later change of the working directory does not matter.
    let root: String

    /// What a caller's key means: the directories to it and its last part.
    struct Path {
        let directories: [FileName]
        let name: FileName

        init(_ key: ObjectKey) {
            let parts = FileTree.parts(key)
            directories = Array(parts.dropLast())
            name = parts.last ?? FileName([])
        }
    }

    static func parts(_ key: ObjectKey) -> [FileName] {
        key.bytes.split(separator: UInt8(ascii: "/")).map { FileName($0) }
    }

    /// A key's last part.
    static func name(_ key: ObjectKey) -> FileName { FileName(key.lastPart.bytes) }

    /// The path of a key for error texts.
    func place(_ key: ObjectKey) -> String {
        if key.bytes.isEmpty { return root }
        return root.hasSuffix("/") ? root + key.description : root + "/" + key.description
    }

    func openRoot(_ operation: String) throws(StorageError) -> Descriptor {
        let number = retrying { open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else {
            let code = errno
            if code == ENOTDIR {
                throw StorageError(
                    .invalid, operation: operation, place: root, reason: "it is not a directory",
                    vendorCode: Int(code))
            }
            throw StorageError.posix(code, operation, place: root)
        }
        return Descriptor(number: number)
    }

    /// The directory that the parts lead to; `nil` when there is none.
    func openDirectory(_ parts: [FileName], _ operation: String, place: String) throws(StorageError) -> Descriptor? {
        var directory = try openRoot(operation)
        for part in parts {
            guard let next = try Self.openDirectory(part, in: directory, operation, place: place) else { return nil }
            directory = next
        }
        return directory
    }

    /// The directory of this name; `nil` when there is none.
    static func openDirectory(
        _ name: FileName, in parent: borrowing Descriptor, _ operation: String, place: String
    ) throws(StorageError) -> Descriptor? {
        let parentNumber = parent.number
        let number = name.withPointer { path in
            retrying { openat(parentNumber, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        }
        if number >= 0 { return Descriptor(number: number) }
        let code = errno
        switch code {
        case ENOENT, ENAMETOOLONG: return nil
        case ENOTDIR, ELOOP:
            if FileStatus(in: parent, name)?.kind == .link {
                throw StorageError.linkRefused(operation, place: place)
            }
            return nil
        default: throw StorageError.posix(code, operation, place: place)
        }
    }

    /// The status of an object; `nil` when there is none of this name.
    ///
    /// A link or a special file is refused; a directory is no object.
    static func status(
        _ name: FileName, in directory: borrowing Descriptor, _ operation: String, place: String
    ) throws(StorageError) -> FileStatus? {
        if TemporaryName.matches(name) { return nil }
        guard let status = FileStatus(in: directory, name) else {
            let code = errno
            if code == ENOENT || code == ENAMETOOLONG || code == ENOTDIR { return nil }
            throw StorageError.posix(code, operation, place: place)
        }
        switch status.kind {
        case .regular: return status
        case .directory: return nil
        case .link: throw StorageError.linkRefused(operation, place: place)
        case .special: throw StorageError.specialFile(operation, place: place)
        }
    }

    /// Waits until a file's bytes, or a directory's names, are on the disk.
    static func sync(_ file: borrowing Descriptor, _ operation: String, place: String) throws(StorageError) {
        let number = file.number
        guard retrying({ fsync(number) }) == 0 else {
            // A file system that cannot do it says EINVAL, and there is no more to be done.
            if errno == EINVAL || errno == EROFS { return }
            throw StorageError.posix(errno, operation, place: place)
        }
    }
}
