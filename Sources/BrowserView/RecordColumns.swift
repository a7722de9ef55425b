import BrowserModel
import StoredRecords
import TerminalSurface

/// A column of a record list.
struct RecordColumn {
    var title: String
    var alignment: TextFit.Alignment = .left
    /// Columns it needs to be worth showing.
    var minimum: Int
    /// Columns it can use; the first column takes what is left over.
    var ideal: Int
    /// Columns with a higher number give way first.
    var rank: Int
    var field: RecordSort.Field?
    var text: (RecordSummary) -> String
    var style: (RecordSummary) -> Style = { _ in .normal }
    /// Whether what does not fit is left out in the middle, because both ends tell records apart.
    var cutsMiddle = false

    /// What stands in the column for a record, exactly `width` columns wide.
    func fitted(_ record: RecordSummary, _ width: Int) -> String {
        let text = text(record)
        return TextFit.padded(
            cutsMiddle ? TextFit.truncatedMiddle(text, to: width) : text, to: width, alignment: alignment)
    }
}

/// The columns of a kind, fitted into a width.
enum RecordColumns {
    /// The columns shown and the width of each; between two of them stand two spaces.
    static func fitted(
        _ kind: RecordKind, rows: [RecordSummary], width: Int, namesSources: Bool, now: Timestamp
    ) -> [(column: RecordColumn, width: Int)] {
        var columns = columns(kind, rows, namesSources: namesSources, width: width, now: now)
        func needed() -> Int { columns.reduce(0) { $0 + $1.minimum } + (columns.count - 1) * 2 }
        while columns.count > 1, needed() > width {
            guard let last = columns.indices.max(by: { columns[$0].rank < columns[$1].rank }) else { break }
            columns.remove(at: last)
        }
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

    private static func columns(
        _ kind: RecordKind, _ rows: [RecordSummary], namesSources: Bool, width: Int, now: Timestamp
    ) -> [RecordColumn] {
        let isWide = width >= 96
        /// A column as wide as what it shows now, so that it does not jump from row to row.
        func column(
            _ title: String, _ alignment: TextFit.Alignment = .left, rank: Int, most: Int, least: Int? = nil,
            _ field: RecordSort.Field? = nil, style: @escaping (RecordSummary) -> Style = { _ in .normal },
            _ text: @escaping (RecordSummary) -> String
        ) -> RecordColumn {
            let widest = rows.reduce(0) { max($0, CharacterWidth.columns(of: text($1))) }
            let ideal = max(CharacterWidth.columns(of: title) + 1, min(most, widest))
            return RecordColumn(
                title: title, alignment: alignment, minimum: min(ideal, least ?? ideal), ideal: ideal, rank: rank,
                field: field, text: text, style: style)
        }
        let widestName = rows.reduce(0) { max($0, CharacterWidth.columns(of: $1.name)) }
        // The name is what a list is read by: other columns go before it gets too short to tell records apart.
        let leastName = width >= 50 ? max(12, min(22, widestName)) : 12
        let name = RecordColumn(
            title: kind == .index || kind == .raw
                ? "key" : kind == .task ? "task" : kind == .artifact ? "name" : "title",
            minimum: leastName, ideal: max(leastName, min(isWide ? 48 : 32, widestName)), rank: 0,
            field: kind == .index || kind == .raw ? .key : .title,
            text: \.name,
            style: { $0.title.isEmpty && kind != .index && kind != .raw ? .dim : .normal })
        let updated = column(
            kind == .index ? "synced" : "updated", .right, rank: 2, most: 24, .updated, style: { _ in .dim }
        ) {
            record in
            guard let time = detailTime(record) else { return "" }
            let age = Words.age(of: time, now: now)
            return isWide ? "\(Words.moment(time))  \(String(repeating: " ", count: max(0, 4 - age.count)))\(age)" : age
        }
        let size = column("size", .right, rank: 4, most: 8, .bytes) { $0.bytes.map(Words.size) ?? "" }
        let source = column("source", rank: 5, most: 20, least: 12, style: { _ in .dim }) { $0.id.source }
        var context = column("context", rank: 2, most: 40, least: 12, style: { _ in .dim }) { $0.context }
        context.cutsMiddle = true
        var all: [RecordColumn]
        switch kind {
        case .thread:
            all = [
                name, column("agent", rank: 6, most: 18, least: 6, .group) { $0.group },
                column("msgs", .right, rank: 1, most: 9, .messages) { $0.messages.map(Words.grouped) ?? "" },
                column("tokens", .right, rank: 7, most: 11, .tokens) { $0.tokens.map(Words.grouped) ?? "" }, updated,
            ]
        case .index:
            all = [
                name, column("origin", rank: 3, most: 48, least: 12, .group) { $0.group },
                column("files", .right, rank: 1, most: 9) { record in
                    if case .index(let index) = record.detail { return index.files.map(Words.grouped) ?? "" }
                    return ""
                }, size, updated,
            ]
        case .artifact:
            all = [
                name, column("type", rank: 1, most: 10, .group) { $0.group }, context,
                column("status", rank: 3, most: 10, .status, style: stateStyle) { $0.status }, size,
                column("ver", .right, rank: 6, most: 5) { record in
                    if case .artifact(let artifact) = record.detail { return artifact.version.map { "v\($0)" } ?? "" }
                    return ""
                }, updated,
            ]
        case .task:
            all = [
                // The context begins with the agent.
                name,
                column("agent", rank: 4, most: 18, least: 6, .group) { $0.context.isEmpty ? $0.group : "" }, context,
                column("iter", .right, rank: 3, most: 6) { record in
                    if case .task(let task) = record.detail { return task.iteration.map(Words.grouped) ?? "" }
                    return ""
                }, column("state", rank: 1, most: 10, .status, style: stateStyle) { $0.status },
                column("expires", .right, rank: 6, most: 10) { record in
                    if case .task(let task) = record.detail {
                        return task.expires.map { Words.age(of: $0, now: now) } ?? ""
                    }
                    return ""
                }, updated,
            ]
        case .raw: all = [name, size, updated]
        }
        if namesSources { all.append(source) }
        // A column that is empty all over says nothing.
        return all.enumerated().filter { index, column in
            index == 0 || column.field == .updated || rows.isEmpty || rows.contains { !column.text($0).isEmpty }
        }.map(\.element)
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
}
