internal import StoredRecords
internal import TerminalSurface

extension BrowserState {
    mutating func press(_ key: KeyPress) {
        if let shown = notice, shown.level != .error { notice = nil }
        if case .error = notice?.level { notice = nil }
        if dialog != nil {
            pressInDialog(key)
        } else if input != nil {
            pressInInput(key)
        } else if let command = keyMap.command(for: key, in: mode) {
            if let reason = reasonAgainst(command) {
                tell(.warning, "\(key.name) does not work here: \(reason)")
            } else {
                run(command)
            }
        } else {
            // Not worth remembering: a slip of the finger is no event.
            notice = Notice(.info, "\(key.name) does nothing here; ? lists the keys", time: now)
        }
    }

    /// Why a command cannot be carried out now; `nil` when it can.
    public func reasonAgainst(_ command: Command) -> String? {
        switch command {
        case .delete, .trim: return reasonAgainst(change: command)
        case .undo: return isReadOnly ? "the browser was started read-only" : nil
        case .export: return targetRecord == nil ? "no record is selected" : nil
        case .foldTools, .raw, .nextMessage, .previousMessage:
            if case .thread(let screen) = top, screen.blocks.isEmpty { return "there is no message" }
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
        case .previewDown, .previewUp:
            if case .browse(let screen) = top, !layout.hasPreview || screen.kind == nil {
                return "there is no preview at this width"
            }
            return nil
        case .pager:
            if case .thread(let screen) = top {
                guard let message = screen.current else { return "there is no message" }
                return message.plainText.isEmpty ? "this message has no text; p shows it as stored" : nil
            }
            return nil
        case .stopJob: return jobs.isEmpty ? "nothing is running" : nil
        case .facts: return targetRecord == nil ? "no record is selected" : nil
        case .goTo:
            if case .reader = top { return "there are no numbers here" }
            return nil
        default: return nil
        }
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
        case .quitNow: quit()
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
        case .help: openReader(.help(top.mode))
        case .history: openReader(.history)
        case .facts:
            if let record = targetRecord { openReader(.facts(record)) }
        case .jobs: openJobs()
        case .undo: openUndo()
        case .delete: openChange(.delete)
        case .trim: openChange(.trim)
        case .export: openExport()
        case .copy: openCopy()
        case .pager: openPager()
        case .goTo: input = Input(.goTo)
        case .search: input = Input(.search)
        case .filter: openFilter()
        default: runInScreen(command)
        }
    }

    private mutating func runInScreen(_ command: Command) {
        switch top {
        case .browse: runInBrowse(command)
        case .thread: runInThread(command)
        case .document: runInDocument(command)
        case .reader: runInReader(command)
        case .jobs: runInJobs(command)
        }
    }

    /// At the root it quits, but not in the middle of a change.
    private mutating func goUp() {
        if pop() { return }
        guard let act = jobs.first(where: \.isAct) else { return quit() }
        tell(.warning, "\(act.label) is under way; Q quits all the same")
    }

    /// Esc: the innermost thing first, and never out of the program.
    private mutating func back() {
        if case .browse(let screen) = top, screen.list?.filter != nil {
            setFilter("")
            return
        }
        if case .browse(let screen) = top, screen.focus != .records, screen.tab != .sources {
            edit(browse: screen.id) { $0.focus = .records }
            return
        }
        // Not worth remembering either.
        if !pop() { notice = Notice(.info, "this is the first screen; q quits", time: now) }
    }

    /// Stops what runs; asked for twice within a second it quits.
    private mutating func cancelWork() {
        if let lastCancel, now.milliseconds(since: lastCancel) < 1000 { return quit() }
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
        if job.isAct {
            // What writes is asked to stop and tells itself how far it came.
            emit(.cancel(job.id))
            return
        }
        jobs.remove(at: index)
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
        case .erase where input?.line.text.isEmpty == true: dismissInput()
        default:
            if input?.line.edit(command) == true { inputChanged() }
        }
    }

    /// A filter works while it is typed, a little after the last key.
    mutating func inputChanged() {
        guard let input, input.purpose == .filter, case .browse(let screen) = top else { return }
        let due = now.adding(milliseconds: Preview.pause)
        edit(browse: screen.id) { $0.filterDue = due }
    }

    private mutating func dismissInput() {
        guard let closed = input else { return }
        input = nil
        if closed.purpose == .filter { setFilter(closed.original) }
    }

    private mutating func acceptInput() {
        guard let accepted = input else { return }
        input = nil
        let text = accepted.line.text
        switch accepted.purpose {
        case .filter: setFilter(text)
        case .search: if !text.isEmpty { search(text) }
        case .goTo: goTo(text)
        }
    }

    private mutating func goTo(_ text: String) {
        let trimmed = text.filter { !$0.isWhitespace }
        if trimmed.isEmpty { return }
        if trimmed == "q" || trimmed == "quit" { return quit() }
        if trimmed == "$" { return runInScreen(.toBottom) }
        guard let number = Int(trimmed), number >= 1 else {
            return tell(.warning, "\"\(text)\" is no number; give the number of a line or message, or $ for the last")
        }
        switch top {
        case .browse: goToRow(number)
        case .thread: goToMessage(number)
        case .document: goToLine(number)
        case .reader, .jobs: break
        }
    }
}
