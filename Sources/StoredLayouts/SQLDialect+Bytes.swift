internal import EngineCore

extension SQLDialect {
    /// An expression for the stored bytes of a text, JSON or byte column.
    func bytes(of column: String, in table: TableInfo) -> String {
        switch byteForm {
        case .cast: "CAST(\(column) AS BLOB)"
        case .converted: table.holdsBytes(column) ? column : "convert_to(CAST(\(column) AS text), 'UTF8')"
        }
    }

    /// The number of those bytes.
    func byteCount(of column: String, in table: TableInfo) -> String {
        switch byteForm {
        // Of a text that is not JSON the database knows the number without reading it.
        case .converted(isUTF8: true) where !table.holdsBytes(column): "octet_length(CAST(\(column) AS text))"
        case .cast, .converted: "length(\(bytes(of: column, in: table)))"
        }
    }

    /// The bytes of a range; nothing where the range lies behind the end.
    func slice(of column: String, in table: TableInfo, _ range: Range<Int64>) -> String {
        // No value is as long, and a larger number is of another type there.
        let limit = byteForm == .cast ? Int64.max : Int64(Int32.max) - 1
        return "substr(\(bytes(of: column, in: table)), \(min(range.lowerBound, limit) + 1), "
            + "\(min(Int64(range.count), limit)))"
    }

    /// The first so many of those bytes.
    func head(of column: String, in table: TableInfo, _ count: Int) -> String {
        "substr(\(bytes(of: column, in: table)), 1, \(count))"
    }

    /// The last so many of those bytes.
    func tail(of column: String, in table: TableInfo, _ count: Int) -> String {
        let (bytes, length) = (bytes(of: column, in: table), byteCount(of: column, in: table))
        return "substr(\(bytes), CASE WHEN \(length) > \(count) THEN \(length) - \(count - 1) ELSE 1 END)"
    }

    /// The expression, of a text, as one that sorts by its bytes.
    func byteOrdered(_ expression: String) -> String {
        byteOrder.map { "\(expression) COLLATE \($0)" } ?? expression
    }

    /// What stands behind ORDER BY so that NULL comes before every value, and
    /// behind them where the order is descending.
    func nullFirst(_ expression: String, descending: Bool) -> String {
        let text = descending ? "\(expression) DESC" : expression
        if sortsNullFirst { return text }
        return text + (descending ? " NULLS LAST" : " NULLS FIRST")
    }
}

extension TableInfo {
    /// Whether the column is one of bytes, in a database that tells them from text.
    func holdsBytes(_ name: String) -> Bool { column(name)?.type == "bytea" }

    /// Whether the column is one of text, for which there are collations.
    func holdsText(_ name: String) -> Bool {
        guard let type = column(name)?.type.lowercased() else { return false }
        return type == "text" || type == "citext" || type.hasPrefix("char") || type.hasPrefix("varchar")
    }
}
