public import StoredRecords

/// What every engine is, whatever its family.
///
/// An engine knows bytes, rows or keys and never a format. Every call honours
/// the engine's deadline, stops promptly when its task is cancelled, and in
/// read-only mode refuses to write before anything is touched.
public protocol StorageEngine: Sendable {
    /// Where it is, for people: a path or a location without credentials.
    var place: String { get }
    var capabilities: EngineCapabilities { get }
    /// Releases connections and threads; later calls fail with `unavailable`.
    func close() async
}

/// How an engine is opened.
public struct EngineOptions: Sendable, Hashable {
    /// Refuse every write.
    public var readOnly: Bool
    /// The longest any one call may take.
    public var deadline: Duration

    /// What the options alone allow.
    public var write: Availability { readOnly ? .readOnly : .available }

    public init(readOnly: Bool = false, deadline: Duration = .seconds(30)) {
        self.readOnly = readOnly
        self.deadline = deadline
    }
}

extension StorageEngine {
    /// Throws unless the engine may write.
    public func requireWritable(_ operation: String) throws(StorageError) {
        guard let reason = capabilities.write.reason else { return }
        throw StorageError(
            .readOnly, operation: operation, place: place, reason: reason,
            help: capabilities.write == .readOnly ? "open it without --read-only or \"readOnly\"" : "")
    }
}
