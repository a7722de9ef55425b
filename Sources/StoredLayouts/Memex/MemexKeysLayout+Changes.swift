internal import EngineCore
internal import JSONText
public import StoredRecords

extension MemexKeysLayout {
    // MARK: Plans

    public func plan(
        _ request: ChangeRequest, _ kind: RecordKind, _ key: String
    ) async throws(StorageError) -> ChangePlan {
        let act = if case .trim = request { "trim the thread" } else { "delete the thread" }
        guard kind == .thread, let entry = try await entry(key) else {
            throw notFound(kind, key, operation: act, place: engine.place)
        }
        let isString = entry.info?.type == .string
        let document = isString ? try await document(entry) : nil
        let count = document?.messages.count ?? 0
        var plan = ChangePlan(
            request: request, target: summary(entry, document), unit: "messages", keeps: count, drops: 0,
            basis: PlanBasis(facts: facts(entry, document)))
        if let reason = engine.capabilities.write.reason { plan.refusal = reason }
        if let info = entry.info, !isString {
            plan.refusal = "its key holds a \(info.type.rawValue), which an undo could not bring back"
        }
        guard plan.refusal == nil else { return plan }
        switch request {
        case .trim(let keep, let snap): planTrim(&plan, document, keep: keep, snap: snap)
        case .delete:
            plan.keeps = 0
            plan.drops = count
            if count == 0 { (plan.unit, plan.drops) = ("threads", 1) }
            plan.bytes = entry.info.map { Int64($0.size) }
            if entry.isNamed { plan.fixUps = ["take its id out of the set \(keys.set)"] }
        }
        if !plan.isEmpty, let written = document?.lastWritten, abs(clock.now().seconds - written.seconds) < 600 {
            plan.warnings.append(
                PlanWarning(
                    .writtenRecently,
                    "the thread was written moments ago: a program that still holds it brings it back at its next save")
            )
        }
        return plan
    }

    private func planTrim(_ plan: inout ChangePlan, _ document: MemexDocument?, keep: Int, snap: Bool) {
        guard keep > 0 else {
            plan.refusal = "at least one message must stay; delete the thread to remove all of it"
            return
        }
        guard let document else {
            plan.refusal = "its key is gone; delete the thread to take it out of the set \(keys.set)"
            return
        }
        if let problem = document.problem {
            plan.refusal = "\(problem), so that its messages are not known"
            return
        }
        let count = document.messages.count
        guard keep < count else { return }
        plan.keeps = keep
        let reach = max(0, count - keep - 600)..<min(count, count - keep + 600)
        let messages = reach.map { position in
            let (value, bytes) = document.message(at: position)
            return MemexElementDecoding.message(value, bytes: bytes, position: position)
        }
        let cut = ToolCallCut(
            messages.map { message in
                ToolCallCut.Entry(
                    calls: message.toolCalls,
                    isResult: message.toolCallID != nil || ["tool", "function"].contains(message.role.rawValue),
                    answers: message.toolCallID, content: message.content)
            })
        var isSplit = !cut.isSafe(count - keep - reach.lowerBound)
        if isSplit {
            let gaps = cut.nearest(to: count - keep - reach.lowerBound)
            let before = gaps.before ?? (reach.lowerBound == 0 ? 0 : nil)
            let behind = gaps.behind.flatMap { reach.lowerBound + $0 < count ? $0 : nil }
            plan.safeKeeps = [behind, before].compactMap { $0 }.map { count - reach.lowerBound - $0 }
            if snap, let safe = ToolCallCut.nearest(plan.safeKeeps, to: keep) {
                plan.keeps = safe
                plan.safeKeeps = []
                isSplit = false
                plan.fixUps = ["keep \(safe) instead of \(keep), so that no tool call is parted from its result"]
            }
        }
        plan.drops = count - plan.keeps
        guard plan.drops > 0 else { return }
        plan.bytes = Int64(document.messages[plan.drops].lowerBound - document.messages[0].lowerBound)
        plan.firstKept = messages.first { $0.position == plan.drops }
        plan.lastDropped = messages.first { $0.position == plan.drops - 1 }
        if isSplit {
            plan.warnings.append(
                PlanWarning(.splitsToolCall, "the cut parts a tool call from its result", asksAgain: true))
        }
        let roles = Set((0..<plan.drops).compactMap { document.message(at: $0).value["role"]?.stringValue })
        if roles.contains("system") { plan.warnings.append(PlanWarning(.dropsSystemMessage, "a system message goes")) }
        if roles.contains("user") {
            plan.warnings.append(PlanWarning(.dropsFirstUserMessage, "the first user message goes"))
        }
    }

