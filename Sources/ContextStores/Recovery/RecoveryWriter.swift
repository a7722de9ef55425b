internal import Glibc
internal import StoredLayouts
internal import StoredRecords
internal import Synchronization

/// Writes the items of one entry; holds the entry's lock until it goes.
final class RecoveryWriter: RecoveryRecorder {
    let entry: RecoverySummary
    private let path: String
    private let directory: String
    private let file: Int32
    private let maximumBytes: Int64
    private let state: Mutex<State>

    private struct State {
        var buffer: [UInt8] = []
        var checksum = Checksum()
        var shape: RecoveryCoding.RowShape?
        var items: UInt64 = 0
        var bytes: Int64 = 0
        var isSealed = false
    }

    private static let bufferSize = 1 << 18
    private var operation: String { "write a recovery entry" }

    init(entry: RecoverySummary, directory: String, maximumBytes: Int64) throws(StorageError) {
        self.entry = entry
        self.directory = directory
        self.maximumBytes = maximumBytes
        path = directory + "/items"
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PosixFile.failure("write a recovery entry", path) }
        state = Mutex(State())
        flock(file, LOCK_EX | LOCK_NB)
        try state.withLock { state throws(StorageError) in
            state.buffer = RecoveryCoding.magic
        }
    }

    deinit { PosixFile.unlockAndClose(file) }

    /// Lets the entry be opened for settling by this same process.
    func unlock() { flock(file, LOCK_UN) }

    /// Whether the entry became durable: then, and only then, the store may have changed.
    var isSealed: Bool { state.withLock { $0.isSealed } }

    func record(_ item: RecoveryItem) throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            let (head, bodies) = RecoveryCoding.encode(item, after: &state.shape)
            let length = head.count + bodies.reduce(0) { $0 + $1.count }
            state.bytes += Int64(length) + 8
            guard state.bytes <= maximumBytes else {
                throw StorageError(
                    .full, operation: operation, place: directory,
                    reason: "the change removes more than the \(maximumBytes) bytes one entry may hold",
                    help: "raise recovery.maxEntryBytes in the configuration")
            }
            append(length: length, to: &state)
            state.buffer += head
            for body in bodies { try write(body, &state) }
            state.items += 1
            if state.buffer.count >= Self.bufferSize { try flush(&state) }
        }
    }

    func seal() throws(StorageError) {
        try state.withLock { state throws(StorageError) in
            guard !state.isSealed else { return }
            try flush(&state)
            let end = RecoveryCoding.endFrame(items: state.items, checksum: state.checksum.value)
            append(length: end.count, to: &state)
            state.buffer += end
            try flush(&state)
            if fsync(file) != 0 { throw PosixFile.failure(operation, path) }
            var sealed = entry
            sealed.state = .sealed
            try PosixFile.replace(
                directory + "/entry.json", with: RecoveryHeader.encode(sealed), operation: operation)
            try PosixFile.synchronizeDirectory(of: directory, operation: operation)
            state.isSealed = true
        }
    }

    private func append(length: Int, to state: inout State) {
        withUnsafeBytes(of: UInt64(length).littleEndian) { state.buffer += $0 }
    }

    /// A large value goes straight to the file, without a copy in between.
    private func write(_ body: StoredBytes, _ state: inout State) throws(StorageError) {
        if body.count < Self.bufferSize {
            body.withBytes { state.buffer += $0 }
            return
        }
        try flush(&state)
        var problem: StorageError?
        body.withBytes { bytes in
            state.checksum.add(bytes)
            do throws(StorageError) {
                try PosixFile.writeAll(file, bytes, operation: operation, path: path)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
    }

    private func flush(_ state: inout State) throws(StorageError) {
        guard !state.buffer.isEmpty else { return }
        var problem: StorageError?
        state.buffer.withUnsafeBytes { bytes in
            state.checksum.add(bytes)
            do throws(StorageError) {
                try PosixFile.writeAll(file, bytes, operation: operation, path: path)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        state.buffer.removeAll(keepingCapacity: true)
    }
}
