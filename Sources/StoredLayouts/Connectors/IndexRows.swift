internal import EngineCore
internal import StoredRecords

/// The indexes' documents as columns of one table: `name`, `full_state`, `search_state`.
struct IndexRows: IndexShelf {
    /// Which row an index is.
    enum Address: Sendable, Hashable {
        /// By the dialect's hidden row identity.
        case identity(Int64)
        /// By the name, where rows have no identity.
        case name(StoredValue)
    }

    let engine: any RowEngine
    let table: TableInfo

    static let defaultTable = "indexes"
    static let nameColumn = "name"

    static func column(_ part: IndexPart) -> String {
        part == .state ? "full_state" : "search_state"
    }

    static let columns = [nameColumn] + IndexPart.allCases.map(column)

    var place: String { engine.place }
    var capabilities: EngineCapabilities { engine.capabilities }
    var write: Availability { engine.write(of: [table]) }

    func label(_ part: IndexPart) -> String { Self.column(part) }

    /// The table's name in quotes.
    var quoted: String { engine.dialect.reference(table) }

    /// The column that names a row for good, in quotes; `nil` where there is none.
    var identity: String? {
        guard table.hasRowIdentity, !table.isView else { return nil }
        return engine.dialect.rowIdentity
    }

    // MARK: Finding

    func entries() async throws(StorageError) -> (entries: [Entry], notes: [String]) {
        let order = identity.map { "\(Self.nameColumn), \($0)" } ?? Self.nameColumn
        let rows = try await engine.query(SQLStatement("SELECT \(selected) FROM \(quoted) ORDER BY \(order)"))
        var taken: Set<ExactText> = []
        var entries: [Entry] = []
        for row in rows {
            var entry = entry(row)
            if !taken.insert(ExactText(entry.key)).inserted {
                guard let marked = Self.markedKey(entry.address) else {
                    // Nothing tells the rows apart, so that one stands for all.
                    if let first = entries.firstIndex(where: { $0.key.isExactly(entry.key) }) {
                        if !entries[first].notes.contains(Self.doubleNote) {
                            entries[first].notes.append(Self.doubleNote)
                        }
                    }
                    continue
                }
                entry.key = marked
                entry.notes.append("another row has the same name")
            }
            entries.append(entry)
        }
        return (entries, [])
    }

    func entry(_ key: String) async throws(StorageError) -> Entry? {
        let order = identity.map { " ORDER BY \($0)" } ?? ""
        let rows = try await engine.query(
            SQLStatement(
                "SELECT \(selected) FROM \(quoted) WHERE \(Self.nameColumn) = ?\(order) LIMIT 1", [.text(key)]))
        if let row = rows.first {
            var entry = entry(row)
            entry.key = key
            return entry
        }
        guard let address = Self.address(marked: key), identity != nil else { return nil }
        let (condition, values) = which(address)
        guard
            let row = try await engine.query(
                SQLStatement("SELECT \(selected) FROM \(quoted) WHERE \(condition)", values)
            ).first
        else { return nil }
        var entry = entry(row)
        entry.key = key
        return entry
    }

    private static let doubleNote = "more than one row has this name, and only one of them is shown"

    /// The key of a row whose name is no text or not its own: `(row 12)`.
    private static func markedKey(_ address: Address) -> String? {
        guard case .identity(let number) = address else { return nil }
        return "(row \(number))"
    }

    private static func address(marked key: String) -> Address? {
        guard key.hasPrefix("(row "), key.hasSuffix(")") else { return nil }
        return Int64(key.dropFirst(5).dropLast()).map { .identity($0) }
    }

    /// Name, identity and, for each document, whether it is there and its size.
    private var selected: String {
        var parts = [Self.nameColumn, identity ?? "NULL"]
        for part in IndexPart.allCases {
            let column = Self.column(part)
            parts += ["CASE WHEN \(column) IS NULL THEN 1 ELSE 0 END", engine.dialect.byteCount(of: column, in: table)]
        }
        return parts.joined(separator: ", ")
    }

