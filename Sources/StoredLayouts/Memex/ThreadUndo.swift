internal import EngineCore
internal import StoredRecords

/// Puts the rows of a trimmed or deleted thread back, in one transaction.
///
/// Exactly: with the numbers and values they had, as long as nothing stands
/// where they belong. Inexactly: what is missing goes before what is there.
struct ThreadUndo: Sendable {
    private let entry: any RecoveryEntry
    private let layout: MemexRowsLayout
    private let id: ThreadID
    private let inexactly: Bool
    /// What was recorded, as far as it is needed before the first row goes back.
    private let recorded: Recorded

    /// The name of the fact that the thread had no row of its own.
    static let orphanFact = "orphan"

    var isOfOrphan: Bool { recorded.isOrphan }

    private struct Recorded: Sendable {
        var isOrphan = false
        var hasThread = false
        var messages = 0
        var last: MessageKey?
    }

    private var tables: MemexTables { layout.tables }

    init(entry: any RecoveryEntry, layout: MemexRowsLayout, id: ThreadID, inexactly: Bool) throws(StorageError) {
        self.entry = entry
        self.layout = layout
        self.id = id
        self.inexactly = inexactly
        var recorded = Recorded()
        let (threads, messages) = (layout.tables.threads.name, layout.tables.messages.name)
        let identity = layout.tables.hasRowIdentity(layout.tables.messages) ? layout.tables.dialect.rowIdentity : nil
        try entry.items { item throws(StorageError) in
            if case .fact(Self.orphanFact, _) = item { recorded.isOrphan = true }
            guard case .row(let table, let columns, let values) = item else { return .more }
            if table == threads { recorded.hasThread = true }
            if table == messages {
                recorded.messages += 1
                let row = Row(columns: columns, values: values)
                recorded.last = MessageKey(
                    index: row["message_index"] ?? .null, identity: row[identity ?? "id"] ?? .null)
            }
            return .more
        }
        self.recorded = recorded
    }

    func run(in transaction: any RowTransaction) throws(StorageError) -> ChangeOutcome {
        let hasThread = try !transaction.query(layout.threadRowStatement(id)).isEmpty
        if recorded.hasThread {
            if hasThread, !inexactly { throw conflict("a thread with this id has been stored since") }
        } else if !hasThread, !recorded.isOrphan {
            throw layout.error(
                .conflict, "undo", "the thread itself is gone", help: "undo its deletion first, then this")
        }
        let ends = try transaction.query(layout.endStatement(of: id)).first
        let overlaps = try overlaps(ends, in: transaction)
        if overlaps, !inexactly {
            throw conflict("the thread has been stored anew since and numbered from the beginning")
        }
        // Before the first message that is there, in the recorded order.
        let first = overlaps ? (ends?[0].integer ?? 0) - Int64(recorded.messages) : nil
        let counts = try putBack(skippingThread: hasThread, from: first, in: transaction)
        let now = try transaction.query(layout.countStatement(of: id)).first?.count ?? 0
        var notes = [counts.restored == 1 ? "1 message is back" : "\(counts.restored) messages are back"]
        if counts.present > 0 { notes.append("\(counts.present) messages were there already") }
        if first != nil { notes.append("they were numbered anew, to stand before those stored since") }
        return ChangeOutcome(kept: now, dropped: 0, notes: notes)
    }

    /// Whether a message that is there stands at or before the last recorded one.
    private func overlaps(_ ends: Row?, in transaction: any RowTransaction) throws(StorageError) -> Bool {
        guard let ends, !ends[1].isNull, let last = recorded.last else { return false }
        let before = tables.isBefore(last, orIs: true, hasMissing: ends[0].isNull)
        let statement =
            "SELECT 1 FROM \(tables.messageTable) WHERE " + tables.isOfThread(id) + " AND " + before + " LIMIT 1"
        return try !transaction.query(statement).isEmpty
    }

    private func putBack(
        skippingThread: Bool, from first: Int64?, in transaction: any RowTransaction
    ) throws(StorageError) -> (restored: Int, present: Int) {
        let threads = RowChanges(tables.threads, of: layout.engine)
        let messages = RowChanges(tables.messages, of: layout.engine)
        var restored = 0
        var present = 0
        try entry.items { item throws(StorageError) in
            guard case .row(let table, let columns, let values) = item else { return .more }
            if table == tables.threads.name {
                if !skippingThread, try !put(columns, values, [:], threads, in: transaction) {
                    throw conflict("a thread with this id has been stored since")
                }
            } else if table == tables.messages.name {
                let index = first.map { ["message_index": StoredValue.integer($0 + Int64(restored + present))] } ?? [:]
                if try put(columns, values, index, messages, in: transaction) {
                    restored += 1
                } else if inexactly {
                    present += 1
                } else {
                    throw conflict("a message that was removed has been stored again")
                }
            }
            return .more
        }
        return (restored, present)
    }

    /// Puts one row back; where only its row number is taken and an inexact
    /// undo is allowed, under another.
    private func put(
        _ columns: [String], _ values: [StoredValue], _ replacing: [String: StoredValue], _ rows: RowChanges,
        in transaction: any RowTransaction
    ) throws(StorageError) -> Bool {
        if try rows.restore(columns, values, replacing: replacing, in: transaction) { return true }
        guard inexactly, let identity = tables.dialect.rowIdentity else { return false }
        return try rows.restore(
            columns, values, replacing: replacing.merging([identity: .null]) { _, new in new }, in: transaction)
    }

    private func conflict(_ reason: String) -> StorageError {
        layout.error(
            .conflict, "undo", reason,
            help: "nothing was changed; an inexact undo puts what is missing before what is there now")
    }
}
