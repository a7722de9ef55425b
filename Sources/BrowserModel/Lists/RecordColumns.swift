public import StoredRecords
public import TerminalSurface

/// A column of a record list.
public struct RecordColumn {
    public var title: String
    public var alignment: TextFit.Alignment = .left
    /// Columns it needs to be worth showing.
    var minimum: Int
    /// Columns it can use; the first column takes what is left over.
    var ideal: Int
    /// Columns with a higher number give way first.
    var rank: Int
    /// What a list is sorted by when it is sorted by this column.
    public var field: RecordSort.Field?
    /// What stands there; `nil` when it is not known, empty when there is none.
    var text: (RecordSummary) -> String?
    var styleOfKnown: (RecordSummary) -> Style = { _ in .normal }
    /// Whether what does not fit is left out in the middle, because both ends tell records apart.
    var cutsMiddle = false
    /// Whether it is a title, of which most of the beginning is kept.
    var isTitle = false

    /// What stands in the column for a record, exactly `width` columns wide.
    public func fitted(_ record: RecordSummary, _ width: Int) -> String {
        let text = text(record) ?? RowSign.untold.glyph
        let shown =
            isTitle
            ? TextFit.truncatedTitle(text, to: width) : cutsMiddle ? TextFit.truncatedMiddle(text, to: width) : text
        return TextFit.padded(shown, to: width, alignment: alignment)
    }

    public func style(_ record: RecordSummary) -> Style { text(record) == nil ? .dim : styleOfKnown(record) }
}

/// The columns of a kind, fitted into a width.
public struct RecordColumns {
    private let kind: RecordKind
    private let rows: [RecordSummary]
    private let width: Int
    private let now: Timestamp
    /// Whether times are told with their date, beside how long ago they were.
    private let showsDates: Bool

    /// Columns in which most titles can be read.
    private static let readableTitle = 29
    /// The rank from which on columns give way to the title.
    private static let seldomAsked = 6

    private var isWide: Bool { width >= 96 }

    /// The columns shown and the width of each; between two of them stand two spaces.
    ///
    /// Those with the highest rank are left out first where there is too little room.
    /// - Parameter chosen: the columns the user chose, in that order; `nil` for the usual ones.
    public static func fitted(
        _ kind: RecordKind, chosen: [ListColumn]? = nil, rows: [RecordSummary], width: Int, namesSources: Bool,
        now: Timestamp
    ) -> [(column: RecordColumn, width: Int)] {
        // Dates have the room that nothing else needs: how long ago it was tells most of what they tell.
        for showsDates in [true, false] where !showsDates || width >= 96 {
            let maker = RecordColumns(kind: kind, rows: rows, width: width, now: now, showsDates: showsDates)
            let columns = maker.columns(chosen, namesSources: namesSources)
            let ideal = columns.reduce(0) { $0 + $1.ideal } + (columns.count - 1) * 2
            if !showsDates || ideal <= width { return maker.fit(columns, areChosen: chosen != nil) }
        }
        return []
    }

    private func columns(_ chosen: [ListColumn]?, namesSources: Bool) -> [RecordColumn] {
        let known = ListColumn.all(of: kind)
        let shown = chosen ?? ListColumn.usual(of: kind).filter { $0 != .source || namesSources }
        let columns = shown.filter(known.contains).map(column)
        guard chosen == nil, !rows.isEmpty else { return columns }
        // A column that is empty all over says nothing.
        return columns.enumerated().filter { index, column in
            index == 0 || column.field == .updated && kind != .raw
                || rows.contains { column.text($0).map { !$0.isEmpty } ?? false }
        }.map(\.element)
    }

    private func fit(_ wanted: [RecordColumn], areChosen: Bool) -> [(column: RecordColumn, width: Int)] {
        var columns = wanted
        func needed() -> Int { columns.reduce(0) { $0 + $1.minimum } + (columns.count - 1) * 2 }
        func leaveOutLast(from rank: Int = 0) -> Bool {
            let last = columns.indices.dropFirst().max { columns[$0].rank < columns[$1].rank }
            guard let last, columns[last].rank >= rank else { return false }
            columns.remove(at: last)
            return true
        }
        while needed() > width, leaveOutLast() {}
        // A title that can be read is worth more than what few ask for.
        let title = areChosen ? 0 : min(Self.readableTitle, columns.first?.ideal ?? 0)
        while let first = columns.first, title - first.minimum > width - needed(), leaveOutLast(from: Self.seldomAsked)
        {}
        var widths = columns.map(\.minimum)
        var spare = width - needed()
        for index in columns.indices.sorted(by: { columns[$0].rank < columns[$1].rank }) {
            let more = max(0, min(spare, columns[index].ideal - widths[index]))
            widths[index] += more
            spare -= more
        }
        if let first = widths.first { widths[0] = max(1, min(width, first + spare)) }
        return Array(zip(columns, widths)).map { (column: $0.0, width: $0.1) }
    }

