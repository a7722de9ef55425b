internal import EngineCore
internal import StoredRecords

/// Which of the recorded messages are in the table already.
///
/// A row is the recorded one when it is of the same thread and has every value
/// that was recorded; its number and row may be others. No row is counted twice.
struct ReturnedMessages {
    /// The recorded position of each, with the number it has now.
    private(set) var positions: [Int: StoredValue] = [:]
    /// What names the rows.
    private(set) var identities: Set<StoredValue> = []
    /// Whether each has the number it was recorded with.
    private(set) var haveTheirNumbers = true
    /// What added to a recorded position gives the number, when it is the same for all.
    private(set) var shift: Int64?

    var count: Int { positions.count }

    /// None at all.
    init() {}

    init(
        of entry: any RecoveryEntry, _ id: ThreadID, _ tables: MemexTables, in transaction: any RowTransaction
    ) throws(StorageError) {
        // Those in their very place first, so that of equal rows none takes another's.
        // Elsewhere only where an id names one row: else a message that stayed
        // may be equal in everything but its place.
        for inPlace in tables.messages.isKeyed(by: "id") ? [true, false] : [true] {
            var position = -1
            try entry.items { item throws(StorageError) in
                guard case .row(tables.messages.name, let columns, let values) = item else { return .more }
                position += 1
                guard positions[position] == nil else { return .more }
                let recorded = Row(columns: columns, values: values)
                let key = tables.messageKey(recorded)
                let statement =
                    "SELECT \(tables.selectList(tables.messages)) FROM \(tables.messageTable) WHERE "
                    + MemexTables.equals(tables.dialect.quote("id"), recorded["id"] ?? .null) + " AND "
                    + tables.isOfThread(id)
                let found = try transaction.query(statement).first { row in
                    !identities.contains(row[0]) && isRecorded(recorded, row, tables)
                        && (!inPlace || row[0] == key.identity && row["message_index"] == key.index)
                }
                guard let found else { return .more }
                positions[position] = found["message_index"] ?? .null
                identities.insert(found[0])
                if found["message_index"] != key.index { haveTheirNumbers = false }
                return .more
            }
        }
        let shifts = Set(
            positions.map { position, index in
                index.integer.flatMap { number in
                    let (shift, overflow) = number.subtractingReportingOverflow(Int64(position))
                    return overflow ? nil : shift
                }
            })
        if shifts.count == 1 { shift = shifts.first ?? nil }
    }

    private func isRecorded(_ recorded: Row, _ row: Row, _ tables: MemexTables) -> Bool {
        zip(recorded.columns, recorded.values).allSatisfy { column, value in
            let isPlace = column == "message_index" || column == tables.dialect.rowIdentity
            return isPlace || row[column] == value
        }
    }
}

extension TableInfo {
    fileprivate func isKeyed(by column: String) -> Bool {
        columns.filter(\.isPrimaryKey).map(\.name) == [column]
    }
}
