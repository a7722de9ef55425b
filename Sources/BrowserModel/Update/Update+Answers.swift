internal import StoredRecords

extension BrowserState {
    /// Puts the answer of a job where it belongs.
    mutating func take(_ answer: Answer, for job: InFlight) {
        switch (job.purpose, answer) {
        case (.findSources, _): takeSources(answer)
        case (.open(let source), _): takeOpened(answer, source)
        case (.count(let source, let kind), .counted(let total)):
            edit(source: source) { $0.counts[kind] = total }
            chooseTab()
        case (.capabilities(let source, let kind), .capabilities(let capabilities)):
            takeCapabilities(capabilities, source, kind)
        case (.count, _), (.capabilities, _):
            // A source whose records cannot be counted still lists them; the list tells what is wrong.
            break
        case (.list(let kind, let source, let request), _):
            takeList(answer, job, kind, source, request)
        case (.preview(let id), _): takePreview(answer, job, id)
        case (.messages(let request), _): takeMessages(answer, job, request)
        case (.summary, .summary(let summary)): takeSummary(summary)
        case (.summary, _): break
        case (.remains, .summary(let summary)): takeRemains(summary)
        case (.remains, _): break
        case (.documents, _): takeDocuments(answer, job)
        case (.outline(let index), _): takeOutline(answer, job, index)
        case (.lines(let index), _): takeLines(answer, job, index)
        case (.find, _): takeFound(answer, job)
        case (.plan, _): takePlan(answer, job)
        case (.carryOut(let plan), _): takeCarriedOut(answer, plan)
        case (.recoveryEntries, _): takeEntries(answer, job)
        case (.undo(let entry), _): takeUndone(answer, entry)
        case (.exportForms, _): takeExportForms(answer, job)
        case (.export(let order), _): takeExported(answer, order)
        case (.tell(let text), .failed(let error)):
            _ = text
            tell(error)
        case (.tell(let text), _): tell(.info, text)
        }
    }

    /// What has become due since the last time.
    mutating func passTime() {
        for case .browse(let screen) in screens {
            if let due = screen.filterDue, due <= now { applyFilter(screen.id) }
        }
        if case .browse(let screen) = top, let due = screen.preview.due, due <= now { askPreview(screen.id) }
        if case .change(let dialog) = dialog, let due = dialog.due, due <= now { askPlan() }
        for source in sources {
            if let retry = source.retry, retry <= now { open(source.name) }
        }
    }

    mutating func edit(source name: String, _ body: (inout SourceState) -> Void) {
        guard let index = sources.firstIndex(where: { $0.name == name }) else { return }
        body(&sources[index])
    }
}
