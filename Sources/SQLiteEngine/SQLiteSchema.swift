internal import CSQLite
internal import EngineCore
internal import StoredRecords

/// Reads which tables a database has.
enum SQLiteSchema {
    static func tables(_ connection: SQLiteConnection, _ operation: String) throws(StorageError) -> [TableInfo] {
        let listed = try connection.query(
            SQLStatement(
                """
                SELECT name, type, wr FROM pragma_table_list
                WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                ORDER BY name
                """), operation)
        return try listed.map { row throws(StorageError) in
            let name = text(row[0])
            let isView = row[1].text == "view"
            let columns = try columns(connection, name, operation)
            let shadowed = columns.contains { $0.name.lowercased() == "rowid" && !$0.isPrimaryKey }
            return TableInfo(
                name: name, columns: columns, isView: isView,
                hasRowIdentity: !isView && row[2].integer == 0 && !shadowed)
        }
    }

    /// A name as text; one that is not UTF-8 is shown as far as it is.
    private static func text(_ value: StoredValue) -> String {
        String(decoding: value.storedBytes ?? [], as: UTF8.self)
    }

    private static func columns(
        _ connection: SQLiteConnection, _ table: String, _ operation: String
    ) throws(StorageError) -> [ColumnInfo] {
        let rows: [Row]
        do throws(StorageError) {
            // Hidden columns of virtual tables (1) are no content; generated ones (2, 3) are.
            rows = try connection.query(
                SQLStatement(
                    "SELECT name, type, pk, hidden FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1 ORDER BY cid",
                    [.text(table)]), operation)
        } catch  where error.kind == .failed {
            // A view of a table that is gone, or a virtual table whose module is
            // not there: it exists, and nothing can be said about its columns.
            return []
        }
        return rows.map { row in
            ColumnInfo(
                name: text(row[0]), type: text(row[1]), isPrimaryKey: row[2].integer.map { $0 > 0 } ?? false,
                isGenerated: row[3].integer.map { $0 > 1 } ?? false)
        }
    }
}
