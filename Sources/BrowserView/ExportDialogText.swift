import BrowserModel
import StoredRecords
import TerminalSurface

/// What the export dialog says.
enum ExportDialogText {
    static func content(_ export: ExportDialog, _ width: Int) -> DialogView.Content {
        var content = DialogView.Content(title: "Export")
        content.add(export.record, width)
        content.addSpace()
        if let question = export.question {
            content.add(StyledLine.wrapped([Span(Sanitizer.visible(question), .warning)], width: width), rank: 0)
            content.buttons = [("Cancel", export.focus == .cancel), ("Replace", export.focus == .confirm)]
            content.hint = "y replaces · Esc goes back"
            return content
        }
        if let error = export.error {
            content.add(
                StyledLine.wrapped([Span("error: " + Sanitizer.visible(error), .error)], width: width), rank: 0)
        }
        if export.formats.count > 1 {
            var spans = [Span("format  ", .dim)]
            for format in export.formats {
                let isChosen = format == export.format
                spans.append(Span(isChosen ? ">\(format)" : " \(format)", isChosen ? Style(.selected) : .normal))
                spans.append(Span(" "))
            }
            content.add(StyledLine.wrapped(spans, width: width, hanging: 8), rank: 2)
        }
        content.add([StyledLine(export.isRunning ? "writing …" : "to the file", .dim)], rank: 3)
        content.input = export.line
        content.hint = "Enter exports · Tab changes the format · Esc cancels"
        return content
    }
}
