internal import EngineCore
internal import JSONText
internal import StoredRecords

/// The rows of one table in pages.
///
/// Paged by the row identity where there is one, else by the primary key. The
/// rows of a view or of a table without both have no name that stays, so that
/// their cursors are positions.
struct RawRows: Sendable {
    let engine: any RowEngine
    let table: TableInfo

    private var quoted: String { engine.dialect.reference(table) }

    private var identity: String? {
        guard table.hasRowIdentity, !table.isView else { return nil }
        return engine.dialect.rowIdentity
    }

    /// What names a row and orders the rows; empty where nothing does.
    private var keys: [String] {
        if let identity { return [identity] }
        return table.isView ? [] : table.columns.filter(\.isPrimaryKey).map { engine.dialect.quote($0.name) }
    }

    // MARK: Counting

    func count() async throws(StorageError) -> Int {
        try await number("SELECT count(*) FROM \(quoted)")
    }

    /// `nil` when there are more.
    func count(upTo most: Int) async throws(StorageError) -> Int? {
        let count = try await number("SELECT count(*) FROM (SELECT 1 FROM \(quoted) LIMIT \(most + 1)) AS counted")
        return count > most ? nil : count
    }

    func revision(countingUpTo most: Int) async throws(StorageError) -> String {
        var text = "\(try await count(upTo: most) ?? -1)"
        if let identity { text += ".\(try await number("SELECT max(\(identity)) FROM \(quoted)"))" }
        return text
    }

    private func number(_ text: String, _ values: [StoredValue] = []) async throws(StorageError) -> Int {
        try await engine.query(SQLStatement(text, values)).first?[0].integer.map { Int($0) } ?? 0
    }

    // MARK: Pages

    func page(_ request: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        let total = try await count()
        let keys = keys
        guard !keys.isEmpty else { return try await page(request, total: total) }
        var condition = SQLStatement("")
        var isBackward = false
        var offset = 0
        var asked: PageCursor?
        switch request.start {
        case .first: break
        case .last: isBackward = true
        case .position(let position): offset = max(0, position)
        case .after(let cursor), .before(let cursor):
            guard let place = RowPlace(cursor), place.key.isEmpty || place.key.count == keys.count else {
                throw wrongCursor
            }
            if case .before = request.start { isBackward = true }
            if !place.key.isEmpty {
                let comparison = isBackward ? (place.isBehind ? "<=" : "<") : (place.isBehind ? ">" : ">=")
                condition = compared(keys, comparison, place.key)
            } else if isBackward != place.isBehind {
                condition = SQLStatement(" WHERE 1 = 0")
            }
            asked = cursor
        }
        let order = keys.map { isBackward ? $0 + " DESC" : $0 }.joined(separator: ", ")
        let select = "SELECT \(keys.joined(separator: ", ")), * FROM \(quoted)"
        var rows = try await engine.query(
            select + condition + " ORDER BY \(order) LIMIT \(request.limit) OFFSET \(offset)")
        if isBackward { rows.reverse() }
        guard let first = rows.first?.values.prefix(keys.count), let last = rows.last?.values.prefix(keys.count) else {
            // Nothing here; what there is lies on the other side.
            return Page(
                items: [], next: isBackward && total > 0 ? asked : nil,
                previous: isBackward || total == 0 ? nil : asked ?? RowPlace(isBehind: true, key: []).cursor,
                total: .exact(total))
        }
        let before = "SELECT count(*) FROM \(quoted)" + compared(keys, "<", Array(first))
        let position = try await number(before.text, before.values)
        return Page(
            items: rows.enumerated().map { message($1, position: position + $0, keys: keys.count) },
            next: position + rows.count < total ? RowPlace(isBehind: true, key: Array(last)).cursor : nil,
            previous: position > 0 ? RowPlace(isBehind: false, key: Array(first)).cursor : nil, total: .exact(total))
    }

    private func compared(_ keys: [String], _ comparison: String, _ values: [StoredValue]) -> SQLStatement {
        SQLStatement(" WHERE (\(keys.joined(separator: ", "))) \(comparison) (\(values.placeholders))", values)
    }

