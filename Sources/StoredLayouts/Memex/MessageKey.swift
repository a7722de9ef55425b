internal import EngineCore
internal import StoredRecords

/// The place of a message in its thread's order: by `message_index`, then by
/// what names the row.
///
/// Two messages of one index come in the order MemexLLM reads them, which is
/// that of the index on (thread_id, message_index) and so of the row numbers.
struct MessageKey: Sendable, Hashable {
    var index: StoredValue
    var identity: StoredValue

    init(index: StoredValue, identity: StoredValue) {
        self.index = index
        self.identity = identity
    }
}

extension MessageKey {
    /// Reads what `cursor` wrote.
    init?(_ cursor: PageCursor) {
        guard let values = PackedValues.read(cursor.text), values.count == 2 else { return nil }
        self.init(index: values[0], identity: values[1])
    }

    var cursor: PageCursor { PageCursor(PackedValues.write([index, identity])) }
}

extension MemexTables {
    private var index: String { dialect.quote("message_index") }

    /// What no row's identity is greater than.
    var lastIdentity: StoredValue {
        if hasRowIdentity(messages) { return .integer(.max) }
        switch messages.column("id")?.type {
        case "bigint": return .integer(.max)
        case "integer": return .integer(Int64(Int32.max))
        case "uuid": return .text("ffffffff-ffff-ffff-ffff-ffffffffffff")
        default: return .text("\u{10FFFF}")
        }
    }

    /// The thread's order; rows without an index come first, as SQLite sorts them.
    func messageOrder(descending: Bool) -> String {
        // A clause about NULL keeps some databases from taking the order of the index.
        let isRequired = messages.column("message_index")?.isRequired ?? false
        let direction = descending ? " DESC" : ""
        let first = isRequired ? index + direction : dialect.nullFirst(index, descending: descending)
        return "\(first), \(messageIdentityOrder)\(direction)"
    }

    /// The message stands before `key`, or is it.
    ///
    /// A row value comparison lets the database take the range from the index.
    /// - Parameter hasMissing: whether the thread has rows without an index,
    ///   which a comparison would pass over.
    func isBefore(_ key: MessageKey, orIs including: Bool = false, hasMissing: Bool) -> SQLStatement {
        if key.index.isNull {
            return SQLStatement(
                "(\(index) IS NULL AND \(messageIdentityOrder) \(including ? "<=" : "<") ?)", [key.identity])
        }
        let compared = SQLStatement(
            "(\(index), \(messageIdentityOrder)) \(including ? "<=" : "<") (?, ?)", [key.index, key.identity])
        return hasMissing ? "(" + compared + " OR \(index) IS NULL)" : compared
    }

    /// The message stands behind `key`, or is it.
    func isAfter(_ key: MessageKey, orIs including: Bool = false) -> SQLStatement {
        if key.index.isNull {
            return SQLStatement(
                "(\(index) IS NOT NULL OR \(messageIdentityOrder) \(including ? ">=" : ">") ?)", [key.identity])
        }
        return SQLStatement(
            "(\(index), \(messageIdentityOrder)) \(including ? ">=" : ">") (?, ?)", [key.index, key.identity])
    }
}
