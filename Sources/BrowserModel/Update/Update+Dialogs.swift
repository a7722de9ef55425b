internal import StoredRecords
internal import TerminalSurface

extension BrowserState {
    mutating func open(_ dialog: Dialog) {
        self.dialog = dialog
        input = nil
    }

    // MARK: Trim and delete

    mutating func openChange(_ act: ChangeDialog.Act) {
        guard let record = targetRecord else { return }
        let keep = lastKeep ?? max(1, ((record.messages ?? 2) + 1) / 2)
        open(.change(ChangeDialog(act, record, keep: keep)))
        dropsTypedAhead = true
        askPlan()
    }

    mutating func askPlan() {
        guard case .change(var change) = dialog else { return }
        if let planning = change.planning { cancel(planning) }
        change.due = nil
        change.planning = nil
        change.error = nil
        change.asksAgain = false
        if let request = change.request {
            change.planning = send(
                .plan(request, change.record.id), .plan,
                "plan a \(change.act == .trim ? "trim" : "delete") of \(change.record.id.key)")
        } else {
            change.plan = nil
        }
        dialog = .change(change)
    }

    mutating func takePlan(_ answer: Answer, _ job: InFlight) {
        guard case .change(var change) = dialog, change.planning == job.id else { return }
        change.planning = nil
        switch answer {
        case .planned(let plan): change.plan = plan
        case .failed(let error):
            change.error = error
            change.plan = nil
        default: break
        }
        dialog = .change(change)
    }

