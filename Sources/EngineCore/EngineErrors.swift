public import StoredRecords

/// The sentences that every engine says in the same words.
extension StorageError {
    public static func closed(_ operation: String, place: String) -> StorageError {
        StorageError(
            .unavailable, operation: operation, place: place, reason: "the source is closed", help: "open it again")
    }

    public static func objectExists(_ operation: String, place: String) -> StorageError {
        StorageError(.conflict, operation: operation, place: place, reason: "there is already an object of this name")
    }

    public static func objectChanged(_ operation: String, place: String) -> StorageError {
        StorageError(
            .conflict, operation: operation, place: place, reason: "the object was changed or deleted meanwhile",
            help: "load it again")
    }

    public static func cancelled(_ operation: String, place: String) -> StorageError {
        StorageError(.cancelled, operation: operation, place: place, reason: "it was cancelled")
    }
}
