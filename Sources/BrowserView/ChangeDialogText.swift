import BrowserModel
import StoredRecords
import TerminalSurface

/// What the trim and delete dialogs say.
enum ChangeDialogText {
    static func content(_ change: ChangeDialog, _ width: Int, fits: Bool) -> DialogView.Content {
        let isTrim = change.act == .trim
        let isSmall = width < RecordNaming.smallWidth
        var content = DialogView.Content(
            title: isTrim ? "Trim a thread" : "Delete \(change.record.id.kind.withArticle)")
        if !fits {
            // Short enough for the smallest screen there is.
            content.add(StyledLine.wrapped([Span("make window larger", .warning)], width: width), rank: 0)
            content.add(change.record, width)
            content.buttons = [("Cancel", true)]
            return content
        }
        content.add(change.record, width)
        content.addSpace()
        if isTrim {
            content.add([keepLine(change, isSmall: isSmall)], rank: 0)
        } else if change.record.hasContext {
            content.add(ScopeText.lines(change.scope, width: width), rank: 2)
        }
        if let error = change.error {
            content.add(
                StyledLine.wrapped([Span("error: " + Sanitizer.visible(error.description), .error)], width: width),
                rank: 0)
        } else if let plan = change.plan {
            add(plan, to: &content, change, width, isSmall: isSmall)
        } else {
            let text = change.keep.isEmpty && isTrim ? "type how many messages to keep" : "working out what would go …"
            content.add([StyledLine(text, .dim)], rank: 0)
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

    /// - Parameter isSmall: whether one line has to say what goes, too.
    private static func keepLine(_ change: ChangeDialog, isSmall: Bool) -> StyledLine {
        var spans = [
            Span(isSmall ? "keep " : "keep the newest ", .normal),
            Span(" \(change.keep.isEmpty ? "_" : change.keep) ", Style(.selected, .bold)),
            Span(isSmall ? "" : " messages"),
        ]
        if let all = change.record.messages { spans.append(Span(" of \(Words.grouped(all))", .dim)) }
        if isSmall, let plan = change.plan, plan.refusal == nil, !plan.isEmpty, change.error == nil {
            let isOld = change.isPlanning
            spans += [Span(", "), Span("drop \(Words.grouped(plan.drops))", isOld ? .dim : .removed)]
            if isOld { spans.append(Span(" …", .dim)) }
        }
        if change.snaps { spans.append(Span("  (at a safe cut)", .dim)) }
        return StyledLine(spans)
    }

    private static func add(
        _ plan: ChangePlan, to content: inout DialogView.Content, _ change: ChangeDialog, _ width: Int, isSmall: Bool
    ) {
        if let refusal = plan.refusal {
            return content.add(
                StyledLine.wrapped([Span("not possible: " + Sanitizer.visible(refusal), .error)], width: width), rank: 0
            )
        }
        if !isSmall || plan.isEmpty || change.act == .delete {
            content.add([summary(plan, isOld: change.isPlanning)], rank: 0)
        }
        for warning in plan.warnings {
            let text = "! " + Sanitizer.visible(warning.text)
            content.add(
                isSmall
                    ? [StyledLine(TextFit.truncated(text, to: width), .warning)]
                    : StyledLine.wrapped([Span(text, .warning)], width: width, hanging: 2), rank: 2)
        }
        if !plan.safeKeeps.isEmpty {
            let numbers = plan.safeKeeps.map(Words.grouped).joined(separator: " or ")
            content.add(
                StyledLine.wrapped([Span("safe cuts keep \(numbers); s takes one", .dim)], width: width), rank: 3)
        }
        if change.asksAgain {
            content.add([StyledLine("Are you sure? y again does it.", Style(.warning, .bold))], rank: 0)
        }
        if let dropped = plan.lastDropped { content.add([glance("last to go   ", dropped, width, .removed)], rank: 5) }
        if let kept = plan.firstKept { content.add([glance("first to stay", kept, width, .added)], rank: 2) }
        for fixUp in plan.fixUps {
            content.add(
                StyledLine.wrapped([Span("also: " + Sanitizer.visible(fixUp), .dim)], width: width, hanging: 6), rank: 6
            )
        }
    }

    private static func summary(_ plan: ChangePlan, isOld: Bool) -> StyledLine {
        if plan.isEmpty {
            return StyledLine("nothing would go: there are \(Words.count(plan.keeps, plan.unit))", .warning)
        }
        var spans: [Span]
        if case .trim = plan.request {
            spans = [
                Span("keep \(Words.grouped(plan.keeps))", isOld ? .dim : .success), Span(", "),
                Span("drop \(Words.count(plan.drops, plan.unit))", isOld ? .dim : .removed),
            ]
        } else {
            spans = [Span("\(Words.count(plan.drops, plan.unit)) would go", isOld ? .dim : .removed)]
        }
        if let bytes = plan.bytes { spans.append(Span(" (\(Words.size(bytes)))", .dim)) }
        if isOld { spans.append(Span(" …", .dim)) }
        return StyledLine(spans)
    }

    private static func glance(_ label: String, _ message: StoredMessage, _ width: Int, _ style: Style) -> StyledLine {
        let head = "\(label)  #\(message.position + 1) \(message.role.letter) "
        var text = Sanitizer.visible(bytes: message.plainText.utf8.prefix(300).prefix { $0 != 10 && $0 != 13 })
        if text.isEmpty, let call = message.allToolCalls.first { text = "→ " + Sanitizer.visible(call.name) }
        let room = max(1, width - CharacterWidth.columns(of: head))
        return StyledLine([Span(head, .dim), Span(TextFit.truncated(text, to: room), style)])
    }
}
