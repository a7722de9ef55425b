internal import EngineCore
public import StoredRecords

extension MemexRowsLayout {
    public func plan(
        _ request: ChangeRequest, _ kind: RecordKind, _ key: String
    ) async throws(StorageError) -> ChangePlan {
        let act = if case .trim = request { "trim the thread" } else { "delete the thread" }
        try requireThreads(kind, act)
        let id = ThreadID(key: key)
        // What is told of the thread and what the plan rests on are of one state.
        var (plan, going) = try await engine.read { reader throws(StorageError) in
            try self.plan(request, of: id, act, in: reader)
        }
        if let going {
            plan.refusal = try await rowsFollowing(going, of: id, isDelete: request.isDelete).refusal(in: engine)
        }
        return plan
    }

    /// The plan without what the database would take along, and the messages that go; `nil` where none do.
    private func plan(
        _ request: ChangeRequest, of id: ThreadID, _ act: String, in reader: any RowReader
    ) throws(StorageError) -> (plan: ChangePlan, going: SQLStatement?) {
        let row = try threadRow(id, in: reader)
        let extent = try extent(of: id, in: reader)
        guard row != nil || extent.count > 0 else { throw notFound(act) }
        let target =
            row.map { summary($0, messages: extent.count) }
            ?? summary(OrphanThread(id: id.value, messages: extent.count))
        var plan = ChangePlan(
            request: request, target: target, unit: "messages", keeps: extent.count, drops: 0, basis: PlanBasis())
        plan.refusal = refusal(of: request)
        guard plan.refusal == nil else { return (plan, nil) }

        switch request {
        case .trim(let keep, let snap):
            try planTrim(&plan, of: id, extent, keep: keep, snap: snap, in: reader)
        case .delete:
            plan.keeps = 0
            plan.drops = extent.count
            if extent.count == 0 { (plan.unit, plan.drops) = ("threads", 1) }
            if extent.count > 0, row != nil { plan.fixUps = ["delete the thread's own row"] }
        }
        if !plan.isEmpty, let updated = target.updated, isRecent(updated) {
            plan.warnings.append(
                PlanWarning(
                    .writtenRecently,
                    "the thread was written moments ago: a program that still holds it "
                        + (row != nil && plan.keeps > 0 ? "brings the trimmed messages back" : "brings it back")
                        + " at its next save"))
        }
        var cut: MessageKey?
        if case .trim = request, !plan.isEmpty {
            cut = try messageKey(of: id, at: extent.count - plan.keeps, count: extent.count, in: reader)
        }
        plan.basis = PlanBasis(facts: ThreadFacts(row: row, extent: extent, cut: cut).facts)
        guard !plan.isEmpty else { return (plan, nil) }
        return (plan, messagesThatGo(of: id, before: cut, hasMissing: extent.hasMissing))
    }

    /// Which messages go.
    /// - Parameter cut: the first one that stays; `nil` when all go.
    func messagesThatGo(of id: ThreadID, before cut: MessageKey?, hasMissing: Bool) -> SQLStatement {
        guard let cut else { return tables.isOfThread(id) }
        return tables.isOfThread(id) + " AND " + tables.isBefore(cut, hasMissing: hasMissing)
    }

    /// What the database would take along with these messages and, in a delete, the thread's own row.
    func rowsFollowing(
        _ goes: SQLStatement, of id: ThreadID, isDelete: Bool
    ) async throws(StorageError) -> FollowingRows {
        var going = [GoingRows(table: tables.messages, condition: goes, words: "these messages")]
        if isDelete {
            going.append(
                GoingRows(table: tables.threads, condition: tables.isThread(id), words: "this thread", isOne: true))
        }
        let (threads, messages) = (tables.threads.name, tables.messages.name)
        // The thread's messages go with it, as the plan says.
        return try await FollowingRows(of: going, in: engine) { reference in
            reference.table == messages && reference.target == threads
                && reference.columns.map { $0.lowercased() } == ["thread_id"]
                && reference.targetColumns.map { $0.lowercased() } == ["id"]
        }
    }

    /// Why the request can never be carried out on this thread.
    private func refusal(of request: ChangeRequest) -> String? {
        if case .trim(let keep, _) = request, keep < 1 {
            return "at least one message must stay; delete the thread to remove all of it"
        }
        return write.reason
    }

    /// Written less than ten minutes before or after this moment.
    private func isRecent(_ time: Timestamp) -> Bool {
        abs(clock.now().seconds - time.seconds) < 600
    }

    // MARK: Trim

