internal import EngineCore

extension SQLDialect {
    /// An expression for the stored bytes of a text, JSON or byte column.
    ///
    /// SQLite casts; other databases encode the column's text, as their JSON
    /// types have no bytes of their own.
    func bytes(of column: String) -> String {
        name.lowercased() == "sqlite"
            ? "CAST(\(column) AS BLOB)" : "convert_to(CAST(\(column) AS text), 'UTF8')"
    }

    /// The first so many of those bytes.
    func head(of column: String, _ count: Int) -> String {
        "substr(\(bytes(of: column)), 1, \(count))"
    }

    /// The last so many of those bytes.
    func tail(of column: String, _ count: Int) -> String {
        let bytes = bytes(of: column)
        return "substr(\(bytes), CASE WHEN length(\(bytes)) > \(count) THEN length(\(bytes)) - \(count - 1) ELSE 1 END)"
    }
}
