internal import EngineCore
internal import StoredRecords

extension IndexObjects {
    func deletion(of entry: Entry) async throws(StorageError) -> IndexDeletion {
        var deletion = IndexDeletion(basis: PlanBasis())
        // The full document goes first: without it the tool does not list the index.
        for part in entry.parts {
            guard let piece = entry[part] else { continue }
            deletion.basis.objects.append(
                PlannedObject(key: entry.address.appending(part.fileName).bytes, tag: piece.tag))
        }
        deletion.basis.facts[Self.directoryFact] = .bytes(entry.address.bytes)
        guard let directory = pruning(entry.address) else { return deletion }
        let others = try await others(in: directory)
        if others.isEmpty {
            deletion.fixUps = ["remove the directory \(directory)"]
        } else {
            let count = others.count < Self.countedOthers ? "\(others.count)" : "\(others.count) or more"
            let stay = others.count == 1 ? "object stays" : "objects stay"
            deletion.warnings = [PlanWarning(.other, "\(count) other \(stay) in \(directory)")]
        }
        return deletion
    }

    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let operation = "delete index \(plan.target.id.key)"
        defer { known.forget() }
        guard let stored = plan.basis.facts[Self.directoryFact]?.storedBytes, !plan.basis.objects.isEmpty else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the plan names no documents",
                help: "make the plan again")
        }
        let directory = ObjectKey(bytes: stored)
        let planned = plan.basis.objects.map { ObjectKey(bytes: $0.key) }
        for part in IndexPart.allCases {
            let key = directory.appending(part.fileName)
            guard !planned.contains(key), try await engine.stat(key) != nil else { continue }
            throw StorageError(
                .conflict, operation: operation, place: place, reason: "\(key) was written since the plan was made",
                help: "nothing was changed; look again")
        }
        let changes = zip(planned, plan.basis.objects).map { ObjectChange.delete($0, tag: $1.tag) }
        let notes = try await changer(operation).carryOut(
            changes, pruning: pruning(directory).map { [$0] } ?? [], recording: recorder)
        return ChangeOutcome(kept: 0, dropped: changes.count, notes: notes)
    }

    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement {
        try await changer("settle the delete of index \(entry.record.key)").settle(entry, during: act).settlement
    }

    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        defer { known.forget() }
        let notes = try await changer("undo the delete of index \(entry.record.key)").undo(
            entry, inexactly: inexactly)
        var restored = 0
        try entry.items { item throws(StorageError) in
            if case .object(_, .some, .none) = item { restored += 1 }
            return .more
        }
        return ChangeOutcome(kept: restored, dropped: 0, notes: notes)
    }

    private static let directoryFact = "directory"
    private static let countedOthers = 100

    private func changer(_ operation: String) -> ObjectChanges {
        ObjectChanges(engine: engine, operation: operation)
    }

    /// Some of the objects in the directory that are no documents of an index.
    private func others(in directory: ObjectKey) async throws(StorageError) -> [ObjectKey] {
        let prefix = ObjectKey(bytes: directory.bytes + [UInt8(ascii: "/")])
        let page = try await engine.list(
            ObjectListing(prefix: prefix, isDelimited: true, limit: Self.countedOthers + IndexPart.allCases.count))
        let own = IndexPart.allCases.map { directory.appending($0.fileName) }
        return page.entries.map(\.key).filter { !own.contains($0) }
    }
}
