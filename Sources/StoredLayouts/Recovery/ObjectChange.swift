internal import EngineCore
internal import StoredRecords

/// What a change does to one object.
struct ObjectChange: Sendable {
    enum Result: Sendable {
        /// The object is deleted.
        case absent
        case bytes(StoredBytes)
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
}