    /// Takes in both ends of the documents, where the tool writes what differs
    /// from sync to sync.
    func revision(of entry: Entry) async throws(StorageError) -> String {
        let (condition, values) = which(entry.address)
        let ends = IndexPart.allCases.map(Self.column).flatMap { column in
            [engine.dialect.head(of: column, in: table, 256), engine.dialect.tail(of: column, in: table, 256)]
        }
        let rows = try await engine.query(
            SQLStatement("SELECT \(ends.joined(separator: ", ")) FROM \(quoted) WHERE \(condition) LIMIT 1", values))
        var hash = ContentHash()
        for value in rows.first?.values ?? [] { hash.add(value.storedBytes ?? []) }
        return "\(entry.revision).\(hash.text)"
    }

    private func entry(_ row: Row) -> Entry {
        let address: Address = row[1].integer.map { .identity($0) } ?? .name(row[0])
        var entry = Entry(key: "", address: address)
        switch row[0] {
        case .text(let name): entry.key = name
        default:
            entry.key = Self.markedKey(address) ?? row[0].storedBytes.map { ObjectKey(bytes: $0).description } ?? ""
            entry.notes.append(row[0].isNull ? "the name is NULL" : "the name is not text")
        }
        for (index, part) in IndexPart.allCases.enumerated() {
            let at = 2 + index * 2
            guard row[at].integer == 0 else { continue }
            entry[part] = IndexPiece(size: row[at + 1].integer, tag: "\(row[at + 1].integer ?? -1)")
        }
        return entry
    }

    /// The condition that finds a row again.
    func which(_ address: Address) -> (condition: String, values: [StoredValue]) {
        switch address {
        case .identity(let number):
            return ("\(identity ?? Self.nameColumn) = ?", [.integer(number)])
        case .name(.null): return ("\(Self.nameColumn) IS NULL", [])
        case .name(let name): return ("\(Self.nameColumn) = ?", [name])
        }
    }

    // MARK: Reading and writing

    func read(
        _ part: IndexPart, of entries: [Entry]
    ) async throws(StorageError) -> [Result<StoredBytes?, StorageError>] {
        var results: [Result<StoredBytes?, StorageError>] = []
        for entry in entries {
            results.append(.success(try await read(Self.column(part), of: entry)))
        }
        return results
    }

    func read(
        _ part: IndexPart, of entry: Entry, range: Range<Int64>
    ) async throws(StorageError) -> StoredBytes? {
        try await read(engine.dialect.slice(of: Self.column(part), in: table, range), of: entry)
    }

    private func read(_ expression: String, of entry: Entry) async throws(StorageError) -> StoredBytes? {
        let (condition, values) = which(entry.address)
        let rows = try await engine.query(
            SQLStatement("SELECT \(expression) FROM \(quoted) WHERE \(condition) LIMIT 1", values))
        switch rows.first?[0] {
        case .none, .some(.null): return nil
        case .some(.integer(let number)): return StoredBytes(String(number))
        case .some(.real(let number)): return StoredBytes(String(number))
        case .some(let value): return StoredBytes(value.storedBytes ?? [])
        }
    }

    /// Updates the row of this name or adds one; other columns stay as they are.
    func write(_ key: String, full: StoredBytes, search: StoredBytes) async throws(StorageError) {
        let values = [(IndexPart.state, full), (.search, search)].map { part, bytes in
            if table.holdsBytes(Self.column(part)) { return StoredValue.bytes(bytes.array) }
            return bytes.text.map { StoredValue.text($0) } ?? .invalidText(bytes.array)
        }
        let assignments = IndexPart.allCases.map { "\(Self.column($0)) = ?" }.joined(separator: ", ")
        let update = SQLStatement(
            "UPDATE \(quoted) SET \(assignments) WHERE \(Self.nameColumn) = ?", values + [.text(key)])
        let insert = SQLStatement(
            "INSERT INTO \(quoted) (\(Self.columns.joined(separator: ", "))) VALUES (?, ?, ?)", [.text(key)] + values)
        try await engine.transaction("save index \(key)") { transaction throws(StorageError) in
            if try transaction.execute(update) == 0 { try transaction.execute(insert) }
        }
    }

    func remove(_ entry: Entry) async throws(StorageError) {
        let (condition, values) = which(entry.address)
        let statement = SQLStatement("DELETE FROM \(quoted) WHERE \(condition)", values)
        try await engine.transaction("delete index \(entry.key)") { transaction throws(StorageError) in
            _ = try transaction.execute(statement)
        }
    }
}
