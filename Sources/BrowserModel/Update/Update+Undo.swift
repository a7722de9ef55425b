internal import StoredRecords
internal import TerminalSurface

/// Bringing back what a trim or delete removed.
extension BrowserState {
    mutating func openUndo() {
        var undo = UndoDialog()
        if let screen = recoveryTop, let entry = screen.selected {
            undo.entry = entry
            // Who has chosen one of many means that one, unless told otherwise.
            undo.act = entriesOfAct(with: entry, among: screen.entries)
            undo.undoesAct = false
            undo.inexact = inexactOffers[entry.id]
            open(.undo(undo))
            dropsTypedAhead = true
            return
        }
        undo.loading = send(.recoveryEntries, .recoveryEntries, "read the recovery journal")
        open(.undo(undo))
        dropsTypedAhead = true
    }

    mutating func takeEntries(_ answer: Answer, _ job: InFlight) {
        guard case .undo(var undo) = dialog, undo.loading == job.id else { return }
        undo.loading = nil
        switch answer {
        case .recoveryEntries(let entries):
            let standing = entries.filter { !$0.isUndone && $0.canBeForgotten }
            guard let newest = standing.first(where: { $0.obstacle == nil }) ?? standing.first else {
                dialog = nil
                return tell(.info, "there is nothing to undo")
            }
            undo.entry = newest
            undo.act = entriesOfAct(with: newest, among: entries)
            undo.inexact = inexactOffers[newest.id]
        case .failed(let error): undo.error = error
        default: break
        }
        dialog = .undo(undo)
    }

    mutating func pressIn(undo: UndoDialog, _ key: KeyPress) {
        var undo = undo
        switch keyMap.command(for: key, in: .dialog) {
        case .dismiss: close()
        case .recovery where !showsRecovery:
            close()
            openRecovery()
        case .focusNext, .focusPrevious:
            undo.focus = undo.focus == .cancel ? .confirm : .cancel
            dialog = .undo(undo)
        case .press where undo.focus == .cancel: close()
        case .press, .confirm:
            guard undo.isReady, let entry = undo.entry else { return }
            if let obstacle = entry.obstacle { return tell(.warning, "it cannot be undone now: \(obstacle)") }
            close()
            if undo.undoesAct, !undo.act.isEmpty { return self.undo(undo.act) }
            send(
                .undo(entry: entry.id, inexactly: undo.inexact != nil), .undo(entry),
                "undo \(entry.act) of \(entry.record.key)")
            tell(.info, "bringing back what was removed …")
        case .scope where !undo.act.isEmpty:
            undo.undoesAct.toggle()
            undo.focus = .cancel
            dialog = .undo(undo)
        case let command?: runBesides(command)
        case nil: break
        }
    }

    /// Selects what came back, as soon as the list in sight shows it and unless a key is pressed before.
    ///
    /// - Parameter entries: what was undone, newest first; what went first is what is shown.
    mutating func seekRestored(_ entries: [UndoEntry]) {
        guard case .browse(let screen) = top, let kind = screen.kind,
            let record = entries.last(where: { $0.record.kind == kind })?.record,
            screen.scope == nil || screen.scope == record.source
        else { return }
        endSeek(kind)
        keeping.sought[kind] = record
    }

    mutating func takeUndone(_ answer: Answer, _ entry: UndoEntry) {
        switch answer {
        case .undone(let outcome):
            inexactOffers[entry.id] = nil
            let title = entry.title.isEmpty ? entry.record.key : entry.title
            let text = "undone: \(entry.act) of \(TextFit.truncated(title, to: 24))"
            tell(
                .success, outcome.notes.isEmpty ? text : "\(text) (\(outcome.notes[0]))",
                details: ["\(entry.record.kind.rawValue) \(entry.record.key) in \(entry.record.source)"] + outcome.notes
            )
            seekRestored([entry])
            changed(entry.record, isGone: false)
            for case .browse(let screen) in screens {
                for kind in screen.lists.keys.sorted() where kind != entry.record.kind { refreshList(screen.id, kind) }
            }
        case .failed(let error) where error.kind == .conflict && error.help.contains("inexact undo"):
            inexactOffers[entry.id] = error
            tell(
                .error,
                "the \(entry.act) is not undone, exactly as it was is not possible: \(error.reason); u asks again",
                details: ["where: \(error.place)", "help: \(error.help)", "entry: \(entry.id)", "nothing was changed"])
            changed(entry.record, isGone: false)
        case .failed(let error):
            tell(error)
            changed(entry.record, isGone: false)
        default: break
        }
        rereadRecovery()
    }
}
