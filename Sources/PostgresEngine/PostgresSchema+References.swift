internal import EngineCore
internal import StoredRecords

/// What the database does by itself when rows of a table come and go.
extension PostgresSchema {
    /// The foreign keys that refer to one of the tables or to a part of it.
    static func references(
        to tables: [TableInfo], _ connection: PostgresConnection, _ operation: String
    ) throws(StorageError) -> [TableReference] {
        // What a partitioned table has, each of its partitions has as well, since PostgreSQL 11.
        let isWhole = connection.version >= 110_000 ? "AND k.conparentid = 0" : ""
        let rows = try rows(
            of: tables,
            """
            SELECT p.number, k.oid, s.nspname::text, c.relname::text, pg_table_is_visible(c.oid), k.confdeltype::text, \
            a.attname::text, b.attname::text FROM part AS p \
            JOIN pg_constraint AS k ON k.confrelid = p.oid AND k.contype = 'f' \(isWhole) \
            JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS s ON s.oid = c.relnamespace \
            CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS n (mine, other, place) \
            JOIN pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = n.mine \
            JOIN pg_attribute AS b ON b.attrelid = k.confrelid AND b.attnum = n.other \
            ORDER BY p.number, k.oid, n.place
            """, connection, operation)
        var references: [TableReference] = []
        var latest: [StoredValue] = []
        for row in rows {
            guard let number = row[0].integer, tables.indices.contains(Int(number)) else { continue }
            if latest != [row[0], row[1]] {
                latest = [row[0], row[1]]
                let name = name(row[2].text ?? "", row[3].text ?? "", isFound: isTrue(row[4]))
                references.append(
                    TableReference(
                        table: name.whole, path: name.path, columns: [], target: tables[Int(number)].name,
                        targetColumns: [], onDelete: action(row[5].text ?? "")))
            }
            references[references.count - 1].columns.append(row[6].text ?? "")
            references[references.count - 1].targetColumns.append(row[7].text ?? "")
        }
        return references
    }

    static func triggered(
        of tables: [TableInfo], _ connection: PostgresConnection, _ operation: String
    ) throws(StorageError) -> [TableInfo] {
        let rows = try rows(
            of: tables,
            """
            SELECT DISTINCT p.number FROM part AS p JOIN pg_trigger AS t ON t.tgrelid = p.oid \
            WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
            """, connection, operation)
        let numbers = Set(rows.compactMap { $0[0].integer })
        return tables.enumerated().filter { numbers.contains(Int64($0.offset)) }.map(\.element)
    }

    /// - Parameter text: a statement about `part`: the tables by number, with
    ///   their partitions and the tables that inherit from them.
    private static func rows(
        of tables: [TableInfo], _ text: String, _ connection: PostgresConnection, _ operation: String
    ) throws(StorageError) -> [Row] {
        guard !tables.isEmpty else { return [] }
        let names = tables.indices.map { "(\($0), to_regclass(?)::oid)" }.joined(separator: ", ")
        let statement = SQLStatement(
            """
            WITH RECURSIVE part (number, oid) AS (SELECT * FROM (VALUES \(names)) AS asked (number, oid) \
            UNION SELECT part.number, i.inhrelid FROM part JOIN pg_inherits AS i ON i.inhparent = part.oid) \(text)
            """, tables.map { .text(PostgresEngine.sqlDialect().reference($0)) })
        return try connection.query(
            PostgresStatement(statement, place: connection.place, operation), isReading: true, operation)
    }

    private static func action(_ code: String) -> TableReference.DeleteAction {
        switch code {
        case "c": .cascade
        case "n": .setNull
        case "d": .setDefault
        default: .nothing
        }
    }
}
