internal import Glibc
internal import StoredLayouts
internal import StoredRecords

/// Reads the items of a sealed entry; one that is opened for work holds the entry's lock until it goes.
final class RecoveryReader: RecoveryEntry {
    let entry: RecoverySummary
    private let file: Int32
    private let bytes: StoredBytes
    private let path: String

    var record: RecordID { entry.record }
    var request: ChangeRequest { entry.request }

    /// Throws `busy` while another process works on the entry, and `corrupt`
    /// when any byte of it is not what was written.
    /// - Parameter onlyLooks: takes no lock: a sealed entry is never written
    ///   again, and what is mapped outlives its removal.
    init(entry: RecoverySummary, directory: String, onlyLooks: Bool = false) throws(StorageError) {
        self.entry = entry
        path = directory + "/items"
        let operation = "open recovery entry \(entry.id)"
        file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw PosixFile.failure(operation, path) }
        guard onlyLooks || flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw StorageError(
                .busy, operation: operation, place: path, reason: "another ctxbrowse works on it",
                help: "try again when it is done")
        }
        do throws(StorageError) {
            bytes = try Self.map(file, operation: operation, path: path)
        } catch {
            close(file)
            throw error
        }
        try verify()
    }

    deinit { PosixFile.unlockAndClose(file) }

    func items(
        _ receive: (RecoveryItem) throws(StorageError) -> StreamControl
    ) throws(StorageError) {
        var at = RecoveryCoding.magic.count
        var shape: RecoveryCoding.RowShape?
        while let frame = frame(at: at), let content = RecoveryCoding.decode(frame, of: bytes, after: &shape) {
            guard case .item(let item) = content else { return }
            if try receive(item) == .stop { return }
            at = frame.upperBound
        }
    }

    /// Whether the change was made to rows; else to objects or keys.
    func holdsRows() throws(StorageError) -> Bool {
        var holdsRows = false
        try items { item in
            switch item {
            case .fact: return .more
            case .row, .updatedRow: holdsRows = true
            case .object, .attributes, .key, .member: break
            }
            return .stop
        }
        return holdsRows
    }

    private func verify() throws(StorageError) {
        let magic = RecoveryCoding.magic
        guard bytes.slice(0..<magic.count) == magic else { throw damage }
        var at = magic.count
        var items: UInt64 = 0
        var shape: RecoveryCoding.RowShape?
        while let frame = frame(at: at), let content = RecoveryCoding.decode(frame, of: bytes, after: &shape) {
            if case .end(let count, let expected) = content {
                var checksum = Checksum()
                bytes.withBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[..<at])) }
                guard count == items, expected == checksum.value, frame.upperBound == bytes.count else { throw damage }
                return
            }
            items += 1
            at = frame.upperBound
        }
        throw damage
    }

    private var damage: StorageError {
        StorageError(
            .corrupt, operation: "open recovery entry \(entry.id)", place: path,
            reason: "the recovery entry is damaged", help: "nothing was changed; the file is left as it is")
    }

    private func frame(at offset: Int) -> Range<Int>? {
        guard offset + 8 <= bytes.count else { return nil }
        let length = bytes.withBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian }
        guard length <= UInt64(bytes.count - offset - 8) else { return nil }
        return offset + 8..<offset + 8 + Int(length)
    }

    private static func map(_ file: Int32, operation: String, path: String) throws(StorageError) -> StoredBytes {
        var info = stat()
        guard fstat(file, &info) == 0 else { throw PosixFile.failure(operation, path) }
        let size = Int(info.st_size)
        guard size > 0 else { return StoredBytes([]) }
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), memory != MAP_FAILED else {
            throw PosixFile.failure(operation, path)
        }
        return StoredBytes(mapping: UnsafeRawBufferPointer(start: memory, count: size)) { buffer in
            munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
        }
    }
}
