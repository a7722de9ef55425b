internal import StoredRecords

/// Filtering the screen on top, whichever that is.
extension BrowserState {
    /// A screen that shows only what holds some words. Which screens do is decided in `filtered` and nowhere else.
    private enum Filtered {
        case list(BrowseScreen, RecordList)
        case results(ResultsScreen)
        case recovery(RecoveryScreen)
        case reader(ReaderScreen)

        var text: String {
            switch self {
            case .list(_, let list): list.filter?.text ?? ""
            case .results(let screen): screen.filter?.text ?? ""
            case .recovery(let screen): screen.filter?.text ?? ""
            case .reader(let screen): screen.filter?.text ?? ""
            }
        }
    }

    private var filtered: Filtered? {
        switch top {
        case .browse(let screen): screen.list.map { .list(screen, $0) }
        case .results(let screen): .results(screen)
        case .recovery(let screen): .recovery(screen)
        case .reader(let screen): .reader(screen)
        case .thread, .document, .jobs, .diff: nil
        }
    }

    /// What the screen is filtered by; empty while it shows all, `nil` where nothing is filtered.
    var filterText: String? { filtered?.text }

    mutating func openFilter() {
        guard let text = filterText else { return }
        input = Input(.filter, text)
        if case .list = filtered { input?.hints = FilterHelp.hints }
    }

    /// Lets through only what holds the words.
    mutating func filter(_ text: String) {
        switch filtered {
        case .list: setFilter(text)
        case .results: filterResults(text)
        case .recovery: filterRecovery(text)
        case .reader: filterReader(text)
        case nil: break
        }
    }

    /// Filters by what is typed so far: what is in memory and bounded at once, a list a little after the last key.
    mutating func filterAsTyped(_ text: String) {
        guard case .list(let screen, _) = filtered else { return filter(text) }
        let due = now.adding(milliseconds: Preview.pause)
        edit(browse: screen.id) { $0.filterDue = due }
    }
}
