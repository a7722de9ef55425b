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
            screen.lines = HelpText.lines(
                keyMap, mode: mode, guide: ScreenGuide.text(reasons), signs: RowSign.signs(reasons), width: width,
                filter: screen.filter, readOnly: reasons.readOnlyReason
            ) { reasons.reasonAgainst($0) }
        case .keys: screen.lines = HelpText.allKeys(keyMap, width: width, filter: screen.filter)
        case .facts(let record):
            screen.lines = RecordFacts.lines(record, width: width, now: now, members: .max)
            if let filter = screen.filter {
                screen.lines.removeAll { !filter.matches([$0.text]) }
                if screen.lines.isEmpty { screen.lines = [ReaderScreen.nothing(for: filter)] }
            }
        case .history:
            screen.lines = ReaderScreen.history(
                history, width: width, now: now, filter: screen.filter)
        }
        screen.told = now
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

    /// Help with only what has to do with a word, or of the screens of a mode.
    mutating func openHelp(about word: String) {
        if let mode = Mode(rawValue: word.lowercased()) { return openReader(.help(mode)) }
        openReader(.keys)
        filterReader(word.lowercased())
    }

    /// Ends the line being typed as Enter or Esc would, and explains what can be typed there.
    mutating func explainInput() {
        guard let purpose = input?.purpose else { return }
        // A filter that makes sense stays; what was typed can be brought back with Up.
        if let typed = input?.line.text, [.filter, .search, .everywhere].contains(purpose) { wordHistory.add(typed) }
        if purpose == .filter { filter(input?.line.text ?? "") }
        input = nil
        switch purpose {
        case .filter where browseTop != nil: openHelp(about: "filter takes")
        case .everywhere: openHelp(about: "search takes")
        case .command: openHelp(about: "typed")
        case .filter, .search, .filterRows, .pipe: openReader(.help(screenMode))
        }
    }

    /// Shows only what holds all the words.
    mutating func filterReader(_ words: String) {
        guard case .reader(var screen) = top else { return }
        screen.filter = TextFilter(words)
        screen.top = 0
        screens[screens.count - 1] = .reader(screen)
        layOutReader(screens.count - 1)
    }
}
