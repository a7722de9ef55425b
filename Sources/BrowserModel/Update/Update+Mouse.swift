internal import JSONText
internal import StoredRecords
internal import TerminalSurface

/// The mouse, where the user has asked for it: the wheel scrolls what is under
/// it, a click selects, a double click opens. A click on what stands for a key
/// (a tab, a button) comes as that key.
extension BrowserState {
    /// Lines that one step of the wheel scrolls.
    private static let wheelLines = 3

    mutating func handle(_ press: MousePress) {
        // A question is answered by its buttons and by keys, each of which it names.
        guard dialog == nil, input == nil, !dropsTypedAhead else { return }
        switch press.button {
        case .wheelUp: scroll(by: -Self.wheelLines, at: press.position)
        case .wheelDown: scroll(by: Self.wheelLines, at: press.position)
        case .left: click(press)
        case .middle, .right: break
        }
    }

    private func pane(at position: GridPosition, _ screen: BrowseScreen) -> BrowseScreen.Pane? {
        guard layout.body.contains(row: position.row, column: position.column) else { return nil }
        if screen.tab == .sources {
            let table = sourcesTable(of: screen)
            if let facts = table.facts, facts.contains(row: position.row, column: position.column) { return nil }
            return table.rect.contains(row: position.row, column: position.column) ? .sources : nil
        }
        if let preview = layout.preview, position.column >= preview.column - 1 { return .preview }
        if let sources = layout.sources, position.column < sources.endColumn { return .sources }
        return .records
    }

    // MARK: The wheel

    private mutating func scroll(by lines: Int, at position: GridPosition) {
        switch top {
        case .browse(let screen):
            switch pane(at: position, screen) {
            case .preview: scrollPreview(by: lines)
            case .records: if let kind = screen.kind { scrollRecords(kind, by: lines) }
            case .sources: step(lines > 0 ? .lineDown : .lineUp, in: .sources)
            case nil: break
            }
        default:
            for _ in 0..<abs(lines) { run(lines > 0 ? .lineDown : .lineUp) }
        }
    }

    /// Scrolls the list with its cursor kept on the screen; at an end, the cursor goes there.
    private mutating func scrollRecords(_ kind: RecordKind, by lines: Int) {
        guard let screen = browseTop else { return }
        let height = layout.recordLines
        edit(browse: screen.id) {
            guard var list = $0.lists.removeValue(forKey: kind) else { return }
            let top = max(0, min(list.top + lines, list.rows.count - height))
            if top == list.top {
                list.moveCursor(to: list.cursor + lines, height: height)
            } else {
                list.top = top
                list.moveCursor(to: max(top, min(list.cursor, top + height - 1)), height: height)
            }
            $0.lists[kind] = list
        }
        askWanted(screen.id, kind)
        wantPreview()
    }

    /// Carries out a moving command in a pane that need not have the focus.
    private mutating func step(_ command: Command, in pane: BrowseScreen.Pane) {
        guard let screen = browseTop else { return }
        let focus = screen.focus
        edit(browse: screen.id) { $0.focus = pane }
        run(command)
        edit(browse: screen.id) { $0.focus = focus }
    }

    // MARK: Clicks

