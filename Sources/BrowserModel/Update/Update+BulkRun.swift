internal import StoredRecords

/// Carrying out an act on many records, one after the other.
extension BrowserState {
    mutating func begin(_ run: BulkRun) {
        bulk = run
        goOn(nil)
    }

    /// Asks for the first step of the next record, or comes to the end.
    private mutating func goOn(_ job: InFlight?) {
        guard !(bulk?.isStopping ?? true), let mark = bulk?.takeNext(), let run = bulk else { return finishBulk() }
        switch run.work {
        case .change(let request):
            // A context is more than one record: only conversations have one.
            let own: ChangeRequest = request.isDelete && !mark.hasContext ? .delete(.record) : request
            ask(.plan(own, mark.id), .plan, job)
        case .export: ask(.summary(mark.id), .summary, job)
        }
    }

    private mutating func ask(_ work: BrowserEffect.Work, _ step: BulkRun.Step, _ job: InFlight?) {
        guard let run = bulk else { return }
        let progress = Progress(done: run.handled, total: run.count, unit: "records")
        if var job {
            job.progress = progress
            send(work, .bulk(step), continuing: job)
        } else {
            let id = send(work, .bulk(step), "\(run.word) \(Words.count(run.count, "marked records"))")
            bulk?.job = id
        }
    }

    /// Takes the answer to a step and goes on with the next one.
    mutating func takeBulk(_ answer: Answer, _ job: InFlight, _ step: BulkRun.Step) {
        guard bulk?.job == job.id, let mark = bulk?.current else { return }
        switch (step, answer) {
        case (_, .failed(let error)):
            if error.kind == .cancelled, bulk?.isStopping == true { return finishBulk() }
            fail(mark, error.reason, isUnreachable: error.isTemporary)
        case (.plan, .planned(let plan)):
            if let change = mark.change(to: plan.target) {
                fail(mark, "\(change); look at it and do it again")
                marks.update(plan.target)
            } else if let refusal = plan.refusal {
                fail(mark, refusal)
            } else if let warning = plan.warnings.first(where: \.asksAgain) {
                fail(mark, "\(warning.text); do it alone to confirm it")
            } else if plan.isEmpty {
                leaveAlone(mark, plan)
            } else {
                var plan = plan
                plan.group = bulk?.group
                return ask(.carryOut(plan), .change(plan), job)
            }
        case (.change(let plan), .carriedOut(let done)): succeed(mark, plan, done)
        case (.summary, .summary(let record?)): return ask(.exportForms(record), .forms(record), job)
        case (.summary, .summary(nil)): fail(mark, "it is not there any more")
        case (.forms, .exportForms(let formats, _)):
            guard case .export(let directory, let format) = bulk?.work else { return }
            let chosen = formats.contains(format) ? format : formats.first ?? ""
            if chosen != format, !format.isEmpty { note("what has no \(format) form is written in its usual one") }
            let order = ExportOrder(record: mark.id, format: chosen, path: directory, overwrites: false)
            return ask(.export(order), .export(order), job)
        case (.export, .exported(_, let notes)):
            for text in notes { note("\(mark.name): \(text)") }
            bulk?.succeeded()
            marks.explain(mark.id, nil)
        default: fail(mark, "the store gave no answer to this")
        }
        goOn(job)
    }

    private mutating func note(_ text: String) {
        guard let run = bulk, run.notes.count < BulkRun.toldFailures, !run.notes.contains(text) else { return }
        bulk?.notes.append(text)
    }

    private mutating func fail(_ mark: Mark, _ reason: String, isUnreachable: Bool = false) {
        bulk?.failed(reason, isUnreachable: isUnreachable)
        marks.explain(mark.id, reason)
    }

    private mutating func leaveAlone(_ mark: Mark, _ plan: ChangePlan) {
        bulk?.leftAlone()
        marks.remove(mark.id)
    }

    private mutating func succeed(_ mark: Mark, _ plan: ChangePlan, _ done: CarriedOut) {
        bulk?.succeeded(dropped: done.outcome.dropped)
        bulk?.entries.append(done.entry)
        for text in done.outcome.notes + done.notes { note("\(mark.name): \(text)") }
        marks.remove(mark.id)
        let isGone = plan.request.isDelete && !(plan.request == .delete(.record) && mark.hasContext)
        if plan.request.isDelete, !isGone { bulk?.emptied += 1 }
        guard isGone else { return }
        while screens.count > 1, targetRecord?.id == mark.id, browseTop == nil { pop() }
        let height = layout.recordLines
        for case .browse(let screen) in screens {
            edit(browse: screen.id) { screen in
                guard var list = screen.lists.removeValue(forKey: mark.id.kind) else { return }
                list.remove(mark.id, height: height)
                screen.lists[mark.id.kind] = list
            }
        }
    }

    /// Stops after the present record; asked again, it does not wait for that either.
    mutating func stopBulk(_ job: InFlight) {
        let isChanging: Bool = if case .bulk(.change) = job.purpose { true } else { false }
        if !isChanging || bulk?.isStopping == true { emit(.cancel(job.id)) }
        bulk?.isStopping = true
        tell(.info, "stopping after the present record")
    }

    private mutating func finishBulk() {
        guard let run = bulk else { return }
        bulk = nil
        if case .change = run.work { readAnew(run.sources) }
        let past = ["delete": "deleted", "trim": "trimmed", "export": "exported"][run.word] ?? run.word
        var text = "\(past) \(Words.grouped(run.done)) of \(Words.count(run.count, "records"))"
        if run.word == "trim", run.messages > 0 { text += ", \(Words.count(run.messages, "messages")) went" }
        if case .export(let directory, _) = run.work, run.done > 0 {
            text += " to \(place.directory(directory).map { $0 == "/" ? $0 : $0 + "/" } ?? directory)"
        }
        if run.unchanged > 0 { text += "; \(Words.grouped(run.unchanged)) had nothing to lose" }
        if run.failed > 0 {
            text +=
                "; \(Words.grouped(run.failed)) failed and \(run.failed == 1 ? "stays" : "stay") marked, ! tells why"
        }
        for (source, count) in run.givenUp.sorted(by: { $0.key < $1.key }) {
            text += "; \(Words.grouped(count)) not tried, \(source) does not answer"
        }
        if run.left > 0 { text += "; stopped, \(Words.grouped(run.left)) are left" }
        if !run.entries.isEmpty { text += "; u undoes it" }
        var details = run.failures
        let untold = run.failed - run.failures.count
        if untold > 0 { details.append("and \(Words.count(untold, "more records")) that failed; their rows say why") }
        if run.emptied > 0 {
            details.append(
                "\(Words.count(run.emptied, "contexts")) stay listed without their messages; d with w removes them")
        }
        let isWhole = run.failed == 0 && run.left == 0 && run.givenUp.isEmpty
        tell(isWhole ? .success : run.failed > 0 ? .error : .warning, text, details: details + run.notes)
    }

    /// Reads what is shown of some sources again.
    mutating func readAnew(_ names: Set<String>) {
        for case .browse(let screen) in screens {
            for kind in screen.lists.keys.sorted() { refreshList(screen.id, kind) }
            edit(browse: screen.id) { $0.preview.clear() }
        }
        for name in names.sorted() {
            for kind in source(name)?.kinds ?? [] { recount(name, kind) }
        }
        for case .thread(let screen) in screens where names.contains(screen.record.id.source) {
            refreshThread(screen.id)
        }
        wantPreview()
    }
}