    /// Pages by position, for rows that nothing names.
    private func page(_ request: PageRequest, total: Int) async throws(StorageError) -> Page<StoredMessage> {
        var start = 0
        var limit = min(request.limit, total)
        switch request.start {
        case .first: break
        case .last: start = total - limit
        case .position(let position): start = min(max(0, position), total)
        case .after(let cursor):
            guard let position = Int(cursor.text), position >= 0 else { throw wrongCursor }
            start = min(position, total)
        case .before(let cursor):
            guard let position = Int(cursor.text), position >= 0 else { throw wrongCursor }
            start = max(0, min(position, total) - limit)
            limit = min(position, total) - start
        }
        let rows = try await engine.query(SQLStatement("SELECT * FROM \(quoted) LIMIT \(limit) OFFSET \(start)"))
        let end = start + rows.count
        return Page(
            items: rows.enumerated().map { message($1, position: start + $0, keys: 0) },
            next: end < total && !rows.isEmpty ? PageCursor("\(end)") : nil,
            previous: start > 0 ? PageCursor("\(start)") : nil, total: .exact(total))
    }

    private var wrongCursor: StorageError {
        StorageError(
            .invalid, operation: "list rows of \(table.name)", place: engine.place,
            reason: "the page cursor was not made for this table", help: "start again from the first page")
    }

    // MARK: Rows

    /// Byte values longer than this show as their size; the raw form has them whole.
    private static let longestBytes = 1024

    /// - Parameter keys: how many values stand before those of the row itself.
    private func message(_ row: Row, position: Int, keys: Int) -> StoredMessage {
        let columns = zip(row.columns, row.values).dropFirst(keys).map { RawColumn($0, $1) }
        let members = columns.map { JSONMember($0.name, Self.shown($0.value)) }
        return StoredMessage(
            position: position, id: identity == nil ? nil : row[0].integer.map { "\($0)" }, role: .missing,
            content: [.json(.object(members))], raw: .row(columns))
    }

    private static func shown(_ value: StoredValue) -> JSONValue {
        if case .bytes(let bytes) = value, bytes.count > longestBytes { return .text("(\(bytes.count) bytes)") }
        return value.json
    }

    /// Tells of each row that matches, until the receiver stops.
    func search(
        _ filter: TextFilter, of record: RecordSummary, _ delivery: SearchDelivery
    ) async throws(StorageError) {
        let order = keys.isEmpty ? "" : " ORDER BY " + keys.joined(separator: ", ")
        let progress = Collected(0)
        let excerpt = SearchExcerpt(filter)
        try await engine.stream(SQLStatement("SELECT * FROM \(quoted)\(order)")) { row throws(StorageError) in
            let position = progress.update { rows in
                rows += 1
                return rows - 1
            }
            if position % Self.toldRows == Self.toldRows - 1 { _ = delivery.looked(messages: Self.toldRows) }
            let fields = row.values.compactMap(Self.text)
            guard filter.matches(fields) else { return delivery.isStopped ? .stop : .more }
            if delivery.isFull(record.id) { return delivery.further(record.id, 1) }
            return delivery.hit(
                SearchHit(record: record, message: position, excerpt: excerpt.text(fields.filter { !$0.isEmpty })))
        }
        _ = delivery.looked(messages: progress.value % Self.toldRows)
    }

    /// Rows between two reports of a search.
    private static let toldRows = 1000

    private static func text(_ value: StoredValue) -> String? {
        switch value {
        case .null, .bytes: nil
        case .text(let text): text
        case .integer(let number): String(number)
        case .real(let number): String(number)
        case .invalidText(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}

/// A place between two rows: in front of or behind the row of a key; with an
/// empty key, in front of or behind all rows.
private struct RowPlace {
    var isBehind: Bool
    var key: [StoredValue]

    init(isBehind: Bool, key: [StoredValue]) {
        self.isBehind = isBehind
        self.key = key
    }

    /// `nil` when the cursor is none that `cursor` made.
    init?(_ cursor: PageCursor) {
        guard let side = cursor.text.first, side == ">" || side == "<",
            let key = PackedValues.read(String(cursor.text.dropFirst()))
        else { return nil }
        self.init(isBehind: side == ">", key: key)
    }

    var cursor: PageCursor { PageCursor((isBehind ? ">" : "<") + PackedValues.write(key)) }
}
