public import StoredRecords

/// Reaches keys that hold typed values: Redis, or memory in its shape.
public protocol KeyspaceEngine: StorageEngine {
    /// Some keys that match the glob pattern (`*`, `?`, `[...]`, `\` escapes),
    /// and where to go on.
    ///
    /// A key may come twice while the keyspace changes; one that exists
    /// throughout a whole scan always comes.
    func scan(_ pattern: String, after cursor: KeyCursor?, count: Int) async throws(StorageError) -> KeyPage

    /// How many keys there are, those whose life has just ended included;
    /// `nil` where only a scan tells, as for a user who may not ask.
    func keyCount() async throws(StorageError) -> Int?

    /// Type, size and remaining life of each key, in one round trip; `nil`
    /// for a key that is not there.
    func describe(_ keys: [StoredKey]) async throws(StorageError) -> [KeyInfo?]

    /// The bytes of each string in one round trip; 0 also for a key that is
    /// not there, `nil` for one of another type or where only `describe` tells.
    func sizes(_ keys: [StoredKey]) async throws(StorageError) -> [Int?]

    /// The strings of these keys in one round trip; `nil` for a key that is
    /// not there, a failure for one of another type.
    func strings(_ keys: [StoredKey]) async throws(StorageError) -> [Result<StoredBytes?, StorageError>]

    /// The part of a string in `range`; `nil` when the key is not there.
    func string(_ key: StoredKey, range: Range<Int64>) async throws(StorageError) -> StoredBytes?

    /// Some members of a set and where to go on; empty when the key is not there.
    func members(_ key: StoredKey, after cursor: KeyCursor?, count: Int) async throws(StorageError) -> MemberPage

    /// Whether the set holds each of these members, in one round trip.
    func isMember(_ key: StoredKey, _ members: [[UInt8]]) async throws(StorageError) -> [Bool]

    /// Makes all changes together, if every expectation holds at that moment.
    ///
    /// Throws `conflict`, with nothing changed, when one does not.
    func commit(_ changes: [KeyChange], expecting: [KeyExpectation]) async throws(StorageError)
}

extension KeyspaceEngine {
    public func sizes(_ keys: [StoredKey]) async throws(StorageError) -> [Int?] {
        try await describe(keys).map { $0.map { $0.type == .string ? $0.size : nil } ?? 0 }
    }
}

/// A key's name: bytes, as Redis has it.
public struct StoredKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    public var bytes: [UInt8]

    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    public static func < (left: StoredKey, right: StoredKey) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// The name as text in the reversible form of `ObjectKey.description`.
    public var description: String { ObjectKey(bytes: bytes).description }

    public init(description: String) {
        bytes = ObjectKey(description: description).bytes
    }
}

/// Where a scan goes on; opaque outside the engine.
public struct KeyCursor: Sendable, Hashable {
    public var text: String

    public init(_ text: String) {
        self.text = text
    }
}

public struct KeyPage: Sendable, Hashable {
    public var keys: [StoredKey]
    public var next: KeyCursor?

    public init(keys: [StoredKey], next: KeyCursor?) {
        self.keys = keys
        self.next = next
    }
}

public struct MemberPage: Sendable, Hashable {
    public var members: [[UInt8]]
    public var next: KeyCursor?

    public init(members: [[UInt8]], next: KeyCursor?) {
        self.members = members
        self.next = next
    }
}

public enum KeyType: String, Sendable, Hashable {
    case string, set, list, hash, sortedSet, stream, other
}

public struct KeyInfo: Sendable, Hashable {
    public var type: KeyType
    /// Bytes of a string; number of members or entries of anything else.
    public var size: Int
    /// Time left before the key goes; `nil` when it stays.
    public var timeToLive: Duration?

    public init(type: KeyType, size: Int, timeToLive: Duration?) {
        self.type = type
        self.size = size
        self.timeToLive = timeToLive
    }
}

public enum KeyChange: Sendable, Hashable {
    /// Sets a string; a key that is there keeps its remaining life.
    case set(StoredKey, StoredBytes)
    /// Sets a string with a life of its own; `nil` means it stays.
    case setExpiring(StoredKey, StoredBytes, Duration?)
    case delete(StoredKey)
    case addMember(StoredKey, [UInt8])
    case removeMember(StoredKey, [UInt8])
}

public enum KeyExpectation: Sendable, Hashable {
    case absent(StoredKey)
    /// The string has exactly these bytes.
    case string(StoredKey, StoredBytes)
    case member(StoredKey, [UInt8])
    case notMember(StoredKey, [UInt8])
}
