import BrowserModel
import StoredRecords
import TerminalSurface

/// What the export dialog says.
enum ExportDialogText {
    static func content(_ export: ExportDialog, _ width: Int, _ place: WorkingPlace) -> DialogView.Content {
        var content = DialogView.Content(title: "Export")
        content.add(export.record, width)
        content.addSpace()
        if let question = export.question {
            content.add(StyledLine.wrapped([Span(Sanitizer.visible(question), .warning)], width: width), rank: 0)
            content.buttons = [("Cancel", export.focus == .cancel), ("Replace", export.focus == .confirm)]
            content.hint = "y replaces · Esc goes back"
            return content
        }
        // Every answer keeps its line, whichever is typed, and so does what there is to say of them.
        let isPath = export.field == .path
        let label = export.takesNewest ? 10 : 8
        if export.formats.count > 1 {
            var spans = [Span(TextFit.padded("format", to: label), .dim)]
            for format in export.formats {
                let isChosen = format == export.format
                spans.append(Span(isChosen ? ">\(format)" : " \(format)", isChosen ? Style(.selected) : .normal))
                spans.append(Span(" "))
            }
            content.add(StyledLine.wrapped(spans, width: width, hanging: label), rank: 3)
        }
        let directory = place.directory(ofFile: export.line.text)
        content.add([Self.place(width < 44 ? "in " : "to a file in ", "to the file", directory, width)], rank: 4)
        content.add(
            input: export.line, label: StyledLine(TextFit.padded("file", to: label), .dim), isFocused: isPath,
            rank: isPath ? 0 : 1,
            unfocused: StyledLine(
                TextFit.truncatedMiddle(Sanitizer.visible(export.line.text), to: max(1, width - label))))
        if export.takesNewest {
            content.add(
                input: export.newest, label: StyledLine(TextFit.padded("messages", to: label), .dim),
                isFocused: !isPath, rank: isPath ? 1 : 0, columns: 10, unfocused: messages(export),
                after: amount(export)
            )
        }
        content.add(StyledLine.wrapped([note(export)], width: width), rank: isNews(export) ? 0 : 5)
        if export.takesNewest {
            content.hint = isPath ? threadHint(export.line) : "Enter exports · Tab format · Up file · Esc cancels"
        } else {
            content.hint = hint(export.line)
        }
        return content
    }

    /// Where what is typed below leads; its end tells most.
    static func place(_ words: String, _ unknown: String, _ directory: String?, _ width: Int) -> StyledLine {
        guard let directory else { return StyledLine(unknown, .dim) }
        let path = TextFit.truncatedStart(directory, to: width - words.count)
        return StyledLine([Span(words, .dim), Span(path)])
    }

    static func hint(_ line: LineInput) -> String {
        line.isProposal
            ? "Enter exports · typing replaces · Tab: format · Esc cancels"
            : "Enter exports · Tab changes the format · Esc cancels"
    }

    /// That of a thread, of which only a part may be exported.
    private static func threadHint(_ line: LineInput) -> String {
        let typing = line.isProposal ? "typing replaces · " : ""
        return "Enter exports · \(typing)Tab format · Down messages · Esc"
    }

    /// Whether there is something to be known before it is exported.
    private static func isNews(_ export: ExportDialog) -> Bool {
        if export.error != nil || export.isRunning { return true }
        switch export.amount {
        case .all, .newest: return false
        case .tooMany, .wrong: return true
        }
    }

    /// What there is to say below the answers, in one place: what is wrong first.
    private static func note(_ export: ExportDialog) -> Span {
        if let error = export.error { return Span("error: " + Sanitizer.visible(error), .error) }
        if export.isRunning { return Span("writing …", .dim) }
        switch export.amount {
        case .wrong(let why): return Span("! " + why, .warning)
        case .tooMany(let all):
            return Span("! the thread has only \(Words.count(all, "messages")): all of them", .warning)
        case .all, .newest: break
        }
        // Those that are asked for most.
        let usual = ["json", "md", "csv"].filter(export.formats.contains)
        let endings = (usual.isEmpty ? Array(export.formats.prefix(2)) : usual).map { ".\($0)" }
            .joined(separator: " or ")
        return export.formats.count > 1
            ? Span("a name that ends in \(endings) sets the format", .dim) : Span("")
    }

    /// How many messages are exported.
    private static func messages(_ export: ExportDialog) -> StyledLine {
        let all = export.record.messages.map { Words.grouped($0) }
        switch export.amount {
        case .all: return StyledLine(all.map { "all \($0)" } ?? "all")
        case .newest(let number):
            return StyledLine([
                Span("the newest \(Words.grouped(number))", .warning), Span(all.map { " of \($0)" } ?? "", .dim),
            ])
        case .tooMany, .wrong: return StyledLine(Sanitizer.visible(export.newest.text), .warning)
        }
    }

    /// What stands beside the number while it is typed.
    private static func amount(_ export: ExportDialog) -> StyledLine {
        let all = export.record.messages.map { " of \(Words.grouped($0))" } ?? ""
        return StyledLine("  the newest\(all); empty: all", .dim)
    }
}
