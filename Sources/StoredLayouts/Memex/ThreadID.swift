internal import EngineCore
internal import StoredRecords

/// Which thread is meant: by its id, of whatever type it is stored, or by its
/// row where the id is NULL, as several rows may have that.
struct ThreadID: Sendable, Hashable {
    var value: StoredValue
    /// What names the row; only for a row whose id is NULL.
    var row: StoredValue?

    init(_ value: StoredValue) {
        self.value = value
    }

    /// The thread of a whole row of `threads`, got with `MemexTables.selectList`.
    init(_ row: Row) {
        value = row["id"] ?? .null
        if value.isNull { self.row = row[0] }
    }
}

extension ThreadID {
    private static let mark = "\\x:"

    /// The record's key, which `init(key:)` reads back.
    ///
    /// Text is its own key, in the reversible form of `ObjectKey.description`
    /// where its bytes are not UTF-8. That form never holds `\x:`, so it marks
    /// ids of the other types, which only other programs than MemexLLM write.
    var key: String {
        switch value {
        case .text(let text): text.utf8.contains(0x5C) ? ObjectKey(text).description : text
        case .invalidText(let bytes): ObjectKey(bytes: bytes).description
        case .null, .integer, .real, .bytes: Self.mark + PackedValues.write([value] + (row.map { [$0] } ?? []))
        }
    }

    init(key: String) {
        if key.hasPrefix(Self.mark), let values = PackedValues.read(String(key.dropFirst(Self.mark.count))),
            let value = values.first
        {
            self.init(value)
            if values.count > 1 { row = values[1] }
            return
        }
        let bytes = ObjectKey(description: key).bytes
        self.init(String(validating: bytes, as: UTF8.self).map { .text($0) } ?? .invalidText(bytes))
    }

    /// The key's bytes, which tell apart ids that `String` calls equal.
    var bytes: [UInt8] { Array(key.utf8) }
}

extension MemexTables {
    func isThread(_ id: ThreadID) -> SQLStatement {
        if let row = id.row { return SQLStatement("\(threadIdentity) = ?", [row]) }
        return Self.equals(dialect.quote("id"), id.value)
    }

    func isOfThread(_ id: ThreadID) -> SQLStatement {
        // No message belongs to a thread without an id; those that name none are orphans.
        id.row == nil ? Self.equals(dialect.quote("thread_id"), id.value) : SQLStatement("1 = 0")
    }
}
