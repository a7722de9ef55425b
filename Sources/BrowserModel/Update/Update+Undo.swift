internal import StoredRecords
internal import TerminalSurface

/// Bringing back what a trim or delete removed.
extension BrowserState {
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

    mutating func pressIn(undo: UndoDialog, _ key: KeyPress) {
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
            let text = "undone: \(entry.act) of \(TextFit.truncated(title, to: 24))"
            tell(
                .success, outcome.notes.isEmpty ? text : "\(text) (\(outcome.notes[0]))",
                details: ["\(entry.record.kind.rawValue) \(entry.record.key) in \(entry.record.source)"] + outcome.notes
            )
            changed(entry.record, isGone: false)
            for case .browse(let screen) in screens {
                for kind in screen.lists.keys.sorted() where kind != entry.record.kind { refreshList(screen.id, kind) }
            }
        case .failed(let error):
            tell(error)
            changed(entry.record, isGone: false)
        default: break
        }
    }
}
