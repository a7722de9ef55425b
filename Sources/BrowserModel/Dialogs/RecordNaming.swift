public import StoredRecords
internal import TerminalSurface

/// How a dialog names the record it is about, line by line.
public enum RecordNaming {
    public static func title(_ record: RecordSummary, width: Int) -> [StyledLine] {
        StyledLine.wrapped(
            [Span("\(record.id.kind.rawValue)  ", .dim), Span(TextFit.truncated(record.name, to: 200), .title)],
            width: width, hanging: 2)
    }

    /// Empty when the title is the id.
    public static func id(_ record: RecordSummary, width: Int) -> [StyledLine] {
        guard record.name != record.id.key else { return [] }
        return StyledLine.wrapped(
            [Span("id  ", .dim), Span(Sanitizer.visible(record.id.key))], width: width, hanging: 4)
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
