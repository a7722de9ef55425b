public import EngineCore
public import StoredRecords

extension ConnectorsRowsLayout {
    /// Makes the table of indexes where it is not there yet and opens it.
    ///
    /// For programs that store their own indexes; browsing makes nothing.
    public static func create(
        in engine: any RowEngine, _ context: LayoutContext
    ) async throws(StorageError) -> ConnectorsRowsLayout {
        let act = "make the table of indexes"
        try engine.requireWritable(act)
        let name = context.options.tables["indexes"] ?? "indexes"
        let columns = ["name", "full_state", "search_state"]
        try await engine.transaction(act) { transaction throws(StorageError) in
            try transaction.execute(
                SQLStatement(
                    "CREATE TABLE IF NOT EXISTS \(engine.dialect.reference(tableNamed: name)) "
                        + "(name TEXT PRIMARY KEY, full_state TEXT, search_state TEXT)"))
        }
        guard let table = try await engine.tables().first(where: { $0.name == name && $0.hasColumns(columns) }) else {
            throw StorageError(
                .invalid, operation: act, place: engine.place, reason: "a table \(name) is there with other columns",
                help: "name another table")
        }
        return ConnectorsRowsLayout(engine: engine, context: context, table: table)
    }
}
