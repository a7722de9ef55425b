internal import EngineCore
internal import StoredRecords
internal import Synchronization

/// Messages whose thread has no row: what is left when a thread is deleted by
/// a program that does not enforce the foreign key.
struct OrphanThread: Sendable, Hashable {
    var id: StoredValue
    var messages: Int
}

/// The orphans found last and what the tables looked like then.
///
/// To find orphans the whole index of the messages is read, which costs more
/// than a page. Orphans come to be only when a thread or a message row is
/// written or goes, so that the number of threads and the newest rows tell
/// whether those found last are still all there are.
final class OrphanMemory: Sendable {
    struct Found: Sendable {
        var basis: [StoredValue]
        var orphans: [OrphanThread]
    }

    private let state = Mutex<Found?>(nil)

    var found: Found? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

extension MemexRowsLayout {
    /// All orphans, reading the index of the messages only when the tables changed.
    func orphans() async throws(StorageError) -> [OrphanThread] {
        if let known = try await knownOrphans() { return known }
        let basis = try await orphanBasis()
        let id = tables.dialect.quote("id")
        let threadID = tables.dialect.quote("thread_id")
        let found = Collected<[OrphanThread]>([])
        try await engine.stream(
            SQLStatement(
                """
                SELECT g.i, g.n FROM (SELECT \(threadID) AS i, count(*) AS n FROM \(tables.messageTable) \
                GROUP BY \(threadID)) AS g \
                WHERE NOT EXISTS (SELECT 1 FROM \(tables.threadTable) WHERE \(id) = g.i)
                """)
        ) { row throws(StorageError) in
            found.update { $0.append(OrphanThread(id: row[0], messages: Int(row[1].integer ?? 0))) }
            return .more
        }
        let orphans = found.value
        if let basis { orphanMemory.found = OrphanMemory.Found(basis: basis, orphans: orphans) }
        return orphans
    }

    /// The orphans when they are known without reading the index of the
    /// messages: from the last time, or because the tables are small.
    func knownOrphans() async throws(StorageError) -> [OrphanThread]? {
        guard let found = orphanMemory.found, found.orphans.count <= 1000, let basis = try await orphanBasis(),
            basis == found.basis
        else {
            return nil
        }
        var still: [OrphanThread] = []
        for orphan in found.orphans {
            // Orphans end when their messages go, which the basis does not show.
            let messages = try await engine.query(countStatement(of: ThreadID(orphan.id))).first?.count ?? 0
            if messages > 0 { still.append(OrphanThread(id: orphan.id, messages: messages)) }
        }
        return still
    }

    /// Whether all messages are few enough for looking through them within any page.
    func hasFewMessages() async throws(StorageError) -> Bool {
        let few = 20_000
        guard tables.hasRowIdentity(tables.messages) else {
            let counted = SQLStatement(
                "SELECT count(*) FROM (SELECT 1 FROM \(tables.messageTable) LIMIT \(few + 1)) AS counted")
            return try await engine.query(counted).first?.count ?? 0 <= few
        }
        let identity = tables.messageIdentity
        let ends = try await engine.query(
            SQLStatement(
                """
                SELECT (SELECT max(\(identity)) FROM \(tables.messageTable)), \
                (SELECT min(\(identity)) FROM \(tables.messageTable))
                """))
        guard let row = ends.first, let last = row[0].integer, let first = row[1].integer else { return true }
        return last - first < few
    }

    /// What changes whenever an orphan comes to be; `nil` where rows have no identity.
    private func orphanBasis() async throws(StorageError) -> [StoredValue]? {
        guard tables.hasRowIdentity(tables.messages), tables.hasRowIdentity(tables.threads) else { return nil }
        return try await engine.query(
            SQLStatement(
                """
                SELECT (SELECT count(*) FROM \(tables.threadTable)), \
                (SELECT max(\(tables.threadIdentity)) FROM \(tables.threadTable)), \
                (SELECT max(\(tables.messageIdentity)) FROM \(tables.messageTable))
                """)
        ).first?.values
    }
}
