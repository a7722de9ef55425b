internal import EngineCore
internal import Glibc
public import StoredRecords

/// What the journal holds, told without opening any source.
extension StoreLibrary {
    /// Every entry, newest first, with what stands against its undo; `unreadable` names what is no entry.
    ///
    /// Only what costs little is looked at: states, sources, places and later
    /// changes. Whether the store still is as the change left it is seen by
    /// the undo itself.
    public func recoveryStandings() async throws(StorageError) -> (
        entries: [RecoveryStanding], unreadable: [String]
    ) {
        let (entries, unreadable) = try journal.entries()
        var places: [Place: Standing] = [:]
        var standings: [RecoveryStanding] = []
        for (index, entry) in entries.enumerated() {
            let place = Place(location: ExactText(entry.location), prefix: ExactText(entry.prefix))
            let standing: Standing
            if let known = places[place] {
                standing = known
            } else {
                standing = await self.standing(of: entry)
                places[place] = standing
            }
            var told = RecoveryStanding(summary: entry, source: standing.source, note: standing.note)
            told.obstacle = Self.obstacle(of: entry.state) ?? standing.obstacle
            if told.obstacle == nil, let later = laterChange(than: entry, among: entries[..<index]) {
                told.obstacle = "the thread was changed again after it (\(later.act)); undo that one first"
            }
            standings.append(told)
        }
        return (standings, unreadable)
    }

    /// What stands in the journal and is no entry that can be read.
    public func unreadableRecoveryEntries() throws(StorageError) -> [String] { try journal.entries().unreadable }

    /// Those of the entries whose place is one of this library's sources or in one.
    public func entriesHere(among entries: [RecoverySummary]) async -> [RecoverySummary] {
        var here: [RecoverySummary] = []
        for entry in entries {
            for spec in specs where await entry.isWithin(spec) {
                here.append(entry)
                break
            }
        }
        return here
    }

    /// Removes an entry for good; what it holds can never be brought back then.
    /// - Returns: the bytes that became free.
    public func forget(_ entry: String) throws(StorageError) -> Int64 {
        let operation = "remove recovery entry \(entry)"
        guard let summary = try journal.summary(entry) else {
            throw StorageError(
                .notFound, operation: operation, place: journal.directory, reason: "there is no such recovery entry")
        }
        guard summary.isFinished else {
            throw StorageError(
                .conflict, operation: operation, place: journal.directory, reason: "its change is not finished",
                help: "opening its source brings the change to its end")
        }
        guard try journal.isAbandoned(summary) else {
            throw StorageError(
                .busy, operation: operation, place: journal.directory, reason: "another ctxbrowse works on it",
                help: "try again when it is done")
        }
        try journal.remove(entry)
        return summary.bytes
    }

    /// What an entry holds, as documents: what it is and the messages that went, then rows and files.
    ///
    /// Throws `corrupt` when the entry is damaged, `busy` while another process works on it.
    public func contents(ofEntry entry: String) throws(StorageError) -> [RecordDocument] {
        guard let summary = try journal.summary(entry) else {
            throw StorageError(
                .notFound, operation: "look into recovery entry \(entry)", place: journal.directory,
                reason: "there is no such recovery entry", help: "r reads the journal again")
        }
        return try RecoveredContents.documents(of: summary, in: try journal.look(into: summary))
    }

    // MARK: Places

    private struct Place: Hashable {
        var location: ExactText
        var prefix: ExactText
    }

    private struct Standing {
        var source: String?
        var obstacle: String?
        var note: String?
    }

    private func standing(of entry: RecoverySummary) async -> Standing {
        for spec in specs where spec.prefix == entry.prefix {
            guard await entry.relation(to: spec) == .same else { continue }
            return Standing(source: spec.name, obstacle: spec.isReadOnly ? "source \(spec.name) is read-only" : nil)
        }
        switch entry.ownSource.location {
        case .memory: return Standing(obstacle: "it was in the memory of a program that has ended")
        case .path(let path), .sqlite(let path):
            guard await Self.exists(path) else { return Standing(obstacle: "\(path) is not there") }
            return Standing(note: "its source is not among the open ones; the undo opens \(path) itself")
        case .server(let url):
            return Standing(
                note: "its source is not among the open ones; the undo opens \(url.display) without a password")
        }
    }

    /// A place that does not answer in time is taken as there: the undo says what is wrong with it.
    private static func exists(_ path: String) async -> Bool {
        let lane = BlockingLane(place: path, deadline: .seconds(2))
        defer { lane.close() }
        return (try? await lane.run("look at \(path)") { _ throws(StorageError) in Glibc.access(path, F_OK) == 0 })
            ?? true
    }

    private static func obstacle(of state: RecoverySummary.State) -> String? {
        switch state {
        case .done: nil
        case .undone: "it is undone already"
        case .recording: "it is still being written, or was cut short before anything changed"
        case .sealed: "its change is not finished; opening its source brings it to an end"
        case .undoing: "its undo is not finished; opening its source brings it to an end"
        }
    }

    /// A later change of the same thread that stands; where a thread is objects or keys it has to be undone first.
    private func laterChange(
        than entry: RecoverySummary, among newer: ArraySlice<RecoverySummary>
    ) -> RecoverySummary? {
        guard entry.record.kind == .thread else { return nil }
        let later = newer.last {
            $0.state != .undone && $0.state != .recording && $0.isOnRecord(of: entry.record)
                && $0.location.isExactly(entry.location) && $0.prefix.isExactly(entry.prefix)
        }
        guard let later, journal.beginsWithRows(entry.id) == false else { return nil }
        return later
    }
}
