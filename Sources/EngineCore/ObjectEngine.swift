public import StoredRecords

/// Reaches named objects: files below a directory, a bucket's objects, memory.
public protocol ObjectEngine: StorageEngine {
    /// One page of the objects below a prefix, in byte order of their keys.
    ///
    /// With `isDelimited`, everything below the next `/` after the prefix is
    /// one `.prefix` entry whose key ends in `/`. A prefix that holds nothing
    /// gives an empty page, not an error.
    func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage

    /// Some of the entries that a delimited listing of the prefix gives, at
    /// most `limit` of them, in any order; for telling what a place holds.
    ///
    /// The look is short however much is stored: in a directory of very many
    /// entries it may miss what is there.
    func look(_ prefix: ObjectKey, limit: Int) async throws(StorageError) -> [ObjectEntry]

    /// What is known about an object without reading it; `nil` when it is not there.
    func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo?

    /// The object, or the part of it in `range` (clamped to its size); `nil`
    /// when it is not there.
    func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject?

    /// The objects in the order asked for, `nil` for each that is not there.
    /// An object that exists but cannot be read is a failure of its own.
    func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>]

    /// Writes the whole object at once: readers see the old bytes or the new
    /// ones, also after a crash.
    ///
    /// Throws `conflict` when the condition does not hold.
    @discardableResult
    func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo

    /// Writes the objects in order, each as `write` does, until one fails.
    ///
    /// An engine may make many durable together, which costs far less than
    /// each alone. After a crash any of them may be written, each wholly.
    func writeMany(_ writes: [ObjectWrite]) async -> ObjectWriteOutcome

    /// Deletes each object that is there; one that is not there is no failure.
    ///
    /// An engine with directories then removes those below `pruning`, itself
    /// included, that held a deleted object and are now empty; never the root.
    func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion]

    /// What an engine with directories has beside their names (mode, owner), in
    /// the form of `StoredObject.attributes`; of those that are there. A key
    /// ends in `/`.
    func directoryAttributes(_ directories: [ObjectKey]) async throws(StorageError) -> [ObjectKey: [String: String]]

    /// Makes the directory with these attributes, if it is not there and the engine has directories.
    func makeDirectory(_ directory: ObjectKey, _ attributes: [String: String]) async throws(StorageError)

    /// Removes what writes of processes that are gone left beside the objects
    /// of these directories. It is no object, so that a failure is nobody's loss.
    func removeLeftovers(in directories: [ObjectKey]) async
}

extension ObjectEngine {
    public func removeLeftovers(in directories: [ObjectKey]) async {}

    public func directoryAttributes(
        _ directories: [ObjectKey]
    ) async throws(StorageError) -> [ObjectKey: [String: String]] { [:] }

    public func makeDirectory(_ directory: ObjectKey, _ attributes: [String: String]) async throws(StorageError) {}

    public func read(_ key: ObjectKey) async throws(StorageError) -> StoredObject? {
        try await read(key, range: nil)
    }

    @discardableResult
    public func write(
        _ key: ObjectKey, _ bytes: StoredBytes, condition: WriteCondition = .none, contentType: String? = nil
    ) async throws(StorageError) -> ObjectInfo {
        try await write(
            ObjectWrite(
                key, bytes, condition: condition,
                attributes: contentType.map { [ObjectWrite.contentType: $0] } ?? [:]))
    }

    public func look(_ prefix: ObjectKey, limit: Int) async throws(StorageError) -> [ObjectEntry] {
        try await list(ObjectListing(prefix: prefix, isDelimited: true, limit: limit)).entries
    }

    public func writeMany(_ writes: [ObjectWrite]) async -> ObjectWriteOutcome {
        var outcome = ObjectWriteOutcome()
        for one in writes {
            do throws(StorageError) {
                outcome.written.append(try await write(one))
            } catch {
                outcome.failure = error
                break
            }
        }
        return outcome
    }