    private func facts(_ entry: MemexKeyEntry, _ document: MemexDocument?) -> [String: StoredValue] {
        [
            "id": .bytes(entry.id), "isNamed": .integer(entry.isNamed ? 1 : 0),
            "hash": document.map { .text($0.bytes.contentHash) } ?? .null,
        ]
    }

    // MARK: Carrying out

    /// Changes the string, and for a delete the set, in one commit that holds
    /// only while the string has the bytes the change was made from.
    public func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let isDelete = plan.request.isDelete
        let act = isDelete ? "delete the thread" : "trim the thread"
        if let refusal = plan.refusal { throw error(.invalid, act, refusal) }
        guard !plan.isEmpty else { return ChangeOutcome(kept: plan.keeps, dropped: 0) }
        try engine.requireWritable(act)
        let entry = try await entry(plan.target.id.key)
        let document: MemexDocument? =
            if let entry, entry.info?.type == .string { try await self.document(entry) } else { nil }
        guard let entry, facts(entry, document) == plan.basis.facts else {
            throw error(
                .conflict, act, "the thread has changed since the plan was made",
                help: "look at it again and repeat; nothing was changed")
        }
        var changes = KeyChanges()
        if let document {
            changes.strings = [
                KeyChanges.StringChange(
                    key: keys.thread(entry.id), before: document.bytes,
                    after: isDelete ? nil : document.dropping(plan.drops), timeToLive: entry.info?.timeToLive)
            ]
        }
        if isDelete, entry.isNamed { changes.lostMembers = [KeyChanges.Member(key: keys.set, member: entry.id)] }
        try await changes.carryOut(on: engine, recording: recorder)
        return ChangeOutcome(kept: plan.keeps, dropped: plan.drops, notes: await changesSince(plan))
    }

    /// What another program did right after: MemexLLM writes back what it holds.
    private func changesSince(_ plan: ChangePlan) async -> [String] {
        guard let now = try? await summary(.thread, plan.target.id.key) else { return [] }
        if plan.request.isDelete { return ["another program has stored the thread again right after"] }
        guard let count = now.messages, count != plan.keeps else { return [] }
        return ["another program has stored the thread again right after: it now has \(count) messages"]
    }

    // MARK: Recovery

    public func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        try await KeyChanges(entry).settle(on: engine, during: act)
    }

    public func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        try engine.requireWritable("undo")
        let changes = try KeyChanges(entry)
        do throws(StorageError) {
            try await changes.undo(on: engine, merging: inexactly ? Self.merged : nil)
        } catch {
            guard error.kind == .conflict, !inexactly else { throw error }
            throw self.error(
                .conflict, "undo", "the thread has been stored again since",
                help: "nothing was changed; an inexact undo puts what is missing before what is there now")
        }
        let now = try await summary(.thread, entry.record.key)
        return ChangeOutcome(kept: now?.messages ?? 0, dropped: 0, notes: ["the thread is back"])
    }

    /// The messages that went and are not there again, before those that are there now.
    private static func merged(
        _ change: KeyChanges.StringChange, _ current: StoredBytes
    ) throws(StorageError) -> StoredBytes {
        guard let before = change.before.map({ MemexDocument($0) }) else { return current }
        let now = MemexDocument(current)
        guard now.isThread, before.isThread else {
            throw StorageError(
                .conflict, operation: "undo", place: change.key.description,
                reason: "what is stored now is no thread that messages could be put into",
                help: "move that key away first")
        }
        let kept = change.after.map { document in MemexDocument(document).messages.map { document.slice($0) } } ?? []
        let gone = before.messages.dropLast(kept.count).map { before.bytes.slice($0) }
        // A message that stayed and reads like one that went does not stand for it.
        var back: [[UInt8]: Int] = [:]
        for message in now.messages { back[current.slice(message), default: 0] += 1 }
        for message in kept { back[message, default: 0] -= 1 }
        var missing: [[UInt8]] = []
        for message in gone.reversed() {
            if let count = back[message], count > 0 { back[message] = count - 1 } else { missing.append(message) }
        }
        return now.prepending(missing.reversed())
    }
}

extension MemexDocument {
    /// The latest time the thread tells: its own, else of its last message.
    fileprivate var lastWritten: Timestamp? {
        if let updated { return updated }
        guard let last = messages.indices.last else { return nil }
        return message(at: last).value["created_at"]?.stringValue.flatMap { Timestamp(iso8601: $0) }
    }
}
