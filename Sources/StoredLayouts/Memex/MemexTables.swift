internal import EngineCore
internal import StoredRecords

/// MemexLLM's two tables as they are in one database, and the SQL that names them.
///
/// Columns are found by name: further ones are carried along, and those
/// MemexLLM can be read without may be missing.
struct MemexTables: Sendable {
    static let neededOfThreads = ["id", "updated_at", "metadata"]
    static let neededOfMessages = ["id", "thread_id", "content", "role", "message_index"]
    static let optionalOfThreads = ["created_at"]
    static let optionalOfMessages = ["created_at", "metadata", "token_count"]

    let dialect: SQLDialect
    let threads: TableInfo
    let messages: TableInfo

    /// `nil` when one of the tables is not there or lacks a column that is needed.
    init?(_ tables: [TableInfo], names: [String: String], dialect: SQLDialect) {
        func table(_ name: String, _ needed: [String]) -> TableInfo? {
            let wanted = names[name] ?? name
            return tables.first { $0.name == wanted && !$0.isView && $0.hasColumns(needed) }
        }
        guard let threads = table("threads", Self.neededOfThreads),
            let messages = table("messages", Self.neededOfMessages)
        else { return nil }
        // Where columns take only values of their type, ids of different types cannot be joined.
        if dialect.byteForm != .cast {
            func isOfTheSame(_ types: Set<String>) -> Bool {
                let sides = [threads.column("id"), messages.column("thread_id")].map { types.contains($0?.type ?? "") }
                return sides[0] == sides[1]
            }
            guard isOfTheSame(["uuid"]), isOfTheSame(["smallint", "integer", "bigint", "numeric"]),
                isOfTheSame(["bytea"])
            else { return nil }
        }
        self.dialect = dialect
        self.threads = threads
        self.messages = messages
    }

    var threadTable: String { dialect.reference(threads) }
    var messageTable: String { dialect.reference(messages) }

    /// What is remarkable about the tables themselves, for people.
    var notes: [String] {
        let missing =
            Self.optionalOfThreads.filter { !threads.hasColumns([$0]) }.map { "\(threads.name).\($0)" }
            + Self.optionalOfMessages.filter { !messages.hasColumns([$0]) }.map { "\(messages.name).\($0)" }
        return missing.isEmpty ? [] : ["the database has no column \(missing.joined(separator: ", "))"]
    }

    // MARK: Columns

    /// What names a thread's row: the row identity where there is one, else the id.
    var threadIdentity: String { identity(threads) }
    /// What orders messages of one index and names a message's row.
    var messageIdentity: String { identity(messages) }

    private func identity(_ table: TableInfo) -> String {
        guard table.hasRowIdentity, let identity = dialect.rowIdentity else { return dialect.quote("id") }
        return identity
    }

    /// The same as a thing to sort by and to compare in that order, which is
    /// that of the bytes; `threadIdentity` is what an index on ids finds.
    var threadOrder: String { ordered(threadIdentity, "id", threads) }
    var messageIdentityOrder: String { ordered(messageIdentity, "id", messages) }
    var threadIDOrder: String { ordered(dialect.quote("id"), "id", threads) }

    /// - Parameter column: whose values they are, unless the rows have an identity.
    private func ordered(_ expression: String, _ column: String, _ table: TableInfo) -> String {
        table.holdsText(column) && expression == dialect.quote(column) ? dialect.byteOrdered(expression) : expression
    }

    func hasRowIdentity(_ table: TableInfo) -> Bool {
        table.hasRowIdentity && dialect.rowIdentity != nil
    }

    /// The select list of whole rows; what names the row comes first, as `row_identity`.
    func selectList(_ table: TableInfo) -> String {
        ([identity(table) + " AS row_identity"] + table.columns.map { dialect.quote($0.name) })
            .joined(separator: ", ")
    }

    /// The columns of a row got with `selectList`, without what names it.
    func rawColumns(_ row: Row) -> [RawColumn] {
        zip(row.columns, row.values).dropFirst().map { RawColumn($0, $1) }
    }

    /// The least number that `message_index` holds.
    var leastIndex: Int64 {
        guard dialect.byteForm != .cast else { return .min }
        return switch messages.column("message_index")?.type {
        case "smallint": Int64(Int16.min)
        case "integer": Int64(Int32.min)
        default: .min
        }
    }

    // MARK: Conditions

    /// `column = value`, also where the value is null.
    static func equals(_ column: String, _ value: StoredValue) -> SQLStatement {
        value.isNull ? SQLStatement("\(column) IS NULL") : SQLStatement("\(column) = ?", [value])
    }
}

extension SQLStatement {
    /// Both texts one behind the other with the values of both.
    static func + (left: SQLStatement, right: SQLStatement) -> SQLStatement {
        SQLStatement(left.text + right.text, left.values + right.values)
    }

    static func + (left: SQLStatement, right: String) -> SQLStatement {
        SQLStatement(left.text + right, left.values)
    }

    static func + (left: String, right: SQLStatement) -> SQLStatement {
        SQLStatement(left + right.text, right.values)
    }
}
