internal import StoredLayouts
internal import StoredRecords

/// Brings changes that a crash cut short to a definite end when their source is opened.
struct RecoverySettler: Sendable {
    let journal: RecoveryJournal

    /// The source with a note for each entry that was settled or waits.
    func settle(_ source: OpenSource) async -> OpenSource {
        var source = source
        let pending: [RecoverySummary]
        do throws(StorageError) {
            pending = try journal.entries().entries.filter { entry in
                entry.location.isExactly(source.spec.displayLocation) && entry.prefix == source.spec.prefix
                    && entry.state != .done && entry.state != .undone
            }
        } catch {
            source.status.notes.append(error.description)
            return source
        }
        for entry in pending {
            if let note = await settle(entry, source) { source.status.notes.append(note) }
        }
        return source
    }

    private func settle(_ entry: RecoverySummary, _ source: OpenSource) async -> String? {
        let what = "an interrupted \(entry.act) of \(entry.record.kind.rawValue) \(entry.record.key)"
        if source.status.isReadOnly {
            return entry.state == .recording ? nil : "\(what) waits until the source is opened for writing"
        }
        do throws(StorageError) {
            guard let layout = source.layouts.first(where: { $0.name == entry.record.layout }) else {
                return "\(what) waits: the source no longer holds \(entry.record.layout) records"
            }
            if entry.state == .recording { return try discard(entry) }
            let reader = try journal.open(entry)
            let isUndo = entry.state == .undoing
            switch (try await layout.settle(reader, during: isUndo ? .undo : .change), isUndo) {
            case (.applied, false):
                try journal.setState(.done, of: entry)
                return "finished \(what)"
            case (.notApplied, false):
                try journal.remove(entry.id)
                return "dropped \(what): nothing had been changed"
            case (.notApplied, true):
                try journal.setState(.undone, of: entry)
                return "finished undoing \(what)"
            case (.applied, true):
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
