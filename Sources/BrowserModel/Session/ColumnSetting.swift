/// The columns of a kind as the configuration names them.
public struct ColumnSetting: Sendable, Hashable {
    /// "threads", "indexes" ...
    public var kind: String
    /// "title", "messages" ..., in the order they are to be shown.
    public var columns: [String]
    /// File, line and name, for what is to be said of it.
    public var place: String

    public init(kind: String, columns: [String], place: String) {
        self.kind = kind
        self.columns = columns
        self.place = place
    }
}
