internal import StoredRecords
internal import TerminalSurface

/// Asking where a record goes, and sending it there.
extension BrowserState {
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

    mutating func pressIn(export: ExportDialog, _ key: KeyPress) {
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
}
