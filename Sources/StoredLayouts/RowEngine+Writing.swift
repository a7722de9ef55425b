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