    private func planTrim(
        _ plan: inout ChangePlan, of id: ThreadID, _ extent: MessageExtent, keep: Int, snap: Bool,
        in reader: any RowReader
    ) throws(StorageError) {
        guard keep < extent.count else { return }
        plan.keeps = keep
        let cut = try toolCallCut(of: id, extent, at: extent.count - keep, in: reader)
        plan.safeKeeps = cut.safeKeeps
        var isSplit = cut.isSplit
        if isSplit, snap, let safe = ToolCallCut.nearest(cut.safeKeeps, to: keep) {
            plan.keeps = safe
            plan.safeKeeps = []
            isSplit = false
            plan.fixUps.append("keep \(safe) instead of \(keep), so that no tool call is parted from its result")
        }
        plan.drops = extent.count - plan.keeps
        guard plan.drops > 0, let key = try messageKey(of: id, at: plan.drops, count: extent.count, in: reader) else {
            return
        }
        if isSplit {
            plan.warnings.append(
                PlanWarning(.splitsToolCall, "the cut parts a tool call from its result", asksAgain: true))
        }
        let before = tables.isBefore(key, hasMissing: extent.hasMissing)
        plan.warnings += try roleWarnings(of: id, before, in: reader)
        plan.firstKept = try reader.query(
            messageStatement(of: id, tables.isAfter(key, orIs: true), isForward: true, limit: 1)
        ).first.map { message($0, position: plan.drops) }
        plan.lastDropped = try reader.query(
            messageStatement(of: id, before, isForward: false, limit: 1)
        ).first.map { message($0, position: plan.drops - 1) }
    }

    /// What is lost with the messages before the cut; looks no further than
    /// the first message of each role.
    private func roleWarnings(
        of id: ThreadID, _ before: SQLStatement, in reader: any RowReader
    ) throws(StorageError) -> [PlanWarning] {
        var warnings: [PlanWarning] = []
        for (role, kind, text) in [
            ("system", PlanWarning.Kind.dropsSystemMessage, "a system message goes"),
            ("user", .dropsFirstUserMessage, "the first user message goes"),
        ] {
            let statement =
                "SELECT 1 FROM \(tables.messageTable) WHERE " + tables.isOfThread(id) + " AND " + before
                + SQLStatement(" AND \(tables.dialect.quote("role")) = ? LIMIT 1", [.text(role)])
            if try !reader.query(statement).isEmpty { warnings.append(PlanWarning(kind, text)) }
        }
        return warnings
    }

    /// The content of messages that may hold calls or results among its parts, NULL of all others.
    private var toolContent: [String] {
        guard tables.messages.hasColumns(["content"]) else { return [] }
        let content = tables.dialect.quote("content")
        let text = "CAST(\(content) AS TEXT)"
        let holds = ["tool_use", "tool_result"].map { "\(text) LIKE '[%\($0)%'" }.joined(separator: " OR ")
        return ["CASE WHEN \(holds) THEN \(content) END AS \(content)"]
    }

    /// Whether a cut before this position parts a tool call, and the counts
    /// nearby that do not; reads some messages on either side, without their content
    /// unless that holds calls or results.
    private func toolCallCut(
        of id: ThreadID, _ extent: MessageExtent, at position: Int, in reader: any RowReader
    ) throws(StorageError) -> (isSplit: Bool, safeKeeps: [Int]) {
        for reach in [48, 600] {
            let start = max(0, position - reach)
            guard let from = try messageKey(of: id, at: start, count: extent.count, in: reader) else { break }
            let names =
                ["role", "metadata", "tool_calls", "tool_call_id", "function_call"]
                .filter { tables.messages.hasColumns([$0]) }.map(tables.dialect.quote) + toolContent
            let rows = try reader.query(
                "SELECT \(names.joined(separator: ", ")) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id)
                    + " AND " + tables.isAfter(from, orIs: true)
                    + " ORDER BY \(tables.messageOrder(descending: false))"
                    + SQLStatement(" LIMIT ?", [.integer(Int64(position - start + reach))]))
            let cut = ToolCallCut(
                rows.map { row in
                    let decoding = MemexMessageDecoding(row)
                    return ToolCallCut.Entry(
                        calls: decoding.toolCalls, isResult: decoding.isToolResult, answers: decoding.toolCallID,
                        content: decoding.toolParts)
                })
            guard rows.count >= position - start, !cut.isSafe(position - start) else { return (false, []) }
            let gaps = cut.nearest(to: position - start)
            // Before the first message nothing is cut; behind the last one nothing would stay.
            let before = gaps.before ?? (start == 0 ? 0 : nil)
            let behind = gaps.behind.flatMap { start + $0 < extent.count ? $0 : nil }
            let isAll = start == 0 && start + rows.count >= extent.count
            if isAll || before != nil && (behind != nil || start + rows.count >= extent.count) || reach == 600 {
                return (true, [behind, before].compactMap { $0 }.map { extent.count - start - $0 })
            }
        }
        return (false, [])
    }
}
