import BrowserModel
import StoredRecords
import TerminalSurface

/// What the trim and delete dialogs say.
enum ChangeDialogText {
    static func content(_ change: ChangeDialog, _ width: Int, _ state: BrowserState) -> DialogView.Content {
        let isTrim = change.act == .trim
        var content = DialogView.Content(title: isTrim ? "Trim a thread" : "Delete a \(change.record.id.kind.rawValue)")
        content.lines = DialogRecord.lines(change.record, width)
        content.lines.append(.empty)
        if isTrim {
            content.lines.append(keepLine(change))
        } else if change.record.id.kind == .thread {
            let scope =
                change.scope == .record ? "the thread alone" : "the whole context: messages, tasks, artifacts, state"
            content.lines += StyledLine.wrapped(
                [
                    Span("goes  ", .dim), Span(scope, change.scope == .record ? .normal : .warning),
                    Span("  (w changes)", .dim),
                ],
                width: width, hanging: 6)
        }
        if let error = change.error {
            content.lines += StyledLine.wrapped(
                [Span("error: " + Sanitizer.visible(error.description), .error)], width: width)
        } else if let plan = change.plan {
            content.lines += planLines(plan, change, width, state)
        } else {
            content.lines.append(
                StyledLine(
                    change.keep.isEmpty && isTrim ? "type how many messages to keep" : "working out what would go …",
                    .dim))
        }
        let word = isTrim ? "Trim" : "Delete"
        content.buttons = [
            ("Cancel", change.focus == .cancel), (change.asksAgain ? "\(word) anyway" : word, change.focus == .confirm),
        ]
        if change.isReady {
            content.hint = isTrim ? "y trims · + - digits change the number · s safe cut" : "y deletes · Esc cancels"
        } else {
            content.hint = isTrim ? "+ - digits change the number · Esc cancels" : "Esc cancels"
        }
        return content
    }

    private static func keepLine(_ change: ChangeDialog) -> StyledLine {
        var spans = [
            Span("keep the newest ", .normal),
            Span(" \(change.keep.isEmpty ? "_" : change.keep) ", Style(.selected, .bold)),
            Span(" messages"),
        ]
        if let all = change.record.messages { spans.append(Span(" of \(Words.grouped(all))", .dim)) }
        if change.snaps { spans.append(Span("  (moved to a safe cut)", .dim)) }
        return StyledLine(spans)
    }

    private static func planLines(_ plan: ChangePlan, _ change: ChangeDialog, _ width: Int, _ state: BrowserState)
        -> [StyledLine]
    {
        if let refusal = plan.refusal {
            return StyledLine.wrapped([Span("not possible: " + Sanitizer.visible(refusal), .error)], width: width)
        }
        let isOld = change.isPlanning
        var lines: [StyledLine] = []
        if plan.isEmpty {
            lines.append(StyledLine("nothing would go: there are \(Words.count(plan.keeps, plan.unit))", .warning))
        } else {
            var spans: [Span] = []
            if case .trim = plan.request {
                spans = [
                    Span("keep \(Words.grouped(plan.keeps))", isOld ? .dim : .success), Span(", "),
                    Span("drop \(Words.grouped(plan.drops)) \(plan.unit)", isOld ? .dim : .removed),
                ]
            } else {
                spans = [Span("\(Words.count(plan.drops, plan.unit)) go", isOld ? .dim : .removed)]
            }
            if let bytes = plan.bytes { spans.append(Span(" (\(Words.size(bytes)))", .dim)) }
            if isOld { spans.append(Span(" …", .dim)) }
            lines.append(StyledLine(spans))
        }
        for warning in plan.warnings {
            lines += StyledLine.wrapped(
                [Span("! " + Sanitizer.visible(warning.text), .warning)], width: width, hanging: 2)
        }
        if !plan.safeKeeps.isEmpty {
            let numbers = plan.safeKeeps.map(Words.grouped).joined(separator: " or ")
            lines += StyledLine.wrapped([Span("safe cuts keep \(numbers); s takes one", .dim)], width: width)
        }
        if change.asksAgain {
            lines.append(StyledLine("Are you sure? y again does it.", Style(.warning, .bold)))
        }
        if let dropped = plan.lastDropped { lines.append(glance("last to go   ", dropped, width, .removed)) }
        if let kept = plan.firstKept { lines.append(glance("first to stay", kept, width, .added)) }
        for fixUp in plan.fixUps {
            lines += StyledLine.wrapped([Span("also: " + Sanitizer.visible(fixUp), .dim)], width: width, hanging: 6)
        }
        return lines
    }

