internal import EngineCore
internal import StoredRecords

/// Takes rows out of one table such that they can be put back exactly.
///
/// A row is recorded with every column that is not computed and, where the table has one, its row
/// identity, so that it returns with the number it had. Everything runs in the
/// caller's transaction: after a crash all of it is in the table or nothing.
struct RowChanges: Sendable {
    let dialect: SQLDialect
    let table: TableInfo
    /// For errors.
    let place: String

    init(_ table: TableInfo, of engine: any RowEngine) {
        self.table = table
        dialect = engine.dialect
        place = engine.place
    }

    private var identity: String? { table.hasRowIdentity ? dialect.rowIdentity : nil }

    /// Names of what is recorded of each row, in order.
    private var columns: [String] { (identity.map { [$0] } ?? []) + table.storedColumns.map(\.name) }

    private var columnList: String { list(columns) }

    private func list(_ names: [String]) -> String { names.map(name).joined(separator: ", ") }

    /// The identity is a name of the dialect's own, everything else is quoted.
    private func name(_ column: String) -> String { column == identity ? column : dialect.quote(column) }

    // MARK: Removing

    /// Records the rows that fulfil the condition, one at a time.
    /// - Parameter order: what stands behind ORDER BY; the order they are recorded in.
    /// - Returns: how many there are.
    func record(
        where condition: SQLStatement, orderedBy order: String? = nil, in transaction: any RowTransaction,
        by recorder: any RecoveryRecorder
    ) throws(StorageError) -> Int {
        var statement = "SELECT \(columnList) FROM \(dialect.reference(table)) WHERE " + condition
        if let order { statement = statement + " ORDER BY \(order)" }
        let columns = columns
        let name = table.name
        var count = 0
        try transaction.stream(statement) { row throws(StorageError) in
            try recorder.record(.row(table: name, columns: columns, values: row.values))
            count += 1
            return .more
        }
        return count
    }

    /// Deletes the rows that fulfil the condition.
    ///
    /// Throws `conflict` unless they are exactly as many as were recorded. Some
    /// databases do not count those that others of them take along.
    func delete(
        where condition: SQLStatement, recorded: Int, in transaction: any RowTransaction
    ) throws(StorageError) {
        let deleted = try transaction.execute("DELETE FROM \(dialect.reference(table)) WHERE " + condition)
        if deleted < recorded {
            let left = "SELECT 1 FROM \(dialect.reference(table)) WHERE " + condition + " LIMIT 1"
            if try transaction.query(left).isEmpty { return }
        }
        guard deleted == recorded else {
            throw StorageError(
                .conflict, operation: "delete rows of \(table.name)", place: place,
                reason: "\(deleted) rows would go where \(recorded) were recorded", help: "try again")
        }
    }

    // MARK: Putting back

    /// Inserts a recorded row as it was.
    /// - Parameter replacing: values to store instead of the recorded ones, by
    ///   column; a row identity replaced by null is chosen by the database.
    /// - Returns: what the row was stored with; `nil`, with nothing inserted, when its id or identity is taken.
    func restore(
        _ recorded: [String], _ values: [StoredValue], replacing: [String: StoredValue] = [:],
        in transaction: any RowTransaction
    ) throws(StorageError) -> Row? {
        var names: [String] = []
        var bound: [StoredValue] = []
        for (column, value) in zip(recorded, values) {
            guard column == dialect.rowIdentity || table.hasColumns([column]) else {
                throw StorageError(
                    .conflict, operation: "put rows back into \(table.name)", place: place,
                    reason: "the table has lost a column since", help: "restore the table's columns first")
            }
            if table.columns.contains(where: { $0.name == column && $0.isGenerated }) { continue }
            let stored = replacing[column] ?? value
            if column == dialect.rowIdentity, !table.hasColumns([column]), identity == nil || stored.isNull { continue }
            names.append(column)
            bound.append(stored)
        }
        let statement = SQLStatement(
            """
            INSERT INTO \(dialect.reference(table)) (\(list(names))) \(dialect.numberOverride) \
            VALUES (\(bound.placeholders)) ON CONFLICT DO NOTHING
            """, bound)
        return try transaction.execute(statement) == 1 ? Row(columns: names, values: bound) : nil
    }

