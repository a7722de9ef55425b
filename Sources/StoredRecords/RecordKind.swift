/// The kinds of record a source can hold, in the order the browser shows them.
public enum RecordKind: String, Sendable, Hashable, CaseIterable, Comparable {
    case index
    case thread
    case artifact
    case task
    /// Objects, tables or keys of no known layout, shown as they are.
    case raw

    /// The word of the command line: "indexes", "threads" ...
    public var plural: String {
        switch self {
        case .index: "indexes"
        case .thread: "threads"
        case .artifact: "artifacts"
        case .task: "tasks"
        case .raw: "raw"
        }
    }

    /// One of them, for sentences: "an index".
    public var withArticle: String {
        switch self {
        case .index, .artifact: "an \(rawValue)"
        case .thread, .task: "a \(rawValue)"
        case .raw: "a raw record"
        }
    }

    /// Reads the singular or the plural.
    public init?(word: String) {
        guard let kind = Self.allCases.first(where: { $0.rawValue == word || $0.plural == word }) else { return nil }
        self = kind
    }

    public static func < (left: RecordKind, right: RecordKind) -> Bool {
        let order = Self.allCases
        return (order.firstIndex(of: left) ?? 0) < (order.firstIndex(of: right) ?? 0)
    }
}
