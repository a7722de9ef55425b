public import EngineCore
public import StoredRecords

/// MemexLLM's threads in a keyspace, as its documentation shows a Redis
/// storage: strings `thread:ID` that hold a thread's JSON each, and the set
/// `threads` of their ids.
///
/// On a keyspace in memory it is the same without a server. A thread's times
/// and message ids, which the documented form leaves out, are written behind
/// its fields and read where they are.
public struct MemexKeysLayout: RecordLayout, ThreadStore {
    public var name: String { MemexRowsLayout.layoutName }
    public let source: String
    public var kinds: [RecordKind] { [.thread] }
    public let maxMessages: Int?
    public internal(set) var isPossible = false

    let engine: any KeyspaceEngine
    let keys: MemexKeyNames
    let clock: Clock
    let discovery = MemexKeyDiscovery()

    public init(engine: any KeyspaceEngine, context: LayoutContext) {
        self.engine = engine
        source = context.source
        maxMessages = context.options.maxMessages
        clock = context.clock
        keys = MemexKeyNames(prefix: context.options.threadKeyPrefix, set: context.options.threadSetKey)
    }

    /// The layout when the set of ids is there or a thread's key comes up in a
    /// bounded part of the keyspace, or when that part cannot rule it out, see
    /// `isPossible`; also, named, when nothing is there yet.
    public static func detect(
        _ engine: any KeyspaceEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await KeysDetection.layouts(engine, context).filter { $0 is MemexKeysLayout }
    }

    /// Whether one of the keys is a thread's; of very many only some are looked at.
    func holdsThread(_ found: [StoredKey]) async throws(StorageError) -> Bool {
        let threads = Array(found.lazy.filter { keys.id($0) != nil }.prefix(20))
        guard !threads.isEmpty else { return false }
        return try await engine.describe(threads).contains { $0?.type == .string }
    }

    /// By key or size without reading a thread; by time only as far as the
    /// threads are small enough to be read for each page, else by key.
    public func capabilities(of kind: RecordKind) -> RecordCapabilities {
        guard kind == .thread else { return .none(kind, of: name) }
        let change = engine.capabilities.write
        return RecordCapabilities(
            delete: change, trim: change, write: change, sortFields: [.updated, .key, .bytes])
    }

    func error(
        _ kind: StorageError.Kind, _ operation: String, _ reason: String, help: String = ""
    ) -> StorageError {
        StorageError(kind, operation: operation, place: engine.place, reason: reason, help: help)
    }
}

/// The keys of the format.
struct MemexKeyNames: Sendable {
    let prefix: [UInt8]
    let set: StoredKey
    /// Everything behind the prefix; letters with a meaning in patterns are escaped.
    let pattern: String

    init(prefix: String, set: String) {
        self.prefix = Array(prefix.utf8)
        self.set = StoredKey(set)
        var pattern = ""
        for character in prefix.unicodeScalars {
            if "*?[]\\^-".unicodeScalars.contains(character) { pattern += "\\" }
            pattern.unicodeScalars.append(character)
        }
        self.pattern = pattern + "*"
    }

    func thread(_ id: [UInt8]) -> StoredKey { StoredKey(bytes: prefix + id) }

    /// The id a key is for; `nil` when it is not a thread's key.
    func id(_ key: StoredKey) -> [UInt8]? {
        guard key.bytes.starts(with: prefix), key != set else { return nil }
        return Array(key.bytes[prefix.count...])
    }
}
