import BrowserModel
import StoredRecords
import TerminalSurface

/// What the dialog says before an entry of the recovery journal is removed.
enum ForgetDialogText {
    static func content(_ forget: ForgetDialog, _ width: Int, _ state: BrowserState) -> DialogView.Content {
        var content = DialogView.Content(title: "Remove a recovery entry")
        let entry = forget.entry
        if !forget.fits(state.layout) {
            content.add(StyledLine.wrapped([Span("make window larger", .warning)], width: width), rank: 0)
            content.buttons = [("Cancel", true)]
            return content
        }
        content.add(RecordNaming.entry(entry, width: width), rank: 1)
        content.add(
            StyledLine.wrapped(
                [Span("in  ", .dim), Span(Sanitizer.visible("\(entry.record.source) (\(entry.record.layout))"))],
                width: width, hanging: 4), rank: 4)
        let amount = "\(Words.count(entry.items, entry.unit)) kept, \(Words.size(entry.bytes)) would be free"
        content.add(StyledLine.wrapped([Span(amount)], width: width), rank: 0)
        let warning =
            entry.isUndone
            ? "It is undone already; the record stays as it is." : "It can never be undone afterwards."
        content.add(StyledLine.wrapped([Span(warning, .warning)], width: width), rank: 0)
        content.buttons = [("Cancel", forget.focus == .cancel), ("Remove", forget.focus == .confirm)]
        content.hint = "y removes · Esc cancels"
        return content
    }
}
