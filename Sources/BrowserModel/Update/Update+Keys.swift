internal import StoredRecords
internal import TerminalSurface

extension BrowserState {
    mutating func press(_ key: KeyPress) {
        noteUse()
        if let shown = notice, shown.level != .error { notice = nil }
        if case .error = notice?.level { notice = nil }
        if dialog != nil {
            pressInDialog(key)
        } else if input != nil {
            pressInInput(key)
        } else if showsTrim, typeInTrim(key) {
            return
        } else if let command = keyMap.command(for: key, in: mode) {
            if let reason = reasonAgainst(command) {
                tell(.warning, "\(key.name) does not work here: \(reason)")
            } else if !endTour(with: command) {
                run(command)
            }
        } else {
            // Not worth remembering: a slip of the finger is no event.
            notice = Notice(.info, "\(key.name) does nothing here; ? lists the keys", time: now)
        }
    }

    /// Why a command cannot be carried out now; `nil` when it can.
    public func reasonAgainst(_ command: Command) -> String? {
        if case .results(let screen) = top, let reason = reasonAgainst(inResults: command, screen) { return reason }
        if showsTrim, let reason = reasonAgainst(inTrim: command) { return reason }
        if case .recovery(let screen) = top {
            switch command {
            case .open, .delete, .undo, .filter: return reasonAgainst(inRecovery: command, screen)
            default: break
            }
        }
        switch command {
        case .follow: return reasonAgainstFollowing
        case .searchEverywhere: return knowsSources && sources.isEmpty ? "there is no source" : nil
        case .searchNext where resultsTop != nil || resultsBehind != nil,
            .searchPrevious where resultsTop != nil || resultsBehind != nil:
            return nil
        case .undo: return isReadOnly ? "the browser was started read-only" : nil
        case .export where actsOnMarks: return reasonAgainst(bulk: .export)
        case .delete where actsOnMarks: return reasonAgainst(bulk: .delete)
        case .trim where actsOnMarks: return reasonAgainst(bulk: .trim)
        case .delete, .trim: return reasonAgainst(change: command)
        case .export: return targetRecord == nil ? "no record is selected" : nil
        case .foldTools, .foldAllTools, .raw, .nextMessage, .previousMessage, .nextUserTurn, .previousUserTurn,
            .nextToolCall, .previousToolCall, .nextError, .previousError, .metadata:
            if case .thread(let screen) = top, screen.blocks.isEmpty { return "there is no message" }
            return nil
        case .nextPane, .previousPane:
            if case .thread(let screen) = top, !screen.hasList {
                return "messages are listed beside the text from \(ThreadLayout.listFrom) columns on"
            }
            return nil
        case .nextRecord, .previousRecord:
            if case .document(let screen) = top, screen.isPart { return "this is only a part of a record" }
            return nil
        case .nextDocument, .previousDocument:
            if case .document(let screen) = top, screen.panes.count < 2 { return "there is one document only" }
            return nil
        case .searchNext, .searchPrevious:
            return searchText.isEmpty ? "nothing was searched for yet; / searches" : nil
        case .wrap:
            if case .document(let screen) = top, screen.pane?.form != .text { return "only text is wrapped" }
            return nil
        case .columnLeft, .columnRight:
            if case .thread(let screen) = top, screen.wraps { return "lines are wrapped; w changes that" }
            if case .document(let screen) = top, screen.pane?.form == .text, screen.pane?.text.wraps == true {
                return "lines are wrapped; w changes that"
            }
            return nil
        case .open:
            if case .thread(let screen) = top, screen.blocks.isEmpty { return "there is no message" }
            guard case .browse(let screen) = top else { return nil }
            if knowsSources, sources.isEmpty { return "there is no source" }
            if screen.kind != nil, screen.focus != .sources, targetRecord == nil { return "no record is selected" }
            return nil
        case .filter, .sort, .reverseSort:
            guard case .browse(let screen) = top else { return nil }
            if knowsSources, sources.isEmpty { return "there is no source" }
            if screen.kind == nil { return "this is the list of sources" }
            return nil
        case .compare:
            if case .failure(let reason) = pairToCompare { return reason.text }
            return nil
        case .showWhole:
            if diffTop?.canShowWhole == true { return nil }
            return diffTop?.row?.canFold == true ? "Enter unfolds this row" : "nothing of this row is cut"
        case .nextDifference, .previousDifference: return reasonAgainst(difference: command)
        case .sortColumn, .filterRows, .openCell: return reasonAgainst(table: command)
        case .mark, .markRange, .markAll: return reasonAgainstMarking()
        case .columns:
            if case .browse(let screen) = top, screen.kind == nil { return "this is the list of sources" }
            return nil
        case .previewDown, .previewUp:
            guard case .browse(let screen) = top else { return nil }
            if screen.kind == nil { return "this is the list of sources" }
            return layout.hasPreview ? nil : "there is no preview at this width"
        case .pager, .editor, .pipe: return reasonAgainstHandingOver
        case .stopJob: return jobs.isEmpty ? "nothing is running" : nil
        case .openDemo:
            if !knowsSources { return "stores are still looked for" }
            return sources.isEmpty ? nil : "sources are open already; ctxbrowse --demo shows the examples"
        case .facts: return targetRecord == nil ? "no record is selected" : nil
        default: return nil
        }
    }

