public import StoredRecords

/// Stores code-search indexes the way context-connectors' `IndexStore` does.
public protocol IndexStore: Sendable {
    /// Writes both documents of an index.
    ///
    /// `key` is sanitized as the tool does it: every character outside
    /// `[a-zA-Z0-9_-]` becomes `_`, runs collapse, `_` at the ends goes; an
    /// empty result throws `invalid`. `.` names the index of the base itself.
    /// - Parameters:
    ///   - full: the JSON of `state.json`, with `blobs`.
    ///   - search: the JSON of `search.json`, without `blobs`.
    func save(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError)
    /// The full document; `nil` when there is none. Throws `corrupt` when it
    /// has no `blobs`, as it looks like a search document then.
    func loadState(_ key: String) async throws(StorageError) -> StoredBytes?
    func loadSearch(_ key: String) async throws(StorageError) -> StoredBytes?
    /// Removes both documents; an unknown key is no error.
    func delete(_ key: String) async throws(StorageError)
    /// The keys that have a full document, ascending.
    func list() async throws(StorageError) -> [String]
}
