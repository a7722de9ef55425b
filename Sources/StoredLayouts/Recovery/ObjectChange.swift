internal import EngineCore
internal import StoredRecords

/// What a change does to one object.
struct ObjectChange: Sendable {
    enum Result: Sendable {
        /// The object is deleted.
        case absent
        /// - Parameter attributes: those of the object that comes back, by its
        ///   engine's names; `nil` to keep those of the object that is replaced.
        case bytes(StoredBytes, attributes: [String: String]? = nil)
        /// Made from an object as it was before the whole change, so that the
        /// new bytes of many objects never are in memory together.
        case derived(
            from: ObjectKey, tag: String, transform: @Sendable (StoredBytes) throws(StorageError) -> StoredBytes)
    }

    var key: ObjectKey
    /// The tag the object must still have; `nil` when it must not be there.
    var tag: String?
    var result: Result

    init(_ key: ObjectKey, tag: String?, result: Result) {
        self.key = key
        self.tag = tag
        self.result = result
    }

    static func delete(_ key: ObjectKey, tag: String) -> ObjectChange {
        ObjectChange(key, tag: tag, result: .absent)
    }

    static func create(_ key: ObjectKey, _ bytes: StoredBytes) -> ObjectChange {
        ObjectChange(key, tag: nil, result: .bytes(bytes))
    }

    var isDeletion: Bool {
        if case .absent = result { true } else { false }
    }

    /// The new object, made from those that are there before the change;
    /// `nil` for a deletion.
    ///
    /// An object keeps what its engine has beside the content, and one that is
    /// new takes it over from the one it is made from.
    /// - Parameter conflict: what to throw when the source has changed.
    func outcome(
        _ objects: [ObjectKey: StoredObject], orThrow conflict: (ObjectKey) -> StorageError
    ) throws(StorageError) -> (bytes: StoredBytes, attributes: [String: String])? {
        let replaced = objects[key]?.attributes
        switch result {
        case .absent: return nil
        case .bytes(let bytes, let attributes): return (bytes, attributes ?? replaced ?? [:])
        case .derived(let source, let tag, let transform):
            guard let object = objects[source], object.info.tag == tag else { throw conflict(source) }
            return (try transform(object.bytes), replaced ?? object.attributes)
        }
    }
}
