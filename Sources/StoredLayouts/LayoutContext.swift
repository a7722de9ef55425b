public import EngineCore

/// What a layout is opened with besides its engine.
public struct LayoutContext: Sendable {
    /// The source's unique name, part of every record's id.
    public var source: String
    public var options: LayoutOptions
    public var clock: Clock
    /// How long what was listed a moment ago counts as what is there.
    public var freshness = Duration.seconds(3)

    public init(source: String, options: LayoutOptions = LayoutOptions(), clock: Clock) {
        self.source = source
        self.options = options
        self.clock = clock
    }
}

/// An opened engine by its family: all a layout learns about it.
public enum EngineAccess: Sendable {
    case objects(any ObjectEngine)
    case rows(any RowEngine)
    case keys(any KeyspaceEngine)

    public var engine: any StorageEngine {
        switch self {
        case .objects(let engine): engine
        case .rows(let engine): engine
        case .keys(let engine): engine
        }
    }
}