    private mutating func click(_ press: MousePress) {
        let row = press.position.row - layout.body.row
        guard layout.body.contains(row: press.position.row, column: press.position.column) else { return }
        switch top {
        case .browse(let screen): click(press, row, screen)
        case .thread(let screen):
            if press.position.column < screen.layout.listColumns {
                let height = layout.contentLines
                edit(thread: screen.id) { $0.moveToMessage($0.listTop + row, height: height) }
                return askWantedMessages(screen.id)
            }
            var place: MessageLine? = screen.top
            for _ in 0..<row { place = place.flatMap(screen.next) }
            guard let place else { return }
            let height = layout.contentLines
            edit(thread: screen.id) { $0.place(place, height: height) }
            if press.isDoubleClick { run(.open) }
        case .document(let screen): click(press, row, screen)
        case .jobs(var screen):
            guard jobs.indices.contains(row) else { return }
            screen.selected = jobs[row].id
            screens[screens.count - 1] = .jobs(screen)
        case .results(let screen):
            // Where there is room, the first line says what the search covers.
            let line = screen.top + row - layout.headingLines
            guard row >= layout.headingLines, screen.rows.indices.contains(line) else { return }
            let height = layout.recordLines
            edit(results: screen.id) { $0.move(to: line, height: height) }
            if press.isDoubleClick { run(.open) }
        case .recovery(let screen):
            let line = screen.top + row - layout.headingLines
            guard row >= layout.headingLines, row < layout.headingLines + layout.recoveryLines,
                screen.shown.indices.contains(line)
            else { return }
            let height = layout.recoveryLines
            edit(recovery: screen.id) { $0.move(to: line, height: height) }
            if press.isDoubleClick { run(.open) }
        case .reader, .diff: break
        }
    }

    private mutating func click(_ press: MousePress, _ row: Int, _ screen: BrowseScreen) {
        let line = row - layout.headingLines
        let height = layout.recordLines
        guard let pane = pane(at: press.position, screen) else { return }
        switch pane {
        case .preview: edit(browse: screen.id) { $0.focus = .preview }
        case .sources:
            // Beside the records each source has two lines, below a heading that is always there.
            let index = screen.sourceTop + (screen.tab == .sources ? line : (row - 1) / 2)
            let all = sources(of: screen)
            guard line >= 0 || (screen.tab != .sources && row > 0), all.indices.contains(index) else { return }
            edit(browse: screen.id) {
                $0.focus = .sources
                $0.source = all[index].name
            }
            if press.isDoubleClick { run(.open) }
        case .records:
            if line == -1 { return sort(byColumnAt: press.position.column, screen) }
            guard let kind = screen.kind, let list = screen.list, line >= 0,
                list.rows.indices.contains(list.top + line)
            else { return }
            edit(browse: screen.id) {
                $0.focus = .records
                $0.lists[kind]?.moveCursor(to: list.top + line, height: height)
            }
            askWanted(screen.id, kind)
            wantPreview()
            if press.isDoubleClick { run(.open) }
        }
    }

    /// Sorts by the column whose heading is there; a second click reverses.
    private mutating func sort(byColumnAt column: Int, _ screen: BrowseScreen) {
        guard let list = screen.list, !list.rows.isEmpty else { return }
        var start = layout.records.column + 2
        for (shown, width) in columns(of: screen) {
            guard column < start + width + 2 else {
                start += width + 2
                continue
            }
            guard let field = shown.field, sortFields(of: list).contains(field) else {
                let names = sortFields(of: list).map { Self.label(of: $0, list.kind) }
                return tell(
                    .info,
                    "\(list.kind.plural) are not sorted by \(shown.title), but by \(Self.list(names, last: " or ", limit: 20))"
                )
            }
            return chooseSort(field.rawValue)
        }
    }

    private mutating func click(_ press: MousePress, _ row: Int, _ screen: DocumentScreen) {
        guard let pane = screen.pane else { return }
        let height = layout.contentLines
        let index = screen.current
        switch pane.form {
        case .tree:
            guard let tree = pane.tree else { return }
            let rows = tree.rows(height: height)
            guard rows.indices.contains(row),
                let at = rows.firstIndex(where: { $0.node.start == tree.cursor.start })
            else { return }
            edit(document: screen.id) { $0.panes[index].tree?.move(by: row - at, height: height) }
            if press.isDoubleClick { run(.toggleFold) }
        case .table:
            guard let table = pane.table, row > 0, table.top + row - 1 < table.rowCount else { return }
            edit(document: screen.id) { $0.panes[index].table?.moveTo(row: table.top + row - 1, height: height - 1) }
        case .text, .hex: break
        }
    }
}
