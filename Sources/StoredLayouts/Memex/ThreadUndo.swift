internal import EngineCore
internal import StoredRecords

/// Puts the rows of a trimmed or deleted thread back, in one transaction.
///
/// Exactly: with the numbers and values they had, as long as their places are
/// free. Inexactly: what is missing goes before what is there; a row that
/// cannot go back at all is named and never counted as back.
struct ThreadUndo: Sendable {
    let entry: any RecoveryEntry
    let layout: MemexRowsLayout
    let id: ThreadID
    let inexactly: Bool
    let recorded: RecordedThread
    /// Those of the two tables that have triggers.
    let triggered: [TableInfo]

    /// What an undo did.
    struct Result: Sendable {
        var outcome: ChangeOutcome
        /// Says which rows are not back, while the others are.
        var problem: StorageError?
    }

    var tables: MemexTables { layout.tables }

    init(
        entry: any RecoveryEntry, layout: MemexRowsLayout, id: ThreadID, inexactly: Bool, triggered: [TableInfo]
    ) throws(StorageError) {
        self.entry = entry
        self.layout = layout
        self.id = id
        self.inexactly = inexactly
        self.triggered = triggered
        recorded = try RecordedThread(entry, layout.tables)
    }

    func run(in transaction: any RowTransaction) throws(StorageError) -> Result {
        let hasThread = try !transaction.query(layout.threadRowStatement(id)).isEmpty
        if recorded.hasThread {
            if hasThread, !inexactly { throw conflict("a thread with this id has been stored since") }
        } else if !hasThread, !recorded.isOrphan {
            throw layout.error(
                .conflict, "undo", "the thread itself is gone", help: "undo its deletion first, then this")
        }
        // In an exact undo, a message that is there already stands in the way.
        let returned =
            inexactly ? try ReturnedMessages(of: entry, id, tables, in: transaction) : ReturnedMessages()
        let shift =
            returned.count < recorded.messages ? try shift(beside: returned, in: transaction) : nil
        let (restored, missing, stored) = try putBack(
            beside: returned, skippingThread: hasThread, shift: shift, in: transaction)
        if restored == 0, let problem = missing.error(restored: 0, layout) { throw problem }
        let now = try transaction.query(layout.countStatement(of: id)).first?.count ?? 0
        var notes = [MissingMessages.back(restored)]
        if returned.count > 0 { notes.append("\(returned.count) messages were there already") }
        if shift != nil { notes.append("they were numbered anew, to stand before those stored since") }
        if recorded.hasThread, hasThread {
            notes.append("the thread's own row stays as it has been stored since")
        }
        if let note = try compare(stored, in: transaction) { notes.append(note) }
        return Result(
            outcome: ChangeOutcome(kept: now, dropped: 0, notes: notes),
            problem: missing.error(restored: restored, layout))
    }

    private func putBack(
        beside returned: ReturnedMessages, skippingThread: Bool, shift: Int64?, in transaction: any RowTransaction
    ) throws(StorageError) -> (restored: Int, missing: MissingMessages, stored: Stored) {
        var stored = Stored()
        let threads = RowChanges(tables.threads, of: layout.engine)
        let messages = RowChanges(tables.messages, of: layout.engine)
        var restored = 0
        var position = -1
        var missing = MissingMessages()
        try entry.items { item throws(StorageError) in
            guard case .row(let table, let columns, let values) = item else { return .more }
            if table == tables.threads.name {
                guard !skippingThread else { return .more }
                guard let row = try put(columns, values, [:], threads, in: transaction) else {
                    throw conflict("the thread's own row cannot go back, as its row number is taken")
                }
                if !triggered.isEmpty { stored.threads.insert(row) }
            } else if table == tables.messages.name {
                position += 1
                guard returned.positions[position] == nil else { return .more }
                // `shift(beside:in:)` has made sure that no number is too large.
                let number = shift.map { ["message_index": StoredValue.integer($0 &+ Int64(position))] } ?? [:]
                if let row = try put(columns, values, number, messages, in: transaction) {
                    restored += 1
                    if !triggered.isEmpty { stored.messages.insert(row) }
                } else {
                    let row = Row(columns: columns, values: values)
                    let obstacle = try obstacle(to: row, in: transaction)
                    guard inexactly else { throw obstacle.error(row, layout) }
                    missing.add(row, obstacle)
                }
            }
            return .more
        }
        return (restored, missing, stored)
    }

    /// The rows that went back; none where no trigger can have changed them.
    private struct Stored {
        var threads = RestoredRows()
        var messages = RestoredRows()
    }

    /// What triggers have made of the rows, for people; `nil` when all are as they were stored.
    private func compare(_ stored: Stored, in transaction: any RowTransaction) throws(StorageError) -> String? {
        guard !triggered.isEmpty else { return nil }
        let messages = RowChanges(tables.messages, of: layout.engine)
        let changed =
            try RowChanges(tables.threads, of: layout.engine)
            .changed(stored.threads, where: tables.isThread(id), in: transaction)
            + messages.changed(stored.messages, where: tables.isOfThread(id), in: transaction)
        guard changed > 0 else { return nil }
        guard inexactly else { throw messages.changedByTrigger(of: triggered, "undo") }
        let names = triggered.map(\.name).joined(separator: " or ")
        return "a trigger of \(names) has changed \(changed) of the rows that went back"
    }

    /// Puts one row back; where only its row number is taken and an inexact
    /// undo is allowed, under another.
    private func put(
        _ columns: [String], _ values: [StoredValue], _ replacing: [String: StoredValue], _ rows: RowChanges,
        in transaction: any RowTransaction
    ) throws(StorageError) -> Row? {
        if let row = try rows.restore(columns, values, replacing: replacing, in: transaction) { return row }
        guard inexactly, let identity = tables.dialect.rowIdentity else { return nil }
        return try rows.restore(
            columns, values, replacing: replacing.merging([identity: .null]) { _, new in new }, in: transaction)
    }

    /// Why the table has not taken the message.
    private func obstacle(
        to message: Row, in transaction: any RowTransaction
    ) throws(StorageError) -> MissingMessages.Obstacle {
        func isThere(_ condition: SQLStatement) throws(StorageError) -> Bool {
            try !transaction.query("SELECT 1 FROM \(tables.messageTable) WHERE " + condition + " LIMIT 1").isEmpty
        }
        if let id = message["id"], try isThere(MemexTables.equals(tables.dialect.quote("id"), id)) { return .id }
        let identity = tables.messageKey(message).identity
        return try isThere(MemexTables.equals(tables.messageIdentity, identity)) ? .rowNumber : .table
    }

    func conflict(_ reason: String) -> StorageError {
        layout.error(
            .conflict, "undo", reason,
            help: "nothing was changed; an inexact undo puts what is missing before what is there now")
    }
}
