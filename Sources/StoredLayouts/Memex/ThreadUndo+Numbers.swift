internal import EngineCore
internal import StoredRecords

extension ThreadUndo {
    /// What is added to a message's recorded position to give its number;
    /// `nil` when all go back with the numbers they had.
    ///
    /// Throws `conflict` when their places are taken and the undo is to be
    /// exact, or when no numbers are left for an inexact one.
    func shift(beside returned: ReturnedMessages, in transaction: any RowTransaction) throws(StorageError) -> Int64? {
        let ends = try transaction.query(layout.endStatement(of: id)).first
        guard let ends, !ends[1].isNull else { return nil }
        let isNumberedAsThen = try recorded.newest.map { key throws(StorageError) in try isThere(key, in: transaction) }
        let hasRoom = try isFree(
            isNumberedAsThen ?? false, hasMissing: ends[0].isNull, beside: returned, in: transaction)
        if hasRoom, returned.haveTheirNumbers { return nil }
        guard inexactly else {
            throw conflict(
                isNumberedAsThen == false
                    ? "the thread has been stored anew since and numbered from the beginning"
                    : "messages that were stored since stand where those belong that were removed")
        }
        // Into the gaps between those that are back, as an earlier undo has left them.
        if let shift = returned.shift, try isFree(shift, beside: returned, in: transaction) { return shift }
        let lowest =
            switch ends[0] {
            case .integer(let number): number
            case .real(let number): Int64(exactly: number.rounded(.down)) ?? .min
            default: Int64(0)
            }
        let (first, overflow) = lowest.subtractingReportingOverflow(Int64(recorded.messages))
        guard !overflow, first >= tables.leastIndex else {
            throw layout.error(
                .conflict, "undo",
                "the thread's first message has the number \(lowest), and \(recorded.messages) messages have no room before it",
                help: "nothing was changed; give the thread's messages greater numbers (message_index) and try again")
        }
        return first
    }

    /// Whether nothing but messages that are back stands where the recorded ones belong.
    ///
    /// Where the numbers are no longer those of then, a gap in them means
    /// nothing: all that is there has to stand behind.
    private func isFree(
        _ isNumberedAsThen: Bool, hasMissing: Bool, beside returned: ReturnedMessages,
        in transaction: any RowTransaction
    ) throws(StorageError) -> Bool {
        guard let first = recorded.first, let last = recorded.last else { return true }
        var inTheWay = tables.isBefore(last, orIs: true, hasMissing: hasMissing)
        if isNumberedAsThen {
            inTheWay = tables.isAfter(first, orIs: true) + " AND " + inTheWay
        } else if !last.index.isNull {
            inTheWay =
                "(" + inTheWay + " OR " + MemexTables.equals(tables.dialect.quote("message_index"), last.index) + ")"
        }
        var isFree = true
        let statement =
            "SELECT \(tables.messageIdentity) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id) + " AND "
            + inTheWay
        try transaction.stream(statement) { row in
            isFree = returned.identities.contains(row[0])
            return isFree ? .more : .stop
        }
        return isFree
    }

    /// Whether no message of the thread has a number that the shift gives to a missing one.
    private func isFree(
        _ shift: Int64, beside returned: ReturnedMessages, in transaction: any RowTransaction
    ) throws(StorageError) -> Bool {
        guard !shift.addingReportingOverflow(Int64(recorded.messages)).overflow else { return false }
        for position in 0..<recorded.messages where returned.positions[position] == nil {
            let number = StoredValue.integer(shift + Int64(position))
            let statement =
                "SELECT 1 FROM \(tables.messageTable) WHERE " + tables.isOfThread(id) + " AND "
                + MemexTables.equals(tables.dialect.quote("message_index"), number) + " LIMIT 1"
            if try !transaction.query(statement).isEmpty { return false }
        }
        return true
    }

    /// Whether the thread has the message with the number and the row it had.
    private func isThere(_ key: MessageKey, in transaction: any RowTransaction) throws(StorageError) -> Bool {
        let statement =
            "SELECT 1 FROM \(tables.messageTable) WHERE " + tables.isOfThread(id) + " AND "
            + MemexTables.equals(tables.messageIdentity, key.identity) + " AND "
            + MemexTables.equals(tables.dialect.quote("message_index"), key.index) + " LIMIT 1"
        return try !transaction.query(statement).isEmpty
    }
}

extension Optional {
    fileprivate func map<R>(_ body: (Wrapped) throws(StorageError) -> R) throws(StorageError) -> R? {
        guard let self else { return nil }
        return try body(self)
    }
}
