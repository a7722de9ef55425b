public import StoredRecords

/// Reaches the tables of a database by SQL.
///
/// Values are always bound, never pasted; a layout quotes identifiers with the
/// dialect. Reading never blocks a writer for longer than one call.
public protocol RowEngine: StorageEngine {
    var dialect: SQLDialect { get }

    /// Tables and views with their columns, in name order.
    func tables() async throws(StorageError) -> [TableInfo]

    /// All rows of a statement that bounds its own result.
    func query(_ statement: SQLStatement) async throws(StorageError) -> [Row]

    /// Hands over row after row until the receiver stops; memory stays bounded.
    ///
    /// The receiver runs on the engine's thread and must not wait for the engine.
    func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError)

    /// Runs the body in one write transaction: all of it or, when it throws,
    /// nothing. The write lock is held from the first statement on.
    @discardableResult
    func transaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T

    /// The same without enforcing references between tables, for putting rows
    /// back that were stored without what they refer to.
    func unreferencedTransaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T
}

extension RowEngine {
    public func unreferencedTransaction<T: Sendable>(
        _ operation: String, _ body: @escaping @Sendable (any RowTransaction) throws(StorageError) -> T
    ) async throws(StorageError) -> T {
        try await transaction(operation, body)
    }
}

/// The statements of one open transaction; used only inside its body.
public protocol RowTransaction {
    func query(_ statement: SQLStatement) throws(StorageError) -> [Row]
    func stream(_ statement: SQLStatement, _ receive: (Row) throws(StorageError) -> StreamControl) throws(StorageError)
    /// Runs a changing statement and returns the number of rows it changed.
    @discardableResult
    func execute(_ statement: SQLStatement) throws(StorageError) -> Int
}

/// SQL text with `?` for each bound value.
public struct SQLStatement: Sendable, Hashable {
    public var text: String
    public var values: [StoredValue]

    public init(_ text: String, _ values: [StoredValue] = []) {
        self.text = text
        self.values = values
    }
}

/// The few ways in which databases differ.
public struct SQLDialect: Sendable, Hashable {
    public enum Placeholder: Sendable, Hashable {
        case questionMark
        /// `$1`, `$2` ...; the engine rewrites the statement's question marks.
        case numbered
    }

    public var name: String
    public var placeholder: Placeholder
    /// The hidden column that names a row for good: SQLite's `rowid`; `nil` where there is none.
    public var rowIdentity: String?

    public init(name: String, placeholder: Placeholder, rowIdentity: String?) {
        self.name = name
        self.placeholder = placeholder
        self.rowIdentity = rowIdentity
    }

    /// The identifier in double quotes, as the SQL standard has it.
    public func quote(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

public struct TableInfo: Sendable, Hashable {
    public var name: String
    public var columns: [ColumnInfo]
    public var isView: Bool
    /// Whether the dialect's row identity can be asked of this table.
    public var hasRowIdentity: Bool

    public init(name: String, columns: [ColumnInfo], isView: Bool = false, hasRowIdentity: Bool = true) {
        self.name = name
        self.columns = columns
        self.isView = isView
        self.hasRowIdentity = hasRowIdentity
    }

    /// The columns that values can be stored in.
    public var storedColumns: [ColumnInfo] { columns.filter { !$0.isGenerated } }

    /// Whether every one of these columns is there, whatever else is.
    public func hasColumns(_ names: [String]) -> Bool {
        names.allSatisfy { name in columns.contains { $0.name == name } }
    }
}

public struct ColumnInfo: Sendable, Hashable {
    public var name: String
    /// The declared type as written; may be empty.
    public var type: String
    public var isPrimaryKey: Bool
    /// Whether the database computes it from other columns, so that no
    /// statement may store a value in it.
    public var isGenerated: Bool

    public init(name: String, type: String, isPrimaryKey: Bool, isGenerated: Bool = false) {
        self.name = name
        self.type = type
        self.isPrimaryKey = isPrimaryKey
        self.isGenerated = isGenerated
    }
}

/// One row of a result; all rows of a result share their column names.
public struct Row: Sendable, Hashable {
    public var columns: [String]
    public var values: [StoredValue]

    public init(columns: [String], values: [StoredValue]) {
        self.columns = columns
        self.values = values
    }

    public subscript(index: Int) -> StoredValue {
        index < values.count ? values[index] : .null
    }

    /// The value of the named column; `nil` when the result has no such column.
    public subscript(name: String) -> StoredValue? {
        columns.firstIndex(of: name).map { values[$0] }
    }
}
