import BrowserModel
import StoredRecords
import TerminalSurface

/// What the undo dialog says.
enum UndoDialogText {
    static func content(_ undo: UndoDialog, _ width: Int, _ state: BrowserState) -> DialogView.Content {
        var content = DialogView.Content(title: "Undo")
        if let error = undo.error {
            content.add(
                StyledLine.wrapped([Span("error: " + Sanitizer.visible(error.description), .error)], width: width),
                rank: 0)
        } else if undo.undoesAct, !undo.act.isEmpty {
            add(undo.act, to: &content, width, state)
        } else if let entry = undo.entry {
            let title = TextFit.truncated(entry.title.isEmpty ? entry.record.key : entry.title, to: 200)
            let record = entry.record
            content.add(
                StyledLine.wrapped(
                    [Span("brings back what the \(entry.act) of "), Span(title, .title), Span(" removed")], width: width
                ),
                rank: 0)
            content.add(
                StyledLine.wrapped(
                    [Span("id  ", .dim), Span(Sanitizer.visible("\(record.kind.rawValue) \(record.key)"))],
                    width: width,
                    hanging: 4), rank: 4)
            content.add(
                StyledLine.wrapped(
                    [Span("in  ", .dim), Span(Sanitizer.visible("\(record.source) (\(record.layout))"))], width: width,
                    hanging: 4), rank: 4)
            let age = Words.age(of: entry.made, now: state.now)
            let amount = "\(Words.count(entry.items, entry.unit)), \(Words.size(entry.bytes))"
            content.add([StyledLine("\(amount), removed \(age == "now" ? "just now" : age + " ago")")], rank: 2)
            if let obstacle = entry.obstacle {
                content.add(
                    StyledLine.wrapped([Span("! " + Sanitizer.visible(obstacle), .warning)], width: width, hanging: 2),
                    rank: 1)
            }
        } else {
            content.add([StyledLine("reading the recovery journal …", .dim)], rank: 0)
        }
        if let inexact = undo.inexact {
            content.add(
                StyledLine.wrapped(
                    [Span("Not exactly as it was: " + Sanitizer.visible(inexact.reason) + ".", .warning)],
                    width: width), rank: 0)
            content.add(StyledLine.wrapped([Span(Sanitizer.visible(inexact.help))], width: width), rank: 1)
        }
        if let note = undo.entry?.note {
            content.add(StyledLine.wrapped([Span(Sanitizer.visible(note), .dim)], width: width), rank: 5)
        }
        let word = undo.inexact == nil ? "Undo" : "Undo what can be"
        content.buttons = [("Cancel", undo.focus == .cancel), (word, undo.focus == .confirm)]
        content.hint = undo.isReady ? "y undoes · U lists everything that can be undone" : "Esc cancels"
        if undo.isReady, state.showsRecovery { content.hint = "y undoes · Esc cancels" }
        if undo.isReady, !undo.act.isEmpty {
            content.hint =
                undo.undoesAct ? "y undoes all · w only the last one · Esc" : "y undoes this one · w all · Esc"
        }
        return content
    }

    private static func add(
        _ act: [UndoEntry], to content: inout DialogView.Content, _ width: Int, _ state: BrowserState
    ) {
        guard let newest = act.first else { return }
        content.add(
            StyledLine.wrapped(
                [
                    Span("brings back what the \(newest.act) of "), Span(Words.count(act.count, "records"), .title),
                    Span(" removed"),
                ], width: width), rank: 0)
        let names = act.prefix(BulkDialog.shownNames).map { entry in
            RecordNaming.line(
                title: entry.title.isEmpty ? entry.record.key : entry.title, key: entry.record.key,
                holds: Words.count(entry.items, entry.unit), width: width)
        }
        content.add(names, of: act.count)
        let bytes = act.reduce(Int64(0)) { $0 + $1.bytes }
        let age = Words.age(of: newest.made, now: state.now)
        content.add(
            [StyledLine("\(Words.size(bytes)), removed \(age == "now" ? "just now" : age + " ago")")], rank: 2)
    }
}
