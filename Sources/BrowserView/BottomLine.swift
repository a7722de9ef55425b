import BrowserModel
import StoredRecords
import TerminalSurface

/// The last line: what there is to say on the left, the keys that work here and now on the right.
enum BottomLine {
    static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.bottom
        if let input = state.input {
            let helpKey = state.keyMap.key(for: .help, in: .input)
            return CommandLineView.draw(input, helpKey: helpKey, in: rect, into: &grid)
        }
        if case .copy(let menu) = state.dialog { return CopyMenuLine.draw(menu, rect, into: &grid) }
        let status = status(state)
        let unread = state.unread > 0 ? "!\(state.unread) " : ""
        let statusColumns = min(rect.width, CharacterWidth.columns(of: status.text) + 1)
        // A notice may take the whole line; what is always there leaves half of it to the keys, unless it says that
        // what is shown is not all, or not in the order it seems to have.
        let isNotice = state.notice != nil
        let isLong = isNotice || DocumentStatus.isWanted(state) || ListStatus.isWanted(state)
        let hints = hints(
            state,
            room: isLong ? max(isNotice ? 0 : 10, rect.width - statusColumns - unread.count - 2) : rect.width * 3 / 5)
        let hintColumns = hints.reduce(0) { $0 + $1.key.name.count + $1.word.count + 3 }
        let room = rect.width - hintColumns - unread.count - 1
        // What was done begins with the act and ends with where it went, or how it is undone.
        let isDone = state.notice?.level == .success
        let columns = max(0, room - 1)
        grid.put(
            isDone ? TextFit.truncatedMiddle(status.text, to: columns) : TextFit.truncated(status.text, to: columns),
            row: rect.row, column: 1, maxWidth: max(0, room), style: status.style)
        var column = rect.width - hintColumns - unread.count
        if !unread.isEmpty { column += grid.put(unread, row: rect.row, column: column, style: .error) }
        for hint in hints {
            let width = hint.key.name.count + 1 + hint.word.count
            grid.add(key: hint.key, row: rect.row, column: column, width: width)
            column += grid.put(hint.key.name, row: rect.row, column: column, style: .keyHint)
            column += grid.put(
                " " + hint.word + "  ", row: rect.row, column: column, maxWidth: rect.width - column, style: .dim)
        }
    }

    /// Draws a line being typed, scrolled so that its cursor is seen.
    static func draw(_ line: LineInput, _ row: Int, _ column: Int, _ width: Int, into grid: inout CellGrid) {
        guard width > 0 else { return }
        let before = CharacterWidth.columns(of: String(line.beforeCursor))
        let start = max(0, before - width + 1)
        let shown = TextFit.slice(line.text, from: start, columns: width)
        grid.put(shown, row: row, column: column, maxWidth: width, style: line.isProposal ? .selected : .normal)
        grid.cursor = GridPosition(row: row, column: column + before - start)
    }

    // MARK: Status

    private static func status(_ state: BrowserState) -> (text: String, style: Style) {
        if let notice = state.notice {
            switch notice.level {
            case .info: return (notice.text, .normal)
            case .success: return (notice.text, .success)
            case .warning: return (notice.text, .warning)
            case .error: return ("error: " + notice.text, .error)
            }
        }
        if let job = state.jobs.first(where: \.isAct) ?? slowJob(state) {
            return (progress(job, state), .normal)
        }
        switch state.top {
        case .browse(let screen): return (ListStatus.text(screen, state), .dim)
        case .thread where state.showsTrim: return ("trim preview", .dim)
        case .thread(let screen): return (following(screen.follow, state, threadStatus(screen, state)), .dim)
        case .document(let screen): return DocumentStatus.status(screen, state)
        case .results(let screen): return (resultsStatus(screen), .dim)
        case .diff(let screen): return DiffView.status(screen)
        case .recovery(let screen): return (RecoveryView.status(screen), .dim)
        case .reader, .jobs: return ("", .dim)
        }
    }

    /// What has been going on for over a second and tells how far it has come.
    private static func slowJob(_ state: BrowserState) -> InFlight? {
        state.jobs.first { $0.progress != nil && state.now.milliseconds(since: $0.started) >= 1000 }
    }

    static func progress(_ job: InFlight, _ state: BrowserState) -> String {
        let label = Sanitizer.visible(job.label)
        guard let progress = job.progress else { return label + " …" }
        var parts = [TextFit.truncated(label, to: max(16, state.size.width / 3))]
        if let bar = ProgressWords.bar(progress, width: state.size.width >= 60 ? 10 : 5) { parts.append(bar) }
        parts.append(ProgressWords.count(progress))
        let milliseconds = state.now.milliseconds(since: job.started)
        if let rate = ProgressWords.rate(progress, milliseconds: milliseconds) { parts.append(rate) }
        return parts.joined(separator: " ")
    }

    private static func threadStatus(_ screen: ThreadScreen, _ state: BrowserState) -> String {
        if let seek = state.jobs.first(where: { $0.isSeeking(screen.id) }) { return progress(seek, state) }
        var parts: [String] = []
        if let search = screen.searchStatus { parts.append(search) }
        if screen.isLoading, screen.isLoaded { parts.append("reading …") }
        // Wide screens tell the sums above.
        let isWide = state.size.width >= 100
        if !isWide, case .exact(let count) = screen.total { parts.append(Words.count(count, "messages")) }
        if !isWide, let tokens = screen.tokenWords { parts.append(tokens) }
        if !isWide, let bytes = screen.record.bytes { parts.append(Words.size(bytes)) }
        parts.append(screen.record.id.source)
        if let note = screen.record.notes.first ?? screen.notes.first { parts.append("! " + note) }
        return parts.joined(separator: " · ")
    }

    /// What following has to say comes first: it is what has changed.
    static func following(_ follow: Follow?, _ state: BrowserState, _ rest: String) -> String {
        guard let follow else { return rest }
        return rest.isEmpty ? follow.status(now: state.now) : "\(follow.status(now: state.now)) · \(rest)"
    }

    private static func resultsStatus(_ screen: ResultsScreen) -> String {
        var parts: [String] = []
        if let place = screen.place {
            parts.append(
                "\(screen.isFolded ? "record" : "hit") \(Words.grouped(place.number)) of \(Words.grouped(place.of))")
        }
        if let kind = screen.kind { parts.append("\(kind.plural) only") }
        if let filter = screen.filter { parts.append("filter " + Words.quoted(TextFit.truncated(filter.text, to: 24))) }
        return parts.joined(separator: " · ")
    }

    // MARK: Hints

    private struct Hint {
        var key: KeyPress
        var word: String
    }

    /// The keys worth naming here, in the order they are worth it.
    private static func wanted(_ state: BrowserState) -> [Command] {
        if let dialog = state.dialog {
            return wanted(dialog, state.layout, isInRecovery: state.showsRecovery)
        }
        if state.showsTrim { return [.help, .askTrim, .leaveTrim, .keepMore, .keepFewer, .safeCut] }
        switch state.top {
        case .browse(let screen):
            if screen.tab == .sources { return [.help, .open, .refresh, .up] }
            if state.markedHere > 0 || screen.list?.range != nil {
                return [.help] + (state.markedHere == 2 ? [.compare] : []) + [
                    .delete, .export, .trim, .mark, .markRange, .markAll, .open,
                ]
            }
            // Of any row on the screen: hints that change from row to row cost more than the move, and distract.
            let isRemarkable =
                screen.list.map { list in
                    list.rows.dropFirst(list.top).prefix(state.layout.recordLines).contains { !$0.notes.isEmpty }
                } ?? false
            return [.help, .open] + (isRemarkable ? [.facts] : []) + [
                // Filtering looks at titles and ids only; who filtered in vain is told of the other search.
                .filter
            ] + (screen.list?.filter == nil ? [] : [.searchEverywhere]) + [
                .mark, .sort, .trim, .delete, .export, .undo, .up,
            ] + (screen.list?.filter == nil ? [.searchEverywhere] : [])
        case .thread:
            return [
                .help, .up, .foldTools, .search, .nextUserTurn, .open, .raw, .metadata, .trim, .export, .delete,
                .follow,
            ]
        case .document(let screen):
            let isRemarkable = !screen.isPart && !screen.record.notes.isEmpty
            return [.help, .up] + (isRemarkable ? [.facts] : []) + [
                .toggleFold, .sortColumn, .filterRows, .raw, .search,
            ]
                + (screen.panes.count > 1 ? [.nextDocument] : [])
                + [.wrap, .export, .delete]
        case .reader: return [.up]
        case .results(let results):
            return [.help, .up, .open] + (results.isSearching ? [.stopSearch] : []) + [
                .searchNext, .filter, .foldHits, .nextKind, .searchEverywhere,
            ]
        case .diff(let screen):
            return [.help, .up, .nextDifference, screen.canShowWhole ? .showWhole : .toggleFold]
        case .jobs: return [.up, .stopJob]
        case .recovery: return [.help, .up, .open, .undo, .delete, .filter]
        }
    }

    private static func wanted(_ dialog: Dialog, _ layout: ScreenLayout, isInRecovery: Bool) -> [Command] {
        switch dialog {
        case .change(let change):
            guard change.fits(layout) else { return [.dismiss] }
            let others: [Command] =
                change.act == .trim ? [.more, .fewer, .snap] : change.record.hasContext ? [.scope] : []
            return (change.isReady ? [.dismiss, .confirm] : [.dismiss]) + others
        case .undo(let undo):
            let others: [Command] = undo.act.isEmpty ? [] : [.scope]
            return (undo.isReady ? [.dismiss, .confirm] : [.dismiss]) + others + (isInRecovery ? [] : [.recovery])
        case .export(let export):
            guard export.question == nil else { return [.dismiss, .confirm] }
            let other: [Command] = export.takesNewest ? [export.field == .path ? .newerLine : .olderLine] : []
            return [.accept, .dismiss, .focusNext] + other
        case .forget(let forget): return forget.fits(layout) ? [.dismiss, .confirm] : [.dismiss]
        case .choice, .copy: return [.dismiss, .press]
        case .bulk(let bulk):
            if bulk.act == .export { return [.accept, .dismiss, .focusNext] }
            guard bulk.fits(layout) else { return [.dismiss] }
            let others: [Command] =
                bulk.act == .trim ? [.more, .fewer, .snap] : bulk.contexts > 0 ? [.scope] : []
            return (bulk.isReady ? [.dismiss, .confirm] : [.dismiss]) + others
        case .columns: return [.toggle, .moveDown, .dismiss]
        case .question: return [.dismiss, .confirm]
        }
    }

    /// The mode whose keys answer now.
    private static func mode(_ state: BrowserState) -> Mode {
        state.dialog == nil ? state.screenMode : state.mode
    }

    private static func hints(_ state: BrowserState, room: Int) -> [Hint] {
        var hints: [Hint] = []
        var used = 0
        let mode = mode(state)
        for command in wanted(state) {
            guard let key = state.keyMap.key(for: command, in: mode), let word = word(command, state),
                state.dialog != nil || state.reasonAgainst(command) == nil
            else { continue }
            let hint = Hint(key: key, word: word)
            let columns = hint.key.name.count + hint.word.count + 3
            if used + columns > room { continue }
            used += columns
            hints.append(hint)
        }
        // Help stands last, where the eye finds it.
        if let help = hints.first, help.word == Command.help.hint, hints.count > 1 {
            hints.removeFirst()
            hints.append(help)
        }
        return hints
    }

    private static func word(_ command: Command, _ state: BrowserState) -> String? {
        if command == .up, state.screens.count == 1 { return "quit" }
        if command == .focusNext { return "format" }
        if command == .newerLine, case .export = state.dialog { return "messages" }
        if command == .olderLine, case .export = state.dialog { return "file" }
        if command == .accept, state.dialog != nil { return "export" }
        if case .recovery = state.top, state.dialog == nil, command == .open { return "look inside" }
        if case .recovery = state.top, state.dialog == nil, command == .delete { return "remove" }
        if case .choice = state.dialog, command == .press { return "choose" }
        if command == .raw, case .document(let screen) = state.top, let pane = screen.pane {
            return pane.form == .text ? (pane.document.format == .binary ? "bytes" : "form") : "text"
        }
        return command.hint
    }
}
