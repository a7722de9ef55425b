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
    private let bytes: StoredBytes
    /// For a file that replaces none.
    private let attributes: FileAttributes?

    init(tree: FileTree, job: LaneJob, _ write: ObjectWrite) {
        self.tree = tree
        self.job = job
        key = write.key
        condition = write.condition
        bytes = write.bytes
        attributes = FileAttributes(write.attributes)
    }

    private var operation: String { "write \(key)" }
    private var place: String { tree.root }

    func write() throws(StorageError) -> ObjectInfo {
        let directory = try openDirectory()
        let filled = try fillTemporary(in: directory, isDurable: true)
        try putInPlace(filled, in: directory)
        try sync(directory)
        return info(filled, in: directory)
    }

    /// A file with the new bytes that does not have its name yet.
    struct Filled {
        let temporary: FileName
        let status: FileStatus
    }

    /// The directory the file goes to, made where the condition allows a new file.
    func openDirectory() throws(StorageError) -> Descriptor {
        try requireUsableName()
        let parts = FileTree.parts(key.parent)
        guard case .ifUnchanged = condition else { return try makeDirectory(parts) }
        // Nothing that is still unchanged can be below a directory that is not there.
        guard let directory = try tree.openDirectory(parts, operation, place: place) else {
            throw StorageError.objectChanged(operation, place: place)
        }
        return directory
    }

    func requireUsableName() throws(StorageError) {
        guard TemporaryName.matches(FileTree.name(key)) else { return }
        throw StorageError(
            .invalid, operation: operation, place: place, reason: "the name is kept for temporary files")
    }

    /// Writes the bytes beside the file, if the condition holds.
    /// - Parameter isDurable: whether they are on the disk afterwards; else
    ///   the caller sees to that before it puts the file in place.
    func fillTemporary(in directory: borrowing Descriptor, isDurable: Bool) throws(StorageError) -> Filled {
        let wanted = try checkCondition(FileTree.name(key), in: directory).map(FileAttributes.init) ?? attributes
        let temporary = TemporaryName.make()
        let number = directory.number
        let opened = temporary.withPointer { path in
            // Until it has the mode it shall have, nobody else may read it.
            retrying {
                openat(number, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, wanted == nil ? 0o666 : 0o600)
            }
        }
        guard opened >= 0 else { throw StorageError.posix(errno, operation, place: place) }
        let file = Descriptor(number: opened)
        do throws(StorageError) {
            try fill(file, bytes)
            if let wanted, !wanted.apply(to: file) { throw StorageError.posix(errno, operation, place: place) }
            if isDurable { try sync(file) }
            guard let status = FileStatus(of: file) else { throw StorageError.posix(errno, operation, place: place) }
            return Filled(temporary: temporary, status: status)
        } catch {
            Self.remove(temporary, in: directory)
            throw error
        }
    }

    /// Gives the file its name, if the condition still holds; removes it otherwise.
    func putInPlace(_ filled: Filled, in directory: borrowing Descriptor) throws(StorageError) {
        do throws(StorageError) {
            try job.check(operation, place: place)
            try putInPlace(filled.temporary, FileTree.name(key), in: directory)
        } catch {
            Self.remove(filled.temporary, in: directory)
            throw error
        }
    }

    /// What a listing says of the file that was put in place. Getting its name
    /// moved its times; a file of somebody else that has the name by now is not it.
    func info(_ filled: Filled, in directory: borrowing Descriptor) -> ObjectInfo {
        guard let status = FileStatus(in: directory, FileTree.name(key)), status.isSameFile(as: filled.status)
        else { return filled.status.info(key) }
        return status.info(key)
    }

    static func remove(_ temporary: FileName, in directory: borrowing Descriptor) {
        let number = directory.number
        _ = temporary.withPointer { unlinkat(number, $0, 0) }
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

    private func makeDirectory(_ parts: [FileName]) throws(StorageError) -> Descriptor {
        try Self.makeDirectory(parts, nil, in: tree, operation)
    }

    /// The directory, with every missing one on the way made.
    ///
    /// A new one is open to nobody to whom the one around it is not, and has
    /// its owner, so that the tool whose data comes back there can go on.
    /// - Parameter attributes: of the last one, if it is made, where they are known.
    @discardableResult
    static func makeDirectory(
        _ parts: [FileName], _ attributes: FileAttributes?, in tree: FileTree, _ operation: String
    ) throws(StorageError) -> Descriptor {
        let place = tree.root
        var directory = try tree.openRoot(operation)
        for (index, part) in parts.enumerated() {
            if let next = try FileTree.openDirectory(part, in: directory, operation, place: place) {
                directory = next
                continue
            }
            let number = directory.number
            let around = FileStatus(of: directory)
            let own = index == parts.count - 1 ? attributes : nil
            // One that gets its own mode below is nobody else's before.
            let mode = own == nil ? (around?.permissions ?? 0o777) & 0o777 : 0o700
            let code = part.withPointer { mkdirat(number, $0, mode) }
            if code != 0, errno != EEXIST { throw StorageError.posix(errno, operation, place: place) }
            guard let next = try FileTree.openDirectory(part, in: directory, operation, place: place) else {
                throw StorageError(
                    .invalid, operation: operation, place: place, reason: "a part of the path is not a directory")
            }
            if code == 0, let own {
                guard own.apply(to: next) else { throw StorageError.posix(errno, operation, place: place) }
            } else if code == 0, let around {
                FileAttributes(around).giveOwner(to: next)
            }
            // With its mode, so that no crash leaves it closed to its owner.
            if code == 0 { try FileTree.sync(directory, operation, place: place) }
            directory = next
        }
        return directory
    }

    private func sync(_ file: borrowing Descriptor) throws(StorageError) {
        try FileTree.sync(file, operation, place: place)
    }
}
