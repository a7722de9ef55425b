public import EngineCore
public import StoredRecords

/// Context-connectors' indexes in a database table
/// `indexes(name, full_state, search_state)`, as its documentation shows a
/// custom store: JSON as text, JSON or byte columns, NULL for a missing one.
///
/// Further columns are left alone by saving and come back with an undo.
public struct ConnectorsRowsLayout: ConnectorsLayout {
    public let source: String
    let shelf: IndexRows

    /// The tables it has taken, as they are called in the database.
    var tableNames: [String] { [shelf.table.name] }

    /// - Parameter table: as `tables()` of the engine described it.
    public init(engine: any RowEngine, context: LayoutContext, table: TableInfo) {
        source = context.source
        shelf = IndexRows(engine: engine, table: table)
    }

    /// A layout when the table is there with the columns of the format; its
    /// name is `indexes` unless the options name another.
    public static func detect(
        _ engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> [any RecordLayout] {
        detect(engine, context, try await engine.tables())
    }

    /// The same with the schema at hand.
    static func detect(
        _ engine: any RowEngine, _ context: LayoutContext, _ tables: [TableInfo]
    ) -> [ConnectorsRowsLayout] {
        guard context.options.wants(connectorsLayoutName) else { return [] }
        let name = context.options.tables[IndexRows.defaultTable] ?? IndexRows.defaultTable
        return tables.first { $0.name == name && $0.hasColumns(IndexRows.columns) }.map {
            [ConnectorsRowsLayout(engine: engine, context: context, table: $0)]
        } ?? []
    }
}
