import BrowserModel
import StoredRecords
import TerminalSurface

/// The last line: what there is to say on the left, the keys that work here and now on the right.
enum BottomLine {
    static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.bottom
        if let input = state.input {
            let prompt = " " + input.prompt
            let used = grid.put(prompt, row: rect.row, column: 0, maxWidth: rect.width, style: .keyHint)
            draw(input.line, rect.row, used, rect.width - used - 1, into: &grid)
            return
        }
        let status = status(state)
        let unread = state.unread > 0 ? "!\(state.unread) " : ""
        let statusColumns = min(rect.width, CharacterWidth.columns(of: status.text) + 1)
        // A notice may take the whole line; what is always there leaves half of it to the keys.
        let isNotice = state.notice != nil
        let hints = hints(state, room: isNotice ? rect.width - statusColumns - unread.count - 2 : rect.width * 3 / 5)
        let hintColumns = hints.reduce(0) { $0 + $1.key.count + $1.word.count + 3 }
        let room = rect.width - hintColumns - unread.count - 1
        grid.put(
            TextFit.truncated(status.text, to: max(0, room - 1)), row: rect.row, column: 1, maxWidth: max(0, room),
            style: status.style)
        var column = rect.width - hintColumns - unread.count
        if !unread.isEmpty { column += grid.put(unread, row: rect.row, column: column, style: .error) }
        for hint in hints {
            column += grid.put(hint.key, row: rect.row, column: column, style: .keyHint)
            column += grid.put(
                " " + hint.word + "  ", row: rect.row, column: column, maxWidth: rect.width - column, style: .dim)
        }
    }

    /// Draws a line being typed, scrolled so that its cursor is seen.
    static func draw(_ line: LineInput, _ row: Int, _ column: Int, _ width: Int, into grid: inout CellGrid) {
        guard width > 0 else { return }
        let before = CharacterWidth.columns(of: String(line.beforeCursor))
        let start = max(0, before - width + 1)
        grid.put(TextFit.slice(line.text, from: start, columns: width), row: row, column: column, maxWidth: width)
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
        if let act = state.jobs.first(where: \.isAct) {
            return (progress(act, state), .normal)
        }
        switch state.top {
        case .browse(let screen): return (listStatus(screen, state), .dim)
        case .thread(let screen): return (threadStatus(screen), .dim)
        case .document(let screen): return documentStatus(screen, state)
        case .reader, .jobs: return ("", .dim)
        }
    }

    static func progress(_ job: InFlight, _ state: BrowserState) -> String {
        var text = job.label + " …"
        if let progress = job.progress {
            text += " \(Words.grouped(progress.done))"
            if let total = progress.total { text += " of \(Words.grouped(total))" }
            text += " \(progress.unit)"
            let seconds = state.now.milliseconds(since: job.started) / 1000
            if seconds > 0 { text += " (\(Words.grouped(progress.done / Int(seconds)))/s)" }
        }
        return text
    }

    private static func listStatus(_ screen: BrowseScreen, _ state: BrowserState) -> String {
        if !state.knowsSources { return "looking for stores …" }
        guard let list = screen.list else {
            let open = state.sources(of: screen).filter { $0.opened != nil }.count
            let all = state.sources(of: screen).count
            return open == all ? Words.count(all, "sources") : "\(open) of \(all) sources open"
        }
        var parts: [String] = []
        if !list.rows.isEmpty {
            let lines = state.layout.recordLines
            let last = min(list.rows.count, list.top + lines)
            if let offset = list.offset {
                parts.append(
                    "\(Words.grouped(offset + list.top + 1))-\(Words.grouped(offset + last)) of \(Words.total(list.total))"
                )
            } else {
                parts.append("\(last - list.top) of \(Words.total(list.total))")
            }
        }
        if let filter = list.filter { parts.append("filter \"\(TextFit.truncated(filter.text, to: 24))\"") }
        let sort = list.sort
        if sort != RecordList.usualSort(of: list.kind) {
            parts.append("by \(BrowserState.label(of: sort.field, list.kind))\(sort.descending ? " ↓" : " ↑")")
        }
        if !list.unordered.isEmpty { parts.append("last, not so ordered: \(list.unordered.joined(separator: ", "))") }
        let failed = list.failures.count
        let asked = list.windows.count
        let answered = list.windows.filter { $0.isAnswered }.count
        if failed > 0 {
            parts.append("\(Words.count(failed, "sources")) failed, r tries again")
        } else if answered < asked, !list.rows.isEmpty {
            parts.append("\(answered) of \(asked) sources")
        }
        return parts.joined(separator: " · ")
    }

    private static func threadStatus(_ screen: ThreadScreen) -> String {
        var parts: [String] = []
        if screen.isLoading, screen.isLoaded { parts.append("reading …") }
        if !screen.searchText.isEmpty { parts.append("/\(TextFit.truncated(screen.searchText, to: 24))") }
        if let tokens = screen.record.tokens { parts.append("\(Words.grouped(tokens)) tokens") }
        parts.append(screen.record.id.source)
        if let note = screen.record.notes.first ?? screen.notes.first { parts.append("! " + note) }
        return parts.joined(separator: " · ")
    }

    private static func documentStatus(_ screen: DocumentScreen, _ state: BrowserState) -> (text: String, style: Style)
    {
        guard let pane = screen.pane else { return ("", .dim) }
        if pane.form == .tree, let tree = pane.tree {
            if let problem = tree.problem { return ("! broken: \(problem)", .warning) }
            // The root needs no path, so that there is room for what is remarkable.
            if tree.path == ".", let note = note(screen) { return (note, .warning) }
            return (tree.percentRead.map { "\(tree.path)  (\($0) % read)" } ?? tree.path, .normal)
        }
        if let note = note(screen) { return (note, .warning) }
        var parts: [String] = []
        if screen.panes.count > 1 { parts.append("\(screen.current + 1)/\(screen.panes.count)") }
        parts.append(pane.document.name)
        parts.append(Words.size(Int64(pane.document.bytes.count)))
        if pane.form == .hex { parts.append("bytes") }
        if let problem = pane.problem {
            return ("! \(pane.document.name) is shown as text: \(problem)", .warning)
        }
        if let note = pane.document.notes.first { parts.append("! " + note) }
        return (parts.joined(separator: " · "), .dim)
    }

    /// What is remarkable of the record on the screen; `m` shows it in full.
    private static func note(_ screen: DocumentScreen) -> String? {
        screen.isPart ? nil : screen.record.notes.first.map { "! " + $0 }
    }

    // MARK: Hints

    private struct Hint {
        var key: String
        var word: String
    }

    /// The keys worth naming here, in the order they are worth it.
    private static func wanted(_ state: BrowserState) -> [Command] {
        if let dialog = state.dialog { return wanted(dialog, state.layout) }
        switch state.top {
        case .browse(let screen):
            if screen.tab == .sources { return [.help, .open, .refresh, .up] }
            let isRemarkable = screen.list?.selectedRecord?.notes.isEmpty == false
            return [.help, .open] + (isRemarkable ? [.facts] : []) + [
                .filter, .sort, .trim, .delete, .export, .undo, .up,
            ]
        case .thread: return [.help, .up, .foldTools, .open, .raw, .search, .metadata, .trim, .export, .delete]
        case .document(let screen):
            let isRemarkable = !screen.isPart && !screen.record.notes.isEmpty
            return [.help, .up] + (isRemarkable ? [.facts] : []) + [.toggleFold, .raw, .search]
                + (screen.panes.count > 1 ? [.nextDocument] : [])
                + [.wrap, .export, .delete]
        case .reader: return [.up]
        case .jobs: return [.up, .stopJob]
        }
    }

    private static func wanted(_ dialog: Dialog, _ layout: ScreenLayout) -> [Command] {
        switch dialog {
        case .change(let change):
            guard change.fits(layout) else { return [.dismiss] }
            let others: [Command] =
                change.act == .trim ? [.more, .fewer, .snap] : change.record.hasContext ? [.scope] : []
            return (change.isReady ? [.dismiss, .confirm] : [.dismiss]) + others
        case .undo(let undo): return undo.isReady ? [.dismiss, .confirm] : [.dismiss]
        case .export(let export):
            return export.question == nil ? [.accept, .dismiss, .focusNext] : [.dismiss, .confirm]
        case .choice: return [.dismiss, .press]
        }
    }

    /// The mode whose keys answer now.
    private static func mode(_ state: BrowserState) -> Mode {
        guard let dialog = state.dialog else { return state.top.mode }
        if case .export(let export) = dialog, export.question == nil { return .input }
        return .dialog
    }

    private static func hints(_ state: BrowserState, room: Int) -> [Hint] {
        var hints: [Hint] = []
        var used = 0
        let mode = mode(state)
        for command in wanted(state) {
            guard let key = state.keyMap.key(for: command, in: mode), let word = word(command, state),
                state.dialog != nil || state.reasonAgainst(command) == nil
            else { continue }
            let hint = Hint(key: key.name, word: word)
            let columns = hint.key.count + hint.word.count + 3
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
        if case .export = state.dialog, command == .accept { return "export" }
        if case .choice = state.dialog, command == .press { return "choose" }
        if command == .raw, case .document(let screen) = state.top, let pane = screen.pane {
            return pane.form == .text ? (pane.document.format == .binary ? "bytes" : "form") : "text"
        }
        return command.hint
    }
}
