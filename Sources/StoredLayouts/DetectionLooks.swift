internal import EngineCore
internal import StoredRecords

/// What the questions of detection ask an object engine.
///
/// Where every look travels, one page of the root answers for all of them as
/// far as it goes, and no listing is asked for twice. Lives as long as one
/// detection.
final class DetectionLooks {
    let engine: any ObjectEngine
    /// The pages asked for so far, the root's among them where looks travel.
    private(set) var pages: [ObjectListing: ObjectPage] = [:]
    private let root: ObjectPage?

    init(_ engine: any ObjectEngine) async throws(StorageError) {
        self.engine = engine
        guard engine.capabilities.looksTravel else {
            root = nil
            return
        }
        let listing = Self.listing(.root)
        let page = try await engine.list(listing)
        root = page
        pages[listing] = page
    }

    private static func listing(_ prefix: ObjectKey) -> ObjectListing {
        ObjectListing(prefix: prefix, isDelimited: true, limit: IndexObjects.pageSize)
    }

    /// As the engine's own look; in any order.
    func look(_ prefix: ObjectKey, limit: Int) async throws(StorageError) -> [ObjectEntry] {
        guard let root else { return try await engine.look(prefix, limit: limit) }
        if isRuledOut(prefix) { return [] }
        if tells(prefix), !prefix.bytes.contains(UInt8(ascii: "/")) {
            return Array(root.entries.filter { $0.key.hasPrefix(prefix) }.prefix(limit))
        }
        let listing = Self.listing(prefix)
        if let page = pages[listing] { return Array(page.entries.prefix(limit)) }
        let page = try await engine.list(listing)
        pages[listing] = page
        return Array(page.entries.prefix(limit))
    }

    func read(_ key: ObjectKey, range: Range<Int64>? = nil) async throws(StorageError) -> StoredObject? {
        isRuledOut(key) ? nil : try await engine.read(key, range: range)
    }

    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        isRuledOut(key) ? nil : try await engine.stat(key)
    }

    /// Whether there is no object at all.
    func isEmpty() async throws(StorageError) -> Bool {
        if let root, root.next == nil, root.entries.isEmpty { return true }
        return try await engine.list(ObjectListing(limit: 1)).entries.isEmpty
    }

    /// Whether the root's page shows that no key begins like this.
    private func isRuledOut(_ key: ObjectKey) -> Bool {
        guard let root else { return false }
        let slash = UInt8(ascii: "/")
        let top = key.bytes.firstIndex(of: slash).map { ObjectKey(bytes: Array(key.bytes[...$0])) } ?? key
        return tells(top) && !root.entries.contains { $0.key.hasPrefix(top) }
    }

    /// Whether the root's page goes beyond all keys that begin like this.
    private func tells(_ beginning: ObjectKey) -> Bool {
        guard let root else { return false }
        return root.next.map { $0 > beginning && !$0.hasPrefix(beginning) } ?? true
    }
}