    /// Why nothing may be changed on this screen; `nil` where changes are allowed.
    var readOnlyReason: String? {
        if isReadOnly { return "the browser was started read-only" }
        guard let record = targetRecord, let source = source(record.id.source), source.isReadOnly else { return nil }
        let why = source.opened?.refusal.map { ": \($0)" } ?? ""
        return "source \(source.name) is read-only\(why)"
    }

    private func reasonAgainst(change command: Command) -> String? {
        if isReadOnly { return "the browser was started read-only" }
        guard let record = targetRecord else { return "no record is selected" }
        if case .document(let screen) = top, screen.isPart { return "this is only a part of a record" }
        if command == .trim, record.id.kind != .thread { return "only threads are trimmed" }
        guard let source = source(record.id.source) else { return "its source is gone" }
        if source.isReadOnly {
            let why = source.opened?.refusal.map { ": \($0)" } ?? ""
            return "source \(source.name) is read-only\(why)"
        }
        guard let capabilities = source.capabilities[record.id.kind] else { return nil }
        return command == .trim ? capabilities.trim.reason : capabilities.delete.reason
    }

    /// Carries out a command of a screen.
    mutating func run(_ command: Command) {
        switch command {
        case .quitNow: quitAfterAsking()
        case .up: goUp()
        case .back: back()
        case .redraw: emit(.redraw)
        case .suspend: emit(.suspend)
        case .cancelWork: cancelWork()
        case .showIndexes: show(.records(.index))
        case .showThreads: show(.records(.thread))
        case .showArtifacts: show(.records(.artifact))
        case .showTasks: show(.records(.task))
        case .showRaw: show(.records(.raw))
        case .showSources: show(.sources)
        case .help: openReader(.help(screenMode))
        case .history: openReader(.history)
        case .facts:
            if let record = targetRecord { openReader(.facts(record)) }
        case .jobs: openJobs()
        case .undo: openUndo()
        case .delete where actsOnMarks: openBulk(.delete)
        case .trim where actsOnMarks: openBulk(.trim)
        case .export where actsOnMarks: openBulk(.export)
        case .recovery: openRecovery()
        case .delete where recoveryTop != nil: runInRecovery(command)
        case .delete: openChange(.delete)
        case .trim: beginTrim()
        case .export: openExport()
        case .copy: openCopy()
        case .pager: openPager()
        case .editor: openEditor()
        case .pipe: openPipe()
        case .commandLine: openCommandLine()
        case .openDemo: openDemo()
        case .search: input = Input(.search)
        case .searchEverywhere: openSearchEverywhere()
        case .follow: toggleFollow()
        case .searchNext where resultsBehind != nil, .searchPrevious where resultsBehind != nil:
            stepHit(forward: command == .searchNext)
        case .filterRows: openRowFilter()
        case .compare: compareRecords()
        case .filter: openFilter()
        default: runInScreen(command)
        }
        adoptSettings(after: command)
    }

    private mutating func runInScreen(_ command: Command) {
        if showsTrim { return runInTrim(command) }
        switch top {
        case .browse: runInBrowse(command)
        case .thread: runInThread(command)
        case .document: runInDocument(command)
        case .reader: runInReader(command)
        case .jobs: runInJobs(command)
        case .diff: runInDiff(command)
        case .results: runInResults(command)
        case .recovery: runInRecovery(command)
        }
    }

