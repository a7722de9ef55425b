/// One stored document of a record: an index's `state.json`, an artifact's
/// content, a task's state.
public struct RecordDocument: Sendable, Hashable {
    public enum Format: Sendable, Hashable {
        case json
        /// One JSON value a line, with the columns a schema names (may be empty).
        case jsonLines(columns: [TableColumn])
        case text
        case binary
    }

    /// Its name in the store: "state.json", "content.txt".
    public var name: String
    public var format: Format
    public var bytes: StoredBytes
    /// Whether this is the record's content rather than data about it.
    public var isContent: Bool
    /// What is remarkable: "content file is missing; taken from metadata".
    public var notes: [String]

    public init(name: String, format: Format, bytes: StoredBytes, isContent: Bool = true, notes: [String] = []) {
        self.name = name
        self.format = format
        self.bytes = bytes
        self.isContent = isContent
        self.notes = notes
    }
}

/// A column of a dataset's schema.
public struct TableColumn: Sendable, Hashable {
    public var name: String
    /// The schema's type word; empty when it names none.
    public var type: String

    public init(name: String, type: String = "") {
        self.name = name
        self.type = type
    }
}
