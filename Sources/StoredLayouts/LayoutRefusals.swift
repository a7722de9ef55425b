internal import StoredRecords

extension RecordCapabilities {
    /// The capabilities of a kind that the layout does not hold.
    static func none(_ kind: RecordKind, of layout: String) -> RecordCapabilities {
        let reason = Availability.unavailable("\(layout) holds no \(kind.plural)")
        return RecordCapabilities(delete: reason, trim: reason, write: reason, sortFields: [])
    }
}

extension LayoutOptions {
    /// Whether a layout of this name is looked for.
    func wants(_ name: String) -> Bool { layouts.isEmpty || layouts.contains(name) }
}

extension RecordLayout {
    /// Throws `unsupported` unless records of this kind can be sorted so.
    func requireSort(_ query: RecordQuery, place: String) throws(StorageError) {
        guard kinds.contains(query.kind) else { return }
        let fields = capabilities(of: query.kind).sortFields
        guard !fields.contains(query.sort.field) else { return }
        throw StorageError(
            .unsupported, operation: "list \(query.kind.plural)", place: place,
            reason: "they cannot be sorted by \(query.sort.field.rawValue)",
            help: "sort by \(fields.map(\.rawValue).joined(separator: ", "))")
    }

    func notFound(_ kind: RecordKind, _ key: String, operation: String, place: String) -> StorageError {
        StorageError(.notFound, operation: operation, place: place, reason: "there is no \(kind.rawValue) \(key)")
    }

    func noMessages(of kind: RecordKind, place: String) -> StorageError {
        StorageError(
            .unsupported, operation: "list messages", place: place, reason: "\(kind.plural) hold no messages")
    }
}

/// Throws `cancelled` when the task was cancelled.
func requireNotCancelled(_ operation: String, place: String) throws(StorageError) {
    guard Task.isCancelled else { return }
    throw StorageError(.cancelled, operation: operation, place: place, reason: "it was cancelled")
}
