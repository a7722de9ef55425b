public import StoredRecords
internal import Synchronization

/// Objects in memory: what each call of the family means, without a disk.
public final class MemoryObjectEngine: ObjectEngine {
    /// The objects, which several engines may share.
    private final class Storage: Sendable {
        let objects = Mutex(MemoryObjects())
    }

    public let place: String
    public let capabilities: EngineCapabilities
    private let now: @Sendable () -> Timestamp
    private let storage: Storage
    private let isClosed = Atomic(false)

    /// - Parameter now: The modification time of what is written.
    public convenience init(
        place: String = "memory", options: EngineOptions = EngineOptions(),
        now: @escaping @Sendable () -> Timestamp = { Timestamp(seconds: 0) }
    ) {
        self.init(place: place, options: options, now: now, storage: Storage())
    }

    private init(
        place: String, options: EngineOptions, now: @escaping @Sendable () -> Timestamp, storage: Storage
    ) {
        self.place = place
        self.now = now
        self.storage = storage
        capabilities = EngineCapabilities(family: .objects, write: options.write, hasConditionalWrite: true)
    }

    /// Another engine on the same objects, as a second program would open them.
    public func another(options: EngineOptions = EngineOptions()) -> MemoryObjectEngine {
        MemoryObjectEngine(place: place, options: options, now: now, storage: storage)
    }

    /// Puts an object there whatever the engine's mode: the content it starts with.
    public func seed(_ key: ObjectKey, _ bytes: StoredBytes, attributes: [String: String] = [:]) {
        let time = now()
        storage.objects.withLock { _ = $0.put(key, bytes, time, attributes) }
    }

    public func list(_ listing: ObjectListing) async throws(StorageError) -> ObjectPage {
        let operation = "list objects"
        try listing.prefix.requireValidPrefix(operation, place: place)
        return try locked(operation) { objects throws(StorageError) in objects.page(listing) }
    }

    public func stat(_ key: ObjectKey) async throws(StorageError) -> ObjectInfo? {
        try key.requireValid("look up \(key)", place: place)
        return try locked("look up \(key)") { objects throws(StorageError) in objects.info(key) }
    }

    public func read(_ key: ObjectKey, range: Range<Int64>?) async throws(StorageError) -> StoredObject? {
        try key.requireValid("read \(key)", place: place)
        return try locked("read \(key)") { objects throws(StorageError) in objects.object(key, range: range) }
    }

    public func readMany(_ keys: [ObjectKey]) async throws(StorageError) -> [Result<StoredObject?, StorageError>] {
        try locked("read \(keys.count) objects") { [place] objects throws(StorageError) in
            keys.map { key in
                if let problem = key.problem {
                    return .failure(StorageError(.invalid, operation: "read \(key)", place: place, reason: problem))
                }
                return .success(objects.object(key, range: nil))
            }
        }
    }

    @discardableResult
    public func write(_ write: ObjectWrite) async throws(StorageError) -> ObjectInfo {
        let operation = "write \(write.key)"
        try requireWritable(operation)
        try write.key.requireValid(operation, place: place)
        let time = now()
        return try locked(operation) { [place] objects throws(StorageError) in
            let current = objects.info(write.key)
            switch write.condition {
            case .none: break
            case .ifAbsent:
                if current != nil { throw StorageError.objectExists(operation, place: place) }
            case .ifUnchanged(let tag):
                if current?.tag != tag { throw StorageError.objectChanged(operation, place: place) }
            }
            return objects.put(write.key, write.bytes, time, write.attributes)
        }
    }

    public func delete(_ keys: [ObjectKey], pruning: ObjectKey?) async throws(StorageError) -> [ObjectDeletion] {
        let operation = "delete \(keys.count) objects"
        try requireWritable(operation)
        return try locked(operation) { [place] objects throws(StorageError) in
            keys.map { key in
                if let problem = key.problem {
                    return ObjectDeletion(
                        key: key,
                        failure: StorageError(.invalid, operation: "delete \(key)", place: place, reason: problem))
                }
                objects.remove(key)
                return ObjectDeletion(key: key)
            }
        }
    }

    public func close() async {
        isClosed.store(true, ordering: .relaxed)
    }

    private func locked<T: Sendable>(
        _ operation: String, _ body: (inout MemoryObjects) throws(StorageError) -> T
    ) throws(StorageError) -> T {
        if Task.isCancelled {
            throw StorageError.cancelled(operation, place: place)
        }
        if isClosed.load(ordering: .relaxed) { throw StorageError.closed(operation, place: place) }
        return try storage.objects.withLock { objects throws(StorageError) in try body(&objects) }
    }
}