    private func column(_ column: ListColumn) -> RecordColumn {
        let title = column.label(of: kind)
        switch column {
        case .name: return name
        case .id: return make(title, rank: 9, most: 40, least: 12, .key, style: { _ in .dim }) { $0.id.key }
        case .agent:
            // The context of a task begins with the agent.
            return make(title, rank: kind == .task ? 4 : 6, most: 18, least: 6, .group) {
                $0.context.isEmpty ? $0.group : ""
            }
        case .messages:
            return make("msgs", .right, rank: 1, most: 9, .messages) { $0.messages.map(Words.grouped) }
        // Most tools count none: there is nothing to be known then.
        case .tokens: return make(title, .right, rank: 7, most: 11, .tokens) { $0.tokens.map(Words.grouped) ?? "" }
        case .origin: return make(title, rank: 3, most: 48, least: 12, .group) { $0.group }
        case .files:
            return make(title, .right, rank: 1, most: 9) { record in
                if case .index(let index) = record.detail { index.files.map(Words.grouped) } else { "" }
            }
        case .type: return make(title, rank: 1, most: 10, .group) { $0.group }
        case .context:
            var context = make(title, rank: 2, most: 40, least: 12, style: { _ in .dim }) { $0.context }
            context.cutsMiddle = true
            return context
        case .status:
            return make(title, rank: kind == .task ? 1 : 3, most: 10, .status, style: Self.stateStyle) { $0.status }
        case .size: return make(title, .right, rank: 4, most: 8, .bytes) { $0.bytes.map(Words.size) }
        case .version: return make("ver", .right, rank: 6, most: 5) { $0.artifact?.version.map { "v\($0)" } ?? "" }
        case .mime: return make("media", rank: 8, most: 24, least: 8) { $0.artifact?.mimeType ?? "" }
        case .rows: return make(title, .right, rank: 8, most: 9) { $0.artifact?.rows.map(Words.grouped) ?? "" }
        case .iteration:
            return make("iter", .right, rank: 3, most: 6) { record in
                if case .task(let task) = record.detail { task.iteration.map(Words.grouped) ?? "" } else { "" }
            }
        case .expires:
            return make(title, .right, rank: 6, most: 10) { [now] record in
                if case .task(let task) = record.detail {
                    task.expires.map { Words.age(of: $0, now: now) } ?? ""
                } else {
                    ""
                }
            }
        case .tags:
            return make(title, rank: 8, most: 24, least: 8) { record in
                if case .thread(let thread) = record.detail { thread.tags.joined(separator: " ") } else { "" }
            }
        case .created:
            return make(title, .right, rank: 8, most: 24, .created, style: { _ in .dim }) { time($0.created) }
        case .updated:
            return make(title, .right, rank: 2, most: 24, .updated, style: { _ in .dim }) { time(Self.detailTime($0)) }
        case .source: return make(title, rank: 5, most: 20, least: 12, style: { _ in .dim }) { $0.id.source }
        }
    }

    private var name: RecordColumn {
        let isKey = kind == .index || kind == .raw
        let widest = rows.reduce(0) { max($0, CharacterWidth.columns(of: $1.name)) }
        // The name is what a list is read by: other columns go before it gets too short to tell records apart.
        let least = width >= 50 ? max(12, min(22, widest)) : 12
        return RecordColumn(
            title: ListColumn.name.label(of: kind), minimum: least,
            ideal: max(least, min(isWide ? 48 : 32, widest)), rank: 0, field: isKey ? .key : .title, text: \.name,
            styleOfKnown: { $0.title.isEmpty && !isKey ? .dim : .normal }, isTitle: true)
    }

    /// A column as wide as what it shows now, so that it does not jump from row to row.
    private func make(
        _ title: String, _ alignment: TextFit.Alignment = .left, rank: Int, most: Int, least: Int? = nil,
        _ field: RecordSort.Field? = nil, style: @escaping (RecordSummary) -> Style = { _ in .normal },
        _ text: @escaping (RecordSummary) -> String?
    ) -> RecordColumn {
        let widest = rows.reduce(0) { max($0, CharacterWidth.columns(of: text($1) ?? RowSign.untold.glyph)) }
        let ideal = max(CharacterWidth.columns(of: title) + 1, min(most, widest))
        return RecordColumn(
            title: title, alignment: alignment, minimum: min(ideal, least ?? ideal), ideal: ideal, rank: rank,
            field: field, text: text, styleOfKnown: style)
    }

    private func time(_ time: Timestamp?) -> String? {
        guard let time else { return nil }
        let age = Words.age(of: time, now: now)
        return showsDates ? "\(Words.moment(time))  \(String(repeating: " ", count: max(0, 4 - age.count)))\(age)" : age
    }

    private static func detailTime(_ record: RecordSummary) -> Timestamp? {
        if case .index(let index) = record.detail, let synced = index.synced { return synced }
        return record.updated
    }

    private static func stateStyle(_ record: RecordSummary) -> Style {
        switch record.status {
        case "complete", "completed": .success
        case "failed", "expired": .error
        case "building", "running": .warning
        default: .normal
        }
    }
}

extension RecordSummary {
    /// The conversation it belongs to, as the key says: what stands before its last part; empty where it has one part.
    var context: String {
        guard id.kind == .artifact || id.kind == .task, let slash = id.key.lastIndex(of: "/") else { return "" }
        return String(id.key[..<slash])
    }

    fileprivate var artifact: ArtifactDetail? {
        if case .artifact(let artifact) = detail { artifact } else { nil }
    }
}
