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
        case .copy:
            send(
                .copy(item.value), .tell("copied \(item.label) to the clipboard of the terminal"), "copy \(item.label)")
        }
    }

    mutating func openCopy() {
        var items: [ChoiceDialog.Item] = []
        func add(_ letter: Character, _ label: String, _ value: String?) {
            if let value, !value.isEmpty { items.append(ChoiceDialog.Item(letter: letter, label: label, value: value)) }
        }
        add("i", "id", targetRecord?.id.key)
        add("t", "title", targetRecord?.title)
        if case .thread(let screen) = top { add("x", "text of the message", screen.current?.plainText) }
        if case .document(let screen) = top, let tree = screen.pane?.tree, screen.pane?.form == .tree {
            add("p", "JSON path", tree.path)
            add("v", "value", tree.value)
        }
        if items.isEmpty { return tell(.info, "there is nothing to copy here") }
        open(.choice(ChoiceDialog(purpose: .copy, title: "Copy", items: items)))
    }

    // MARK: Common

    mutating func pressInDialog(_ key: KeyPress) {
        switch dialog {
        case .change(let change): pressIn(change: change, key)
        case .undo(let undo): pressIn(undo: undo, key)
        case .export(let export): pressIn(export: export, key)
        case .choice(let choice): pressIn(choice: choice, key)
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
        case .choice, nil: break
        }
        dialog = nil
    }

    func name(of record: RecordSummary) -> String {
        "\(record.id.kind.rawValue) \"\(TextFit.truncated(record.name, to: 24))\""
    }
}