    private static func glance(_ label: String, _ message: StoredMessage, _ width: Int, _ style: Style) -> StyledLine {
        let head = "\(label)  #\(message.position + 1) \(message.role.letter) "
        let text = Sanitizer.visible(bytes: message.plainText.utf8.prefix(300).prefix { $0 != 10 && $0 != 13 })
        let room = max(1, width - CharacterWidth.columns(of: head))
        return StyledLine([Span(head, .dim), Span(TextFit.truncated(text, to: room), style)])
    }
}

/// What the undo dialog says.
enum UndoDialogText {
    static func content(_ undo: UndoDialog, _ width: Int, _ state: BrowserState) -> DialogView.Content {
        var content = DialogView.Content(title: "Undo")
        if let error = undo.error {
            content.lines = StyledLine.wrapped(
                [Span("error: " + Sanitizer.visible(error.description), .error)], width: width)
        } else if let entry = undo.entry {
            let title = entry.title.isEmpty ? entry.record.key : entry.title
            content.lines = StyledLine.wrapped(
                [
                    Span("brings back what the \(entry.act) of "), Span(TextFit.truncated(title, to: 200), .title),
                    Span(" removed"),
                ],
                width: width)
            content.lines += StyledLine.wrapped(
                [Span("id  ", .dim), Span(Sanitizer.visible("\(entry.record.kind.rawValue) \(entry.record.key)"))],
                width: width, hanging: 4)
            content.lines += StyledLine.wrapped(
                [Span("in  ", .dim), Span(Sanitizer.visible("\(entry.record.source) (\(entry.record.layout))"))],
                width: width, hanging: 4)
            let age = Words.age(of: entry.made, now: state.now)
            content.lines.append(
                StyledLine(
                    "\(Words.count(entry.items, entry.unit)), \(Words.size(entry.bytes)), removed \(age == "now" ? "just now" : age + " ago")"
                ))
            if let obstacle = entry.obstacle {
                content.lines += StyledLine.wrapped(
                    [Span("! " + Sanitizer.visible(obstacle), .warning)], width: width, hanging: 2)
            }
        } else {
            content.lines = [StyledLine("reading the recovery journal …", .dim)]
        }
        content.lines.append(.empty)
        content.buttons = [("Cancel", undo.focus == .cancel), ("Undo", undo.focus == .confirm)]
        content.hint = undo.isReady ? "y undoes · Esc cancels" : "Esc cancels"
        return content
    }
}

/// What the export dialog says.
enum ExportDialogText {
    static func content(_ export: ExportDialog, _ width: Int) -> DialogView.Content {
        var content = DialogView.Content(title: "Export")
        content.lines = DialogRecord.lines(export.record, width)
        content.lines.append(.empty)
        if let question = export.question {
            content.lines += StyledLine.wrapped([Span(Sanitizer.visible(question), .warning)], width: width)
            content.buttons = [("Cancel", export.focus == .cancel), ("Replace", export.focus == .confirm)]
            content.hint = "y replaces · Esc goes back"
            return content
        }
        if let error = export.error {
            content.lines += StyledLine.wrapped([Span("error: " + Sanitizer.visible(error), .error)], width: width)
        }
        if !export.formats.isEmpty {
            var spans = [Span("format  ", .dim)]
            for format in export.formats {
                let isChosen = format == export.format
                spans.append(Span(isChosen ? ">\(format)" : " \(format)", isChosen ? Style(.selected) : .normal))
                spans.append(Span(" "))
            }
            content.lines += StyledLine.wrapped(spans, width: width, hanging: 8)
        }
        content.lines.append(StyledLine(export.isRunning ? "writing …" : "to the file", .dim))
        content.input = export.line
        content.hint = "Enter exports · Tab changes the format · Esc cancels"
        return content
    }
}
