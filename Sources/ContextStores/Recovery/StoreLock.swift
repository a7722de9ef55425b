internal import EngineCore
internal import Glibc
internal import StoredRecords

/// Held by whoever changes a store, so that the processes of one user never
/// change one store at the same time.
///
/// The locks are open file description locks on single bytes of one file in
/// the state directory, each at the checksum of a place's real path. A holder
/// has its own place for itself and shares every directory above it, so a
/// store and a part of it opened by itself exclude each other. They end with
/// the process, however it ends.
final class StoreLock: Sendable {
    /// How long a change waits for that of another process.
    static let patience = Duration.seconds(60)

    /// `F_OFD_SETLK` of Linux, which its headers show only on demand.
    private static let setLock: Int32 = 37

    private let file: Int32

    private init(file: Int32) {
        self.file = file
    }

    deinit {
        release()
        close(file)
    }

    /// Waits until nobody else changes the source's store.
    ///
    /// Throws `busy` when that takes longer than the patience, `cancelled`
    /// when the task is.
    static func take(
        _ source: SourceSpec, journal: RecoveryJournal, patience: Duration = patience
    ) async throws(StorageError) -> StoreLock {
        let operation = "change \(source.displayLocation)"
        let path = journal.directory + ".lock"
        // What fails here is the journal, without which nothing is changed, and not the store.
        let keeping = "keep the recovery journal for a change of \(source.displayLocation)"
        try PosixFile.makeDirectory(journal.directory, operation: keeping)
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PosixFile.failure(keeping, path) }
        let lock = StoreLock(file: file)
        let clock = ContinuousClock()
        let end = clock.now + patience
        let places = try await places(of: source)
        for (index, place) in places.enumerated() {
            var pause = Duration.milliseconds(5)
            while try !lock.hold(place, alone: index == places.count - 1, keeping, path) {
                guard clock.now < end else {
                    throw StorageError(
                        .busy, operation: operation, place: "", reason: "another ctxbrowse is changing this store",
                        help: "try again when it is done")
                }
                do {
                    try await Task.sleep(for: pause)
                } catch {
                    throw StorageError(.cancelled, operation: operation, place: "", reason: "it was cancelled")
                }
                pause = min(pause * 2, .milliseconds(100))
            }
        }
        return lock
    }

    /// Lets others go on; what the lock was taken for must be over.
    func release() {
        var all = range(start: 0, length: 0, type: F_UNLCK)
        _ = fcntl(file, Self.setLock, &all)
    }

    /// Whether the lock on a place is held now; false while somebody else is in the way.
    private func hold(
        _ place: String, alone: Bool, _ operation: String, _ path: String
    ) throws(StorageError) -> Bool {
        var checksum = Checksum()
        var text = place
        text.withUTF8 { checksum.add(UnsafeRawBufferPointer($0)) }
        // Offsets are signed, and a lock must end before the greatest of them.
        var wanted = range(start: off_t(checksum.value >> 2), length: 1, type: alone ? F_WRLCK : F_RDLCK)
        if fcntl(file, Self.setLock, &wanted) == 0 { return true }
        guard errno == EAGAIN || errno == EACCES || errno == EINTR else { throw PosixFile.failure(operation, path) }
        return false
    }

    private func range(start: off_t, length: off_t, type: Int32) -> flock {
        var range = flock()
        range.l_type = Int16(type)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = start
        range.l_len = length
        return range
    }

    // MARK: Places

    /// The places to lock, from the outermost directory to the store itself.
    private static func places(of source: SourceSpec) async throws(StorageError) -> [String] {
        let path: String
        switch source.location {
        case .path(let own), .sqlite(let own):
            path = try await resolved(source.prefix.isEmpty ? own : own + "/" + source.prefix)
        // Nobody else reaches this process's memory.
        case .memory: return ["memory:\(getpid())"]
        case .server(let url):
            return (url.places + source.prefix.split(separator: "/").map(String.init)).reduce(into: []) {
                places, part in
                places.append(places.last.map { "\($0)/\(part)" } ?? part)
            }
        }
        var places: [String] = []
        var place = ""
        for part in path.split(separator: "/") {
            place += "/" + part
            places.append(place)
        }
        return places.isEmpty ? ["/"] : places
    }

    /// The path without links, as far as it exists.
    private static func resolved(_ path: String) async throws(StorageError) -> String {
        let lane = BlockingLane(place: path, deadline: .seconds(20))
        defer { lane.close() }
        return try await lane.run("look at the store") { _ throws(StorageError) in
            var existing = path[...]
            while !existing.isEmpty {
                if let real = realpath(String(existing), nil) {
                    defer { free(real) }
                    return String(cString: real) + path[existing.endIndex...]
                }
                existing = existing[..<(existing.lastIndex(of: "/") ?? existing.startIndex)]
            }
            return path
        }
    }
}
