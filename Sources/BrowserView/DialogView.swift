import BrowserModel
import StoredRecords
import TerminalSurface

/// Questions, in a box over what they are about.
enum DialogView {
    /// What a dialog shows, before it is fitted.
    struct Content {
        var title: String
        private(set) var lines: [Line] = []
        /// The line that is being typed, below the lines.
        var input: LineInput?
        var buttons: [(text: String, isFocused: Bool)] = []
        var hint = ""

        /// A line, and how soon it gives way where there is too little room: 0 never.
        struct Line {
            var line: StyledLine
            var rank: Int
            /// Whether it is the one in focus, where the hardware cursor rests.
            var isFocused = false
            /// The key that a click on it stands for.
            var key: KeyPress?
            /// What is typed behind the line.
            var field: Field?
        }

        /// A line that is typed, among others.
        struct Field {
            var input: LineInput
            /// Columns that are typed into, at most.
            var columns: Int
            /// What stands behind it.
            var after: StyledLine
        }

        mutating func add(_ lines: [StyledLine], rank: Int) {
            self.lines += lines.map { Line(line: $0, rank: rank) }
        }

        /// A line of a menu.
        mutating func add(item: StyledLine, rank: Int, isFocused: Bool, key: KeyPress? = nil) {
            lines.append(Line(line: item, rank: rank, isFocused: isFocused, key: key))
        }

        /// A line with something that can be typed behind its label.
        ///
        /// - Parameters:
        ///   - unfocused: what stands there while another line is typed; the text itself without it.
        mutating func add(
            input: LineInput, label: StyledLine, isFocused: Bool, rank: Int, columns: Int = .max,
            unfocused: StyledLine? = nil, after: StyledLine = .empty
        ) {
            guard isFocused else {
                let shown = unfocused ?? StyledLine(Sanitizer.visible(input.text))
                lines.append(Line(line: StyledLine(label.spans + shown.spans), rank: rank))
                return
            }
            let field = Field(input: input, columns: columns, after: after)
            lines.append(Line(line: label, rank: rank, field: field))
        }

        mutating func addSpace() { add([.empty], rank: 9) }

        /// At most `count` lines, the least important left out.
        func lines(_ count: Int) -> [Line] {
            var kept = lines
            while kept.count > max(0, count) {
                guard let worst = kept.map(\.rank).max(), let index = kept.lastIndex(where: { $0.rank == worst }) else {
                    break
                }
                kept.remove(at: index)
            }
            return kept
        }
    }

    static func draw(_ dialog: Dialog, _ state: BrowserState, into grid: inout CellGrid) {
        // Its menu is in the bottom line.
        if case .copy = dialog { return }
        let body = state.layout.body
        let isBoxed = state.layout.boxesDialogs
        let width = state.layout.dialogWidth
        let inner = state.layout.dialogTextWidth
        var content = content(dialog, inner, state)
        if !isBoxed, body.height < content.lines.count + 3 { content.hint = "" }
        // Above the buttons a line stays free where there is room for it.
        let gap = isBoxed ? 1 : 0
        let extra =
            (content.input == nil ? 0 : 1) + (content.buttons.isEmpty ? 0 : 1 + gap) + (content.hint.isEmpty ? 0 : 1)
        let lines = content.lines(body.height - (isBoxed ? 2 : 1) - extra)
        let height = min(body.height, lines.count + extra + (isBoxed ? 2 : 1))
        let rect = Rect(
            row: body.row + (isBoxed ? max(0, (body.height - height) / 2) : 0), column: (body.width - width) / 2,
            width: width, height: isBoxed ? height : body.height)
        grid.fill(rect)
        var row = rect.row
        let left = isBoxed ? rect.column + 2 : 1
        if isBoxed {
            grid.box(rect)
            grid.put(
                " \(TextFit.truncated(content.title, to: inner - 2)) ", row: rect.row, column: rect.column + 2,
                style: .title)
        } else {
            grid.put(TextFit.truncated(content.title, to: inner), row: row, column: left, style: .title)
        }
        row += 1
        for line in lines {
            grid.put(line.line, row: row, column: left, maxWidth: inner)
            if let field = line.field {
                let label = CharacterWidth.columns(of: line.line.text)
                draw(field, row, left + label, inner - label, into: &grid)
            }
            if line.isFocused { grid.cursor = GridPosition(row: row, column: left) }
            grid.add(key: line.key, row: row, column: left, width: inner)
            row += 1
        }
        if let input = content.input {
            grid.fill(Rect(row: row, column: left, width: inner, height: 1), style: Style(.normal, .underline))
            BottomLine.draw(input, row, left, inner, into: &grid)
            row += 1
        }
        if !content.hint.isEmpty {
            grid.put(TextFit.truncated(content.hint, to: inner), row: row, column: left, style: .dim)
            row += 1
        }
        if !content.buttons.isEmpty {
            let last = isBoxed ? rect.endRow - 2 : rect.endRow - 1
            drawButtons(content.buttons, row: min(last, max(row, last)), left, inner, state.keyMap, into: &grid)
        }
    }

