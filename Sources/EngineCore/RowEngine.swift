public import StoredRecords

/// Reaches the tables of a database by SQL.
///
/// Values are always bound, never pasted; a layout quotes identifiers with the
/// dialect. Reading never blocks a writer for longer than one call.
public protocol RowEngine: StorageEngine {
    var dialect: SQLDialect { get }

    /// Tables and views with their columns, in name order.
    func tables() async throws(StorageError) -> [TableInfo]

    /// The foreign keys that refer to one of these tables, of every table of the database.
    func references(to tables: [TableInfo]) async throws(StorageError) -> [TableReference]

    /// Those of these tables that have triggers, so that more may be stored
    /// than a statement says, or something else.
    func triggered(of tables: [TableInfo]) async throws(StorageError) -> [TableInfo]

    /// All rows of a statement that bounds its own result.
    func query(_ statement: SQLStatement) async throws(StorageError) -> [Row]

    /// Hands over row after row until the receiver stops; memory stays bounded.
    ///
    /// The receiver runs on the engine's thread and must not wait for the engine.
    func stream(
        _ statement: SQLStatement, _ receive: @escaping @Sendable (Row) throws(StorageError) -> StreamControl
    ) async throws(StorageError)

    /// Runs the body on one state of the database, whatever other programs
    /// change meanwhile: for what takes more than one statement to find out.
    ///
    /// The body may run a second time where a connection is lost, so that it
    /// has no effect but its result.
    func read<T: Sendable>(
        _ body: @escaping @Sendable (any RowReader) throws(StorageError) -> T
    ) async throws(StorageError) -> T

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

/// Statements that all see the same state of the database; used only inside the body they are given to.
public protocol RowReader {
    func query(_ statement: SQLStatement) throws(StorageError) -> [Row]
    func stream(_ statement: SQLStatement, _ receive: (Row) throws(StorageError) -> StreamControl) throws(StorageError)
}

/// The statements of one open transaction; used only inside its body.
public protocol RowTransaction: RowReader {
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

    /// How the stored bytes of a text are had.
    public enum ByteForm: Sendable, Hashable {
        /// Any value is cast to bytes.
        case cast
        /// The value's text is encoded; a column of bytes is what it is.
        /// `isUTF8` tells that the database itself holds text so.
        case converted(isUTF8: Bool)
    }

    public var name: String
    public var placeholder: Placeholder
    /// The hidden column that names a row for good: SQLite's `rowid`; `nil` where there is none.
    public var rowIdentity: String?
    public var byteForm: ByteForm
    /// The collation that sorts text by its bytes, as it stands in a statement;
    /// `nil` where text is sorted so without one.
    public var byteOrder: String?
    /// Whether NULL sorts before every value; else it sorts behind.
    public var sortsNullFirst: Bool
    /// The type of a column for times that are kept as their text.
    public var timeType: String
    /// Whether tables stand in schemas, so that a name may be `schema.table`.
    public var hasSchemas: Bool
    /// The operator that finds a pattern in any case, where asking the server
    /// to look spares sending rows over; `nil` where rows are read as cheaply as they are looked through.
    public var caseBlindLike: String?
    /// What an INSERT says in front of VALUES so that given values are also
    /// taken for columns that the database numbers by itself; may be empty.
    public var numberOverride: String

    public init(
        name: String, placeholder: Placeholder, rowIdentity: String?, byteForm: ByteForm = .cast,
        byteOrder: String? = nil, sortsNullFirst: Bool = true, timeType: String = "TIMESTAMP", hasSchemas: Bool = false,
        numberOverride: String = "", caseBlindLike: String? = nil
    ) {
        self.name = name
        self.placeholder = placeholder
        self.rowIdentity = rowIdentity
        self.byteForm = byteForm
        self.byteOrder = byteOrder
        self.sortsNullFirst = sortsNullFirst
        self.timeType = timeType
        self.hasSchemas = hasSchemas
        self.numberOverride = numberOverride
        self.caseBlindLike = caseBlindLike
    }

    /// The identifier in double quotes, as the SQL standard has it.
    public func quote(_ identifier: String) -> String {
        "\"" + identifier.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The table as a statement names it, with its schema where it needs one.
    public func reference(_ table: TableInfo) -> String {
        reference(path: table.path)
    }

    /// The same by the parts of the name.
    public func reference(path: [String]) -> String {
        path.map { quote($0) }.joined(separator: ".")
    }

    /// A table by the name a person gives it, for making one: `schema.table`
    /// where there are schemas.
    public func reference(tableNamed name: String) -> String {
        guard hasSchemas else { return quote(name) }
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map { String($0) }
        return parts.contains("") ? quote(name) : parts.map { quote($0) }.joined(separator: ".")
    }
}

public struct TableInfo: Sendable, Hashable {
    /// What tells it from every other table of the database.
    public var name: String
    /// Its name in parts, the schema first where a statement has to name it.
    public var path: [String]
    public var columns: [ColumnInfo]
    public var isView: Bool
    /// Whether the dialect's row identity can be asked of this table.
    public var hasRowIdentity: Bool
    /// Whether the database lets this user change its rows.
    public var isWritable: Bool

    public init(
        name: String, path: [String]? = nil, columns: [ColumnInfo], isView: Bool = false, hasRowIdentity: Bool = true,
        isWritable: Bool = true
    ) {
        self.name = name
        self.path = path ?? [name]
        self.columns = columns
        self.isView = isView
        self.hasRowIdentity = hasRowIdentity
        self.isWritable = isWritable
    }

    /// The columns that values can be stored in.
    public var storedColumns: [ColumnInfo] { columns.filter { !$0.isGenerated } }

    /// Whether every one of these columns is there, whatever else is.
    public func hasColumns(_ names: [String]) -> Bool {
        names.allSatisfy { name in columns.contains { $0.name == name } }
    }

    public func column(_ name: String) -> ColumnInfo? { columns.first { $0.name == name } }
}

public struct ColumnInfo: Sendable, Hashable {
    public var name: String
    /// The declared type as written; may be empty.
    public var type: String
    public var isPrimaryKey: Bool
    /// Whether the database computes it from other columns, so that no
    /// statement may store a value in it.
    public var isGenerated: Bool
    /// Whether the database says that it is never NULL.
    public var isRequired: Bool

    public init(
        name: String, type: String, isPrimaryKey: Bool, isGenerated: Bool = false, isRequired: Bool = false
    ) {
        self.name = name
        self.type = type
        self.isPrimaryKey = isPrimaryKey
        self.isGenerated = isGenerated
        self.isRequired = isRequired
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
