internal import EngineCore
internal import StoredRecords

/// The indexes' documents as strings: `PREFIX KEY :state`, `PREFIX KEY :search`.
struct IndexKeys: IndexShelf {
    /// What stands between prefix and suffix.
    typealias Address = [UInt8]

    let engine: any KeyspaceEngine
    let prefix: String

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }

    func label(_ part: IndexPart) -> String { "the \(part.rawValue) key" }

    private static func suffix(_ part: IndexPart) -> [UInt8] { Array(":\(part.rawValue)".utf8) }

    func storedKey(_ part: IndexPart, _ address: Address) -> StoredKey {
        StoredKey(bytes: Array(prefix.utf8) + address + Self.suffix(part))
    }

    // MARK: Finding

    private static let scanCount = 1000

    /// Everything behind the prefix; letters with a meaning in patterns are escaped.
    private var pattern: String {
        var pattern = ""
        for character in prefix.unicodeScalars {
            if "*?[]\\^-".unicodeScalars.contains(character) { pattern += "\\" }
            pattern.unicodeScalars.append(character)
        }
        return pattern + "*"
    }

    private func address(_ key: StoredKey) -> Address? {
        let prefix = Array(prefix.utf8)
        guard key.bytes.starts(with: prefix) else { return nil }
        for part in IndexPart.allCases {
            let suffix = Self.suffix(part)
            guard key.bytes.count > prefix.count + suffix.count, key.bytes.suffix(suffix.count).elementsEqual(suffix)
            else { continue }
            return Array(key.bytes[prefix.count..<(key.bytes.count - suffix.count)])
        }
        return nil
    }

    /// Whether one of the keys is of the format.
    func holdsDocument(_ keys: [StoredKey]) -> Bool { keys.contains { address($0) != nil } }

    func entries() async throws(StorageError) -> (entries: [Entry], notes: [String]) {
        var addresses: Set<Address> = []
        var cursor: KeyCursor?
        repeat {
            let page = try await engine.scan(pattern, after: cursor, count: Self.scanCount)
            addresses.formUnion(page.keys.compactMap(address))
            cursor = page.next
            try requireNotCancelled("list indexes", place: place)
        } while cursor != nil
        return (try await entries(Array(addresses)).compactMap(\.self), [])
    }

    func entry(_ key: String) async throws(StorageError) -> Entry? {
        let address = ObjectKey(description: key).bytes
        return address.isEmpty ? nil : try await entries([address])[0]
    }

    private func entries(_ addresses: [Address]) async throws(StorageError) -> [Entry?] {
        let parts = IndexPart.allCases
        var entries: [Entry?] = []
        var at = 0
        while at < addresses.count {
            let batch = addresses[at..<min(at + Self.scanCount, addresses.count)]
            let infos = try await engine.describe(batch.flatMap { address in parts.map { storedKey($0, address) } })
            for (index, address) in batch.enumerated() {
                var entry = Entry(key: ObjectKey(bytes: address).description, address: address)
                for (offset, part) in parts.enumerated() {
                    guard let info = infos[index * parts.count + offset] else { continue }
                    entry[part] = Self.piece(info)
                    if let left = info.timeToLive {
                        entry.notes.append("\(label(part)) expires in \(left.components.seconds) s")
                    }
                }
                entries.append(entry.parts.isEmpty ? nil : entry)
            }
            at = batch.endIndex
        }
        return entries
    }

    private static func piece(_ info: KeyInfo) -> IndexPiece {
        guard info.type == .string else {
            return IndexPiece(
                size: nil, tag: "\(info.type.rawValue).\(info.size)",
                problem: "holds a \(info.type.rawValue), not a string")
        }
        return IndexPiece(size: Int64(info.size), tag: "string.\(info.size)")
    }

    // MARK: Reading and writing

    func read(
        _ part: IndexPart, of entries: [Entry]
    ) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        entries.isEmpty ? [] : try await engine.strings(entries.map { storedKey(part, $0.address) })
    }

    func read(
        _ part: IndexPart, of entry: Entry, range: Range<Int64>
    ) async throws(StorageError) -> StoredBytes? {
        try await engine.string(storedKey(part, entry.address), range: range)
    }

    /// The document by which the tool lists an index is written last and goes first.
    func write(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError) {
        let address = Array(key.utf8)
        try await commit([
            .setExpiring(storedKey(.search, address), search, nil), .setExpiring(storedKey(.state, address), full, nil),
        ])
    }

    func remove(_ entry: Entry) async throws(StorageError) {
        try await commit(entry.parts.map { .delete(storedKey($0, entry.address)) })
    }

    /// Together where the engine can, else one after another.
    private func commit(_ changes: [KeyChange]) async throws(StorageError) {
        for group in engine.capabilities.hasTransactions ? [changes] : changes.map({ [$0] }) {
            try await engine.commit(group, expecting: [])
        }
    }

    /// Size alone does not tell a changed string; the documents' ends are taken in.
    func revision(of entry: Entry) async throws(StorageError) -> String {
        var hash = ContentHash()
        for part in entry.parts {
            guard let piece = entry[part], piece.problem == nil, let size = piece.size else { continue }
            let key = storedKey(part, entry.address)
            for range in [0..<min(size, 256), max(0, size - 256)..<size] {
                hash.add(try await engine.string(key, range: range)?.array ?? [])
            }
        }
        return "\(entry.revision).\(hash.text)"
    }
}
