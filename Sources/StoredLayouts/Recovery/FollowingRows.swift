internal import EngineCore
internal import StoredRecords

/// The rows of one table that a change takes out.
struct GoingRows: Sendable {
    var table: TableInfo
    var condition: SQLStatement
    /// What they are for people, and in how many: "these messages".
    var words: String
    var isOne = false
}

/// Rows that no plan names and no recovery entry holds, and that the database
/// would delete or change by itself along with rows that a change takes out.
///
/// That is what foreign keys with an action on deletion do. A change is
/// refused as long as there are such rows: nothing would bring them back.
struct FollowingRows: Sendable {
    private struct Check: Sendable {
        /// One row when a row that stays refers to one that goes.
        var statement: SQLStatement
        var refusal: String
    }

    private let checks: [Check]

    /// Whether no foreign key carries the change on.
    var isEmpty: Bool { checks.isEmpty }

    /// Looks at the schema, once.
    /// - Parameter known: tells a reference whose rows the change takes out itself.
    init(
        of going: [GoingRows], in engine: any RowEngine, except known: (TableReference) -> Bool = { _ in false }
    ) async throws(StorageError) {
        var checks: [Check] = []
        for reference in try await engine.references(to: going.map(\.table)) {
            guard reference.onDelete != .nothing, !known(reference),
                let target = going.first(where: { $0.table.name == reference.target })
            else { continue }
            checks.append(
                Check(
                    statement: Self.statement(reference, target, among: going, engine.dialect),
                    refusal: Self.text(reference, target)))
        }
        self.checks = checks
    }

    /// Why the rows cannot go; `nil` when no other row goes or changes with them.
    func refusal(in engine: any RowEngine) async throws(StorageError) -> String? {
        for check in checks {
            do throws(StorageError) {
                if try await !engine.query(check.statement).isEmpty { return check.refusal }
            } catch  where error.kind == .denied {
                return check.refusal + Self.unseen
            }
        }
        return nil
    }

    /// The same in the transaction that takes them out.
    func refusal(in transaction: any RowTransaction) throws(StorageError) -> String? {
        for check in checks {
            do throws(StorageError) {
                if try !transaction.query(check.statement).isEmpty { return check.refusal }
            } catch  where error.kind == .denied {
                return check.refusal + Self.unseen
            }
        }
        return nil
    }

    /// The database acts also on rows that this user may not read.
    private static let unseen = " (this user may not look whether there are any)"

    private static func statement(
        _ reference: TableReference, _ target: GoingRows, among going: [GoingRows], _ dialect: SQLDialect
    ) -> SQLStatement {
        func columns(_ names: [String]) -> String { names.map { dialect.quote($0) }.joined(separator: ", ") }
        var staying = SQLStatement("SELECT 1 FROM \(dialect.reference(path: reference.path)) WHERE ")
        if let own = going.first(where: { $0.table.name == reference.table }) {
            // Also where the condition is neither true nor false.
            staying = staying + "CASE WHEN " + own.condition + " THEN 0 ELSE 1 END = 1 AND "
        }
        let gone =
            "SELECT \(columns(reference.targetColumns)) FROM \(dialect.reference(target.table)) WHERE "
            + target.condition
        // Not a join: without an index on the columns that refer, SQLite looks through all rows for each that goes.
        return staying + "(\(columns(reference.columns))) IN (" + gone + ") LIMIT 1"
    }

    private static func text(_ reference: TableReference, _ target: GoingRows) -> String {
        let isOwn = reference.table == target.table.name
        let fate = reference.onDelete == .cascade ? "go" : "be changed"
        return """
            rows of \(reference.table)\(isOwn ? " that stay" : "") refer to \(target.words) and would \(fate) with \
            \(target.isOne ? "it" : "them") (ON DELETE \(reference.onDelete.rawValue)); remove the references first
            """
    }
}
