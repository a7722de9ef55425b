public import EngineCore
public import StoredRecords

/// The keys of one Redis database, or of a whole Redis cluster.
///
/// Keys are found by `SCAN`, never `KEYS`; what is asked of many keys goes in
/// few round trips. A broken idle connection is opened again; a change is
/// never sent twice. A server that stops in the middle of a commit has made
/// all of it or nothing, and the error says that it is not known which.
///
/// In a cluster, commands follow the keys from server to server, and a scan
/// visits every primary server. A key that a cluster moves while it is scanned
/// may be missed. `hasTransactions` is then false: see `commit`.
public final class RedisEngine: KeyspaceEngine {
    /// Commands under way at once: short replies, and replies that may be large.
    private static let manyShort = 2048
    private static let manyLarge = 256

    public let place: String
    public let capabilities: EngineCapabilities

    /// Listing, reading of values and writing do not wait for each other.
    private let lists: RedisSession
    private let values: RedisSession
    private let writes: RedisSession

    /// Connects and finds out what the server is and allows.
    ///
    /// Throws `unavailable` when nothing answers, `denied` when the server
    /// refuses who we are, `notFound` for a database it does not have, `failed`
    /// when its certificate is not trusted.
    public init(_ location: RedisLocation, options: EngineOptions = EngineOptions()) async throws(StorageError) {
        place = location.description
        lists = RedisSession(location: location, deadline: options.deadline)
        values = RedisSession(location: location, deadline: options.deadline)
        writes = RedisSession(location: location, deadline: options.deadline)
        let found: (isCluster: Bool, write: Availability)
        do throws(StorageError) {
            found = try await lists.run("open the database") { router, job throws(StorageError) in
                try router.prepare("open the database")
                // Also shows that the server answers commands at all.
                let write = try RedisPermissions.mayWrite(router, job, "open the database")
                return (router.slots != nil, write)
            }
        } catch {
            await lists.close(isPatient: false)
            throw error
        }
        capabilities = EngineCapabilities(
            family: .keys, write: options.readOnly ? .readOnly : found.write, hasTransactions: !found.isCluster)
    }

    /// Opens the location that the URL names; see `RedisLocation`.
    public convenience init(url: String, options: EngineOptions = EngineOptions()) async throws(StorageError) {
        try await self.init(RedisLocation(url), options: options)
    }

    public func scan(_ pattern: String, after cursor: KeyCursor?, count: Int) async throws(StorageError) -> KeyPage {
        try await lists.run("scan keys") { router, job throws(StorageError) in
            try RedisScan(pattern: pattern, count: max(1, count), operation: "scan keys")
                .page(after: cursor, router, job)
        }
    }

    public func keyCount() async throws(StorageError) -> Int? {
        try await lists.run("count keys") { router, _ throws(StorageError) in
            try router.prepare("count keys")
            let servers = router.slots?.servers.map(\.node) ?? [router.address]
            var count = 0
            for server in servers {
                let replies = try router.exchange(
                    [RedisCommand("DBSIZE")], with: server, mayRepeat: true, "count keys")
                guard let number = replies[0].integer else { return nil }
                count += Int(number)
            }
            return count
        }
    }

    public func describe(_ keys: [StoredKey]) async throws(StorageError) -> [KeyInfo?] {
        let operation = "look up \(keys.count) keys"
        return try await lists.run(operation) { router, job throws(StorageError) in
            try RedisDescription.describe(keys, router, window: Self.manyShort, job, operation)
        }
    }

