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
                "at least one message must be kept; delete the thread to remove all of them")
        }
        let messages = LooopyMessages(engine: engine, directory: conversation.messages)
        let heads = try await messages.heads(try await messages.files().files, isTolerant: false)
        let cuts = LooopyCuts(heads)
        var keep = min(asked, heads.count)
        let safe = cuts.safeKeeps(near: keep)
        if snap, let nearest = safe.first { keep = nearest }

        var plan = basicPlan(request, target, unit: "messages", files: heads.map(\.file), conversation)
        plan.keeps = keep
        plan.drops = heads.count - keep
        plan.bytes = heads.prefix(plan.drops).reduce(0) { $0 + $1.file.info.size }
        plan.safeKeeps = cuts.safeKeeps(near: keep)
        guard plan.drops > 0 else {
            plan.warnings = numberingWarnings(heads)
            return plan
        }
        try await addPreview(to: &plan, heads, messages)
        if cuts.splitsToolCall(keeping: keep) {
            let nearest = plan.safeKeeps.map(String.init).joined(separator: " or ")
            plan.warnings.append(
                PlanWarning(
                    .splitsToolCall,
                    "the cut parts a tool call from its result"
                        + (nearest.isEmpty ? "" : "; keeping \(nearest) does not")))
        }
        plan.warnings += dropWarnings(heads.prefix(plan.drops)) + liveWarnings(target, heads.map(\.file))
        let renumbered = heads.suffix(keep).enumerated().count { offset, head in
            head.place.index != Double(offset) || head.file.name.map { $0.index != offset } ?? false
        }
        if renumbered > 0 {
            plan.fixUps = ["renumber \(renumbered) kept \(renumbered == 1 ? "message" : "messages") from 0"]
        }
        return plan
    }

    /// The messages alone; everything else of the context stays.
    private func planDelete(
        _ request: ChangeRequest, _ conversation: LooopyConversation, _ target: RecordSummary
    ) async throws(StorageError) -> ChangePlan {
        let files = try await LooopyMessages(engine: engine, directory: conversation.messages).files().files
        var plan = basicPlan(request, target, unit: "messages", files: files, conversation)
        plan.drops = files.count
        plan.bytes = files.reduce(0) { $0 + $1.info.size }
        plan.warnings += liveWarnings(target, files)
        return plan
    }

    /// Everything below every directory of the context.
    private func planWholeContext(
        _ conversation: LooopyConversation, _ target: RecordSummary
    ) async throws(StorageError) -> ChangePlan {
        var objects: [ObjectInfo] = []
        for directory in conversation.directories { objects += try await self.objects(below: directory.key) }
        var plan = planDelete(.delete(.wholeContext), target, objects: objects, unit: "files")
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
            refusal: engine.capabilities.isWritable ? nil : "the source is opened read-only",
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

    func objects(below directory: ObjectKey) async throws(StorageError) -> [ObjectInfo] {
        try await engine.listAll(directory).entries.compactMap { entry in
            if case .object(let info) = entry { info } else { nil }
        }
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

    // MARK: Carrying out

    public func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let key = plan.target.id.key
        let operation: String
        switch plan.request {
        case .trim: operation = "trim thread \(key)"
        case .delete: operation = "delete \(plan.target.id.kind.rawValue) \(key)"
        }
        if let refusal = plan.refusal {
            throw StorageError(.unsupported, operation: operation, place: engine.place, reason: refusal)
        }
        if plan.isEmpty { return ChangeOutcome(kept: plan.keeps, dropped: 0, notes: ["there was nothing to do"]) }
        let objects = plan.basis.objects.map { (key: ObjectKey(bytes: $0.key), tag: $0.tag) }
        let changes = ObjectChanges(engine: engine, operation: operation)
        let directory = plan.basis.facts["directory"]?.storedBytes.map { ObjectKey(bytes: $0) }
        let facts = directory.map { [RecoveryItem.fact(name: "directory", value: .bytes($0.bytes))] } ?? []
        var notes: [String]
        var leading: Set<ObjectKey> = []
        switch (plan.request, directory) {
        case (.trim, let directory?):
            try await requireUnchanged(messagesIn: directory, objects, operation)
            let trim = try await trimChanges(objects, drops: plan.drops, operation: operation)
            leading = trim.kept
            notes = try await changes.carryOut(trim.changes, facts: facts, recording: recorder)
        case (.delete(.record), let directory?):
            try await requireUnchanged(messagesIn: directory, objects, operation)
            notes = try await changes.carryOut(
                objects.map { .delete($0.key, tag: $0.tag) }, facts: facts, recording: recorder)
        default:
            guard let record = try await find(plan.target.id.kind, key) else {
                throw notFound(plan.target.id.kind, key, operation)
            }
            let directories = try await requireUnchanged(record, plan.request, objects, operation)
            notes = try await changes.carryOut(
                objects.map { .delete($0.key, tag: $0.tag) }, pruning: directories, facts: facts,
                recording: recorder)
            return ChangeOutcome(kept: 0, dropped: plan.drops, notes: notes)
        }
        if let directory {
            let appended = try await LooopyAppendix(engine: engine, directory: directory).number(after: leading)
            if appended > 0 { notes.append("\(appended) messages were appended meanwhile and kept") }
        }
        return ChangeOutcome(kept: plan.keeps, dropped: plan.drops, notes: notes)
    }

    /// The changes of a trim, and the keys of what stays afterwards.
    ///
    /// A kept message under its old name and number is recorded too, so that
    /// what was appended later can be told from it.
    private func trimChanges(
        _ objects: [(key: ObjectKey, tag: String)], drops: Int, operation: String
    ) async throws(StorageError) -> (changes: [ObjectChange], kept: Set<ObjectKey>) {
        var changes: [ObjectChange] = []
        var taken = Set(objects.map(\.key))
        var kept: Set<ObjectKey> = []
        for (index, object) in objects.dropFirst(drops).enumerated() {
            let info = ObjectInfo(key: object.key, size: 0, modified: nil, tag: object.tag)
            guard let file = LooopyMessageFile(.object(info)) else { continue }
            let key = LooopyRenumbering.key(for: file, index: index, taken: &taken)
            kept.insert(key)
            let result = ObjectChange.Result.derived(from: object.key, tag: object.tag) {
                LooopyRenumbering.renumbered($0, to: index)
            }
            changes.append(ObjectChange(key, tag: key == object.key ? object.tag : nil, result: result))
            if key != object.key { changes.append(.delete(object.key, tag: object.tag)) }
        }
        changes += objects.prefix(drops).map { .delete($0.key, tag: $0.tag) }
        return (changes, kept)
    }

    /// Throws `conflict` unless exactly the planned message files are there.
    private func requireUnchanged(
        messagesIn directory: ObjectKey, _ objects: [(key: ObjectKey, tag: String)], _ operation: String
    ) async throws(StorageError) {
        let files = try await LooopyMessages(engine: engine, directory: directory).files().files
        try requireSame(files.map(\.info), objects, operation)
    }

    /// Throws `conflict` unless exactly the planned objects are there; the
    /// directories that go when they are empty.
    private func requireUnchanged(
        _ record: Record, _ request: ChangeRequest, _ objects: [(key: ObjectKey, tag: String)], _ operation: String
    ) async throws(StorageError) -> [ObjectKey] {
        var current: [ObjectInfo] = []
        var directories: [ObjectKey] = []
        switch record {
        case .artifact(let artifact):
            current = artifact.objects
            directories = [artifact.directory]
        case .task(let task):
            current = [task.info]
        case .thread(let conversation):
            directories = conversation.directories.map(\.key)
            for directory in directories { current += try await self.objects(below: directory) }
        }
        try requireSame(current, objects, operation)
        return directories.compactMap { directory in
            guard !directory.bytes.isEmpty else { return nil }
            return ObjectKey(bytes: Array(directory.bytes.dropLast()))
        }
    }

    private func requireSame(
        _ current: [ObjectInfo], _ planned: [(key: ObjectKey, tag: String)], _ operation: String
    ) throws(StorageError) {
        var tags: [ObjectKey: String] = [:]
        for info in current { tags[info.key] = info.tag }
        let changed = planned.count { tags[$0.key] != $0.tag }
        let added = current.count - planned.count { tags[$0.key] != nil }
        guard changed > 0 || added > 0 else { return }
        let parts =
            (added > 0 ? ["\(added) \(added == 1 ? "file was" : "files were") added"] : [])
            + (changed > 0 ? ["\(changed) \(changed == 1 ? "file was" : "files were") changed or removed"] : [])
        throw StorageError(
            .conflict, operation: operation, place: engine.place,
            reason: parts.joined(separator: " and ") + " since the plan was made",
            help: "nothing was changed; look again")
    }
}
