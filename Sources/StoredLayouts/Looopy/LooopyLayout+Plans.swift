internal import EngineCore
public import StoredRecords

extension LooopyLayout {
    // MARK: Plans

    public func plan(
        _ request: ChangeRequest, _ kind: RecordKind, _ key: String
    ) async throws(StorageError) -> ChangePlan {
        let operation = "plan a change of \(kind.rawValue) \(key)"
        guard let record = try await find(kind, key), let target = try await listed(record) else {
            throw notFound(kind, key, operation)
        }
        switch (request, record) {
        case (.trim(let keep, let snap), .thread(let conversation)):
            return try await planTrim(keep: keep, snap: snap, conversation, target)
        case (.trim, _):
            return refusal(request, target, unit: kind.plural, "only threads have messages to trim")
        case (.delete(.record), .thread(let conversation)):
            return try await planDelete(request, conversation, target)
        case (.delete(.wholeContext), .thread(let conversation)):
            return try await planWholeContext(conversation, target)
        case (.delete(.wholeContext), _):
            return refusal(
                request, target, unit: kind.plural,
                "the whole context is deleted by its thread, not by one \(kind.rawValue)")
        case (.delete(.record), .artifact(let artifact)):
            var plan = planDelete(request, target, objects: artifact.objects, unit: "files")
            plan.warnings += lockWarnings(try await listed(.thread(artifact.conversation)))
            if case .artifact(let detail) = target.detail, detail.status == "building" {
                plan.warnings.append(PlanWarning(.other, "the artifact is still being written"))
            }
            return plan
        case (.delete(.record), .task(let task)):
            var plan = planDelete(request, target, objects: [task.info], unit: "files")
            plan.warnings += lockWarnings(try await listed(.thread(task.conversation)))
            if case .task(let detail) = target.detail, detail.isCompleted == false, !detail.isExpired {
                plan.warnings.append(
                    PlanWarning(.other, "the task is not completed; the agent cannot resume it afterwards"))
            }
            return plan
        }
    }

    private func planTrim(
        keep asked: Int, snap: Bool, _ conversation: LooopyConversation, _ target: RecordSummary
    ) async throws(StorageError) -> ChangePlan {
        let request = ChangeRequest.trim(keep: asked, snap: snap)
        guard asked >= 1 else {
            return refusal(
                request, target, unit: "messages",
                "at least one message must stay; delete the thread to remove all of it")
        }
        let messages = LooopyMessages(engine: engine, directory: conversation.messages)
        let listed = try await messages.files()
        let heads = try await messages.heads(listed.files, isTolerant: false)
        var keep = min(asked, heads.count)
        let cut = toolCallCut(heads)
        var safe = safeKeeps(near: keep, heads, cut)
        let isSplit = !safe.isEmpty
        var fixUps: [String] = []
        if snap, let nearest = safe.min(by: { (abs($0 - keep), -$0) < (abs($1 - keep), -$1) }) {
            fixUps = ["keep \(nearest) instead of \(keep), so that no tool call is parted from its result"]
            keep = nearest
            safe = []
        }
        var plan = basicPlan(request, target, unit: "messages", files: heads.map(\.file), conversation)
        plan.outlook = outlook(heads, cut)
        plan.keeps = keep
        plan.drops = heads.count - keep
        plan.bytes = heads.prefix(plan.drops).reduce(0) { $0 + $1.file.info.size }
        plan.safeKeeps = safe
        plan.fixUps = fixUps
        plan.warnings = listed.notes.map { PlanWarning(.other, $0) }
        guard plan.drops > 0 else {
            plan.warnings += numberingWarnings(heads)
            return plan
        }
        try await addPreview(to: &plan, heads, messages)
        if isSplit, keep == min(asked, heads.count) {
            plan.warnings.append(
                PlanWarning(.splitsToolCall, "the cut parts a tool call from its result", asksAgain: true))
        }
        plan.warnings += dropWarnings(heads.prefix(plan.drops)) + liveWarnings(target, heads.map(\.file))
        let renumbered = heads.suffix(keep).enumerated().count { offset, head in
            head.place.index != Double(offset) || head.file.name.map { $0.index != offset } ?? false
        }
        if renumbered > 0 {
            plan.fixUps += ["renumber \(renumbered) kept \(renumbered == 1 ? "message" : "messages") from 0"]
        }
        return plan
    }

