internal import EngineCore
public import StoredRecords

extension MemexRowsLayout {
    /// Removes rows in one transaction that holds the write lock from the
    /// comparison with the plan on; the rows that stay are not touched.
    public func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let isDelete = plan.request.isDelete
        let act = isDelete ? "delete the thread" : "trim the thread"
        if let refusal = plan.refusal { throw error(.invalid, act, refusal) }
        guard !plan.isEmpty else { return ChangeOutcome(kept: plan.keeps, dropped: 0) }
        try engine.requireWritable(act)
        let id = ThreadID(key: plan.target.id.key)
        let cut = ThreadFacts.cut(in: plan.basis)
        guard isDelete || cut != nil else { throw error(.invalid, act, "the plan was not made by this layout") }
        let hadMissing = ThreadFacts.hasMissing(in: plan.basis)
        let goes = messagesThatGo(of: id, before: cut, hasMissing: hadMissing)
        let following = try await rowsFollowing(goes, of: id, isDelete: isDelete)
        let triggered = try await engine.triggered(of: [tables.threads, tables.messages])
        let reachesFurther = !following.isEmpty || !triggered.isEmpty

        let (dropped, end) = try await engine.transaction(act) { transaction throws(StorageError) -> (Int, EndState) in
            let now = try facts(of: id, plan, cut: cut, in: transaction)
            let isCutThere = if let cut { try isThere(cut, in: transaction) } else { true }
            guard now.facts == plan.basis.facts, isCutThere else {
                throw error(
                    .conflict, act, "the thread has changed since the plan was made",
                    help: "look at it again and repeat; nothing was changed")
            }
            if let refusal = try following.refusal(in: transaction) {
                throw error(.conflict, act, refusal, help: "nothing was changed")
            }
            let rows = RowChanges(tables.messages, of: engine)
            let threads = RowChanges(tables.threads, of: engine)
            let expected = isDelete ? now.extent.count : plan.drops
            try recorder.record(.fact(name: "rows", value: .integer(Int64(expected))))
            if now.row == nil { try recorder.record(.fact(name: RecordedThread.orphanFact, value: .integer(1))) }
            if let newest = now.extent.last {
                for fact in RecordedThread.facts(newest: newest) { try recorder.record(fact) }
            }
            let threadRows =
                isDelete ? try threads.record(where: tables.isThread(id), in: transaction, by: recorder) : 0
            let count = try rows.record(
                where: goes, orderedBy: tables.messageOrder(descending: false), in: transaction, by: recorder)
            guard count == expected else {
                throw error(.conflict, act, "\(count) messages would go where \(expected) were planned")
            }
            try recorder.seal()
            try rows.delete(where: goes, recorded: count, in: transaction)
            if isDelete { try threads.delete(where: tables.isThread(id), recorded: threadRows, in: transaction) }
            // With what triggers of the database have done besides.
            let end = EndState(
                updated: try transaction.query(threadRowStatement(id)).first?["updated_at"],
                ends: try transaction.query(endStatement(of: id)).first)
            if !isDelete, reachesFurther {
                try requireRest(of: plan, id, end, newest: now.extent.last, act, in: transaction)
            }
            return (count, end)
        }
        return ChangeOutcome(
            kept: plan.keeps, dropped: isDelete && dropped == 0 ? 1 : dropped,
            notes: await changes(since: end, id, isDelete: isDelete))
    }

    /// Throws `conflict`, which takes all back, unless every message that was to stay is there.
    ///
    /// Only where references or triggers of the database may reach rows that no statement names: it costs what stays.
    private func requireRest(
        of plan: ChangePlan, _ id: ThreadID, _ end: EndState, newest: MessageKey?, _ act: String,
        in transaction: any RowTransaction
    ) throws(StorageError) {
        let count = try transaction.query(countStatement(of: id)).first?.count ?? 0
        guard count == plan.keeps, Self.extent(count: nil, ends: end.ends).last == newest else {
            throw error(
                .conflict, act,
                count == plan.keeps
                    ? "another message than the newest one would be the last"
                    : "\(count) messages would be left where \(plan.keeps) were to stay",
                help: "nothing was changed; look at the thread again, and at the database's triggers and references")
        }
    }

    /// How a change left the thread, by what every save of MemexLLM changes.
    private struct EndState: Sendable, Hashable {
        /// `nil` when the thread has no row.
        var updated: StoredValue?
        var ends: Row?
    }

    /// What another program did right after: MemexLLM writes back what it holds, every row anew.
    private func changes(since end: EndState, _ id: ThreadID, isDelete: Bool) async -> [String] {
        guard let row = try? await engine.query(threadRowStatement(id)),
            let ends = try? await engine.query(endStatement(of: id)),
            EndState(updated: row.first?["updated_at"], ends: ends.first) != end
        else { return [] }
        let note = "another program has stored the thread again right after"
        if isDelete { return [note] }
        guard let count = try? await engine.query(countStatement(of: id)).first?.count else { return [] }
        return ["\(note): it now has \(count) messages"]
    }

    /// What the plan's facts are now.
    ///
    /// Of a trim, the rows that stay are not counted again, which would cost
    /// what stays. Those that go are counted as they are recorded, and a save
    /// of MemexLLM shows in the thread's row and in every message's.
    private func facts(
        of id: ThreadID, _ plan: ChangePlan, cut: MessageKey?, in transaction: any RowTransaction
    ) throws(StorageError) -> ThreadFacts {
        let row = try transaction.query(threadRowStatement(id)).first
        let ends = try transaction.query(endStatement(of: id)).first
        var extent = Self.extent(count: nil, ends: ends)
        if cut == nil {
            extent.count = try transaction.query(countStatement(of: id)).first?.count ?? 0
        } else if extent.first != nil {
            extent.count = plan.keeps + plan.drops
        }
        return ThreadFacts(row: row, extent: extent, cut: cut)
    }

    /// Whether the message is where the plan has seen it.
    private func isThere(_ key: MessageKey, in transaction: any RowTransaction) throws(StorageError) -> Bool {
        let statement =
            "SELECT 1 FROM \(tables.messageTable) WHERE " + MemexTables.equals(tables.messageIdentity, key.identity)
            + " AND " + MemexTables.equals(tables.dialect.quote("message_index"), key.index)
        return try !transaction.query(statement).isEmpty
    }

    // MARK: Recovery

    public func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        try await engine.settled(act) { () async throws(StorageError) in
            // An undo may have left rows out, so that each is looked for.
            try await RowChanges.settle(entry, on: engine, sample: act == .undo ? .max : 8)
        }
    }

    /// Throws `conflict` also when an inexact undo could put only a part of
    /// the messages back; the error says which are not, and the rest is.
    public func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        try engine.requireWritable("undo")
        let id = ThreadID(key: entry.record.key)
        let undo = try ThreadUndo(
            entry: entry, layout: self, id: id, inexactly: inexactly,
            triggered: try await engine.triggered(of: [tables.threads, tables.messages]))
        let run: @Sendable (any RowTransaction) throws(StorageError) -> ThreadUndo.Result = {
            transaction throws(StorageError) in
            try undo.run(in: transaction)
        }
        // The database allows orphans to come back only where it does not look at references.
        let result =
            undo.recorded.isOrphan
            ? try await engine.unreferencedTransaction("undo", run) : try await engine.transaction("undo", run)
        if let problem = result.problem { throw problem }
        return result.outcome
    }
}
