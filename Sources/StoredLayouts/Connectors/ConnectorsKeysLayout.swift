public import EngineCore
public import StoredRecords

/// Context-connectors' indexes in a keyspace: the strings
/// `context:KEY:state` and `context:KEY:search`.
public struct ConnectorsKeysLayout: ConnectorsLayout {
    public let source: String
    public internal(set) var isPossible = false
    let shelf: IndexKeys

    public init(engine: any KeyspaceEngine, context: LayoutContext) {
        source = context.source
        shelf = IndexKeys(engine: engine, prefix: context.options.indexKeyPrefix)
    }

    /// The layout when one key of the format is found in a bounded part of the
    /// keyspace, or when that part cannot rule it out; see `isPossible`.
    public static func detect(
        _ engine: any KeyspaceEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        try await KeysDetection.layouts(engine, context).filter { $0 is ConnectorsKeysLayout }
    }
}