    private static func draw(
        _ field: Content.Field, _ row: Int, _ column: Int, _ width: Int, into grid: inout CellGrid
    ) {
        let columns = min(width, field.columns)
        guard columns > 0 else { return }
        grid.fill(Rect(row: row, column: column, width: columns, height: 1), style: Style(.normal, .underline))
        BottomLine.draw(field.input, row, column, columns, into: &grid)
        grid.put(field.after, row: row, column: column + columns, maxWidth: width - columns)
    }

    private static func drawButtons(
        _ buttons: [(text: String, isFocused: Bool)], row: Int, _ left: Int, _ width: Int, _ keys: KeyMap,
        into grid: inout CellGrid
    ) {
        var column = left
        for (index, button) in buttons.enumerated() {
            let text = "\(button.isFocused ? ">" : " ")[ \(button.text) ]"
            if button.isFocused { grid.cursor = GridPosition(row: row, column: column) }
            let drawn = grid.put(
                text, row: row, column: column, maxWidth: left + width - column,
                style: button.isFocused ? Style(.selected, .bold) : .normal)
            // The first button leaves things as they are, the other one says yes.
            let key = keys.key(for: index == 0 ? .dismiss : .confirm, in: .dialog)
            grid.add(key: key, row: row, column: column, width: drawn)
            column += drawn + 2
        }
    }

    private static func content(_ dialog: Dialog, _ width: Int, _ state: BrowserState) -> Content {
        switch dialog {
        case .change(let change): ChangeDialogText.content(change, width, fits: change.fits(state.layout))
        case .undo(let undo): UndoDialogText.content(undo, width, state)
        case .export(let export): ExportDialogText.content(export, width, state.place)
        case .choice(let choice): choiceContent(choice, width)
        case .copy: Content(title: "")
        case .bulk(let bulk): BulkDialogText.content(bulk, width, state)
        case .columns(let columns): ColumnsDialogText.content(columns, width)
        case .question(let question): questionContent(question, width)
        case .forget(let forget): ForgetDialogText.content(forget, width, state)
        }
    }

    private static func questionContent(_ question: QuestionDialog, _ width: Int) -> Content {
        var content = Content(title: question.title)
        for (index, paragraph) in question.text.enumerated() {
            let lines = StyledLine.wrapped([Span(Sanitizer.visible(paragraph))], width: width)
            content.add(lines, rank: index == 0 ? 0 : 2)
        }
        content.buttons = [(question.no, question.focus == .cancel), (question.yes, question.focus == .confirm)]
        content.hint = "y: \(question.yes.lowercased()) · Esc: \(question.no.lowercased())"
        return content
    }

    private static func choiceContent(_ choice: ChoiceDialog, _ width: Int) -> Content {
        var content = Content(title: choice.title)
        for (index, item) in choice.items.enumerated() {
            let isSelected = index == choice.selected
            let style: Style = isSelected ? .selected : .normal
            let mark = isSelected ? "> " : "  "
            let line = StyledLine([
                Span(mark, style), Span(String(item.letter), isSelected ? style : .keyHint),
                Span("  " + Sanitizer.visible(item.label) + (item.isCurrent ? "  (now)" : "") + " ", style),
                Span(item.note.isEmpty ? "" : " " + Sanitizer.visible(item.note), isSelected ? style : .dim),
            ])
            content.add(
                item: line, rank: isSelected ? 0 : 1, isFocused: isSelected, key: KeyPress(item.letter))
        }
        return content
    }
}

extension DialogView.Content {
    /// Names the record the dialog is about: kind, title, id, source.
    mutating func add(_ record: RecordSummary, _ width: Int) {
        add(RecordNaming.title(record, width: width), rank: 1)
        add(RecordNaming.place(record, width: width), rank: 1)
    }

    /// Names the first of many records, a line each, as many as there is room for.
    mutating func add(_ records: [StyledLine], of count: Int) {
        for (index, line) in records.enumerated() { add([line], rank: index == 0 ? 3 : 7) }
        if count > records.count {
            add([StyledLine("  … \(Words.grouped(count - records.count)) more", .dim)], rank: 8)
        }
    }
}
