internal import EngineCore
internal import StoredRecords

/// Reads which tables a database has.
enum PostgresSchema {
    /// Tables, partitioned tables as one, foreign tables and views; those that
    /// the search path finds by their name alone, those of other schemas as
    /// `schema.table`.
    static func tables(_ connection: PostgresConnection, _ operation: String) throws(StorageError) -> [TableInfo] {
        let text = text(hasGenerated: connection.version >= 120_000)
        let statement = try PostgresStatement(SQLStatement(text), place: connection.place, operation)
        var tables: [TableInfo] = []
        var latest: StoredValue = .null
        for row in try connection.query(statement, isReading: true, operation) {
            if row[0] != latest || tables.isEmpty {
                latest = row[0]
                tables.append(table(row))
            }
            guard let column = row[6].text else { continue }
            tables[tables.count - 1].columns.append(
                ColumnInfo(
                    name: column, type: row[7].text ?? "", isPrimaryKey: isTrue(row[9]),
                    isGenerated: isTrue(row[10]), isRequired: isTrue(row[8])))
        }
        return tables.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func table(_ row: Row) -> TableInfo {
        let name = name(row[1].text ?? "", row[2].text ?? "", isFound: isTrue(row[4]))
        return TableInfo(
            name: name.whole, path: name.path, columns: [], isView: isTrue(row[3]), hasRowIdentity: false,
            isWritable: isTrue(row[5]))
    }

    /// What tells a table from every other one.
    /// - Parameter isFound: whether the search path finds it by its name alone.
    static func name(_ schema: String, _ name: String, isFound: Bool) -> (whole: String, path: [String]) {
        isFound ? (name, [name]) : (shown(schema) + "." + shown(name), [schema, name])
    }

    /// In quotes where a dot of its own would make it read as two names.
    private static func shown(_ name: String) -> String {
        name.contains(".") || name.contains("\"") ? PostgresEngine.sqlDialect().quote(name) : name
    }

    static func isTrue(_ value: StoredValue) -> Bool { value.text == "true" }

    /// - Parameter hasGenerated: whether the server knows computed columns, which came with PostgreSQL 12.
    private static func text(hasGenerated: Bool) -> String {
        """
        SELECT c.oid, n.nspname::text, c.relname::text, c.relkind IN ('v', 'm'), pg_table_is_visible(c.oid), \
        has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'DELETE') AND NOT pg_is_in_recovery() \
        AND (SELECT s.reset_val <> 'on' FROM pg_settings s WHERE s.name = 'default_transaction_read_only'), \
        a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
        EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)), \
        \(hasGenerated ? "a.attgenerated <> ''" : "false") \
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
        LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition \
        AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)' \
        AND has_schema_privilege(n.oid, 'USAGE') \
        ORDER BY c.oid, a.attnum
        """
    }
}
