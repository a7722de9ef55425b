internal import EngineCore
internal import StoredRecords

/// Deletes of both strings of an index; each act is one transaction, so that
/// a crash leaves all of it or nothing.
extension IndexKeys {
    private static let addressFact = "address"

    private static func hashFact(_ part: IndexPart) -> String { "\(part.rawValue) hash" }

    func deletion(of entry: Entry) async throws(StorageError) -> IndexDeletion {
        var facts: [String: StoredValue] = [Self.addressFact: .bytes(entry.address)]
        for part in entry.parts {
            if let problem = entry[part]?.problem {
                return IndexDeletion(
                    basis: PlanBasis(), refusal: "\(label(part)) \(problem), which an undo could not bring back")
            }
            guard let bytes = try await read(part, of: entry) else { continue }
            facts[Self.hashFact(part)] = .text(bytes.contentHash)
        }
        return IndexDeletion(basis: PlanBasis(facts: facts))
    }

    func carryOut(
        _ plan: ChangePlan, recording recorder: any RecoveryRecorder
    ) async throws(StorageError) -> ChangeOutcome {
        let operation = "delete index \(plan.target.id.key)"
        try engine.requireWritable(operation)
        guard let address = plan.basis.facts[Self.addressFact]?.storedBytes else {
            throw StorageError(
                .invalid, operation: operation, place: place, reason: "the plan names no keys",
                help: "make the plan again")
        }
        let keys = IndexPart.allCases.map { storedKey($0, address) }
        let infos = try await engine.describe(keys)
        let strings = try await engine.strings(keys)
        var changes: [KeyChange] = []
        var expectations: [KeyExpectation] = []
        for (index, part) in IndexPart.allCases.enumerated() {
            let bytes = try strings[index].get()
            guard bytes?.contentHash == plan.basis.facts[Self.hashFact(part)]?.text else {
                throw StorageError(
                    .conflict, operation: operation, place: place,
                    reason: "\(label(part)) has changed since the plan was made",
                    help: "nothing was changed; look again")
            }
            guard let bytes else {
                expectations.append(.absent(keys[index]))
                continue
            }
            try recorder.record(
                .key(key: keys[index].bytes, before: bytes, timeToLive: infos[index]?.timeToLive, after: nil))
            changes.append(.delete(keys[index]))
            expectations.append(.string(keys[index], bytes))
        }
        try recorder.seal()
        try await engine.commit(changes, expecting: expectations)
        return ChangeOutcome(kept: 0, dropped: changes.count)
    }

    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement {
        let recorded = try recorded(entry)
        let infos = try await engine.describe(recorded.map(\.key))
        return infos.contains { $0 != nil } ? .notApplied : .applied
    }

    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        let operation = "undo the delete of index \(entry.record.key)"
        try engine.requireWritable(operation)
        let recorded = try recorded(entry)
        do throws(StorageError) {
            try await engine.commit(
                recorded.map { .setExpiring($0.key, $0.bytes, $0.timeToLive) },
                expecting: recorded.map { .absent($0.key) })
        } catch {
            guard error.kind == .conflict else { throw error }
            throw StorageError(
                .conflict, operation: operation, place: place, reason: "there is an index of this name again",
                help: "delete it and try again; nothing was changed")
        }
        let expired = recorded.filter { $0.timeToLive != nil }.count
        return ChangeOutcome(
            kept: recorded.count, dropped: 0,
            notes: expired > 0 ? ["keys that expire have the life they had when they were deleted"] : [])
    }

    private func recorded(
        _ entry: any RecoveryEntry
    ) throws(StorageError) -> [(key: StoredKey, bytes: StoredBytes, timeToLive: Duration?)] {
        try entry.allItems().compactMap { item in
            guard case .key(let key, .some(let before), let timeToLive, _) = item else { return nil }
            return (StoredKey(bytes: key), before, timeToLive)
        }
    }
}
