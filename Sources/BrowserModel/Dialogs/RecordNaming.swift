public import StoredRecords
internal import TerminalSurface

/// How a dialog names the record it is about, line by line.
public enum RecordNaming {
    /// In fewer columns than these a dialog uses fewer words.
    public static let smallWidth = 50

    /// Kind and title; in little room on one line.
    public static func title(_ record: RecordSummary, width: Int) -> [StyledLine] {
        let kind = "\(record.id.kind.rawValue)  "
        let room = width < smallWidth ? width - kind.utf8.count : 200
        return StyledLine.wrapped(
            [Span(kind, .dim), Span(TextFit.truncatedTitle(record.name, to: room), .title)], width: width, hanging: 2)
    }

    /// Its id, unless that is the title, and its source, with the layout where there is room.
    public static func place(_ record: RecordSummary, width: Int) -> [StyledLine] {
        let layout = width < smallWidth ? "" : " (\(record.id.layout))"
        var spans = [Span("in  ", .dim), Span(Sanitizer.visible(record.id.source + layout))]
        if record.name != record.id.key {
            spans = [Span("id  ", .dim), Span(Sanitizer.visible(record.id.key)), Span("  ")] + spans
        }
        return StyledLine.wrapped(spans, width: width, hanging: 4)
    }

    /// One of many records in a line: title, id, what it holds.
    ///
    /// The id gets a third of the line, and what the title leaves.
    public static func line(title: String, key: String, holds: String?, width: Int) -> StyledLine {
        let holds = holds.map { "  " + $0 } ?? ""
        let room = width - 2 - CharacterWidth.columns(of: holds)
        let whole = TextFit.truncatedTitle(title, to: max(8, room))
        guard title != key else { return StyledLine([Span("  "), Span(whole), Span(holds, .dim)]) }
        let rest = room - CharacterWidth.columns(of: whole) - 2
        let id = "  " + TextFit.truncatedMiddle(key, to: max(8, width / 3, rest))
        let left = max(8, room - CharacterWidth.columns(of: id))
        return StyledLine([
            Span("  "), Span(TextFit.truncatedTitle(title, to: left)), Span(id, .dim), Span(holds, .dim),
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
