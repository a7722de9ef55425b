internal import CMappedFile
internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Reads one file or a part of it.
struct FileReading {
    /// From here on a file is mapped and not copied.
    static let mappedSize: Int64 = 1 << 20

    private let tree: FileTree
    private let job: LaneJob
    private let directories: DirectoryOpener

    init(tree: FileTree, job: LaneJob) {
        self.tree = tree
        self.job = job
        directories = DirectoryOpener(tree)
    }

    func stat(_ key: ObjectKey) throws(StorageError) -> ObjectInfo? {
        let operation = "look up \(key)"
        let place = tree.root
        guard let directory = try directories.directory(of: key, operation, place: place) else { return nil }
        return try FileTree.status(FileTree.name(key), in: directory.descriptor, operation, place: place)?.info(key)
    }

    func read(_ key: ObjectKey, range: Range<Int64>?) throws(StorageError) -> StoredObject? {
        let operation = "read \(key)"
        let place = tree.root
        try job.check(operation, place: place)
        guard let file = try open(key, operation, place: place) else { return nil }
        guard let status = FileStatus(of: file) else { throw StorageError.posix(errno, operation, place: place) }
        guard status.kind == .regular else { throw StorageError.specialFile(operation, place: place) }
        let whole = 0..<max(0, status.size)
        let part = range.map { $0.clamped(to: whole) } ?? whole
        if Int64(part.count) >= Self.mappedSize, let bytes = map(file, part) {
            return object(status.info(key), bytes, status)
        }
        if range != nil {
            let bytes = try copy(file, from: part.lowerBound, limit: part.count, operation, place: place)
            return object(status.info(key), StoredBytes(bytes), status)
        }
        return try readWhole(file, key, operation, place: place)
    }

    /// Opens a regular file for reading; `nil` when there is none.
    private func open(_ key: ObjectKey, _ operation: String, place: String) throws(StorageError) -> Descriptor? {
        let name = FileTree.name(key)
        guard let directory = try directories.directory(of: key, operation, place: place),
            try FileTree.status(name, in: directory.descriptor, operation, place: place) != nil
        else { return nil }
        // Without waiting, in case the name has become a pipe since it was looked at.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let parent = directory.descriptor.number
        let number = name.withPointer { name in retrying { openat(parent, name, flags) } }
        if number >= 0 { return Descriptor(number: number) }
        let code = errno
        switch code {
        case ENOENT: return nil
        case ELOOP: throw StorageError.linkRefused(operation, place: place)
        default: throw StorageError.posix(code, operation, place: place)
        }
    }

    /// Reads until the file stood still meanwhile, so that the bytes are of one moment.
    ///
    /// A file that never stands still is read as far as it goes, with the tag
    /// of before: a write that expects it unchanged will not succeed.
    private func readWhole(
        _ file: borrowing Descriptor, _ key: ObjectKey, _ operation: String, place: String
    ) throws(StorageError) -> StoredObject {
        var attempts = 0
        while true {
            guard let before = FileStatus(of: file) else { throw StorageError.posix(errno, operation, place: place) }
            let bytes = try copy(file, from: 0, limit: nil, expecting: Int(before.size), operation, place: place)
            guard let after = FileStatus(of: file) else { throw StorageError.posix(errno, operation, place: place) }
            attempts += 1
            if before.tag == after.tag || attempts == 5 {
                var info = before.info(key)
                info.size = Int64(bytes.count)
                return object(info, StoredBytes(bytes), before)
            }
        }
    }

    private func object(_ info: ObjectInfo, _ bytes: StoredBytes, _ status: FileStatus) -> StoredObject {
        StoredObject(info: info, bytes: bytes, attributes: FileAttributes(status).named)
    }

    /// The bytes from `offset` to the end of the file or to `limit` of them.
    private func copy(
        _ file: borrowing Descriptor, from offset: Int64, limit: Int?, expecting: Int = 0, _ operation: String,
        place: String
    ) throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        let number = file.number
        // One byte more than expected, so that a file of the expected size takes two calls.
        var step = limit ?? (expecting + 1)
        while limit.map({ bytes.count < $0 }) ?? true {
            try job.check(operation, place: place)
            let wanted = min(max(step, 4096), (limit ?? .max) - bytes.count, 1 << 20)
            var code: Int32 = 0
            var got = 0
            let position = off_t(offset) + off_t(bytes.count)
            let chunk = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
                got = retrying { pread(number, buffer.baseAddress, wanted, position) }
                if got < 0 { code = errno }
                count = max(0, got)
            }
            if got < 0 { throw StorageError.posix(code, operation, place: place) }
            if got == 0 { break }
            if bytes.isEmpty { bytes = chunk } else { bytes += chunk }
            step -= got
        }
        return bytes
    }

    /// The part of the file as mapped memory; `nil` where it cannot be mapped.
    private func map(_ file: borrowing Descriptor, _ part: Range<Int64>) -> StoredBytes? {
        let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
        let start = part.lowerBound / page * page
        let length = Int(part.upperBound - start)
        guard let address = ctx_map_file(file.number, off_t(start), length) else { return nil }
        let inner = UnsafeRawBufferPointer(
            start: address + Int(part.lowerBound - start), count: Int(part.upperBound - part.lowerBound))
        let mapping = UInt(bitPattern: address)
        return StoredBytes(mapping: inner) { _ in
            if let address = UnsafeMutableRawPointer(bitPattern: mapping) { ctx_unmap_file(address, length) }
        }
    }
}
