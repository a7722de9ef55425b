import BrowserModel
import StoredRecords
import TerminalSurface

/// The first line: the tabs of the lists, or the way to what is shown.
enum TopLine {
    static func draw(_ state: BrowserState, into grid: inout CellGrid) {
        let rect = state.layout.breadcrumbs
        if case .browse(let screen) = state.top {
            tabs(screen, state, rect, into: &grid)
        } else {
            crumbs(state, rect, into: &grid)
        }
    }

    // MARK: Tabs

    private struct Tab {
        var number: String
        var word: String
        var count: String
        var isCurrent: Bool
        var command: Command

        var full: String { " \(number) \(word)\(count.isEmpty ? "" : " \(count)") " }
        var short: String { " \(number) " }
    }

    private static func tabs(_ screen: BrowseScreen, _ state: BrowserState, _ rect: Rect, into grid: inout CellGrid) {
        var column = rect.column
        if let scope = screen.scope {
            let name = TextFit.truncatedMiddle(scope, to: max(6, rect.width / 4))
            column += grid.put(" " + name, row: rect.row, column: column, maxWidth: rect.width / 3, style: .breadcrumb)
            column += grid.put(" › ", row: rect.row, column: column, style: .dim)
        }
        let tabs = tabs(of: screen, state)
        let room = rect.endColumn - column
        let fits = tabs.reduce(0) { $0 + CharacterWidth.columns(of: $1.full) } <= room
        for tab in tabs {
            let text = fits || tab.isCurrent ? tab.full : tab.short
            let style: Style = tab.isCurrent ? Style(.title, .reverse) : .dim
            let width = grid.put(
                text, row: rect.row, column: column, maxWidth: rect.endColumn - column, style: style)
            grid.add(
                key: state.keyMap.key(for: tab.command, in: state.screenMode), row: rect.row, column: column,
                width: width)
            column += width
        }
        let name = "ctxbrowse"
        if fits, rect.endColumn - column > name.count + 4 {
            grid.put(name + " ", row: rect.row, column: rect.endColumn - name.count - 1, style: .dim)
        }
    }

    private static func tabs(of screen: BrowseScreen, _ state: BrowserState) -> [Tab] {
        var kinds: [RecordKind] = [.index, .thread, .artifact, .task]
        let hasRaw = state.sources(of: screen).contains { $0.kinds.contains(.raw) }
        if hasRaw || screen.kind == .raw { kinds.append(.raw) }
        var tabs = kinds.map { kind in
            Tab(
                number: kind == .raw ? "6" : String((kinds.firstIndex(of: kind) ?? 0) + 1),
                word: kind == .raw ? "Raw" : capitalized(kind.plural),
                count: state.total(of: kind, in: screen).map(Words.total) ?? "", isCurrent: screen.kind == kind,
                command: command(kind))
        }
        let sources = Tab(
            number: "5", word: "Sources", count: state.knowsSources ? String(state.sources(of: screen).count) : "",
            isCurrent: screen.tab == .sources, command: .showSources)
        tabs.insert(sources, at: 4)
        return tabs
    }

    private static func command(_ kind: RecordKind) -> Command {
        switch kind {
        case .index: .showIndexes
        case .thread: .showThreads
        case .artifact: .showArtifacts
        case .task: .showTasks
        case .raw: .showRaw
        }
    }

    static func capitalized(_ word: String) -> String {
        word.prefix(1).uppercased() + word.dropFirst()
    }

    // MARK: Breadcrumbs

