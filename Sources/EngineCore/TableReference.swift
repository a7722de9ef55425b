/// A foreign key: columns of one table that name rows of another one, or of the same.
public struct TableReference: Sendable, Hashable {
    /// What the database does by itself to the rows that refer, when what they refer to is deleted.
    public enum DeleteAction: String, Sendable, Hashable {
        /// Nothing; where it enforces the reference it refuses the deletion.
        case nothing = "NO ACTION"
        case cascade = "CASCADE"
        case setNull = "SET NULL"
        case setDefault = "SET DEFAULT"
    }

    /// The table whose rows refer: what tells it from every other one, and its name in parts.
    public var table: String
    public var path: [String]
    public var columns: [String]
    /// The table referred to, by the name it was asked for with.
    public var target: String
    /// The columns referred to, in the order of `columns`.
    public var targetColumns: [String]
    public var onDelete: DeleteAction

    public init(
        table: String, path: [String]? = nil, columns: [String], target: String, targetColumns: [String],
        onDelete: DeleteAction
    ) {
        self.table = table
        self.path = path ?? [table]
        self.columns = columns
        self.target = target
        self.targetColumns = targetColumns
        self.onDelete = onDelete
    }
}
