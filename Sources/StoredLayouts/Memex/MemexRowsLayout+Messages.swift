internal import EngineCore
public import StoredRecords

/// How many messages a thread has and which are its first and last.
struct MessageExtent: Sendable, Hashable {
    var count: Int
    var first: MessageKey?
    var last: MessageKey?
    /// Whether some have no `message_index`.
    var hasMissing: Bool { first?.index.isNull ?? false }
}

extension MemexRowsLayout {
    public func messages(_ key: String, _ page: PageRequest) async throws(StorageError) -> Page<StoredMessage> {
        // Positions are counted and rows read on one state, also while a program appends.
        try await engine.read { reader throws(StorageError) in try messages(ThreadID(key: key), page, in: reader) }
    }

    private func messages(
        _ id: ThreadID, _ page: PageRequest, in reader: any RowReader
    ) throws(StorageError) -> Page<StoredMessage> {
        let extent = try extent(of: id, in: reader)
        if extent.count == 0, try threadRow(id, in: reader) == nil { throw notFound("show the messages") }
        let total = Total.exact(extent.count)
        let statement: SQLStatement
        /// Position of the first message the statement finds, in its direction.
        let position: Int
        var isForward = true
        switch page.start {
        case .first:
            statement = messageStatement(of: id, nil, isForward: true, limit: page.limit)
            position = 0
        case .last:
            isForward = false
            statement = messageStatement(of: id, nil, isForward: false, limit: page.limit)
            position = extent.count - 1
        case .position(let asked):
            position = max(0, asked)
            guard let from = try messageKey(of: id, at: position, count: extent.count, in: reader) else {
                let behind = extent.last.map { MessageKey(index: $0.index, identity: tables.lastIdentity) }
                return Page(items: [], previous: behind?.cursor, total: total)
            }
            statement = messageStatement(of: id, tables.isAfter(from, orIs: true), isForward: true, limit: page.limit)
        case .after(let cursor):
            let from = try messageKey(cursor)
            statement = messageStatement(of: id, tables.isAfter(from), isForward: true, limit: page.limit)
            position = try countBefore(from, orIs: true, of: id, extent, in: reader)
        case .before(let cursor):
            isForward = false
            let from = try messageKey(cursor)
            statement = messageStatement(
                of: id, tables.isBefore(from, hasMissing: extent.hasMissing), isForward: false, limit: page.limit)
            position = try countBefore(from, of: id, extent, in: reader) - 1
        }
        var rows = try reader.query(statement)
        let first = isForward ? position : position - rows.count + 1
        if !isForward { rows.reverse() }
        let items = rows.enumerated().map { offset, row in message(row, position: first + offset) }
        var result = Page(items: items, total: total)
        guard let head = rows.first, let tail = rows.last else {
            // The cursor itself leads back from beyond either end.
            switch page.start {
            case .after(let cursor) where extent.count > 0: result.previous = cursor
            case .before(let cursor) where extent.count > 0: result.next = cursor
            default: break
            }
            return result
        }
        if first > 0 { result.previous = messageKey(head).cursor }
        if first + rows.count < extent.count { result.next = messageKey(tail).cursor }
        return result
    }

    // MARK: Shared with changes and search

    func message(_ row: Row, position: Int) -> StoredMessage {
        MemexMessageDecoding.message(row, position: position, raw: tables.rawColumns(row))
    }

    func messageKey(_ row: Row) -> MessageKey {
        MessageKey(index: row["message_index"] ?? .null, identity: row[0])
    }

    private func messageKey(_ cursor: PageCursor) throws(StorageError) -> MessageKey {
        guard let key = MessageKey(cursor) else {
            throw error(
                .invalid, "show the messages", "the page cursor is not one of this thread",
                help: "start again from the first page")
        }
        return key
    }

    /// Whole rows of the thread's next messages in one direction.
    func messageStatement(
        of id: ThreadID, _ condition: SQLStatement?, isForward: Bool, limit: Int
    ) -> SQLStatement {
        var statement =
            "SELECT \(tables.selectList(tables.messages)) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id)
        if let condition { statement = statement + " AND " + condition }
        return statement + " ORDER BY \(tables.messageOrder(descending: !isForward))"
            + SQLStatement(" LIMIT ?", [.integer(Int64(limit))])
    }

    /// First and last key, null where there is no message; two index reads.
    func endStatement(of id: ThreadID) -> SQLStatement {
        let index = tables.dialect.quote("message_index")
        func end(_ column: String, descending: Bool) -> SQLStatement {
            "(SELECT \(column) FROM \(tables.messageTable) WHERE " + tables.isOfThread(id)
                + " ORDER BY \(tables.messageOrder(descending: descending)) LIMIT 1)"
        }
        let columns = [
            end(index, descending: false), end(tables.messageIdentity, descending: false),
            end(index, descending: true), end(tables.messageIdentity, descending: true),
        ]
        return columns.dropFirst().reduce("SELECT " + columns[0]) { $0 + ", " + $1 }
    }

    func extent(of id: ThreadID, in reader: any RowReader) throws(StorageError) -> MessageExtent {
        Self.extent(
            count: try reader.query(countStatement(of: id)).first, ends: try reader.query(endStatement(of: id)).first)
    }

    /// - Parameter count: `nil` leaves the number 0, for the caller to set.
    static func extent(count: Row?, ends: Row?) -> MessageExtent {
        let number = count?.count ?? 0
        guard let ends, !ends[1].isNull else { return MessageExtent(count: number) }
        return MessageExtent(
            count: number, first: MessageKey(index: ends[0], identity: ends[1]),
            last: MessageKey(index: ends[2], identity: ends[3]))
    }

    /// The key of the message at a position, from the index alone; from
    /// whichever end is nearer.
    func messageKeyStatement(of id: ThreadID, at position: Int, count: Int) -> SQLStatement {
        let fromEnd = count - 1 - position
        let isForward = position <= fromEnd
        return "SELECT \(tables.dialect.quote("message_index")), \(tables.messageIdentity) FROM \(tables.messageTable)"
            + " WHERE " + tables.isOfThread(id) + " ORDER BY \(tables.messageOrder(descending: !isForward)) LIMIT 1"
            + SQLStatement(" OFFSET ?", [.integer(Int64(isForward ? position : fromEnd))])
    }

    func messageKey(
        of id: ThreadID, at position: Int, count: Int, in reader: any RowReader
    ) throws(StorageError) -> MessageKey? {
        guard position >= 0, position < count else { return nil }
        return try reader.query(messageKeyStatement(of: id, at: position, count: count)).first.map {
            MessageKey(index: $0[0], identity: $0[1])
        }
    }

    func countBeforeStatement(
        _ key: MessageKey, orIs including: Bool = false, of id: ThreadID, hasMissing: Bool
    ) -> SQLStatement {
        countStatement(of: id) + " AND " + tables.isBefore(key, orIs: including, hasMissing: hasMissing)
    }

    private func countBefore(
        _ key: MessageKey, orIs including: Bool = false, of id: ThreadID, _ extent: MessageExtent,
        in reader: any RowReader
    ) throws(StorageError) -> Int {
        try reader.query(countBeforeStatement(key, orIs: including, of: id, hasMissing: extent.hasMissing))
            .first?.count ?? 0
    }
}
