/// A part of the manual: what is typed and what it does, under a heading.
public struct ManualTable: Sendable {
    public var title: String
    public var rows: [(term: String, text: String)]

    public init(_ title: String, _ rows: [(term: String, text: String)]) {
        self.title = title
        self.rows = rows
    }
}
