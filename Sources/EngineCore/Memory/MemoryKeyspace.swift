internal import StoredRecords

/// The keys of a memory engine and their values, ordered by name.
struct MemoryKeyspace {
    private struct Entry {
        var value: MemoryKeyspaceEngine.Value
        /// When the key goes, by the engine's clock.
        var expiry: Duration?
    }

    private var entries: [StoredKey: Entry] = [:]
    /// The keys of `entries` in order.
    private var order: [StoredKey] = []

    var count: Int { entries.count }

    /// Removes what has outlived its time.
    mutating func expire(at moment: Duration) {
        for (key, entry) in entries {
            if let expiry = entry.expiry, expiry <= moment { remove(key) }
        }
    }

    mutating func put(_ key: StoredKey, _ value: MemoryKeyspaceEngine.Value, expiry: Duration?) {
        if entries.updateValue(Entry(value: value, expiry: expiry), forKey: key) == nil {
            order.insert(key, at: order.firstPosition { $0 >= key })
        }
    }

    mutating func remove(_ key: StoredKey) {
        guard entries.removeValue(forKey: key) != nil else { return }
        order.remove(at: order.firstPosition { $0 >= key })
    }

    /// The next `count` keys in name order.
    func keys(after: StoredKey?, count: Int) -> (keys: [StoredKey], next: StoredKey?) {
        let rest = order[order.firstPosition { key in after.map { $0 < key } ?? true }...]
        let keys = Array(rest.prefix(max(1, count)))
        return (keys, keys.count < rest.count ? keys.last : nil)
    }

    func info(_ key: StoredKey, at moment: Duration) -> KeyInfo? {
        guard let entry = entries[key] else { return nil }
        let life = entry.expiry.map { $0 - moment }
        return switch entry.value {
        case .string(let bytes): KeyInfo(type: .string, size: bytes.count, timeToLive: life)
        case .set(let members): KeyInfo(type: .set, size: members.count, timeToLive: life)
        case .list(let items): KeyInfo(type: .list, size: items.count, timeToLive: life)
        case .hash(let fields): KeyInfo(type: .hash, size: fields.count, timeToLive: life)
        case .sortedSet(let members): KeyInfo(type: .sortedSet, size: members.count, timeToLive: life)
        case .stream(let entries): KeyInfo(type: .stream, size: entries, timeToLive: life)
        }
    }

    func string(_ key: StoredKey, place: String) throws(StorageError) -> StoredBytes? {
        switch entries[key]?.value {
        case nil: return nil
        case .string(let bytes): return bytes
        default: throw Self.wrongType("read \(key)", place: place, wanted: "a string")
        }
    }

    /// The members of a set; none when the key is not there.
    func set(_ key: StoredKey, operation: String, place: String) throws(StorageError) -> Set<[UInt8]> {
        switch entries[key]?.value {
        case nil: return []
        case .set(let members): return members
        default: throw Self.wrongType(operation, place: place, wanted: "a set")
        }
    }

    func holds(_ expectation: KeyExpectation) -> Bool {
        switch expectation {
        case .absent(let key): return entries[key] == nil
        case .string(let key, let bytes): return entries[key]?.value == .string(bytes)
        case .member(let key, let member):
            if case .set(let members) = entries[key]?.value { return members.contains(member) }
            return false
        case .notMember(let key, let member):
            if case .set(let members) = entries[key]?.value { return !members.contains(member) }
            return entries[key] == nil
        }
    }

    mutating func apply(_ change: KeyChange, at moment: Duration, place: String) throws(StorageError) {
        switch change {
        case .set(let key, let bytes): put(key, .string(bytes), expiry: entries[key]?.expiry)
        case .setExpiring(let key, let bytes, let life):
            if let life, life <= .zero {
                throw StorageError(
                    .invalid, operation: "write \(key)", place: place, reason: "its life would be over at once")
            }
            put(key, .string(bytes), expiry: life.map { moment + $0 })
        case .delete(let key): remove(key)
        case .addMember(let key, let member):
            var members = try set(key, operation: "add to \(key)", place: place)
            members.insert(member)
            put(key, .set(members), expiry: entries[key]?.expiry)
        case .removeMember(let key, let member):
            guard entries[key] != nil else { return }
            var members = try set(key, operation: "remove from \(key)", place: place)
            members.remove(member)
            // A set without members does not exist.
            if members.isEmpty { remove(key) } else { put(key, .set(members), expiry: entries[key]?.expiry) }
        }
    }

    private static func wrongType(_ operation: String, place: String, wanted: String) -> StorageError {
        StorageError(
            .corrupt, operation: operation, place: place, reason: "the key does not hold \(wanted)")
    }
}
