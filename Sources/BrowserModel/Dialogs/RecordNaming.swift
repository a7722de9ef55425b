public import StoredRecords
internal import TerminalSurface

/// How a dialog names the record it is about, line by line.
public enum RecordNaming {
    public static func title(_ record: RecordSummary, width: Int) -> [StyledLine] {
        StyledLine.wrapped(
            [Span("\(record.id.kind.rawValue)  ", .dim), Span(TextFit.truncated(record.name, to: 200), .title)],
            width: width, hanging: 2)
    }

    /// Its id, unless that is the title, and its source.
    public static func place(_ record: RecordSummary, width: Int) -> [StyledLine] {
        var spans = [
            Span("in  ", .dim), Span(Sanitizer.visible("\(record.id.source) (\(record.id.layout))")),
        ]
        if record.name != record.id.key {
            spans = [Span("id  ", .dim), Span(Sanitizer.visible(record.id.key)), Span("  ")] + spans
        }
        return StyledLine.wrapped(spans, width: width, hanging: 4)
    }

    /// One of many records in a line: title, id, what it holds.
    public static func line(title: String, key: String, holds: String?, width: Int) -> StyledLine {
        let key = title == key ? "" : "  " + TextFit.truncatedMiddle(key, to: max(8, width / 2))
        let holds = holds.map { "  " + $0 } ?? ""
        let room = width - CharacterWidth.columns(of: key) - CharacterWidth.columns(of: holds) - 2
        return StyledLine([
            Span("  "), Span(TextFit.truncatedTitle(title, to: max(8, room))), Span(key, .dim), Span(holds, .dim),
        ])
    }
}

extension RecordNaming {
    /// How a dialog names an entry of the recovery journal: act and kind, title, id.
    public static func entry(_ entry: UndoEntry, width: Int) -> [StyledLine] {
        let title = entry.title.isEmpty ? entry.record.key : entry.title
        var lines = StyledLine.wrapped(
            [
                Span("\(Sanitizer.visible(entry.act)) of \(entry.record.kind.rawValue)  ", .dim),
                Span(TextFit.truncated(title, to: 200), .title),
            ], width: width, hanging: 2)
        if !entry.title.isEmpty, entry.title != entry.record.key {
            lines += StyledLine.wrapped(
                [Span("id  ", .dim), Span(Sanitizer.visible(entry.record.key))], width: width, hanging: 4)
        }
        return lines
    }
}
