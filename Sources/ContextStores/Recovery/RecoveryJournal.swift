internal import Glibc
public import StoredLayouts
public import StoredRecords

/// The journal from which a delete or a trim is undone, also after a restart.
///
/// One directory an entry below `recovery` in the state directory: `items`
/// holds what was removed byte for byte, `entry.json` says what it belongs to
/// and how far the change came. A process that works on an entry holds a lock
/// on it, so that another one never settles a change that is still under way.
public struct RecoveryJournal: Sendable {
    public let directory: String
    public let limits: RecoveryLimits
    private let clock: Clock

    public init(stateDirectory: String, limits: RecoveryLimits = RecoveryLimits(), clock: Clock = .system) {
        directory = stateDirectory + "/recovery"
        self.limits = limits
        self.clock = clock
    }

    /// Every readable entry, newest first; `unreadable` names the others.
    public func entries() throws(StorageError) -> (entries: [RecoverySummary], unreadable: [String]) {
        var entries: [RecoverySummary] = []
        var unreadable: [String] = []
        for name in try PosixFile.names(in: directory, operation: "list the recovery journal").reversed() {
            guard let entry = try summary(name) else {
                if !name.hasPrefix(".") { unreadable.append(name) }
                continue
            }
            entries.append(entry)
        }
        return (entries, unreadable)
    }

    /// The entry with this id; `nil` when there is none.
    public func summary(_ id: String) throws(StorageError) -> RecoverySummary? {
        guard Self.isEntryName(id) else { return nil }
        let operation = "read recovery entry \(id)"
        guard let header = try PosixFile.read(path(id, "entry.json"), operation: operation) else { return nil }
        return RecoveryHeader.decode(header, id: id, bytesOnDisk: size(path(id, "items")))
    }

    /// Begins an entry; it exists for others once its recorder is sealed.
    func begin(_ plan: ChangePlan, location: String, prefix: String) throws(StorageError) -> RecoveryWriter {
        let operation = "write a recovery entry"
        try PosixFile.makeDirectory(directory, operation: operation)
        let made = clock.now()
        let id = try makeEntryDirectory(made, operation: operation)
        let group: String? =
            switch plan.group {
            case nil: nil
            case .first: id
            case .of(let entry): entry
            }
        let entry = RecoverySummary(
            id: id, made: made, request: plan.request, record: plan.target.id, title: plan.target.title,
            location: location, prefix: prefix, dropped: plan.drops, unit: plan.unit, bytes: 0, state: .recording,
            group: group)
        do throws(StorageError) {
            try setState(.recording, of: entry)
            return try RecoveryWriter(
                entry: entry, directory: directory + "/" + id, maximumBytes: limits.maximumEntryBytes)
        } catch {
            try? PosixFile.removeFlatDirectory(directory + "/" + id, operation: operation)
            throw error
        }
    }

    /// Notes how far the entry's change has come.
    ///
    /// Durably where the store changes next. A crash may take back that a change
    /// has begun, when nothing has happened yet, or that it is done, which the
    /// settling at the next opening finds again.
    func setState(_ state: RecoverySummary.State, of entry: RecoverySummary) throws(StorageError) {
        var changed = entry
        changed.state = state
        let isDurable = state != .recording && state != .done
        try PosixFile.replace(
            path(entry.id, "entry.json"), with: RecoveryHeader.encode(changed),
            operation: "write recovery entry \(entry.id)", isDurable: isDurable)
    }

    /// Opens a sealed entry for settling or undoing; throws `busy` while
    /// another process works on it, `corrupt` when its items are damaged.
    func open(_ entry: RecoverySummary) throws(StorageError) -> RecoveryReader {
        try RecoveryReader(entry: entry, directory: directory + "/" + entry.id)
    }

    /// Opens a sealed entry only to show what it holds, whoever else works on it.
    func look(into entry: RecoverySummary) throws(StorageError) -> RecoveryReader {
        try RecoveryReader(entry: entry, directory: directory + "/" + entry.id, onlyLooks: true)
    }

