internal import EngineCore
public import StoredRecords
internal import StoredLayouts

/// What carrying out a plan left behind.
public struct ChangeReceipt: Sendable, Hashable {
    public var outcome: ChangeOutcome
    /// The recovery entry that undoes it.
    public var entry: String
    /// What the journal did besides: old entries it removed.
    public var journalNotes: [String]
}

extension StoreLibrary {
    /// What a trim or delete would do; changes nothing.
    public func plan(_ request: ChangeRequest, _ id: RecordID) async throws(StorageError) -> ChangePlan {
        try await layout(of: id).plan(request, id.kind, id.key)
    }

    /// Does what the plan says, with a recovery entry written first.
    ///
    /// Throws `conflict` with nothing changed when the store is no longer
    /// what the plan was made on, `invalid` for a plan that is refused or
    /// would change nothing.
    public func carryOut(_ plan: ChangePlan) async throws(StorageError) -> ChangeReceipt {
        let id = plan.target.id
        let operation = plan.request.verb + " \(id.kind.rawValue) \(id.key)"
        if let refusal = plan.refusal {
            throw StorageError(.unsupported, operation: operation, place: id.source, reason: refusal)
        }
        guard !plan.isEmpty else {
            throw StorageError(.invalid, operation: operation, place: id.source, reason: "there is nothing to remove")
        }
        let source = try await access(id.source)
        let layout = try await layout(of: id)
        let lock = try await changeAlone(id, in: source)
        defer { lock.release() }
        let writer = try journal.begin(plan, location: source.spec.displayLocation, prefix: source.spec.prefix)
        let outcome: ChangeOutcome
        do throws(StorageError) {
            outcome = try await layout.carryOut(plan, recording: writer)
        } catch {
            throw await abandon(writer, layout: layout, after: error)
        }
        var notes: [String] = []
        do throws(StorageError) {
            try journal.setState(.done, of: writer.entry)
            notes = try journal.prune(keeping: writer.entry)
        } catch {
            // The change itself stands; the entry is settled at the next opening.
            notes.append(error.description)
        }
        return ChangeReceipt(outcome: outcome, entry: writer.entry.id, journalNotes: notes)
    }

    /// Every entry of the journal, newest first.
    public func recoveryEntries() throws(StorageError) -> [RecoverySummary] {
        try journal.entries().entries
    }

    /// Brings back what the entry holds, exactly.
    ///
    /// The entry's own source is opened even when this library does not name
    /// it. Throws `conflict` with nothing changed when the store has changed
    /// since; with `inexactly` the way that loses nothing is taken then, and
    /// `conflict` names what could not come back beside the rest.
    public func undo(_ entry: String, inexactly: Bool = false) async throws(StorageError) -> ChangeOutcome {
        let operation = "undo \(entry)"
        guard let summary = try journal.summary(entry) else {
            throw StorageError(
                .notFound, operation: operation, place: journal.directory, reason: "there is no such recovery entry",
                help: "ctxbrowse undo --list shows what can be undone")
        }
        let source = try await source(of: summary)
        let lock = try await changeAlone(summary.record, in: source)
        defer { lock.release() }
        // Opening the source may just have settled this very entry.
        guard let current = try journal.summary(entry), current.state != .undone else {
            throw StorageError(
                .conflict, operation: operation, place: summary.location, reason: "it is undone already")
        }
        guard current.state == .done else {
            throw StorageError(
                .busy, operation: operation, place: summary.location, reason: "the change is not finished",
                help: "try again when it is")
        }
        for access in source.accesses { try access.engine.requireWritable(operation) }
        guard let layout = try await source.layout(named: current.record.layout, clock: clock) else {
            throw StorageError(
                .notFound, operation: operation, place: summary.location,
                reason: "the source no longer holds \(current.record.layout) records")
        }
        // An engine that may write may still not write what the layout needs.
        if let reason = layout.capabilities(of: current.record.kind).availability(of: current.request).reason {
            throw StorageError(.readOnly, operation: operation, place: source.status.place, reason: reason)
        }
        let reader = try journal.open(current)
        try await requireNewest(current, reader, in: source)
        try journal.setState(.undoing, of: current)
        do throws(StorageError) {
            let outcome = try await layout.undo(reader, inexactly: inexactly)
            try journal.setState(.undone, of: current)
            return outcome
        } catch {
            // After a conflict or refusal the entry stands: nothing was changed,
            // or, inexactly, a part is still to come back. After any other
            // failure it is settled like an undo that a crash cut short.
            if [.conflict, .readOnly, .unsupported, .invalid].contains(error.kind) {
                try journal.setState(.done, of: current)
            } else if let settlement = try? await layout.settle(reader, during: .undo) {
                try journal.setState(settlement == .notApplied ? .undone : .done, of: current)
            }
            throw error
        }
    }

