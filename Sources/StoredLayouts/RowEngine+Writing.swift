internal import EngineCore
internal import StoredRecords

extension RowEngine {
    /// Whether the rows of these tables can be changed.
    func write(of tables: [TableInfo]) -> Availability {
        guard capabilities.isWritable else { return capabilities.write }
        let closed = tables.filter { !$0.isWritable }.map(\.name)
        return closed.isEmpty
            ? .available : .unavailable("the database lets this user only read \(closed.joined(separator: " and "))")
    }
}

extension RowEngine {
    /// How a change or an undo ended, looked at when no write of this program
    /// is under way any more: one that was given up may still be made final,
    /// and what is read before says nothing about it.
    ///
    /// Throws, such as `busy` or `timedOut`, while one is under way. Where
    /// nothing can be written from here, what is there is all that can be told.
    func settled(
        _ act: RecoveryAct, _ look: () async throws(StorageError) -> Settlement
    ) async throws(StorageError) -> Settlement {
        guard capabilities.isWritable else { return try await look() }
        do throws(StorageError) {
            // Holds the lock that every writer holds until its change is final.
            try await transaction("settle a change") { _ throws(StorageError) in }
        } catch  where error.kind == .readOnly || error.kind == .denied {
            // What is there already is certain, what is not may still come.
            let settlement = try await look()
            guard settlement == (act == .change ? .applied : .notApplied) else { throw error }
            return settlement
        }
        return try await look()
    }
}
