/// How the columns of a thread's screen are divided; model and view agree on it here.
public struct ThreadLayout: Sendable, Equatable {
    /// Columns of prose at most: longer lines make the eye lose its place.
    static let widestProse = 100
    /// Columns from which on the messages are listed beside the one that is read.
    static let listFrom = 120

    /// Columns of the screen.
    public let columns: Int

    public init(columns: Int) {
        self.columns = columns
    }

    /// Columns of the list of messages; 0 without it.
    public var listColumns: Int {
        columns < Self.listFrom ? 0 : max(36, min(64, columns * 3 / 10))
    }

    /// Where the gutter of the text begins; a line parts it from the list.
    public var textColumn: Int { listColumns == 0 ? 0 : listColumns + 1 }
    /// Columns of the gutter: the cursor, the role, and a space.
    public static let gutter = 3
    /// Columns of code and tables.
    public var room: Int { max(8, columns - textColumn - Self.gutter) }
    /// Columns of prose.
    public var measure: Int { min(Self.widestProse, max(8, room - (room > 40 ? 1 : 0))) }
}
