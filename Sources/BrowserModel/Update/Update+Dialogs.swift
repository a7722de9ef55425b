internal import StoredRecords
internal import TerminalSurface

extension BrowserState {
    mutating func open(_ dialog: Dialog) {
        self.dialog = dialog
        input = nil
    }

    // MARK: Choices

    mutating func pressIn(choice: ChoiceDialog, _ key: KeyPress) {
        var choice = choice
        if let character = key.typedCharacter, let item = choice.items.first(where: { $0.letter == character }) {
            return choose(item, choice)
        }
        if choice.purpose == .sort, let capital = key.typedCharacter, capital.isUppercase,
            let item = choice.items.first(where: { $0.letter == Character(capital.lowercased()) })
        {
            close()
            return chooseSort(item.value, reversed: true)
        }
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .focusNext:
            choice.selected = (choice.selected + 1) % choice.items.count
            dialog = .choice(choice)
        case .focusPrevious:
            choice.selected = (choice.selected + choice.items.count - 1) % choice.items.count
            dialog = .choice(choice)
        case .press: choose(choice.items[choice.selected], choice)
        case let command?: runBesides(command)
        case nil: break
        }
    }

    private mutating func choose(_ item: ChoiceDialog.Item, _ choice: ChoiceDialog) {
        close()
        switch choice.purpose {
        case .sort: chooseSort(item.value)
        }
    }

    // MARK: Common

    mutating func pressInDialog(_ key: KeyPress) {
        switch dialog {
        case .change(let change): pressIn(change: change, key)
        case .undo(let undo): pressIn(undo: undo, key)
        case .export(let export): pressIn(export: export, key)
        case .choice(let choice): pressIn(choice: choice, key)
        case .copy(let menu): pressIn(copy: menu, key)
        case .columns(let columns): pressIn(columns: columns, key)
        case .bulk(let bulk): pressIn(bulk: bulk, key)
        case .question(let question): pressIn(question: question, key)
        case .forget(let forget): pressIn(forget: forget, key)
        case nil: break
        }
    }

    /// What works beside the question: the terminal's own affairs.
    mutating func runBesides(_ command: Command) {
        switch command {
        case .suspend: emit(.suspend)
        case .redraw: emit(.redraw)
        default: break
        }
    }

    /// Closes the dialog and cancels what only it waited for.
    mutating func close() {
        switch dialog {
        case .change(let change):
            if let planning = change.planning { cancel(planning) }
        case .undo(let undo):
            if let loading = undo.loading { cancel(loading) }
        case .export(let export):
            if let loading = export.loading { cancel(loading) }
        case .choice, .copy, .columns, .bulk, .question, .forget, nil: break
        }
        dialog = nil
    }

    func name(of record: RecordSummary) -> String {
        "\(record.id.kind.rawValue) \"\(TextFit.truncatedTitle(record.name, to: 24))\""
    }
}
