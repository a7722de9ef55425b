internal import StoredRecords

/// What a screen shows, in a sentence or two, for the beginning of its help.
enum ScreenGuide {
    static func text(_ state: BrowserState) -> [String] {
        switch state.top {
        case .browse(let screen): browse(screen, state)
        case .thread(let screen): thread(screen)
        case .document(let screen): document(screen)
        case .reader: ["Text of the program itself. / shows only what holds some words, Esc goes back."]
        case .results:
            [
                "What the search found in every source, as it comes: records, and below each the places in it. "
                    + "Enter opens the place, n and N go from one to the next.",
                "S looks for words in any order, in any case unless a word has a capital letter; \"two words\" stand next "
                    + "to each other as written; /a.*b/ is a regular expression. All that is stored is read for it.",
            ]
        case .diff:
            [
                "What differs between two records: - is only in the first, + only in the second, ~ in both and changed. "
                    + "n and N go from one difference to the next, Enter unfolds what is alike, "
                    + "w shows all of a long value or line on both sides."
            ]
        case .recovery:
            [
                "What was deleted or trimmed and can be brought back, newest first. Enter looks inside an entry, "
                    + "u brings back what it holds."
            ]
        case .jobs:
            ["What is being read or written now, and below it what ended. x stops the job with the > before it."]
        }
    }

    private static func browse(_ screen: BrowseScreen, _ state: BrowserState) -> [String] {
        if state.knowsSources, state.sources.isEmpty {
            let looked = state.lookedFor.isEmpty ? [] : ["Looked for, and not found:"] + state.lookedFor
            return [
                "No store was found. :add opens one wherever it is; the demo is made of examples in a directory "
                    + "of its own, which goes when the program ends."
            ] + looked
        }
        guard let kind = screen.kind else {
            return [
                "The stores that are open: where each is, what it holds and whether it answers. "
                    + "Enter shows the records of one, r tries those again that failed."
            ]
        }
        let what =
            switch kind {
            case .thread: "The conversations"
            case .index: "The indexes of code and documents"
            case .artifact: "The files, datasets and data that agents made"
            case .task: "The saved states of agents' work"
            case .raw:
                "What is stored but written by no tool this program knows, shown as it is; nothing of it is changed"
            }
        let place = screen.scope.map { "of \($0)" } ?? "of all sources"
        var text = "\(what) \(place). Enter opens the record with the > before it."
        if kind == .thread { text += " T trims a conversation to its newest messages." }
        if state.layout.hasPreview { text += " The pane on the right shows how it begins." }
        return [text]
    }

    private static func thread(_ screen: ThreadScreen) -> [String] {
        [
            "A conversation, message by message, each under its role and time. J and K go from message to message, "
                + "z unfolds tool calls and their results, Enter shows one message alone."
        ]
    }

    private static func document(_ screen: DocumentScreen) -> [String] {
        guard let pane = screen.pane else { return ["A record that is being read."] }
        switch pane.form {
        case .tree:
            return [
                "A JSON document as a tree. Beside what is folded stands its size; "
                    + "the path of the line with the > is at the bottom, and p shows the stored text."
            ]
        case .table: return ["Rows of a dataset, a line each. h and l scroll its columns, p shows the stored text."]
        case .text: return ["Text as it is stored. w wraps long lines or cuts them, p shows its bytes."]
        case .hex: return ["Bytes: their place, their values, and the characters they may stand for."]
        }
    }
}
