internal import EngineCore
internal import StoredRecords

/// Rows that an undo has put back, to be compared with what the database has
/// made of them; of each only a hash is kept.
struct RestoredRows: Sendable {
    /// So many rows of each hash.
    struct Hashes: Sendable {
        private var rows: [UInt64: Int] = [:]
        private(set) var count = 0

        mutating func insert(_ values: [StoredValue]) {
            rows[Self.hash(values), default: 0] += 1
            count += 1
        }

        mutating func remove(_ values: [StoredValue]) {
            let hash = Self.hash(values)
            guard let many = rows[hash] else { return }
            rows[hash] = many > 1 ? many - 1 : nil
            count -= 1
        }

        /// Of the exact bytes: texts that only mean the same are not the same.
        private static func hash(_ values: [StoredValue]) -> UInt64 {
            var hash = ContentHash()
            for value in values { hash.add(value) }
            return hash.state
        }
    }

    /// The rows by the columns they were stored with.
    private(set) var shapes: [[String]: Hashes] = [:]

    mutating func insert(_ row: Row) { shapes[row.columns, default: Hashes()].insert(row.values) }
}
