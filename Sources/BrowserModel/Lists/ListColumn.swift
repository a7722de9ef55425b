public import StoredRecords

/// A column a list can show; the raw value is the word for it in stored choices.
public enum ListColumn: String, Sendable, Hashable, CaseIterable {
    case name, id, agent, messages, tokens, origin, files, type, context, status, size, version, mime, rows, iteration
    case expires, tags, created, updated, source

    /// What a list of a kind can show, in the order it usually does; what stands first is always shown.
    public static func all(of kind: RecordKind) -> [ListColumn] {
        switch kind {
        case .thread:
            [.name, .agent, .messages, .tokens, .updated, .source, .id, .status, .tags, .size, .created]
        case .index: [.name, .origin, .files, .size, .updated, .source]
        case .artifact:
            [
                .name, .type, .context, .status, .size, .version, .updated, .source, .id, .mime, .rows, .created,
            ]
        case .task:
            [.name, .agent, .context, .iteration, .status, .expires, .updated, .source, .id, .size, .created]
        case .raw: [.name, .size, .updated, .source]
        }
    }

    /// What a list of a kind shows as long as nothing else is chosen.
    public static func usual(of kind: RecordKind) -> [ListColumn] {
        switch kind {
        case .thread: [.name, .agent, .messages, .tokens, .updated, .source]
        case .index: [.name, .origin, .files, .size, .updated, .source]
        case .artifact: [.name, .type, .context, .status, .size, .version, .updated, .source]
        case .task: [.name, .agent, .context, .iteration, .status, .expires, .updated, .source]
        case .raw: [.name, .size, .updated, .source]
        }
    }

    /// Reads a column of a kind by its word or by what stands above it.
    public init?(word: String, of kind: RecordKind) {
        let word = word.lowercased()
        guard let column = Self.all(of: kind).first(where: { $0.rawValue == word || $0.label(of: kind) == word }) else {
            return nil
        }
        self = column
    }

    /// What stands in the menu for it.
    public func label(of kind: RecordKind) -> String {
        switch self {
        case .name:
            switch kind {
            case .index, .raw: "key"
            case .task: "task"
            case .artifact: "name"
            case .thread: "title"
            }
        case .updated: kind == .index ? "synced" : "updated"
        case .status: kind == .task ? "state" : "status"
        case .mime: "media type"
        default: rawValue
        }
    }
}
