internal import CMappedFile
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Writes one file so that readers see its old bytes or its new ones.
///
/// The bytes go into a temporary file beside it, onto the disk, and only then
/// under its name. The condition of a replacement is checked right before;
/// file systems have no replacement that checks by itself, so a program that
/// writes in that very moment and without this library is not noticed.
struct FileWriting {
    let tree: FileTree
    let job: LaneJob
    let key: ObjectKey
    let condition: WriteCondition

    private var operation: String { "write \(key)" }
    private var place: String { tree.place(key) }

    func write(_ bytes: StoredBytes) throws(StorageError) -> ObjectInfo {
        let path = FileTree.Path(key)
        if TemporaryName.matches(path.name) {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the name is kept for temporary files")
        }
        if case .ifUnchanged = condition {
            // Nothing that is still unchanged can be below a directory that is not there.
            guard let directory = try tree.openDirectory(path.directories, operation, place: place) else {
                throw StorageError.objectChanged(operation, place: place)
            }
            return try write(bytes, to: path.name, in: directory)
        }
        return try write(bytes, to: path.name, in: try makeDirectory(path.directories))
    }

    private func write(
        _ bytes: StoredBytes, to name: FileName, in directory: borrowing Descriptor
    ) throws(StorageError) -> ObjectInfo {
        let replaced = try checkCondition(name, in: directory)
        let temporary = TemporaryName.make()
        let number = directory.number
        let opened = temporary.withPointer { path in
            // Until it has the mode of the file it replaces, nobody else may read it.
            retrying {
                openat(
                    number, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, replaced == nil ? 0o666 : 0o600)
            }
        }
        guard opened >= 0 else { throw StorageError.posix(errno, operation, place: place) }
        let file = Descriptor(number: opened)
        do throws(StorageError) {
            try fill(file, bytes)
            if let replaced { try takeOver(replaced, file) }
            try sync(file)
            try job.check(operation, place: place)
            try putInPlace(temporary, name, in: directory)
        } catch {
            _ = temporary.withPointer { unlinkat(number, $0, 0) }
            throw error
        }
        try sync(directory)
        guard let status = FileStatus(of: file) else { throw StorageError.posix(errno, operation, place: place) }
        return status.info(key)
    }

    /// The status of what is there now, if the condition allows a write.
    @discardableResult
    private func checkCondition(
        _ name: FileName, in directory: borrowing Descriptor
    ) throws(StorageError) -> FileStatus? {
        guard let status = FileStatus(in: directory, name) else {
            guard errno == ENOENT else { throw StorageError.posix(errno, operation, place: place) }
            if case .ifUnchanged = condition { throw StorageError.objectChanged(operation, place: place) }
            return nil
        }
        switch status.kind {
        case .regular: break
        case .link: throw StorageError.linkRefused(operation, place: place)
        case .directory: throw StorageError.posix(EISDIR, operation, place: place)
        case .special: throw StorageError.specialFile(operation, place: place)
        }
        switch condition {
        case .none: return status
        case .ifAbsent: throw StorageError.objectExists(operation, place: place)
        case .ifUnchanged(let tag):
            guard status.tag == tag else { throw StorageError.objectChanged(operation, place: place) }
            return status
        }
    }

    private func fill(_ file: borrowing Descriptor, _ bytes: StoredBytes) throws(StorageError) {
        let number = file.number
        var done = 0
        let total = bytes.count
        while done < total {
            try job.check(operation, place: place)
            let written = bytes.withBytes { buffer in
                let rest = buffer[done..<min(total, done + 1 << 20)]
                return retrying { Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count) }
            }
            guard written > 0 else {
                throw StorageError.posix(written == 0 ? ENOSPC : errno, operation, place: place)
            }
            done += written
        }
    }

    /// Gives the new file the owner and mode of the one it replaces.
    private func takeOver(_ replaced: FileStatus, _ file: borrowing Descriptor) throws(StorageError) {
        let number = file.number
        if let own = FileStatus(of: file), own.owner != replaced.owner || own.group != replaced.group {
            // Only root may give files away; without it the writer becomes the owner.
            _ = fchown(number, replaced.owner, replaced.group)
        }
        guard retrying({ fchmod(number, replaced.permissions) }) == 0 else {
            throw StorageError.posix(errno, operation, place: place)
        }
    }

    private func putInPlace(
        _ temporary: FileName, _ name: FileName, in directory: borrowing Descriptor
    ) throws(StorageError) {
        let number = directory.number
        let code: Int32
        if condition == .ifAbsent {
            code = temporary.withPointer { old in
                name.withPointer { new in ctx_rename_exclusively(number, old, new) }
            }
        } else {
            try checkCondition(name, in: directory)
            code = temporary.withPointer { old in
                name.withPointer { new in renameat(number, old, number, new) }
            }
        }
        if code == 0 { return }
        let reason = errno
        if reason == EEXIST { throw StorageError.objectExists(operation, place: place) }
        throw StorageError.posix(reason, operation, place: place)
    }

    /// The directory, with every missing one on the way made.
    private func makeDirectory(_ parts: [FileName]) throws(StorageError) -> Descriptor {
        var directory = try tree.openRoot(operation)
        for part in parts {
            if let next = try FileTree.openDirectory(part, in: directory, operation, place: place) {
                directory = next
                continue
            }
            let number = directory.number
            let code = part.withPointer { mkdirat(number, $0, 0o777) }
            if code != 0, errno != EEXIST { throw StorageError.posix(errno, operation, place: place) }
            if code == 0 { try sync(directory) }
            guard let next = try FileTree.openDirectory(part, in: directory, operation, place: place) else {
                throw StorageError(
                    .invalid, operation: operation, place: place, reason: "a part of the path is not a directory")
            }
            directory = next
        }
        return directory
    }

    private func sync(_ file: borrowing Descriptor) throws(StorageError) {
        let number = file.number
        guard retrying({ fsync(number) }) == 0 else {
            // A file system that cannot do it says EINVAL, and there is no more to be done.
            if errno == EINVAL || errno == EROFS { return }
            throw StorageError.posix(errno, operation, place: place)
        }
    }
}