    public func strings(_ keys: [StoredKey]) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        let operation = keys.count == 1 ? "read \(keys[0])" : "read \(keys.count) keys"
        return try await values.run(operation) { [place] router, job throws(StorageError) in
            let replies = try router.send(
                keys.map { RedisCommand("GET", key: $0) }, window: Self.manyLarge, job, operation)
            return zip(keys, replies).map { key, reply in
                switch reply {
                case .string(let bytes): .success(bytes)
                case .null: .success(nil)
                case .error(let error): .failure(error.error("read \(key)", place: place))
                default: .failure(RedisScan.unexpected("read \(key)", place: place))
                }
            }
        }
    }

    public func string(_ key: StoredKey, range: Range<Int64>) async throws(StorageError) -> StoredBytes? {
        let operation = "read \(key)"
        return try await values.run(operation) { [place] router, job throws(StorageError) in
            // Redis counts both ends, and from the end where they are negative.
            let range = range.clamped(to: 0..<Int64.max)
            let (first, last) = range.isEmpty ? (1, 0) : (range.lowerBound, range.upperBound - 1)
            let replies = try router.send(
                [
                    RedisCommand("EXISTS", key: key),
                    RedisCommand("GETRANGE", key: key, Array(String(first).utf8), Array(String(last).utf8)),
                ], window: 2, job, operation)
            if let error = replies[1].error ?? replies[0].error { throw error.error(operation, place: place) }
            return replies[0].integer == 0 ? nil : replies[1].bytes
        }
    }

    public func members(
        _ key: StoredKey, after cursor: KeyCursor?, count: Int
    ) async throws(StorageError) -> MemberPage {
        let operation = "read \(key)"
        return try await lists.run(operation) { [place] router, job throws(StorageError) in
            let position = try RedisScan.position(cursor?.text ?? "0", operation, place: place)
            let command = RedisCommand(
                "SSCAN", key: key, Array(position.utf8), Array("COUNT".utf8), Array(String(max(1, count)).utf8))
            let replies = try router.send([command], window: 1, job, operation)
            let (members, next) = try RedisScan.parts(replies[0], operation, place: place)
            return MemberPage(members: members, next: next.map { KeyCursor($0) })
        }
    }

    public func sizes(_ keys: [StoredKey]) async throws(StorageError) -> [Int?] {
        let operation = "look up \(keys.count) keys"
        return try await lists.run(operation) { router, job throws(StorageError) in
            try router.send(keys.map { RedisCommand("STRLEN", key: $0) }, window: Self.manyShort, job, operation)
                .map { $0.integer.map { Int($0) } }
        }
    }

    public func isMember(_ key: StoredKey, _ members: [[UInt8]]) async throws(StorageError) -> [Bool] {
        let operation = "read \(key)"
        return try await lists.run(operation) { [place] router, job throws(StorageError) in
            // One command asks for many; servers before 6.2 know only the other.
            let runs = stride(from: 0, to: members.count, by: Self.manyShort).map {
                Array(members[$0..<min(members.count, $0 + Self.manyShort)])
            }
            let together = try router.send(
                runs.map { RedisCommand("SMISMEMBER", key: key, $0) }, window: 2, job, operation)
            let answers = together.compactMap { reply -> [RedisReply]? in
                if case .array(let items) = reply { items } else { nil }
            }
            if answers.count == runs.count { return answers.joined().map { $0.integer == 1 } }
            let replies = try router.send(
                members.map { RedisCommand("SISMEMBER", key: key, $0) }, window: Self.manyShort, job, operation)
            if let error = replies.lazy.compactMap(\.error).first { throw error.error(operation, place: place) }
            return replies.map { $0.integer == 1 }
        }
    }

    /// Makes the changes in one `MULTI` under `WATCH`, on the server that has the keys.
    ///
    /// In a cluster, one `MULTI` reaches the keys of one slot only. Changes to
    /// several slots are accepted where no order of events can lose anything:
    /// all strings and what is expected of them are of one slot, and in the
    /// others members are only added to or taken out of sets. Then the strings
    /// are changed first, under `WATCH`, and the sets right after; a crash
    /// between the two leaves a set that names what is gone or does not name
    /// what is there. Anything else throws `unsupported` before a change is
    /// made; a common `{tag}` in the keys' names keeps them in one slot.
    public func commit(_ changes: [KeyChange], expecting: [KeyExpectation]) async throws(StorageError) {
        let operation = "change \(changes.count) keys"
        try requireWritable(operation)
        try await writes.run(operation) { router, job throws(StorageError) in
            let commit = RedisCommit(changes: changes, expectations: expecting, operation: operation)
            try commit.run(router, job)
        }
    }

    public func close() async {
        await lists.close(isPatient: false)
        await values.close(isPatient: false)
        await writes.close(isPatient: true)
    }
}