    /// The right to change the record, once no other process changes its store.
    ///
    /// What a process that is gone left unfinished is brought to its end
    /// first; a plan made before that meets a changed store. Throws `conflict`
    /// when that is impossible for a change of this very record.
    private func changeAlone(_ id: RecordID, in source: OpenSource) async throws(StorageError) -> StoreLock {
        let lock = try await StoreLock.take(source.spec, journal: journal)
        let settler = RecoverySettler(journal: journal, clock: clock)
        guard !(try await settler.unsettled(source)).isEmpty else { return lock }
        // Settling takes the lock of the place where each change began.
        lock.release()
        _ = await settler.settle(source)
        let again = try await StoreLock.take(source.spec, journal: journal)
        if let entry = try await settler.unsettled(source).first(where: { $0.isOnRecord(of: id) }) {
            again.release()
            throw StorageError(
                .conflict, operation: "change \(id.kind.rawValue) \(id.key)", place: source.status.place,
                reason: "an interrupted \(entry.act) of it (recovery entry \(entry.id)) is not settled",
                help: "ctxbrowse sources says why it waits")
        }
        return again
    }

    /// Throws `conflict` while a later change of the same thread stands.
    ///
    /// Each change numbers the objects of a thread anew, so that what an older
    /// one made is found only when the later ones are undone. Rows keep their
    /// identities; they come back in any order.
    private func requireNewest(
        _ entry: RecoverySummary, _ reader: RecoveryReader, in source: OpenSource
    ) async throws(StorageError) {
        guard entry.record.kind == .thread, try !reader.holdsRows() else { return }
        let settler = RecoverySettler(journal: journal, clock: clock)
        guard let later = try await settler.later(than: entry, in: source) else { return }
        throw StorageError(
            .conflict, operation: "undo \(entry.id)", place: entry.location,
            reason: "the thread was changed again after it (\(later.act), recovery entry \(later.id))",
            help: "undo that one first; nothing was changed")
    }

    /// The opened source an entry belongs to: one of this library, else the
    /// entry's own location.
    private func source(of entry: RecoverySummary) async throws(StorageError) -> OpenSource {
        for spec in specs where spec.prefix == entry.prefix {
            if await entry.relation(to: spec) == .same { return try await access(spec.name) }
        }
        let spec = entry.ownSource
        return await RecoverySettler(journal: journal, clock: clock).settle(
            try await OpenSource.open(spec, clock: clock))
    }

    /// Removes or settles the entry of a change that failed, and returns the error to throw.
    private func abandon(
        _ writer: RecoveryWriter, layout: any RecordLayout, after error: StorageError
    ) async -> StorageError {
        guard writer.isSealed else {
            try? journal.remove(writer.entry.id)
            return error
        }
        writer.unlock()
        var sealed = writer.entry
        sealed.state = .sealed
        let settlement: Settlement? =
            if let reader = try? journal.open(sealed) { try? await layout.settle(reader, during: .change) } else { nil }
        switch settlement {
        case .notApplied where !Self.mayStillBeMade(after: error):
            try? journal.remove(sealed.id)
            return error
        case .notApplied, nil:
            var uncertain = error
            uncertain.help =
                "recovery entry \(sealed.id) stays until opening the source tells whether the change was made"
            return uncertain
        case .applied:
            try? journal.setState(.done, of: sealed)
            var finished = error
            finished.help = "the change was finished all the same; recovery entry \(sealed.id) undoes it"
            return finished
        case .unclear:
            // A conflict is told before anything is changed.
            guard error.kind != .conflict else {
                try? journal.remove(sealed.id)
                return error
            }
            try? journal.setState(.done, of: sealed)
            var unclear = error
            unclear.help =
                "it may have been made, for what it changed was written anew since; recovery entry \(sealed.id) holds what went"
            return unclear
        }
    }

    /// Whether the change may be under way although nobody waits for it any
    /// more, so that a look that does not find it proves nothing.
    private static func mayStillBeMade(after error: StorageError) -> Bool {
        [.timedOut, .unavailable, .cancelled].contains(error.kind)
    }
}

extension RecordCapabilities {
    fileprivate func availability(of request: ChangeRequest) -> Availability {
        switch request {
        case .trim: trim
        case .delete: delete
        }
    }
}

extension ChangeRequest {
    /// The act as a verb: "trim", "delete".
    public var verb: String {
        switch self {
        case .trim: "trim"
        case .delete: "delete"
        }
    }
}
