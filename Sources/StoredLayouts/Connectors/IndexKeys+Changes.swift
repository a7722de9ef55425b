internal import EngineCore
internal import StoredRecords

/// Deletes of both strings of an index; each act is one transaction where the
/// engine has them, so that a crash leaves all of it or nothing, and is
/// brought to its end later where it has none.
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
        let found = try await engine.strings(keys)
        var strings: [Recorded] = []
        for (index, part) in IndexPart.allCases.enumerated() {
            let bytes = try found[index].get()
            guard bytes?.contentHash == plan.basis.facts[Self.hashFact(part)]?.text else {
                throw StorageError(
                    .conflict, operation: operation, place: place,
                    reason: "\(label(part)) has changed since the plan was made",
                    help: "nothing was changed; look again")
            }
            guard let bytes else { continue }
            let string = Recorded(key: keys[index], bytes: bytes, timeToLive: infos[index]?.timeToLive)
            try recorder.record(.key(key: string.key.bytes, before: bytes, timeToLive: string.timeToLive, after: nil))
            strings.append(string)
        }
        try recorder.seal()
        let absent = keys.filter { key in !strings.contains { $0.key == key } }
        try await commit(
            strings.map { Step(change: .delete($0.key), before: .string($0.key, $0.bytes), reverse: $0.restoring) },
            expecting: absent.map { .absent($0) })
        return ChangeOutcome(kept: 0, dropped: strings.count)
    }

    /// One string that is still as recorded tells that nothing was deleted,
    /// unless the engine changes one key at a time: what it left half done is
    /// brought to its end. Of strings that were all written anew nothing tells.
    func settle(_ entry: any RecoveryEntry, during act: RecoveryAct) async throws(StorageError) -> Settlement {
        let recorded = try recorded(entry)
        var there: [Recorded] = []
        var gone: [Recorded] = []
        var isWrittenAnew = false
        for (string, result) in zip(recorded, try await engine.strings(recorded.map(\.key))) {
            switch result {
            case .success(string.bytes): there.append(string)
            case .success(nil): gone.append(string)
            default: isWrittenAnew = true
            }
        }
        if act == .change, isWrittenAnew, there.isEmpty, gone.isEmpty { return .unclear }
        if engine.capabilities.hasTransactions { return there.isEmpty ? .applied : .notApplied }
        if isWrittenAnew { return .applied }
        if there.isEmpty || gone.isEmpty { return gone.isEmpty ? .notApplied : .applied }
        switch act {
        case .change:
            for string in there {
                try await engine.commit([.delete(string.key)], expecting: [.string(string.key, string.bytes)])
            }
            return .applied
        case .undo:
            for string in gone { try await engine.commit([string.restoring], expecting: [.absent(string.key)]) }
            return .notApplied
        }
    }

    func undo(_ entry: any RecoveryEntry, inexactly: Bool) async throws(StorageError) -> ChangeOutcome {
        let operation = "undo the delete of index \(entry.record.key)"
        try engine.requireWritable(operation)
        let recorded = try recorded(entry)
        do throws(StorageError) {
            // The document by which the tool lists an index comes last.
            try await commit(
                recorded.reversed().map {
                    Step(change: $0.restoring, before: .absent($0.key), reverse: .delete($0.key))
                })
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

    // MARK: One key or two

    private struct Recorded {
        var key: StoredKey
        var bytes: StoredBytes
        var timeToLive: Duration?

        var restoring: KeyChange { .setExpiring(key, bytes, timeToLive) }
    }

    private struct Step {
        var change: KeyChange
        /// How the key must be before.
        var before: KeyExpectation
        /// Makes it so again.
        var reverse: KeyChange

        /// How the change leaves the key.
        var after: KeyExpectation {
            switch change {
            case .set(let key, let bytes), .setExpiring(let key, let bytes, _): .string(key, bytes)
            case .delete(let key): .absent(key)
            case .addMember(let key, let member): .member(key, member)
            case .removeMember(let key, let member): .notMember(key, member)
            }
        }
    }

    /// Makes the changes together where the engine can; else one after
    /// another, and takes back the first when the second meets a conflict.
    private func commit(_ steps: [Step], expecting others: [KeyExpectation] = []) async throws(StorageError) {
        guard !engine.capabilities.hasTransactions else {
            return try await engine.commit(steps.map(\.change), expecting: steps.map(\.before) + others)
        }
        for (index, step) in steps.enumerated() {
            do throws(StorageError) {
                try await engine.commit([step.change], expecting: [step.before])
            } catch {
                guard error.kind == .conflict else { throw error }
                for done in steps[..<index].reversed() {
                    try await engine.commit([done.reverse], expecting: [done.after])
                }
                throw error
            }
        }
    }

    private func recorded(
        _ entry: any RecoveryEntry
    ) throws(StorageError) -> [Recorded] {
        try entry.allItems().compactMap { item in
            guard case .key(let key, .some(let before), let timeToLive, _) = item else { return nil }
            return Recorded(key: StoredKey(bytes: key), bytes: before, timeToLive: timeToLive)
        }
    }
}
