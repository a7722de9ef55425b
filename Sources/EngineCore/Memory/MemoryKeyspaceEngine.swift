public import StoredRecords
internal import Synchronization

/// Keys in memory: what each call of the family means, without a server.
public final class MemoryKeyspaceEngine: KeyspaceEngine {
    /// What a key can hold; the last four are only counted by `describe`.
    public enum Value: Sendable, Hashable {
        case string(StoredBytes)
        case set(Set<[UInt8]>)
        case list([[UInt8]])
        case hash([[UInt8]: [UInt8]])
        case sortedSet([[UInt8]: Double])
        case stream(entries: Int)
    }

    /// The keys, which several engines may share.
    private final class Storage: Sendable {
        let keyspace = Mutex(MemoryKeyspace())
    }

    public let place: String
    public let capabilities: EngineCapabilities
    private let now: @Sendable () -> Duration
    private let storage: Storage
    private let isClosed = Atomic(false)

    /// - Parameter now: The time by which keys expire, counted from any fixed moment.
    public convenience init(
        place: String = "memory", options: EngineOptions = EngineOptions(),
        now: @escaping @Sendable () -> Duration = MemoryKeyspaceEngine.timeSinceStart
    ) {
        self.init(place: place, options: options, now: now, storage: Storage())
    }

    private init(
        place: String, options: EngineOptions, now: @escaping @Sendable () -> Duration, storage: Storage
    ) {
        self.place = place
        self.now = now
        self.storage = storage
        capabilities = EngineCapabilities(family: .keys, write: options.write, hasTransactions: true)
    }

    /// Another engine on the same keys, as a second program would open them.
    public func another(options: EngineOptions = EngineOptions()) -> MemoryKeyspaceEngine {
        MemoryKeyspaceEngine(place: place, options: options, now: now, storage: storage)
    }

    private static let start = ContinuousClock.now

    /// The time since the first use, by a clock that never jumps.
    public static let timeSinceStart: @Sendable () -> Duration = { ContinuousClock.now - start }

    /// Puts a value there whatever the engine's mode: the content it starts with.
    public func seed(_ key: StoredKey, _ value: Value, timeToLive: Duration? = nil) {
        let moment = now()
        storage.keyspace.withLock {
            $0.expire(at: moment)
            $0.put(key, value, expiry: timeToLive.map { moment + $0 })
        }
    }

    public func scan(_ pattern: String, after cursor: KeyCursor?, count: Int) async throws(StorageError) -> KeyPage {
        let pattern = GlobPattern(pattern)
        return try locked("scan keys") { keyspace throws(StorageError) in
            let page = keyspace.keys(after: cursor.map { StoredKey(description: $0.text) }, count: count)
            return KeyPage(
                keys: page.keys.filter { pattern.matches($0.bytes) },
                next: page.next.map { KeyCursor($0.description) })
        }
    }

    public func keyCount() async throws(StorageError) -> Int? {
        try locked("count keys") { keyspace throws(StorageError) in keyspace.count }
    }

    public func describe(_ keys: [StoredKey]) async throws(StorageError) -> [KeyInfo?] {
        let moment = now()
        return try locked("look up \(keys.count) keys") { keyspace throws(StorageError) in
            keys.map { keyspace.info($0, at: moment) }
        }
    }

    public func strings(_ keys: [StoredKey]) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        try locked("read \(keys.count) keys") { [place] keyspace throws(StorageError) in
            keys.map { key in
                do throws(StorageError) {
                    return .success(try keyspace.string(key, place: place))
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    public func string(_ key: StoredKey, range: Range<Int64>) async throws(StorageError) -> StoredBytes? {
        try locked("read \(key)") { [place] keyspace throws(StorageError) in
            guard let bytes = try keyspace.string(key, place: place) else { return nil }
            let part = range.clamped(to: 0..<Int64(bytes.count))
            return StoredBytes(bytes.slice(Int(part.lowerBound)..<Int(part.upperBound)))
        }
    }

    public func members(
        _ key: StoredKey, after cursor: KeyCursor?, count: Int
    ) async throws(StorageError) -> MemberPage {
        try locked("read \(key)") { [place] keyspace throws(StorageError) in
            let after = cursor.map { StoredKey(description: $0.text).bytes }
            let all = try keyspace.set(key, operation: "read \(key)", place: place)
                .sorted { $0.lexicographicallyPrecedes($1) }
            let rest = all[
                all.firstPosition { member in after.map { $0.lexicographicallyPrecedes(member) } ?? true }...]
            let members = Array(rest.prefix(max(1, count)))
            let next = members.count < rest.count ? members.last : nil
            return MemberPage(members: members, next: next.map { KeyCursor(StoredKey(bytes: $0).description) })
        }
    }

    public func isMember(_ key: StoredKey, _ members: [[UInt8]]) async throws(StorageError) -> [Bool] {
        try locked("read \(key)") { [place] keyspace throws(StorageError) in
            let set = try keyspace.set(key, operation: "read \(key)", place: place)
            return members.map { set.contains($0) }
        }
    }

    public func commit(_ changes: [KeyChange], expecting: [KeyExpectation]) async throws(StorageError) {
        let operation = "change \(changes.count) keys"
        try requireWritable(operation)
        let moment = now()
        try locked(operation) { [place] keyspace throws(StorageError) in
            guard expecting.allSatisfy({ keyspace.holds($0) }) else {
                throw StorageError(
                    .conflict, operation: operation, place: place, reason: "the keys were changed meanwhile",
                    help: "load them again")
            }
            // A copy takes the changes, so that a failure in the middle leaves nothing behind.
            var changed = keyspace
            for change in changes { try changed.apply(change, at: moment, place: place) }
            keyspace = changed
        }
    }

    public func close() async {
        isClosed.store(true, ordering: .relaxed)
    }

    private func locked<T: Sendable>(
        _ operation: String, _ body: (inout MemoryKeyspace) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        if Task.isCancelled { throw StorageError.cancelled(operation, place: place) }
        let moment = now()
        if isClosed.load(ordering: .relaxed) { throw StorageError.closed(operation, place: place) }
        return try storage.keyspace.withLock { keyspace throws(StorageError) in
            keyspace.expire(at: moment)
            return try body(&keyspace)
        }
    }
}
