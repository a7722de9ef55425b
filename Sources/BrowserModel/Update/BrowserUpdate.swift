internal import StoredRecords
internal import TerminalSurface

/// Changes the state for one event and says what work is to be done for it.
public func update(_ state: inout BrowserState, _ event: BrowserEvent) -> [BrowserEffect] {
    state.handle(event)
    state.countHiddenMarks()
    state.followTrim()
    let effects = state.outbox
    state.outbox = []
    return effects
}

extension BrowserState {
    mutating func handle(_ event: BrowserEvent) {
        switch event {
        case .started(let size):
            self.size = size
            send(.findSources, .findSources, "look for sources")
            for problem in preferenceProblems { tell(.warning, "the configuration: \(problem)") }
            preferenceProblems = []
            announceSession()
        case .clock(let now):
            self.now = now
            passTime()
        case .inputDrained:
            dropsTypedAhead = false
        case .terminal(let event):
            handle(event)
        case .progressed(let id, let progress):
            if let index = jobs.firstIndex(where: { $0.id == id }) { jobs[index].progress = progress }
        case .partlyAnswered(let id, let answer):
            if let job = jobs.first(where: { $0.id == id }) { take(answer, for: job) }
        case .answered(let id, let answer):
            // The one place where answers that are late or not wanted any more are dropped.
            guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
            let job = jobs.remove(at: index)
            finish(job, answer)
            take(answer, for: job)
            if job.isAct { quitIfDone(job.id) }
        }
        applySettings()
        beginTour()
    }

    private mutating func handle(_ event: TerminalEvent) {
        switch event {
        case .key(let key):
            if !dropsTypedAhead { press(key) }
        case .paste(let text):
            if !dropsTypedAhead { paste(text) }
        case .mouse(let press):
            noteUse()
            handle(press)
            endTour()
        case .resize(let size): resize(to: size)
        case .suspend: emit(.suspend)
        case .resumed: emit(.redraw)
        case .terminate, .closed: quit()
        }
    }

    private mutating func resize(to size: GridSize) {
        guard size != self.size else { return }
        self.size = size
        for index in screens.indices { layOut(index) }
    }

    /// Makes a screen fit the present size, without reading the store.
    mutating func layOut(_ index: Int) {
        let layout = layout
        let now = now
        switch screens[index] {
        case .browse(let screen):
            edit(browse: screen.id) { screen in
                for kind in screen.lists.keys { screen.lists[kind]?.scroll(height: layout.recordLines) }
                if layout.hasPreview, screen.preview.width != layout.previewWidth {
                    screen.preview.layOut(width: layout.previewWidth, now: now)
                }
                if screen.focus == .preview, !layout.hasPreview { screen.focus = .records }
                if screen.focus == .sources, !layout.hasSourcesColumn, screen.tab != .sources {
                    screen.focus = .records
                }
            }
            if index == screens.count - 1 { wantPreview() }
        case .thread(let screen):
            edit(thread: screen.id) {
                $0.reflow(columns: layout.size.width, height: layout.contentLines)
            }
        case .document(let screen):
            edit(document: screen.id) { screen in
                for pane in screen.panes.indices { screen.panes[pane].reflow(layout) }
            }
        case .reader:
            layOutReader(index)
        case .results(let screen):
            edit(results: screen.id) { $0.scroll(height: layout.recordLines) }
        case .recovery(let screen):
            let height = layout.recoveryLines
            edit(recovery: screen.id) { $0.scroll(height: height) }
        case .jobs: break
        case .diff(let screen):
            edit(diff: screen.id) { $0.rewrap(columns: layout.size.width, height: max(1, layout.contentLines - 1)) }
        }
    }

    private mutating func paste(_ text: String) {
        let line = String(text.prefix { $0 != "\n" && $0 != "\r" })
        if case .export(var export) = dialog, export.question == nil {
            export.type(line)
            dialog = .export(export)
        } else if case .bulk(var bulk) = dialog, bulk.act == .export {
            bulk.line.type(line)
            dialog = .bulk(bulk)
        } else if input != nil {
            input?.line.type(line)
            inputChanged()
        } else {
            tell(.warning, "what was pasted is ignored: nothing here takes text")
        }
    }

    mutating func quit() {
        isQuitting = true
        emit(.quit)
    }
}

// MARK: Work

extension BrowserState {
    private mutating func newID() -> RequestID {
        defer { nextNumber += 1 }
        return RequestID(nextNumber)
    }

    mutating func newScreenID() -> ScreenID {
        defer { nextNumber += 1 }
        return ScreenID(nextNumber)
    }