    /// How many of the rows that were put back are not as they were stored.
    /// - Parameter condition: which rows of the table they are among.
    func changed(
        _ restored: RestoredRows, where condition: SQLStatement, in transaction: any RowTransaction
    ) throws(StorageError) -> Int {
        var count = 0
        for (names, rows) in restored.shapes {
            var left = rows
            let statement = "SELECT \(list(names)) FROM \(dialect.reference(table)) WHERE " + condition
            try transaction.stream(statement) { row in
                left.remove(row.values)
                return .more
            }
            count += left.count
        }
        return count
    }

    /// What an exact undo throws for rows that are not as they were stored.
    func changedByTrigger(of tables: [TableInfo], _ operation: String) -> StorageError {
        StorageError(
            .conflict, operation: operation, place: place,
            reason: "a trigger of \(tables.map(\.name).joined(separator: " or ")) changes what goes back",
            help: "nothing was changed; an inexact undo leaves it as the trigger makes it")
    }

    // MARK: Settling

    /// Finds the row as it was recorded; one row when it is in the table exactly so.
    ///
    /// Looked for by its identity or primary key, where there is neither by
    /// what can be compared at all; compared in full by the caller.
    private func lookup(_ recorded: [String], _ values: [StoredValue]) -> SQLStatement? {
        var keys = table.columns.filter(\.isPrimaryKey).map(\.name)
        if keys.isEmpty { keys = table.storedColumns.filter(\.isPlain).map(\.name) }
        let named = identity.map { recorded.contains($0) ? [$0] : keys } ?? keys
        guard !named.isEmpty else { return nil }
        let known = recorded.filter { $0 == identity || table.hasColumns([$0]) }
        guard known.count == recorded.count else { return nil }
        var statement = SQLStatement("SELECT \(list(recorded)) FROM \(dialect.reference(table))")
        for (index, key) in named.enumerated() {
            guard let at = recorded.firstIndex(of: key) else { return nil }
            statement =
                statement + (index == 0 ? " WHERE " : " AND ") + MemexTables.equals(name(key), values[at])
        }
        return statement
    }

    /// Whether a recorded row is in the table with every value it had.
    func isPresent(
        _ recorded: [String], _ values: [StoredValue], on engine: any RowEngine
    ) async throws(StorageError) -> Bool {
        guard let statement = lookup(recorded, values) else { return false }
        return try await engine.query(statement).contains { $0.values == values }
    }

    /// How a removal that was cut short ended: as it was one transaction, a few
    /// of the recorded rows tell.
    /// - Parameter sample: how many rows are looked for.
    static func settle(
        _ entry: any RecoveryEntry, on engine: any RowEngine, sample count: Int
    ) async throws(StorageError) -> Settlement {
        let tables = try await engine.tables()
        var looked = 0
        while looked < count {
            // A part at a time, so that memory stays bounded.
            var part: [(table: String, columns: [String], values: [StoredValue])] = []
            var position = 0
            try entry.items { item throws(StorageError) in
                guard case .row(let table, let columns, let values) = item else { return .more }
                position += 1
                if position > looked { part.append((table, columns, values)) }
                return part.count < min(count - looked, 1000) ? .more : .stop
            }
            guard !part.isEmpty else { break }
            looked += part.count
            for row in part {
                guard let table = tables.first(where: { $0.name == row.table }),
                    try await RowChanges(table, of: engine).isPresent(row.columns, row.values, on: engine)
                else { return .applied }
            }
        }
        return .notApplied
    }
}

extension ColumnInfo {
    /// Whether values of its type are compared as they are written; of some types none can be compared.
    fileprivate var isPlain: Bool {
        let type = type.lowercased()
        return ["text", "uuid", "bigint", "integer", "smallint"].contains(type) || type.hasPrefix("character varying")
            || type.hasPrefix("varchar")
    }
}