    private static func crumbs(_ state: BrowserState, _ rect: Rect, into grid: inout CellGrid) {
        let place = place(state)
        let placeColumns = place.isEmpty ? 0 : CharacterWidth.columns(of: place) + 2
        let room = max(8, rect.width - placeColumns - 1)
        let crumbs = state.screens.compactMap { crumb($0, state) }
        let separator = " › "
        // The last crumb matters most: the others give way first.
        var shown = crumbs
        while shown.count > 1, columns(shown, separator) > room, shown.dropLast().contains(where: { $0.count > 10 }) {
            guard let index = shown.dropLast().firstIndex(where: { $0.count > 10 }) else { break }
            shown[index] = TextFit.truncated(shown[index], to: 10)
        }
        while shown.count > 1, columns(shown, separator) > room, columns(shown.dropLast(), separator) + 12 > room {
            shown.removeFirst()
        }
        let before = columns(shown.dropLast(), separator) + (shown.count > 1 ? separator.count : 0)
        if let last = shown.popLast() { shown.append(TextFit.truncatedTitle(last, to: max(4, room - before))) }
        var column = rect.column + 1
        for (index, crumb) in shown.enumerated() {
            if index > 0 { column += grid.put(separator, row: rect.row, column: column, style: .dim) }
            let isLast = index == shown.count - 1
            column += grid.put(
                crumb, row: rect.row, column: column, maxWidth: rect.endColumn - column,
                style: isLast ? .breadcrumb : .dim)
        }
        if !place.isEmpty, rect.endColumn - column >= placeColumns {
            grid.put(place, row: rect.row, column: rect.endColumn - placeColumns + 1, style: .dim)
        }
    }

    private static func columns(_ crumbs: some Collection<String>, _ separator: String) -> Int {
        crumbs.reduce(0) { $0 + CharacterWidth.columns(of: $1) } + max(0, crumbs.count - 1) * separator.count
    }

    private static func crumb(_ screen: Screen, _ state: BrowserState) -> String? {
        switch screen {
        case .browse(let screen):
            if let scope = screen.scope { return TextFit.truncatedMiddle(scope, to: 24) }
            return screen.kind.map { capitalized($0.plural) } ?? "Sources"
        case .thread(let screen): return name(screen.record)
        case .document(let screen): return TextFit.truncated(screen.title, to: 200)
        case .reader(let screen): return screen.title
        case .results(let screen): return "search " + Words.quoted(TextFit.truncated(screen.query.text.text, to: 80))
        case .jobs: return "jobs"
        case .diff(let screen): return screen.title
        case .recovery: return "recovery"
        }
    }

    private static func name(_ record: RecordSummary) -> String {
        TextFit.truncated(record.name, to: 200)
    }

    /// Where in the document or thread the screen is.
    private static func place(_ state: BrowserState) -> String {
        let layout = state.layout
        switch state.top {
        case .thread(let screen):
            guard let message = screen.current else { return "" }
            var place = "message \(Words.grouped(message.position + 1)) of \(Words.total(screen.total))"
            guard layout.size.width >= 100 else { return place }
            if let tokens = screen.tokenWords { place += " · \(tokens)" }
            if let bytes = screen.record.bytes { place += " · \(Words.size(bytes))" }
            return place
        case .document(let screen):
            guard let pane = screen.pane else { return "" }
            switch pane.form {
            case .text: return "\(pane.text.percent(width: layout.contentWidth, height: layout.contentLines)) %"
            case .hex:
                let rows = max(1, pane.hex.rowCount(width: layout.contentWidth))
                return "\(min(100, (pane.hex.top(width: layout.contentWidth) + layout.contentLines) * 100 / rows)) %"
            case .table:
                return pane.table.map { "row \(Words.grouped($0.cursor + 1)) of \(Words.grouped($0.rowCount))" } ?? ""
            case .tree: return Words.size(Int64(pane.document.bytes.count))
            }
        case .reader(let screen):
            let seen = min(screen.lines.count, screen.top + layout.contentLines)
            return screen.lines.isEmpty ? "" : "\(seen * 100 / screen.lines.count) %"
        case .diff(let screen): return DiffView.counts(screen)
        case .jobs: return Words.count(state.jobs.count, "jobs")
        case .results(let screen): return screen.isSearching ? "searching …" : ""
        case .recovery(let screen):
            return screen.shown.isEmpty
                ? "" : "\(Words.grouped(screen.cursor + 1)) of \(Words.grouped(screen.shown.count))"
        case .browse: return ""
        }
    }
}