    /// Whether no process is writing the entry any more.
    func isAbandoned(_ entry: RecoverySummary) throws(StorageError) -> Bool {
        let file = Glibc.open(path(entry.id, "items"), O_RDONLY | O_CLOEXEC)
        // Without items its writer stopped before it began, or is about to:
        // such an entry is given a minute.
        guard file >= 0 else { return entry.made.seconds < clock.now().seconds - 60 }
        defer { PosixFile.unlockAndClose(file) }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    /// Whether an entry holds rows rather than objects or keys, as its first items tell; `nil` when they do not.
    func beginsWithRows(_ id: String) -> Bool? {
        guard Self.isEntryName(id) else { return nil }
        let file = Glibc.open(path(id, "items"), O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var head = [UInt8](repeating: 0, count: 1 << 16)
        let count = head.withUnsafeMutableBytes { pread(file, $0.baseAddress, $0.count, 0) }
        return count > 0 ? RecoveryCoding.beginsWithRows(head.prefix(count)) : nil
    }

    func remove(_ id: String) throws(StorageError) {
        guard Self.isEntryName(id) else { return }
        try PosixFile.removeFlatDirectory(directory + "/" + id, operation: "remove recovery entry \(id)")
    }

    /// Removes entries past the age or size limit, oldest first, and says so.
    ///
    /// Only finished entries go; `newest` stays in any case, and so does what
    /// belongs to the same act on many records, which is undone as one.
    func prune(keeping newest: RecoverySummary) throws(StorageError) -> [String] {
        let others = try entries().entries.filter {
            $0.id != newest.id && ($0.state == .done || $0.state == .undone)
        }
        let finished = others.filter { newest.group == nil || $0.group != newest.group }
        let oldest = Timestamp(seconds: clock.now().seconds - Int64(limits.maximumAgeDays) * 86_400)
        var total = size(path(newest.id, "items")) + others.reduce(0) { $0 + $1.bytes }
        var aged = 0
        var displaced = 0
        for entry in finished.reversed() {
            let isAged = entry.made < oldest
            guard isAged || total > limits.maximumBytes else { continue }
            try remove(entry.id)
            total -= entry.bytes
            if isAged { aged += 1 } else { displaced += 1 }
        }
        var notes: [String] = []
        if aged > 0 {
            notes.append("removed \(aged) recovery entries older than \(limits.maximumAgeDays) days")
        }
        if displaced > 0 {
            notes.append("removed \(displaced) old recovery entries to keep the journal below its size limit")
        }
        return notes
    }

    private func makeEntryDirectory(_ made: Timestamp, operation: String) throws(StorageError) -> String {
        let parts = made.civil
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let day = "\(padded(parts.year, 4))\(padded(parts.month, 2))\(padded(parts.day, 2))"
        let time = "\(padded(parts.hour, 2))\(padded(parts.minute, 2))\(padded(parts.second, 2))"
        // The milliseconds and a counter keep entries of one second in order.
        let stem = "\(day)-\(time)-\(padded(Int64(made.nanoseconds / 1_000_000), 3))"
        for counter in 0..<1000 {
            let id = stem + padded(Int64(counter), 3)
            if mkdir(directory + "/" + id, 0o700) == 0 { return id }
            if errno != EEXIST { throw PosixFile.failure(operation, directory + "/" + id) }
        }
        throw StorageError(.failed, operation: operation, place: directory, reason: "too many entries at once")
    }

    /// Entry names come from the command line too: only digits and `-` reach a path.
    private static func isEntryName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "-") }
    }

    private func path(_ id: String, _ file: String) -> String { directory + "/" + id + "/" + file }

    private func size(_ path: String) -> Int64 {
        var info = stat()
        return stat(path, &info) == 0 ? Int64(info.st_size) : 0
    }
}

/// How much the journal may hold and for how long.
public struct RecoveryLimits: Sendable, Hashable {
    /// All entries together; older ones go first.
    public var maximumBytes: Int64
    /// One entry; a change that would need more is refused.
    public var maximumEntryBytes: Int64
    public var maximumAgeDays: Int

    public init(
        maximumBytes: Int64 = 4 << 30, maximumEntryBytes: Int64 = 2 << 30, maximumAgeDays: Int = 90
    ) {
        self.maximumBytes = maximumBytes
        self.maximumEntryBytes = min(maximumEntryBytes, maximumBytes)
        self.maximumAgeDays = maximumAgeDays
    }
}
