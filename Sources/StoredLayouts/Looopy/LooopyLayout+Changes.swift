internal import EngineCore
public import StoredRecords

extension LooopyLayout {
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
            for directory in directories { current += try await self.objects(below: directory).objects }
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
