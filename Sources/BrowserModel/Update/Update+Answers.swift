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
        case (.look(let source), _): takeLooked(answer, job, source)
        case (.restore(let kind, let step), _): takeSeek(answer, job, kind, step)
        case (.preview(let id), _): takePreview(answer, job, id)
        case (.messages(let request), _): takeMessages(answer, job, request)
        case (.findInThread, _): takeFindings(answer, job)
        case (.seekInThread(let seek), _): takeSought(answer, job, seek)
        case (.summary, .summary(let summary)): takeSummary(summary)
        case (.summary, _): break
        case (.revision, _): takeRevision(answer, job)
        case (.followed(let request), _): takeFollowed(answer, job, request)
        case (.stale, _): takeStale(answer, job)
        case (.remains, .summary(let summary)): takeRemains(summary)
        case (.remains, _): break
        case (.documents, _): takeDocuments(answer, job)
        case (.messageDocuments(let showsRaw), _): takeMessage(answer, job, showsRaw: showsRaw)
        case (.outline(let index), _): takeOutline(answer, job, index)
        case (.lines(let index), _): takeLines(answer, job, index)
        case (.find, _): takeFound(answer, job)
        case (.findAll, _): takeAllFound(answer, job)
        case (.arrange(let sort, let filter), _): takeArranged(answer, job, sort, filter)
        case (.summarize(let column), _): takeSummarized(answer, job, column)
        case (.compare, _): takeCompared(answer, job)
        case (.findPath, _): takePath(answer, job)
        case (.copy(let order), _): takeCopied(answer, order)
        case (.saveCopy(let order), _): takeSavedCopy(answer, order)
        case (.addSource, _): takeAdded(answer)
        case (.saveSession(let session), _): takeSaved(answer, session)
        case (.completePath(let line, let step), _): takePaths(answer, line: line, step: step)
        case (.plan, _): takePlan(answer, job)
        case (.carryOut(let plan), _): takeCarriedOut(answer, plan)
        case (.recoveryEntries, _): takeEntries(answer, job)
        case (.recovery, _): takeRecovery(answer, job)
        case (.lookInside(let entry), _): takeInside(answer, job, entry)
        case (.forget(let entry), _): takeForgotten(answer, entry)
        case (.trimVerdict(let keeps), _): takeVerdict(answer, job, keeps)
        case (.undo(let entry), _): takeUndone(answer, entry)
        case (.exportForms, _): takeExportForms(answer, job)
        case (.export(let order), _): takeExported(answer, order, job)
        case (.handOver, .failed(let error)), (.edit, .failed(let error)), (.editorCopy, .failed(let error)),
            (.capture, .failed(let error)):
            tell(error)
        case (.gather(let record, let purpose), _): takeGathered(answer, record, purpose)
        case (.editorCopy(let name), .editorCopy(let path)):
            send(.edit(path: path, name: name), .edit, "edit a copy of \(name)")
        case (.edit, .edited(let wasSaved)): takeEdited(wasSaved)
        case (.capture(let record, let command), .captured(let output)): takeCaptured(output, record, command)
        case (.handOver, _), (.edit, _), (.editorCopy, _), (.capture, _): break
        case (.markAll(let source), _): takeMarkable(answer, job, source)
        case (.bulk(let step), _): takeBulk(answer, job, step)
        case (.alone(let act), _): takeAlone(answer, job, act)
        case (.undoMany(let entry), _): takeUndoneOfMany(answer, job, entry)
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
        if let due = previewDue, due <= now { askPreview(top.id) }
        lookAgain()
        tellAges()
        if case .change(let dialog) = dialog, let due = dialog.due, due <= now { askPlan() }
        passTimeInTrim()
        saveSessionIfDue()
        for source in sources {
            if let retry = source.retry, retry <= now { open(source.name) }
        }
    }

    mutating func edit(source name: String, _ body: (inout SourceState) -> Void) {
        guard let index = sources.firstIndex(where: { $0.name == name }) else { return }
        body(&sources[index])
    }
}
