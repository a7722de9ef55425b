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
        guard id.row != nil || canHold(id.value, "id", of: threads) else { return SQLStatement("1 = 0") }
        if let row = id.row { return SQLStatement("\(threadIdentity) = ?", [row]) }
        return Self.equals(dialect.quote("id"), id.value)
    }

    func isOfThread(_ id: ThreadID) -> SQLStatement {
        // No message belongs to a thread without an id; those that name none are orphans.
        guard id.row == nil, canHold(id.value, "thread_id", of: messages) else { return SQLStatement("1 = 0") }
        return Self.equals(dialect.quote("thread_id"), id.value)
    }

    /// Whether the column can have the value at all. A database whose columns
    /// take only values of their type refuses to compare it with any other.
    private func canHold(_ value: StoredValue, _ column: String, of table: TableInfo) -> Bool {
        guard case .converted(let isUTF8) = dialect.byteForm, !value.isNull else { return true }
        let type = table.column(column)?.type ?? ""
        switch value {
        case .null: return true
        case .bytes: return type == "bytea"
        case .invalidText(let bytes): return !isUTF8 && table.holdsText(column) && !bytes.contains(0)
        case .text, .integer, .real: break
        }
        let text =
            switch value {
            case .integer(let number): String(number)
            case .real(let number): String(number)
            default: value.text ?? ""
            }
        switch type {
        case "bytea": return false
        case "smallint": return Int16(text) != nil
        case "integer": return Int32(text) != nil
        case "bigint": return Int64(text) != nil
        case "uuid": return Self.isUUID(text)
        default: return !text.utf8.contains(0)
        }
    }

    /// Whether it is written as `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`, as databases write them.
    private static func isUUID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [8, 4, 4, 4, 12]
            && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
    }
}
