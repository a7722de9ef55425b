import BrowserModel
import StoredRecords
import TerminalSurface

/// What is asked before an act on all marked records.
enum BulkDialogText {
    static func content(_ bulk: BulkDialog, _ width: Int, _ state: BrowserState) -> DialogView.Content {
        let word = TopLine.capitalized(bulk.act.rawValue)
        var content = DialogView.Content(title: "\(word) \(Words.count(bulk.count, "marked records"))")
        if !bulk.fits(state.layout), bulk.act != .export {
            content.add(StyledLine.wrapped([Span("make window larger", .warning)], width: width), rank: 0)
            content.buttons = [("Cancel", true)]
            return content
        }
        content.add(lines(bulk.parts, width) { records, source, _ in "\(records) in \(source)" }, rank: 1)
        let names = bulk.shown.map { mark in
            RecordNaming.line(
                title: mark.name, key: mark.id.key, holds: mark.messages.map { holds($0, width) }, width: width)
        }
        content.add(names, of: bulk.count)
        content.add(
            lines(bulk.leftOut, width, style: .warning) { "! \($0) in \($1) \($2 == 1 ? "stays" : "stay")" }, rank: 1)
        content.addSpace()
        switch bulk.act {
        case .delete:
            if bulk.contexts > 0 {
                content.add(ScopeText.lines(bulk.scope, of: bulk.contexts, width: width), rank: 2)
            }
        case .trim: addKeep(bulk, to: &content, width)
        case .export: return export(bulk, content, width, state.place)
        }
        if bulk.needsCount {
            let count = Words.grouped(bulk.count)
            let typed = Span(" \(bulk.typed.isEmpty ? "_" : bulk.typed) ", Style(.selected, .bold))
            let line: [Span] =
                bulk.isCounting
                ? [Span("type \(count) to confirm: "), typed, Span(bulk.isCounted ? " y does it" : "", .success)]
                : [Span("y asks for the number \(count) to be typed", .dim)]
            content.add([StyledLine(line)], rank: 0)
        }
        content.buttons = [
            ("Cancel", bulk.focus == .cancel), ("\(word) \(Words.grouped(bulk.count))", bulk.focus == .confirm),
        ]
        let can = bulk.isReady ? "y \(bulk.act.rawValue)s · " : ""
        content.hint =
            bulk.act == .trim && !bulk.isCounting
            ? "\(can)+ - digits change the number · s safe cuts · Esc" : "\(can)Esc cancels"
        return content
    }

    private static func holds(_ messages: Int, _ width: Int) -> String {
        width < RecordNaming.smallWidth ? "\(Words.grouped(messages)) msgs" : Words.count(messages, "messages")
    }

    /// A line for each part, and one for those that have no room.
    private static func lines(
        _ parts: [BulkDialog.Part], _ width: Int, style: Style = .normal, _ text: (String, String, Int) -> String
    ) -> [StyledLine] {
        var lines = parts.prefix(BulkDialog.shownParts).map { part in
            let words = text(
                Words.count(part.records, part.kind == .raw ? "objects" : part.kind.plural),
                Sanitizer.visible(part.source), part.records)
            let why = part.obstacle.map { ": " + Sanitizer.visible($0) } ?? ""
            return StyledLine(TextFit.truncated(words + why, to: width), style)
        }
        let rest = parts.dropFirst(BulkDialog.shownParts)
        if !rest.isEmpty {
            let records = rest.reduce(0) { $0 + $1.records }
            lines.append(
                StyledLine(
                    "and \(Words.count(records, "records")) in \(Words.grouped(rest.count)) more places", style))
        }
        return lines
    }

    private static func addKeep(_ bulk: BulkDialog, to content: inout DialogView.Content, _ width: Int) {
        var spans = [
            Span("keep the newest "), Span(" \(bulk.keep.isEmpty ? "_" : bulk.keep) ", Style(.selected, .bold)),
            Span(" messages of each"),
        ]
        if bulk.snaps { spans.append(Span("  (at safe cuts)", .dim)) }
        content.add([StyledLine(spans)], rank: 0)
        if let keep = Int(bulk.keep), bulk.messages > 0 {
            let (most, isLarge) = keep.multipliedReportingOverflow(by: bulk.count)
            let text =
                isLarge || most >= bulk.messages
                ? "they hold \(Words.count(bulk.messages, "messages"))"
                : "they hold \(Words.count(bulk.messages, "messages")), of which at most \(Words.grouped(most)) stay"
            content.add(StyledLine.wrapped([Span(text, .dim)], width: width), rank: 4)
        }
    }

    private static func export(
        _ bulk: BulkDialog, _ content: DialogView.Content, _ width: Int, _ place: WorkingPlace
    ) -> DialogView.Content {
        var content = content
        let format = bulk.format == 0 ? "the usual one of each" : BulkDialog.formats[bulk.format]
        content.add(
            [StyledLine([Span("format  ", .dim), Span(format), Span("  (Tab changes)", .dim)])], rank: 1)
        if let error = bulk.error { content.add([StyledLine("error: " + error, .error)], rank: 0) }
        content.add(
            [ExportDialogText.place("into ", "the directory", place.directory(bulk.line.text), width)], rank: 2)
        content.input = bulk.line
        content.hint = ExportDialogText.hint(bulk.line)
        return content
    }
}
