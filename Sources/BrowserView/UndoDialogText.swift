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
        content.buttons = [("Cancel", undo.focus == .cancel), ("Undo", undo.focus == .confirm)]
        content.hint = undo.isReady ? "y undoes · Esc cancels" : "Esc cancels"
        return content
    }
}
