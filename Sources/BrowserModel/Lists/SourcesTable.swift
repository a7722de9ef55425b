public import StoredRecords
public import TerminalSurface

/// How the table of the sources is divided; model and view agree on it here.
public struct SourcesTable: Sendable, Equatable {
    /// Columns of a count, the space behind it included.
    public static let countWidth = 10
    /// Columns of the state, in which most are told whole with engine and layouts.
    private static let usualState = 26
    private static let leastState = 10
    /// Columns of the facts beside the table.
    private static let leastFacts = 34

    public let rect: Rect
    /// Where the facts of the source in focus are; `nil` where there is no room for them.
    public let facts: Rect?
    /// Whether they stand beside the table, and not below it.
    public let isBeside: Bool
    public let nameWidth: Int
    /// The kinds whose counts have columns of their own; none where there is too little room.
    public let counts: [RecordKind]

    init(_ sources: [SourceState], _ layout: ScreenLayout) {
        let body = layout.body
        let kinds: [RecordKind] = [.index, .thread, .artifact, .task, .raw].filter { kind in
            sources.contains { $0.kinds.contains(kind) }
        }
        let names = max(6, sources.map { CharacterWidth.columns(of: $0.name) }.max() ?? 6)
        let usual = 5 + min(names, 30) + kinds.count * Self.countWidth + Self.usualState
        // The counts come first: beside the table the facts have what it leaves.
        let width = layout.preview.map { min($0.width, body.width - usual - 1) } ?? 0
        if width >= Self.leastFacts {
            isBeside = true
            rect = Rect(row: body.row, column: 0, width: body.width - width - 1, height: body.height)
            facts = Rect(row: body.row, column: body.width - width, width: width, height: body.height)
        } else {
            isBeside = false
            rect = body
            let height = body.height - layout.headingLines - sources.count - 2
            facts =
                height >= 4 ? Rect(row: body.endRow - height, column: 0, width: body.width, height: height) : nil
        }
        nameWidth = min(rect.width * 2 / 5, names)
        let rest = rect.width - 5 - nameWidth
        counts = rest >= kinds.count * Self.countWidth + Self.leastState ? kinds : []
    }
}

extension BrowserState {
    public func sourcesTable(of screen: BrowseScreen) -> SourcesTable {
        SourcesTable(sources(of: screen), layout)
    }

    /// The columns of a list and the width of each, as they are on the screen.
    public func columns(of screen: BrowseScreen) -> [(column: RecordColumn, width: Int)] {
        guard let list = screen.list else { return [] }
        let namesSources =
            screen.scope == nil && sources(of: screen).filter { $0.kinds.contains(list.kind) }.count > 1
        // Two columns for the selection and notes, one free at the right edge.
        return RecordColumns.fitted(
            list.kind, chosen: listChoices.columns(of: list.kind),
            rows: Array(list.rows.dropFirst(list.top).prefix(layout.recordLines)), width: layout.records.width - 3,
            namesSources: namesSources, now: now)
    }
}
