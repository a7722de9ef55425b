internal import EngineCore
internal import StoredRecords

/// Changes that one server can make together, and what is expected before them.
struct CommitPart: Sendable {
    private(set) var changes: [KeyChange] = []
    private(set) var expectations: [KeyExpectation] = []

    mutating func add(_ change: KeyChange) { changes.append(change) }
    mutating func add(_ expectation: KeyExpectation) { expectations.append(expectation) }

    /// The keys whose state decides whether the changes are made.
    var watched: [StoredKey] {
        var seen: Set<StoredKey> = []
        return (expectations.map(\.key) + setKeys).filter { seen.insert($0).inserted }
    }

    /// The sets that members are added to or taken out of, each once.
    private var setKeys: [StoredKey] {
        var seen: Set<StoredKey> = []
        return changes.compactMap { change in
            guard !change.isOfString, seen.insert(change.key).inserted else { return nil }
            return change.key
        }
    }

    /// Any command on one of the keys, to find their server by.
    var anyCommand: RedisCommand {
        (changes.first?.key ?? expectations.first?.key).map { RedisCommand("EXISTS", key: $0) }
            ?? RedisCommand("PING")
    }

    /// What `check` wants the answers to, in this order.
    var questions: [RedisCommand] {
        expectations.map { expectation in
            switch expectation {
            case .absent(let key): RedisCommand("EXISTS", key: key)
            case .string(let key, _): RedisCommand("GET", key: key)
            case .member(let key, let member), .notMember(let key, let member):
                RedisCommand("SISMEMBER", key: key, member)
            }
        } + setKeys.map { RedisCommand("TYPE", key: $0) }
    }

    /// Throws `conflict` when an expectation does not hold, and `corrupt` when
    /// a member would go into something that is no set: the server would make
    /// the other changes all the same.
    func check(_ replies: [RedisReply], _ operation: String, place: String) throws(StorageError) {
        let holds = zip(expectations, replies).allSatisfy { expectation, reply in
            switch expectation {
            case .absent: reply.integer == 0
            case .string(_, let bytes): reply.bytes == bytes
            case .member: reply.integer == 1
            case .notMember: reply.integer == 0
            }
        }
        guard holds else {
            throw StorageError(
                .conflict, operation: operation, place: place, reason: "the keys were changed meanwhile",
                help: "load them again")
        }
        var types: [StoredKey: String] = [:]
        for (key, reply) in zip(setKeys, replies[expectations.count...]) { types[key] = reply.text ?? "" }
        for change in changes {
            switch change {
            case .set(let key, _), .setExpiring(let key, _, _): types[key] = "string"
            case .delete(let key): types[key] = "none"
            case .addMember(let key, _), .removeMember(let key, _):
                guard let type = types[key], type == "set" || type == "none" else {
                    throw StorageError(
                        .corrupt, operation: "change the members of \(key)", place: place,
                        reason: "the key does not hold a set")
                }
                if case .addMember = change { types[key] = "set" }
            }
        }
    }

    var commands: [RedisCommand] {
        changes.map { change in
            switch change {
            case .set(let key, let bytes): RedisCommand(set: key, bytes, "KEEPTTL")
            case .setExpiring(let key, let bytes, nil): RedisCommand(set: key, bytes)
            case .setExpiring(let key, let bytes, let life?):
                RedisCommand(set: key, bytes, "PX", String(life.milliseconds))
            case .delete(let key): RedisCommand("DEL", key: key)
            case .addMember(let key, let member): RedisCommand("SADD", key: key, member)
            case .removeMember(let key, let member): RedisCommand("SREM", key: key, member)
            }
        }
    }
}

/// A commit by the servers that can make its parts.
struct CommitParts: Sendable {
    /// What one `MULTI` makes, if there is anything for one.
    private(set) var together: CommitPart?
    /// Changes of sets in other slots, which lose nothing when they come a moment later.
    private(set) var sets: [CommitPart] = []

    /// Throws `unsupported` for changes that a cluster cannot make together
    /// and that are not safe one after another.
    init(
        _ changes: [KeyChange], _ expectations: [KeyExpectation], slots: ClusterSlots?, _ operation: String,
        place: String
    ) throws(StorageError) {
        var parts: [Int: CommitPart] = [:]
        var order: [Int] = []
        func slot(_ key: StoredKey) -> Int {
            let slot = slots == nil ? 0 : ClusterSlots.slot(of: key.bytes)
            if parts[slot] == nil { order.append(slot) }
            return slot
        }
        for change in changes { parts[slot(change.key), default: CommitPart()].add(change) }
        for expectation in expectations { parts[slot(expectation.key), default: CommitPart()].add(expectation) }
        if order.count == 1 {
            together = parts[order[0]]
            return
        }
        for part in order.compactMap({ parts[$0] }) {
            if part.isOfSetsAlone {
                sets.append(part)
            } else if together == nil {
                together = part
            } else {
                throw StorageError(
                    .unsupported, operation: operation, place: place,
                    reason: "the keys are in different slots of the cluster, which cannot change them together",
                    help: "give the keys a common {tag} in their names")
            }
        }
    }
}

extension CommitPart {
    /// Whether members only come and go, and nothing is expected but about these.
    fileprivate var isOfSetsAlone: Bool {
        changes.allSatisfy { !$0.isOfString }
            && expectations.allSatisfy { expectation in
                switch expectation {
                case .absent, .string: false
                case .member(let key, let member): changes.contains(.removeMember(key, member))
                case .notMember(let key, let member): changes.contains(.addMember(key, member))
                }
            }
    }
}

extension KeyChange {
    var key: StoredKey {
        switch self {
        case .set(let key, _), .setExpiring(let key, _, _), .delete(let key), .addMember(let key, _),
            .removeMember(let key, _):
            key
        }
    }

    /// Whether the whole key changes, as against one member of a set.
    var isOfString: Bool {
        switch self {
        case .set, .setExpiring, .delete: true
        case .addMember, .removeMember: false
        }
    }
}

extension KeyExpectation {
    var key: StoredKey {
        switch self {
        case .absent(let key), .string(let key, _), .member(let key, _), .notMember(let key, _): key
        }
    }
}

extension Duration {
    /// Whole milliseconds, at least one.
    fileprivate var milliseconds: Int64 {
        let parts = components
        let (whole, isTooMuch) = parts.seconds.multipliedReportingOverflow(by: 1000)
        return isTooMuch ? Int64.max / 4 : max(1, whole + parts.attoseconds / 1_000_000_000_000_000)
    }
}