    /// Every entry below the prefix, page after page.
    public func listAll(
        _ prefix: ObjectKey, isDelimited: Bool = false
    ) async throws(StorageError) -> (entries: [ObjectEntry], notes: [String]) {
        var entries: [ObjectEntry] = []
        var notes: [String] = []
        var after: ObjectKey?
        repeat {
            let page = try await list(
                ObjectListing(prefix: prefix, isDelimited: isDelimited, after: after, limit: 10_000))
            entries += page.entries
            notes += page.notes
            after = page.next
        } while after != nil
        return (entries, notes)
    }
}

/// Which objects to list.
public struct ObjectListing: Sendable, Hashable {
    /// Byte prefix of the keys; empty or ending in `/` for a directory.
    public var prefix: ObjectKey
    public var isDelimited: Bool
    /// Only entries whose key is greater.
    public var after: ObjectKey?
    public var limit: Int

    public init(prefix: ObjectKey = .root, isDelimited: Bool = false, after: ObjectKey? = nil, limit: Int = 1000) {
        self.prefix = prefix
        self.isDelimited = isDelimited
        self.after = after
        self.limit = max(1, limit)
    }
}

public struct ObjectPage: Sendable, Hashable {
    public var entries: [ObjectEntry]
    /// The `after` of the next page; `nil` at the end.
    public var next: ObjectKey?
    /// What could not be listed: "no permission to read notes/".
    public var notes: [String]

    public init(entries: [ObjectEntry], next: ObjectKey? = nil, notes: [String] = []) {
        self.entries = entries
        self.next = next
        self.notes = notes
    }
}

public enum ObjectEntry: Sendable, Hashable {
    case object(ObjectInfo)
    /// A group of keys in a delimited listing; ends in `/`.
    case prefix(ObjectKey)

    public var key: ObjectKey {
        switch self {
        case .object(let info): info.key
        case .prefix(let key): key
        }
    }
}

public struct ObjectInfo: Sendable, Hashable {
    public var key: ObjectKey
    public var size: Int64
    public var modified: Timestamp?
    /// Changes whenever the object changes; compared, never interpreted.
    public var tag: String

    public init(key: ObjectKey, size: Int64, modified: Timestamp?, tag: String) {
        self.key = key
        self.size = size
        self.modified = modified
        self.tag = tag
    }
}

public struct StoredObject: Sendable, Hashable {
    public var info: ObjectInfo
    public var bytes: StoredBytes
    /// What the store keeps beside the content and a new writing would lose,
    /// under the engine's own names: a file's mode, the headers of an object
    /// of S3. Only its own engine understands it.
    public var attributes: [String: String]

    public init(info: ObjectInfo, bytes: StoredBytes, attributes: [String: String] = [:]) {
        self.info = info
        self.bytes = bytes
        self.attributes = attributes
    }
}

public enum WriteCondition: Sendable, Hashable {
    case none
    case ifAbsent
    /// Only when the object still has this tag.
    case ifUnchanged(String)
}

/// A whole object to be written.
public struct ObjectWrite: Sendable, Hashable {
    /// The attribute that every engine may be given: the media type of the content.
    public static let contentType = "content-type"

    public var key: ObjectKey
    public var bytes: StoredBytes
    public var condition: WriteCondition
    /// Those of a `StoredObject` of the same engine, for an object that is
    /// brought back or written anew. An engine passes over what it does not know.
    public var attributes: [String: String]

    public init(
        _ key: ObjectKey, _ bytes: StoredBytes, condition: WriteCondition = .none, attributes: [String: String] = [:]
    ) {
        self.key = key
        self.bytes = bytes
        self.condition = condition
        self.attributes = attributes
    }
}

/// What became of several writes.
public struct ObjectWriteOutcome: Sendable {
    /// What was written, in the order asked for: all, or those before the failure.
    public var written: [ObjectInfo]
    public var failure: StorageError?

    public init(written: [ObjectInfo] = [], failure: StorageError? = nil) {
        self.written = written
        self.failure = failure
    }
}

/// What became of one key of a delete.
public struct ObjectDeletion: Sendable, Hashable {
    public var key: ObjectKey
    /// `nil` when the object is gone now.
    public var failure: StorageError?

    public init(key: ObjectKey, failure: StorageError? = nil) {
        self.key = key
        self.failure = failure
    }
}
