public import EngineCore
public import StoredRecords

/// Context-connectors' indexes in a keyspace: the strings
/// `context:KEY:state` and `context:KEY:search`.
public struct ConnectorsKeysLayout: ConnectorsLayout {
    public let source: String
    let shelf: IndexKeys

    public init(engine: any KeyspaceEngine, context: LayoutContext) {
        source = context.source
        shelf = IndexKeys(engine: engine, prefix: context.options.indexKeyPrefix)
    }

    /// A layout when one key of the format is found in a bounded part of the keyspace.
    public static func detect(
        _ engine: any KeyspaceEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        guard context.options.wants(connectorsLayoutName) else { return [] }
        let layout = ConnectorsKeysLayout(engine: engine, context: context)
        let isThere = try await layout.shelf.hasAny(rounds: detectionRounds)
        // Named and not there yet: the first save makes it.
        return isThere || context.options.layouts.contains(connectorsLayoutName) ? [layout] : []
    }

    /// With the keys a round looks at, some 100,000 keys.
    private static let detectionRounds = 100
}