    /// Asks for work whose answer is waited for.
    @discardableResult
    mutating func send(
        _ work: BrowserEffect.Work, _ purpose: InFlight.Purpose, _ label: String, screen: ScreenID? = nil
    ) -> RequestID {
        let id = newID()
        outbox.append(BrowserEffect(id, work))
        jobs.append(InFlight(id: id, label: label, started: now, screen: screen, purpose: purpose))
        return id
    }

    /// Asks for work that has no answer.
    mutating func emit(_ work: BrowserEffect.Work) {
        outbox.append(BrowserEffect(newID(), work))
    }

    /// Asks for the next step of a job that goes on; it keeps its place among the jobs.
    ///
    /// Its steps follow each other, so that an answer to the id is always one to the last step.
    mutating func send(_ work: BrowserEffect.Work, _ purpose: InFlight.Purpose, continuing job: InFlight) {
        var next = job
        next.purpose = purpose
        outbox.append(BrowserEffect(job.id, work))
        let place = jobs.firstIndex { $0.id > job.id } ?? jobs.count
        jobs.insert(next, at: place)
    }

    mutating func cancel(_ id: RequestID) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        finish(jobs.remove(at: index), nil)
        emit(.cancel(id))
    }

    /// Cancels what a screen asked for; it is being left.
    mutating func cancelJobs(of screen: ScreenID) {
        for job in jobs where job.screen == screen { cancel(job.id) }
    }

    mutating func tell(_ level: Notice.Level, _ text: String, details: [String] = []) {
        let notice = Notice(level, text, details: details, time: now)
        // An error stays in sight until a key is pressed; what comes by itself does not cover it.
        let isCovered = self.notice?.level == .error && (level == .info || level == .warning)
        if !isCovered { self.notice = notice }
        history.append(notice)
        if history.count > Self.rememberedNotices { history.removeFirst(history.count - Self.rememberedNotices) }
        if level == .error { unread += 1 }
    }

    /// Tells of a failure; the cause and what to do stand in the history.
    mutating func tell(_ error: StorageError) {
        if error.kind == .cancelled { return tell(.info, "cancelled: \(error.operation)") }
        var details = error.place.isEmpty ? [] : ["where: \(error.place)"]
        if !error.help.isEmpty { details.append("help: \(error.help)") }
        if let code = error.vendorCode { details.append("code: \(code)") }
        tell(.error, error.description, details: details)
    }
}

// MARK: Screens

extension BrowserState {
    /// Takes the screen out of the stack while it is changed, so that its arrays
    /// are changed in place and not copied.
    private mutating func edit<Content>(
        _ id: ScreenID, _ content: (Screen) -> Content?, _ screen: (Content) -> Screen, _ body: (inout Content) -> Void
    ) {
        guard let index = screens.firstIndex(where: { $0.id == id }), var taken = content(screens[index]) else {
            return
        }
        screens[index] = .jobs(JobsScreen(id: id))
        body(&taken)
        screens[index] = screen(taken)
    }

    mutating func edit(browse id: ScreenID, _ body: (inout BrowseScreen) -> Void) {
        edit(id, { if case .browse(let screen) = $0 { screen } else { nil } }, Screen.browse, body)
    }

    mutating func edit(thread id: ScreenID, _ body: (inout ThreadScreen) -> Void) {
        edit(id, { if case .thread(let screen) = $0 { screen } else { nil } }, Screen.thread, body)
    }

    mutating func edit(document id: ScreenID, _ body: (inout DocumentScreen) -> Void) {
        edit(id, { if case .document(let screen) = $0 { screen } else { nil } }, Screen.document, body)
    }

    mutating func edit(diff id: ScreenID, _ body: (inout DiffScreen) -> Void) {
        edit(id, { if case .diff(let screen) = $0 { screen } else { nil } }, Screen.diff, body)
    }

    mutating func edit(results id: ScreenID, _ body: (inout ResultsScreen) -> Void) {
        edit(id, { if case .results(let screen) = $0 { screen } else { nil } }, Screen.results, body)
    }

    mutating func edit(recovery id: ScreenID, _ body: (inout RecoveryScreen) -> Void) {
        edit(id, { if case .recovery(let screen) = $0 { screen } else { nil } }, Screen.recovery, body)
    }

    mutating func push(_ screen: Screen) {
        screens.append(screen)
    }

    /// Goes one level back; `false` at the root.
    @discardableResult
    mutating func pop() -> Bool {
        guard screens.count > 1 else { return false }
        let gone = screens.removeLast()
        cancelJobs(of: gone.id)
        if browseTop != nil { loadList() } else { lookWhetherStale() }
        return true
    }

    /// The record that commands like export act on.
    var targetRecord: RecordSummary? {
        switch top {
        case .browse(let screen): screen.list?.selectedRecord
        case .thread(let screen): screen.record
        case .document(let screen): screen.record
        case .results(let screen): screen.selectedRecord
        case .reader, .jobs, .diff, .recovery: nil
        }
    }
}
