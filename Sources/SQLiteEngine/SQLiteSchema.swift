internal import CSQLite
internal import EngineCore
internal import StoredRecords

/// Reads which tables a database has.
enum SQLiteSchema {
    /// The tables and their columns as they are at one moment, under one lock.
    static func tables(_ connection: SQLiteConnection, _ operation: String) throws(StorageError) -> [TableInfo] {
        try connection.run("BEGIN", operation)
        // Nothing was changed, so that it ends in whatever way; an interrupted end is none.
        defer {
            try? connection.run("COMMIT", operation)
            if sqlite3_get_autocommit(connection.handle) == 0 { try? connection.run("ROLLBACK", operation) }
        }
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

    /// The foreign keys that refer to one of the tables. One whose columns
    /// are not there is left out: no row of its target can be deleted.
    static func references(
        to tables: [TableInfo], _ connection: SQLiteConnection, _ operation: String
    ) throws(StorageError) -> [TableReference] {
        // A key that names no columns refers to the primary key.
        let rows = try connection.query(
            SQLStatement(
                """
                SELECT m.name, f.id, f."table", f."from", coalesce(f."to", \
                (SELECT i.name FROM pragma_table_info(f."table", 'main') AS i WHERE i.pk = f.seq + 1)), f.on_delete \
                FROM sqlite_schema AS m JOIN pragma_foreign_key_list(m.name, 'main') AS f \
                WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq
                """), operation)
        var references: [TableReference] = []
        var latest: [StoredValue] = []
        for row in rows {
            // Names of tables and columns are compared without regard to the case of ASCII letters.
            let named = text(row[2]).lowercased()
            guard let target = tables.first(where: { $0.name.lowercased() == named }) else { continue }
            if latest != [row[0], row[1]] {
                latest = [row[0], row[1]]
                references.append(
                    TableReference(
                        table: text(row[0]), columns: [], target: target.name, targetColumns: [],
                        onDelete: TableReference.DeleteAction(rawValue: text(row[5])) ?? .nothing))
            }
            references[references.count - 1].columns.append(text(row[3]))
            references[references.count - 1].targetColumns += row[4].isNull ? [] : [text(row[4])]
        }
        return references.filter { $0.columns.count == $0.targetColumns.count }
    }

    static func triggered(
        of tables: [TableInfo], _ connection: SQLiteConnection, _ operation: String
    ) throws(StorageError) -> [TableInfo] {
        let rows = try connection.query(
            SQLStatement("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'trigger'"), operation)
        let names = Set(rows.map { text($0[0]).lowercased() })
        return tables.filter { names.contains($0.name.lowercased()) }
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
