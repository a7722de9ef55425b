internal import StoredRecords

/// The objects of a memory engine, ordered by name.
struct MemoryObjects {
    private struct Entry {
        var bytes: StoredBytes
        var modified: Timestamp
        var version: Int
        var attributes: [String: String]
    }

    private var entries: [ObjectKey: Entry] = [:]
    /// The keys of `entries` in order.
    private var order: [ObjectKey] = []
    private var lastVersion = 0

    func info(_ key: ObjectKey) -> ObjectInfo? {
        entries[key].map {
            ObjectInfo(key: key, size: Int64($0.bytes.count), modified: $0.modified, tag: "v\($0.version)")
        }
    }

    func object(_ key: ObjectKey, range: Range<Int64>?) -> StoredObject? {
        guard let entry = entries[key], let info = info(key) else { return nil }
        guard let range else { return StoredObject(info: info, bytes: entry.bytes, attributes: entry.attributes) }
        let part = range.clamped(to: 0..<info.size)
        return StoredObject(
            info: info, bytes: StoredBytes(entry.bytes.slice(Int(part.lowerBound)..<Int(part.upperBound))),
            attributes: entry.attributes)
    }

    mutating func put(
        _ key: ObjectKey, _ bytes: StoredBytes, _ time: Timestamp, _ attributes: [String: String]
    ) -> ObjectInfo {
        lastVersion += 1
        let entry = Entry(bytes: bytes, modified: time, version: lastVersion, attributes: attributes)
        if entries.updateValue(entry, forKey: key) == nil {
            order.insert(key, at: order.firstPosition { $0 >= key })
        }
        return ObjectInfo(key: key, size: Int64(bytes.count), modified: time, tag: "v\(lastVersion)")
    }

    mutating func remove(_ key: ObjectKey) {
        guard entries.removeValue(forKey: key) != nil else { return }
        order.remove(at: order.firstPosition { $0 >= key })
    }

    func page(_ listing: ObjectListing) -> ObjectPage {
        let prefix = listing.prefix
        var at = order.firstPosition { $0 >= prefix }
        if let after = listing.after { at = max(at, order.firstPosition { $0 > after }) }
        var found: [ObjectEntry] = []
        while at < order.count, order[at].hasPrefix(prefix) {
            var entry: ObjectEntry?
            if listing.isDelimited,
                let slash = order[at].bytes[prefix.bytes.count...].firstIndex(of: UInt8(ascii: "/"))
            {
                let group = ObjectKey(bytes: Array(order[at].bytes[...slash]))
                if listing.after.map({ group > $0 }) ?? true { entry = .prefix(group) }
                at = order.firstPosition { $0 > group && !$0.hasPrefix(group) }
            } else {
                entry = info(order[at]).map { .object($0) }
                at += 1
            }
            guard let entry else { continue }
            if found.count == listing.limit { return ObjectPage(entries: found, next: found.last?.key) }
            found.append(entry)
        }
        return ObjectPage(entries: found)
    }
}
