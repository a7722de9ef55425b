internal import StoredRecords

extension ConnectorsLayout {
    public func save(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError) {
        guard let sanitized = IndexKey.sanitized(key) else {
            throw StorageError(
                .invalid, operation: "save index \(key)", place: shelf.place,
                reason: "nothing is left of the key when all but letters, digits, _ and - is taken out",
                help: "choose a key with a letter or digit")
        }
        try await shelf.write(sanitized, full: full, search: search)
    }

    public func loadState(_ key: String) async throws(StorageError) -> StoredBytes? {
        guard let bytes = try await load(.state, key) else { return nil }
        let operation = "load the state of index \(key)"
        let facts = IndexFacts(scanning: bytes)
        if let problem = facts.problem {
            throw StorageError(.corrupt, operation: operation, place: shelf.place, reason: "the document \(problem)")
        }
        guard facts.files != nil else {
            throw StorageError(
                .corrupt, operation: operation, place: shelf.place,
                reason: "the document has no blobs; it looks like a search state",
                help: "index the source again, or load the search document")
        }
        return bytes
    }

    public func loadSearch(_ key: String) async throws(StorageError) -> StoredBytes? {
        try await load(.search, key)
    }

    public func delete(_ key: String) async throws(StorageError) {
        guard let entry = try await stored(key) else { return }
        try await shelf.remove(entry)
    }

    public func list() async throws(StorageError) -> [String] {
        let keys = try await shelf.entries().entries.filter { $0.state != nil }.map(\.key)
        return keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func load(_ part: IndexPart, _ key: String) async throws(StorageError) -> StoredBytes? {
        guard let entry = try await stored(key), let piece = entry[part] else { return nil }
        if let problem = piece.problem {
            throw StorageError(
                .corrupt, operation: "load index \(key)", place: shelf.place,
                reason: "\(shelf.label(part)) \(problem)")
        }
        return try await shelf.read(part, of: entry)
    }

    /// The index under the key as it is listed, else under the sanitized key.
    private func stored(_ key: String) async throws(StorageError) -> Entry? {
        if let entry = try await shelf.entry(key) { return entry }
        guard let sanitized = IndexKey.sanitized(key), sanitized != key else { return nil }
        return try await shelf.entry(sanitized)
    }
}