    private mutating func goUp() {
        if !pop() { quitAfterAsking() }
    }

    /// Esc: the innermost thing first, and never out of the program.
    private mutating func back() {
        if clearRowFilter() { return }
        if leaveRange() || clearMarks() { return }
        if filterText?.isEmpty == false { return filter("") }
        if case .thread(let screen) = top, screen.search?.isBegun == true {
            endSearch(screen.id)
            return
        }
        if case .thread(let screen) = top, screen.isListFocused {
            edit(thread: screen.id) { $0.isListFocused = false }
            return
        }
        goLevelBack()
    }

    /// One level back, whatever is marked or filtered.
    mutating func goLevelBack() {
        if case .browse(let screen) = top, screen.focus != .records, screen.tab != .sources {
            edit(browse: screen.id) { $0.focus = .records }
            return
        }
        // Not worth remembering either.
        if !pop() { notice = Notice(.info, "this is the first screen; q quits", time: now) }
    }

    /// Stops what runs; asked for twice within a second it quits.
    private mutating func cancelWork() {
        if let lastCancel, now.milliseconds(since: lastCancel) < 1000 { return quitAfterAsking() }
        lastCancel = now
        let running = jobs.filter { $0.purpose != .findSources }
        for job in running { stop(job) }
        tell(
            .info,
            running.isEmpty
                ? "nothing is running; Ctrl-C again quits"
                : "cancelled \(Words.count(running.count, "jobs")); Ctrl-C again quits")
    }

    /// Cancels a job as the user asks, and has its failure shown where it would show.
    mutating func stop(_ job: InFlight) {
        guard let index = jobs.firstIndex(where: { $0.id == job.id }) else { return }
        if case .bulk = job.purpose { return stopBulk(job) }
        if case .undoMany = job.purpose { undoing?.isStopping = true }
        if job.isAct {
            // What writes is asked to stop and tells itself how far it came.
            emit(.cancel(job.id))
            return
        }
        finish(jobs.remove(at: index), nil)
        emit(.cancel(job.id))
        take(
            .failed(
                StorageError(
                    .cancelled, operation: job.label, place: "", reason: "it was cancelled", help: "r tries again")),
            for: job)
    }

    // MARK: The input line

    private mutating func pressInInput(_ key: KeyPress) {
        guard let command = keyMap.command(for: key, in: .input) else {
            if let character = key.typedCharacter {
                input?.line.type(String(character))
                inputChanged()
            }
            return
        }
        switch command {
        case .accept: acceptInput()
        case .dismiss: dismissInput()
        case .suspend: emit(.suspend)
        case .redraw: emit(.redraw)
        case .help: explainInput()
        case .erase where input?.line.text.isEmpty == true: dismissInput()
        case .focusNext where input?.purpose == .pipe, .focusPrevious where input?.purpose == .pipe:
            input?.keepsOutput.toggle()
        case .focusNext, .focusPrevious: complete(by: command == .focusNext ? 1 : -1)
        case .olderLine, .newerLine: recall(older: command == .olderLine)
        default:
            if input?.line.edit(command) == true { inputChanged() }
        }
    }

    /// A filter works while it is typed, a little after the last key.
    mutating func inputChanged() {
        input?.recall = nil
        offerCompletion()
        if input?.purpose == .everywhere || input?.purpose == .search { input?.problem = nil }
        guard let input, input.purpose == .filter else { return }
        filterAsTyped(input.line.text)
    }

    private mutating func dismissInput() {
        guard let closed = input else { return }
        input = nil
        if closed.purpose == .filter { filter(closed.original) }
    }

    private mutating func acceptInput() {
        guard let accepted = input else { return }
        input = nil
        let text = accepted.line.text
        if [.filter, .search, .everywhere].contains(accepted.purpose) { wordHistory.add(text) }
        switch accepted.purpose {
        case .filter: filter(text)
        case .search: if !text.isEmpty { search(text) }
        case .everywhere: searchEverywhere(text)
        case .filterRows: filterRows(text)
        case .pipe: acceptPipe(text, keepsOutput: accepted.keepsOutput)
        case .command: carryOut(line: text)
        }
    }
}