    private func toolCallCut(_ heads: [LooopyMessageHead]) -> ToolCallCut {
        ToolCallCut(heads.map(\.cut))
    }

    /// All heads are read for any cut, so that what every other would meet is known too.
    private func outlook(_ heads: [LooopyMessageHead], _ cut: ToolCallCut) -> TrimOutlook {
        TrimOutlook(
            count: heads.count, firstSystem: heads.firstIndex { $0.role == MessageRole.system.rawValue },
            firstUser: heads.firstIndex { $0.role == MessageRole.user.rawValue },
            parted: cut.partedRuns.filter { $0.lowerBound < heads.count })
    }

    /// The counts nearest to this one at which no tool call is parted from its
    /// result; empty when it is such a one.
    private func safeKeeps(near keep: Int, _ heads: [LooopyMessageHead], _ cut: ToolCallCut) -> [Int] {
        let gap = heads.count - keep
        guard gap > 0 else { return [] }
        guard !cut.isSafe(gap) else { return [] }
        let nearest = cut.nearest(to: gap)
        return [nearest.before, nearest.behind].compactMap { $0 }.map { heads.count - $0 }.filter { $0 > 0 }
    }

    /// The messages alone; everything else of the context stays.
    private func planDelete(
        _ request: ChangeRequest, _ conversation: LooopyConversation, _ target: RecordSummary
    ) async throws(StorageError) -> ChangePlan {
        let listed = try await LooopyMessages(engine: engine, directory: conversation.messages).files()
        var plan = basicPlan(request, target, unit: "messages", files: listed.files, conversation)
        plan.warnings = listed.notes.map { PlanWarning(.other, $0) } + liveWarnings(target, listed.files)
        return plan
    }

    /// Everything below every directory of the context.
    private func planWholeContext(
        _ conversation: LooopyConversation, _ target: RecordSummary
    ) async throws(StorageError) -> ChangePlan {
        var objects: [ObjectInfo] = []
        var notes: [String] = []
        for directory in conversation.directories {
            let listed = try await self.objects(below: directory.key)
            objects += listed.objects
            notes += listed.notes
        }
        var plan = planDelete(.delete(.wholeContext), target, objects: objects, unit: "files")
        plan.warnings = notes.map { PlanWarning(.other, $0) }
        plan.basis.facts["directory"] = .bytes(conversation.messages.bytes)
        let messages = objects.compactMap { LooopyMessageFile(.object($0)) }
            .filter { $0.key.hasPrefix(conversation.messages) }
        plan.warnings += liveWarnings(target, messages)
        plan.fixUps = conversation.directories.map { "remove the directory \($0.key)" }
        return plan
    }

    private func planDelete(
        _ request: ChangeRequest, _ target: RecordSummary, objects: [ObjectInfo], unit: String
    ) -> ChangePlan {
        ChangePlan(
            request: request, target: target, unit: unit, keeps: 0, drops: objects.count,
            bytes: objects.reduce(0) { $0 + $1.size },
            refusal: engine.capabilities.write.reason,
            basis: PlanBasis(objects: objects.map { PlannedObject(key: $0.key.bytes, tag: $0.tag) }))
    }

    private func basicPlan(
        _ request: ChangeRequest, _ target: RecordSummary, unit: String, files: [LooopyMessageFile],
        _ conversation: LooopyConversation
    ) -> ChangePlan {
        var plan = planDelete(request, target, objects: files.map(\.info), unit: unit)
        plan.basis.facts["directory"] = .bytes(conversation.messages.bytes)
        return plan
    }

