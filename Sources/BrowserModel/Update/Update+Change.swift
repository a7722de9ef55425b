public import StoredRecords
internal import TerminalSurface

/// Trimming and deleting: from the question to what is shown of the outcome.
extension BrowserState {
    mutating func openChange(_ act: ChangeDialog.Act, of chosen: RecordSummary? = nil) {
        guard let record = chosen ?? targetRecord else { return }
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

    mutating func pressIn(change: ChangeDialog, _ key: KeyPress) {
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
        case .scope where change.act == .delete && change.record.hasContext:
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
        guard change.fits(layout) else {
            return tell(.warning, "make the window larger: what would go cannot be seen")
        }
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
        if change.act == .trim { trimBegan(change.record.id) }
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
                    "trimmed \(name): kept \(Words.grouped(outcome.kept)), removed \(Words.grouped(outcome.dropped))"
            } else {
                text = "deleted \(name)"
            }
            text += "; u undoes it"
            let notes = outcome.notes + done.notes
            tell(
                .success, notes.isEmpty ? text : "\(text) (\(notes[0]))",
                details: [
                    "\(plan.target.id.kind.rawValue) \(plan.target.id.key) in \(plan.target.id.source)",
                    "entry: \(done.entry)",
                ] + notes)
            marks.remove(plan.target.id)
            if case .trim = plan.request { trimEnded(plan.target.id, nil) }
            changed(plan.target.id, isGone: plan.request.isDelete, isCut: !plan.request.isDelete)
            if plan.request == .delete(.record), plan.target.hasContext {
                send(.summary(plan.target.id), .remains, "see what is left of \(plan.target.id.key)")
            }
        case .failed(let error):
            tellFailure(error, of: plan)
            marks.explain(plan.target.id, error.reason)
            if case .trim = plan.request { trimEnded(plan.target.id, error) }
            // What made it fail is a change that the screens do not show yet.
            changed(plan.target.id, isGone: false)
        default: break
        }
    }

    /// Says that nothing was changed because the store is no longer what was shown, and which key shows it anew.
    private mutating func tellFailure(_ error: StorageError, of plan: ChangePlan) {
        guard error.kind == .conflict else { return tell(error) }
        let again: String
        if case .trim = plan.request {
            again =
                trimming.map { $0.screen == top.id } ?? false
                ? "Enter asks again for what is there now" : "T shows the cut anew"
        } else {
            again = "d shows what would go now"
        }
        tell(
            .error, "nothing was changed: \(error.reason); \(again)",
            details: ["\(error.operation) of \(plan.target.id.key)", "where: \(error.place)", "help: \(error.help)"])
    }

    /// Brings every screen up to date after a record was changed.
    ///
    /// - Parameter isCut: its first messages are gone, so that it is shown from its new beginning.
    mutating func changed(_ id: RecordID, isGone: Bool, isCut: Bool = false) {
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
        for case .thread(let screen) in screens where screen.record.id == id {
            refreshThread(screen.id, fromStart: isCut)
        }
        for case .document(let screen) in screens where screen.record.id == id && !screen.isPart && !isGone {
            send(.summary(id), .summary, "read \(id.key)")
            if screen.loading == nil { askDocuments(screen.id, id) }
        }
        wantPreview()
    }

    /// Says that a record is still there after its messages were deleted.
    mutating func takeRemains(_ summary: RecordSummary?) {
        guard let summary else { return }
        tell(
            .success, "deleted the messages; the context stays: d then w removes it; u undoes it",
            details: [
                "\(summary.id.kind.rawValue) \(summary.id.key) in \(summary.id.source)",
                "its state, tasks and artifacts stay, so that it is still listed",
                "w in the delete dialog removes the whole context",
            ])
    }
}

extension RecordSummary {
    /// Whether it is the conversation of an agent, which holds more than its messages.
    public var hasContext: Bool { id.kind == .thread && !group.isEmpty }
}
