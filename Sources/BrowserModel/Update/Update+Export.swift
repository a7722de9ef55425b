internal import StoredRecords
internal import TerminalSurface

/// Asking where a record goes, and sending it there.
extension BrowserState {
    mutating func openExport(of chosen: RecordSummary? = nil) {
        guard let record = chosen ?? targetRecord else { return }
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
                export.line = LineInput(isEnding ? "\(name).\(export.format)" : name, isProposal: true)
            }
        case .failed(let error): export.error = error.description
        default: break
        }
        dialog = .export(export)
        if export.startsAtOnce, export.error == nil {
            export.startsAtOnce = false
            export.readEnding()
            runExport(export, overwrites: false)
        }
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
                export.type(String(character))
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
        case .olderLine where export.takesNewest, .newerLine where export.takesNewest:
            export.changeField()
            dialog = .export(export)
        default:
            if export.edit(command) {
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
            export.field = .path
            dialog = .export(export)
            return
        }
        if case .wrong(let why) = export.amount {
            export.error = why
            export.field = .newest
            dialog = .export(export)
            return
        }
        let order = ExportOrder(
            record: export.record.id, format: export.format, path: export.line.text, last: export.last,
            overwrites: overwrites)
        export.error = nil
        export.loading = send(.export(order), .export(order), "export \(export.record.id.key) to \(order.path)")
        dialog = .export(export)
    }

    mutating func takeExported(_ answer: Answer, _ order: ExportOrder, _ job: InFlight) {
        var export: ExportDialog?
        if case .export(let open) = dialog, open.record.id == order.record { export = open }
        switch answer {
        case .exported(let files, let notes):
            if export != nil { close() }
            marks.explain(order.record, nil)
            let files = files.map { place.file($0) ?? $0 }
            let target =
                files.count == 1 ? files[0] : "\(files.count) files below \(place.file(order.path) ?? order.path)"
            tell(.success, "exported \(amount(of: order, export, job))to \(target)", details: files + notes)
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

    /// `11 of 421 messages `: what was written is what the job told last.
    private func amount(of order: ExportOrder, _ export: ExportDialog?, _ job: InFlight) -> String {
        guard order.record.kind == .thread else { return "" }
        let written = job.progress.flatMap { $0.unit == "messages" ? $0.done : nil }
        guard var all = order.last == nil ? written ?? export?.record.messages : export?.record.messages else {
            return written.map { "\(Words.count($0, "messages")) " } ?? ""
        }
        let done = written ?? min(order.last ?? all, all)
        // The thread may have grown since it was listed.
        all = max(all, done)
        return "\(Words.grouped(done)) of \(Words.count(all, "messages")) "
    }
}
