/// One cell of a grid: a glyph, or the right half of the wide glyph before it.
public struct Cell: Equatable, Hashable, Sendable {
    public var glyph: Glyph
    public var style: Style
    /// Columns the glyph covers: 1 or 2, and 0 for the right half of a wide one.
    public private(set) var columns: UInt8

    public init(_ glyph: Glyph, style: Style = .normal) {
        self.glyph = glyph
        self.style = style
        columns = UInt8(glyph.columns)
    }

    private init(continuationIn style: Style) {
        glyph = .space
        self.style = style
        columns = 0
    }

    public static let blank = Cell(.space)

    /// The right half of a wide glyph.
    public static func continuation(style: Style) -> Cell { Cell(continuationIn: style) }

    public var isContinuation: Bool { columns == 0 }
    public var isWide: Bool { columns == 2 }

    /// What the cell adds to the text of its row; empty for the right half of a wide glyph.
    public var text: String { isContinuation ? "" : glyph.text }
}