    private mutating func pressIn(change: ChangeDialog, _ key: KeyPress) {
        var change = change
        if change.act == .trim, let digit = key.typedCharacter, digit.isASCII, digit.isNumber {
            change.typed(digit)
            return replan(change)
        }
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .focusNext, .focusPrevious:
            change.focus = change.focus == .cancel ? .confirm : .cancel
            dialog = .change(change)
        case .press:
            if change.focus == .cancel { close() } else { confirm(change) }
        case .confirm: confirm(change)
        case .more where change.act == .trim:
            change.changeKeep(by: 1)
            replan(change)
        case .fewer where change.act == .trim:
            change.changeKeep(by: -1)
            replan(change)
        case .erase where change.act == .trim:
            change.keep.removeLast(min(1, change.keep.count))
            change.replacesNumber = false
            replan(change)
        case .eraseAll where change.act == .trim:
            change.keep = ""
            change.replacesNumber = false
            replan(change)
        case .snap where change.act == .trim:
            change.snaps.toggle()
            dialog = .change(change)
            askPlan()
        case .scope where change.act == .delete && change.record.id.kind == .thread:
            change.scope = change.scope == .record ? .wholeContext : .record
            change.focus = .cancel
            dialog = .change(change)
            askPlan()
        case let command?: runBesides(command)
        case nil: break
        }
    }

    /// Makes a new plan once the number has rested; until then nothing can be confirmed.
    private mutating func replan(_ change: ChangeDialog) {
        var change = change
        change.focus = .cancel
        change.asksAgain = false
        change.due = now.adding(milliseconds: ChangeDialog.pause)
        dialog = .change(change)
    }

    private mutating func confirm(_ change: ChangeDialog) {
        guard change.isReady, let plan = change.plan else {
            if change.isPlanning { tell(.info, "wait until it is known what would go") }
            return
        }
        if plan.warnings.contains(where: \.asksAgain), !change.asksAgain {
            var change = change
            change.asksAgain = true
            change.focus = .cancel
            dialog = .change(change)
            dropsTypedAhead = true
            return
        }
        if case .trim(let keep, _) = plan.request { lastKeep = keep }
        close()
        let word = change.act == .trim ? "trim" : "delete"
        send(.carryOut(plan), .carryOut(plan), "\(word) \(change.record.id.key)")
        tell(.info, "\(word == "trim" ? "trimming" : "deleting") \(name(of: change.record)) …")
    }

    mutating func takeCarriedOut(_ answer: Answer, _ plan: ChangePlan) {
        switch answer {
        case .carriedOut(let done):
            let name = name(of: plan.target)
            let outcome = done.outcome
            var text: String
            if case .trim = plan.request {
                text =
                    "trimmed \(name): kept \(Words.count(outcome.kept, plan.unit)), \(Words.grouped(outcome.dropped)) removed"
            } else {
                text = "deleted \(name)"
            }
            text += "; u undoes it"
            let notes = outcome.notes + done.notes
            tell(.success, notes.isEmpty ? text : "\(text) (\(notes[0]))", details: ["entry: \(done.entry)"] + notes)
            changed(plan.target.id, isGone: plan.request.isDelete)
        case .failed(let error): tell(error)
        default: break
        }
    }

    /// Brings every screen up to date after a record was changed.
    private mutating func changed(_ id: RecordID, isGone: Bool) {
        if isGone {
            while screens.count > 1, targetRecord?.id == id, browseTop == nil { pop() }
        }
        let height = layout.recordLines
        for case .browse(let screen) in screens {
            if isGone { edit(browse: screen.id) { $0.lists[id.kind]?.remove(id, height: height) } }
            for kind in screen.lists.keys.sorted() where isGone || kind == id.kind { refreshList(screen.id, kind) }
            edit(browse: screen.id) { $0.preview.clear() }
        }
        for kind in source(id.source)?.kinds ?? [] { recount(id.source, kind) }
        for case .thread(let screen) in screens where screen.record.id == id { refreshThread(screen.id) }
        wantPreview()
    }

    // MARK: Undo

    mutating func openUndo() {
        var undo = UndoDialog()
        undo.loading = send(.recoveryEntries, .recoveryEntries, "read the recovery journal")
        open(.undo(undo))
        dropsTypedAhead = true
    }

    mutating func takeEntries(_ answer: Answer, _ job: InFlight) {
        guard case .undo(var undo) = dialog, undo.loading == job.id else { return }
        undo.loading = nil
        switch answer {
        case .recoveryEntries(let entries):
            guard let newest = entries.first(where: { $0.obstacle == nil }) ?? entries.first else {
                dialog = nil
                return tell(.info, "there is nothing to undo")
            }
            undo.entry = newest
        case .failed(let error): undo.error = error
        default: break
        }
        dialog = .undo(undo)
    }

    private mutating func pressIn(undo: UndoDialog, _ key: KeyPress) {
        var undo = undo
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .focusNext, .focusPrevious:
            undo.focus = undo.focus == .cancel ? .confirm : .cancel
            dialog = .undo(undo)
        case .press where undo.focus == .cancel: close()
        case .press, .confirm:
            guard undo.isReady, let entry = undo.entry else { return }
            close()
            send(.undo(entry: entry.id, inexactly: false), .undo(entry), "undo \(entry.act) of \(entry.record.key)")
            tell(.info, "bringing back what was removed …")
        case let command?: runBesides(command)
        case nil: break
        }
    }

    mutating func takeUndone(_ answer: Answer, _ entry: UndoEntry) {
        switch answer {
        case .undone(let outcome):
            let title = entry.title.isEmpty ? entry.record.key : entry.title
            let text = "undone: the \(entry.act) of \(TextFit.truncated(title, to: 60))"
            tell(.success, outcome.notes.isEmpty ? text : "\(text) (\(outcome.notes[0]))", details: outcome.notes)
            changed(entry.record, isGone: false)
            for case .browse(let screen) in screens {
                for kind in screen.lists.keys.sorted() where kind != entry.record.kind { refreshList(screen.id, kind) }
            }
        case .failed(let error): tell(error)
        default: break
        }
    }

    // MARK: Export

    mutating func openExport() {
        guard let record = targetRecord else { return }
        var export = ExportDialog(record)
        export.loading = send(.exportForms(record), .exportForms, "see how \(record.id.key) can be exported")
        open(.export(export))
    }

    mutating func takeExportForms(_ answer: Answer, _ job: InFlight) {
        guard case .export(var export) = dialog, export.loading == job.id else { return }
        export.loading = nil
        switch answer {
        case .exportForms(let formats, let name):
            export.formats = formats
            export.format = formats.first ?? ""
            if export.line.text.isEmpty {
                let isEnding = !export.format.isEmpty && export.format != "stored"
                export.line = LineInput(isEnding ? "\(name).\(export.format)" : name)
            }
        case .failed(let error): export.error = error.description
        default: break
        }
        dialog = .export(export)
    }

    private mutating func pressIn(export: ExportDialog, _ key: KeyPress) {
        var export = export
        if export.question != nil {
            switch keyMap.command(for: key, in: .dialog) {
            case .dismiss:
                export.question = nil
                dialog = .export(export)
            case .focusNext, .focusPrevious:
                export.focus = export.focus == .cancel ? .confirm : .cancel
                dialog = .export(export)
            case .press where export.focus == .cancel:
                export.question = nil
                dialog = .export(export)
            case .press, .confirm: runExport(export, overwrites: true)
            case let command?: runBesides(command)
            case nil: break
            }
            return
        }
        guard let command = keyMap.command(for: key, in: .input) else {
            if let character = key.typedCharacter {
                export.line.type(String(character))
                export.error = nil
                export.readEnding()
                dialog = .export(export)
            }
            return
        }
        switch command {
        case .dismiss: close()
        case .accept: runExport(export, overwrites: false)
        case .focusNext, .focusPrevious:
            export.step(by: command == .focusNext ? 1 : -1)
            dialog = .export(export)
        default:
            if export.line.edit(command) {
                export.error = nil
                export.readEnding()
                dialog = .export(export)
            } else {
                runBesides(command)
            }
        }
    }

    private mutating func runExport(_ export: ExportDialog, overwrites: Bool) {
        guard export.loading == nil else { return }
        var export = export
        guard !export.line.text.isEmpty else {
            export.error = "give the path of a file"
            dialog = .export(export)
            return
        }
        let order = ExportOrder(
            record: export.record.id, format: export.format, path: export.line.text, overwrites: overwrites)
        export.error = nil
        export.loading = send(.export(order), .export(order), "export \(export.record.id.key) to \(order.path)")
        dialog = .export(export)
    }

    mutating func takeExported(_ answer: Answer, _ order: ExportOrder) {
        var export: ExportDialog?
        if case .export(let open) = dialog, open.record.id == order.record { export = open }
        switch answer {
        case .exported(let files, let notes):
            if export != nil { close() }
            let target = files.count == 1 ? files[0] : "\(files.count) files below \(order.path)"
            tell(.success, "exported to \(target)", details: files + notes)
        case .failed(let error):
            guard var open = export else { return tell(error) }
            open.loading = nil
            if error.kind == .conflict, !order.overwrites {
                open.question = "\(order.path) is already there. Replace it?"
                open.focus = .cancel
                dropsTypedAhead = true
            } else {
                open.error = error.description
                open.question = nil
                tell(error)
            }
            dialog = .export(open)
        default: break
        }
    }

    // MARK: Choices

    private mutating func pressIn(choice: ChoiceDialog, _ key: KeyPress) {
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
    private mutating func runBesides(_ command: Command) {
        switch command {
        case .suspend: emit(.suspend)
        case .redraw: emit(.redraw)
        default: break
        }
    }

    /// Closes the dialog and cancels what only it waited for.
    private mutating func close() {
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
        "\(record.id.kind.rawValue) \"\(TextFit.truncated(record.name, to: 60))\""
    }
}

extension ChangeRequest {
    var isDelete: Bool {
        if case .delete = self { true } else { false }
    }
}
