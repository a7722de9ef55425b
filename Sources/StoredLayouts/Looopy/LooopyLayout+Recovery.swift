internal import EngineCore
public import StoredRecords

extension LooopyLayout {
    /// Also numbers what an agent appended while the change was cut short,
    /// so that its next message sorts last.
    public func settle(
        _ entry: any RecoveryEntry, during act: RecoveryAct
    ) async throws(StorageError) -> Settlement {
        let changes = ObjectChanges(engine: engine, operation: "settle \(entry.record.key)")
        let settlement = try await changes.settle(entry, during: act).settlement
        let facts = try LooopyRecoveryFacts(entry)
        if let directory = facts.directory {
            // An exact undo meets no appended messages, so there is nothing to number then.
            let isChanged = settlement == .applied
            if (act == .change && isChanged) || (act == .undo && !isChanged) {
                _ = try await LooopyAppendix(engine: engine, directory: directory)
                    .number(after: isChanged ? facts.after : facts.before)
            }
        }
        return settlement
    }

    /// With `inexactly`, messages that came after the change stay and are
    /// numbered behind those that come back.
    public func undo(
        _ entry: any RecoveryEntry, inexactly: Bool
    ) async throws(StorageError) -> ChangeOutcome {
        let operation = "undo the change of \(entry.record.key)"
        let facts = try LooopyRecoveryFacts(entry)
        if let directory = facts.directory, !inexactly {
            let files = try await LooopyMessages(engine: engine, directory: directory).files().files
            let appended = files.count { !facts.before.contains($0.key) && !facts.after.contains($0.key) }
            if appended > 0 {
                throw StorageError(
                    .conflict, operation: operation, place: engine.place,
                    reason: "\(appended) \(appended == 1 ? "message was" : "messages were") appended since",
                    help: "an inexact undo brings back what was removed and numbers the appended messages behind it")
            }
        }
        var notes = try await ObjectChanges(engine: engine, operation: operation).undo(entry, inexactly: inexactly)
        if let directory = facts.directory {
            let appended = try await LooopyAppendix(engine: engine, directory: directory).number(after: facts.before)
            if appended > 0 {
                notes.append(
                    appended == 1
                        ? "1 message appended since stands behind those brought back"
                        : "\(appended) messages appended since stand behind those brought back")
            }
        }
        return ChangeOutcome(kept: facts.before.count, dropped: 0, notes: notes)
    }
}
