internal import StoredRecords
internal import TerminalSurface

/// Changes the state for one event and says what work is to be done for it.
public func update(_ state: inout BrowserState, _ event: BrowserEvent) -> [BrowserEffect] {
    state.handle(event)
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
            take(answer, for: jobs.remove(at: index))
        }
    }

    private mutating func handle(_ event: TerminalEvent) {
        switch event {
        case .key(let key):
            if !dropsTypedAhead { press(key) }
        case .paste(let text):
            if !dropsTypedAhead { paste(text) }
        case .mouse: break
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
                $0.layOut(width: layout.contentWidth, folds: $0.folds, height: layout.contentLines, now: now)
                $0.scroll(height: layout.contentLines)
            }
        case .document(let screen):
            edit(document: screen.id) { screen in
                for pane in screen.panes.indices { screen.panes[pane].reflow(layout) }
            }
        case .reader:
            layOutReader(index)
        case .jobs: break
        }
    }

    private mutating func paste(_ text: String) {
        let line = String(text.prefix { $0 != "\n" && $0 != "\r" })
        if case .export(var export) = dialog, export.question == nil {
            export.line.type(line)
            export.readEnding()
            dialog = .export(export)
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

    mutating func cancel(_ id: RequestID) {
        guard let index = jobs.firstIndex(where: { $0.id == id }) else { return }
        jobs.remove(at: index)
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
        var details = ["where: \(error.place)"]
        if !error.help.isEmpty { details.append("help: \(error.help)") }
        if let code = error.vendorCode { details.append("code: \(code)") }
        tell(.error, error.description, details: details)
    }
}

// MARK: Screens

extension BrowserState {
    private mutating func edit(_ id: ScreenID, _ body: (inout Screen) -> Void) {
        guard let index = screens.firstIndex(where: { $0.id == id }) else { return }
        body(&screens[index])
    }

    // Each takes the screen out of the stack while it is changed, so that its
    // arrays are changed in place and not copied.

    mutating func edit(browse id: ScreenID, _ body: (inout BrowseScreen) -> Void) {
        edit(id) { screen in
            guard case .browse(var browse) = screen else { return }
            screen = .jobs(JobsScreen(id: id))
            body(&browse)
            screen = .browse(browse)
        }
    }

    mutating func edit(thread id: ScreenID, _ body: (inout ThreadScreen) -> Void) {
        edit(id) { screen in
            guard case .thread(var thread) = screen else { return }
            screen = .jobs(JobsScreen(id: id))
            body(&thread)
            screen = .thread(thread)
        }
    }

    mutating func edit(document id: ScreenID, _ body: (inout DocumentScreen) -> Void) {
        edit(id) { screen in
            guard case .document(var document) = screen else { return }
            screen = .jobs(JobsScreen(id: id))
            body(&document)
            screen = .document(document)
        }
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
        if browseTop != nil { loadList() }
        return true
    }

    /// The record that commands like export act on.
    var targetRecord: RecordSummary? {
        switch top {
        case .browse(let screen): screen.list?.selectedRecord
        case .thread(let screen): screen.record
        case .document(let screen): screen.record
        case .reader, .jobs: nil
        }
    }
}
