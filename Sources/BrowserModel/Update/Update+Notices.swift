internal import StoredRecords

extension BrowserState {
    // MARK: Help and history

    mutating func openReader(_ content: ReaderScreen.Content) {
        if case .reader(let screen) = top {
            if screen.content == content { return }
            pop()
        }
        push(.reader(ReaderScreen(id: newScreenID(), content: content)))
        if content == .history { unread = 0 }
        layOutReader(screens.count - 1)
    }

    mutating func layOutReader(_ index: Int) {
        guard case .reader(var screen) = screens[index] else { return }
        let width = layout.contentWidth
        switch screen.content {
        case .help(let mode):
            // What cannot be done is asked of the screen the help was opened on.
            var below = self
            below.screens.removeSubrange(index...)
            let reasons = below
            screen.lines = ReaderScreen.help(keyMap, mode: mode, width: width) { reasons.reasonAgainst($0) }
        case .facts(let record):
            screen.lines = RecordFacts.lines(record, width: width, now: now, members: .max)
        case .history: screen.lines = ReaderScreen.history(history, width: width, now: now)
        }
        screen.move(by: 0, height: layout.contentLines)
        screens[index] = .reader(screen)
    }

    mutating func runInReader(_ command: Command) {
        guard case .reader(var screen) = top else { return }
        if command == .refresh { return layOutReader(screens.count - 1) }
        guard let step = step(of: command, height: layout.contentLines) else { return }
        screen.move(by: step, height: layout.contentLines)
        screens[screens.count - 1] = .reader(screen)
    }

    // MARK: Jobs

    mutating func openJobs() {
        if case .jobs = top { return }
        push(.jobs(JobsScreen(id: newScreenID(), selected: jobs.first?.id)))
    }

    mutating func runInJobs(_ command: Command) {
        guard case .jobs(var screen) = top else { return }
        let at = jobs.firstIndex { $0.id == screen.selected } ?? 0
        if command == .stopJob {
            guard jobs.indices.contains(at) else { return tell(.info, "nothing is running") }
            return stop(jobs[at])
        }
        guard let step = step(of: command, height: layout.contentLines), !jobs.isEmpty else { return }
        let target = step > jobs.count ? jobs.count - 1 : max(0, min(jobs.count - 1, at + max(step, -jobs.count)))
        screen.selected = jobs[target].id
        screens[screens.count - 1] = .jobs(screen)
    }

    // MARK: Pager

    mutating func openPager() {
        switch top {
        case .thread(let screen):
            guard let message = screen.current else { return }
            emit(.page(StoredBytes(message.plainText), name: "message \(message.position + 1)"))
        case .document(let screen):
            guard let pane = screen.pane else { return }
            emit(.page(pane.document.bytes, name: pane.document.name))
        default: break
        }
    }
}