    private func refusal(
        _ request: ChangeRequest, _ target: RecordSummary, unit: String, _ reason: String
    ) -> ChangePlan {
        ChangePlan(
            request: request, target: target, unit: unit, keeps: target.messages ?? 0, drops: 0, refusal: reason,
            basis: PlanBasis())
    }

    /// The summary as lists show it.
    private func listed(_ record: Record) async throws(StorageError) -> RecordSummary? {
        switch record {
        case .artifact(let artifact): return try await artifacts.summaries([artifact]).first
        case .task(let task): return try await tasks.summaries([task]).first
        case .thread(let conversation):
            guard let summary = try await threads.summaries([conversation]).first?.summary else { return nil }
            return try await threads.complete(summary, conversation)
        }
    }

    func objects(
        below directory: ObjectKey
    ) async throws(StorageError) -> (objects: [ObjectInfo], notes: [String]) {
        let listed = try await engine.listAll(directory)
        let objects = listed.entries.compactMap { entry -> ObjectInfo? in
            if case .object(let info) = entry { info } else { nil }
        }
        return (objects, listed.notes)
    }

    private func addPreview(
        to plan: inout ChangePlan, _ heads: [LooopyMessageHead], _ messages: LooopyMessages
    ) async throws(StorageError) {
        var shown: [StoredMessage] = []
        let cut = plan.drops
        try await messages.read(heads[(cut - 1)...min(cut, heads.count - 1)].map(\.file)) { _, result in
            shown.append(LooopyMessageDecoder.message(result, position: cut - 1 + shown.count))
        }
        plan.lastDropped = shown.first
        plan.firstKept = shown.count > 1 ? shown[1] : nil
    }

    // MARK: Warnings

    private func dropWarnings(_ dropped: ArraySlice<LooopyMessageHead>) -> [PlanWarning] {
        var warnings: [PlanWarning] = []
        if dropped.contains(where: { $0.role == MessageRole.system.rawValue }) {
            warnings.append(PlanWarning(.dropsSystemMessage, "a system message goes; the agent loses its instructions"))
        }
        if dropped.contains(where: { $0.role == MessageRole.user.rawValue }) {
            warnings.append(PlanWarning(.dropsFirstUserMessage, "the first user message goes"))
        }
        let broken = dropped.count { !$0.isObject }
        if broken > 0 { warnings.append(PlanWarning(.other, "\(broken) of the files that go hold no message")) }
        return warnings
    }

    private func numberingWarnings(_ heads: [LooopyMessageHead]) -> [PlanWarning] {
        let highest = heads.map(\.place.index).filter(\.isFinite).max() ?? -1
        guard highest >= Double(heads.count) else { return [] }
        return [
            PlanWarning(
                .other,
                "\(heads.count) messages are numbered up to \(Int(min(highest, 1e15))); "
                    + "what the agent appends next sorts before the last of them until a trim renumbers them")
        ]
    }

    private func liveWarnings(_ target: RecordSummary, _ files: [LooopyMessageFile]) -> [PlanWarning] {
        var warnings = lockWarnings(target)
        let newest = files.compactMap { $0.name?.moment ?? $0.info.modified }.max()
        if let newest, case let age = clock.now().seconds - newest.seconds, (0..<60).contains(age) {
            warnings.append(PlanWarning(.writtenRecently, "the last message was written \(age) seconds ago"))
        }
        return warnings
    }

    private func lockWarnings(_ thread: RecordSummary?) -> [PlanWarning] {
        guard case .thread(let detail)? = thread?.detail, let lock = detail.lock else { return [] }
        return [
            PlanWarning(
                .locked, "the conversation is locked by \(lock); an agent may be working in it", asksAgain: true)
        ]
    }
}
