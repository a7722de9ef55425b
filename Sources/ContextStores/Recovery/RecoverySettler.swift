internal import EngineCore
internal import StoredLayouts
internal import StoredRecords

/// Brings changes that a crash cut short to a definite end when their source is opened.
struct RecoverySettler: Sendable {
    let journal: RecoveryJournal
    let clock: Clock

    /// The source with a note for each entry that was settled or waits.
    func settle(_ source: OpenSource) async -> OpenSource {
        var source = source
        let pending: [RecoverySummary]
        do throws(StorageError) {
            pending = try journal.entries().entries.filter { !$0.isFinished }
        } catch {
            source.status.notes.append(error.description)
            return source
        }
        for entry in pending {
            let note: String?
            switch await entry.relation(to: source.spec) {
            case .apart: continue
            case .same where entry.prefix == source.spec.prefix: note = await settle(entry, source)
            case .same, .within, .around: note = await settleWhereItBegan(entry, isReadOnly: source.status.isReadOnly)
            }
            if let note { source.status.notes.append(note) }
        }
        return source
    }

    /// Settles an entry of a source that this one holds or is a part of: the
    /// names of its objects hold from its own root only.
    private func settleWhereItBegan(_ entry: RecoverySummary, isReadOnly: Bool) async -> String? {
        var spec = entry.ownSource
        spec.engineOptions.readOnly = isReadOnly
        do throws(StorageError) {
            let own = try await OpenSource.open(spec, clock: clock)
            let note = await settle(entry, own)
            await own.close()
            return note
        } catch {
            return
                "an interrupted \(entry.act) of \(entry.record.kind.rawValue) \(entry.record.key) waits: \(error.description)"
        }
    }

    /// The source's entries of changes that may have begun and have not come to an end.
    func unsettled(_ source: OpenSource) async throws(StorageError) -> [RecoverySummary] {
        await entries(
            of: source, among: try journal.entries().entries.filter { !$0.isFinished && $0.state != .recording })
    }

    /// The newest change of the same record that came after this one and stands.
    func later(than entry: RecoverySummary, in source: OpenSource) async throws(StorageError) -> RecoverySummary? {
        let later = try journal.entries().entries.filter {
            $0.id > entry.id && $0.state != .undone && $0.state != .recording && $0.isOnRecord(of: entry.record)
        }
        return await entries(of: source, among: later).first
    }

    private func entries(of source: OpenSource, among entries: [RecoverySummary]) async -> [RecoverySummary] {
        var own: [RecoverySummary] = []
        for entry in entries {
            switch await entry.relation(to: source.spec) {
            case .apart: continue
            case .within, .around: own.append(entry)
            case .same:
                let prefixes = [entry.prefix, source.spec.prefix]
                if prefixes[0] == prefixes[1] || prefixes.contains("") { own.append(entry) }
            }
        }
        return own
    }

    private func settle(_ entry: RecoverySummary, _ source: OpenSource) async -> String? {
        let what = "an interrupted \(entry.act) of \(entry.record.kind.rawValue) \(entry.record.key)"
        if source.status.isReadOnly {
            return entry.state == .recording ? nil : "\(what) waits until the source is opened for writing"
        }
        do throws(StorageError) {
            guard let layout = try await source.layout(named: entry.record.layout, clock: clock) else {
                return "\(what) waits: the source no longer holds \(entry.record.layout) records"
            }
            if entry.state == .recording { return try discard(entry) }
            // Whoever holds the lock is at work on it, or settles it before the next change.
            let lock = try await StoreLock.take(source.spec, journal: journal, patience: .zero)
            defer { lock.release() }
            guard let entry = try journal.summary(entry.id), !entry.isFinished else { return nil }
            let reader = try journal.open(entry)
            let isUndo = entry.state == .undoing
            switch (try await layout.settle(reader, during: isUndo ? .undo : .change), isUndo) {
            case (.applied, false):
                try journal.setState(.done, of: entry)
                return "finished \(what)"
            case (.notApplied, false):
                try journal.remove(entry.id)
                return "dropped \(what): nothing had been changed"
            case (.unclear, false):
                // What it removed is nowhere else, if it was made.
                try journal.setState(.done, of: entry)
                return
                    "\(what) may have been made, for what it changed was written anew since; its recovery entry stays"
            case (.notApplied, true):
                try journal.setState(.undone, of: entry)
                return "finished undoing \(what)"
            case (.applied, true), (.unclear, true):
                try journal.setState(.done, of: entry)
                return "\(what) is not undone yet: undo it again"
            }
        } catch {
            return error.kind == .busy ? nil : "\(what) is not settled: \(error.description)"
        }
    }

    /// An entry that was never sealed belongs to a change that never began,
    /// unless its writer is still at work.
    private func discard(_ entry: RecoverySummary) throws(StorageError) -> String? {
        guard try journal.isAbandoned(entry) else { return nil }
        try journal.remove(entry.id)
        return nil
    }
}
