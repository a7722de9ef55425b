internal import StoredRecords

extension BrowserState {
    var browseTop: BrowseScreen? {
        if case .browse(let screen) = top { screen } else { nil }
    }

    // MARK: Tabs

    /// Goes back to the lists and shows a tab of them.
    mutating func show(_ tab: BrowseScreen.Tab) {
        while browseTop == nil, pop() {}
        guard let screen = browseTop else { return }
        input = nil
        edit(browse: screen.id) {
            $0.isTabAutomatic = false
            if $0.tab != tab { $0.follow = nil }
            $0.tab = tab
            $0.focus = tab == .sources ? .sources : .records
            $0.preview.due = nil
        }
        loadList()
    }

    /// Sees to it that the list of the tab is read, and its preview.
    mutating func loadList() {
        guard let screen = browseTop else { return }
        if let kind = screen.kind {
            if screen.lists[kind] == nil {
                let sort = listChoices.sort(of: kind)
                edit(browse: screen.id) { $0.lists[kind] = RecordList(kind: kind, sort: sort) }
            }
            beginList(screen.id, kind)
        }
        wantPreview()
    }

    // MARK: Commands

    mutating func runInBrowse(_ command: Command) {
        guard let screen = browseTop else { return }
        let height = layout.recordLines
        switch command {
        case .nextPane, .previousPane: movePane(command == .nextPane ? 1 : -1)
        case .previewDown: scrollPreview(by: 3)
        case .previewUp: scrollPreview(by: -3)
        case .open: openSelected()
        case .sort: openSort()
        case .reverseSort:
            if let sort = screen.list?.sort { setSort(RecordSort(sort.field, descending: !sort.descending)) }
        case .refresh: refresh()
        case .mark: markSelected()
        case .markRange: markRange()
        case .markAll: markAll()
        case .columns: openColumns()
        case .levelBack: goLevelBack()
        default:
            guard let step = step(of: command, height: height) else { return }
            if screen.focus == .preview {
                scrollPreview(by: step)
            } else if screen.focus == .sources || screen.tab == .sources {
                moveSource(by: step)
            } else if let kind = screen.kind {
                moveRecord(kind, command, step)
            }
        }
    }

    /// How many lines a moving command moves; the ends are very far.
    func step(of command: Command, height: Int) -> Int? {
        switch command {
        case .lineDown: 1
        case .lineUp: -1
        case .halfPageDown: max(1, height / 2)
        case .halfPageUp: -max(1, height / 2)
        case .pageDown: max(1, height - 1)
        case .pageUp: -max(1, height - 1)
        case .toTop: -Self.farAway
        case .toBottom: Self.farAway
        default: nil
        }
    }

    static let farAway = 1 << 40

    mutating func moveRecord(_ kind: RecordKind, _ command: Command, _ step: Int) {
        guard let screen = browseTop, let list = screen.list else { return }
        let height = layout.recordLines
        if list.rangeStart != nil, command == .toBottom && !list.isAtEnd || command == .toTop && !list.isAtStart {
            return tell(.warning, "the range would pass rows that are not loaded; A marks all that match")
        }
        if command == .toBottom, !list.isAtEnd {
            restart(screen.id, kind, at: .bottom)
        } else if command == .toTop, !list.isAtStart {
            restart(screen.id, kind, at: .top)
        } else {
            edit(browse: screen.id) {
                guard var list = $0.lists.removeValue(forKey: kind) else { return }
                list.moveCursor(to: list.cursor + step, height: height)
                if command == .toTop { list.anchor = .top }
                $0.lists[kind] = list
            }
            askWanted(screen.id, kind)
        }
        wantPreview()
    }

    mutating func goToRow(_ number: Int) {
        guard let screen = browseTop, let list = screen.list, let kind = screen.kind else { return }
        let height = layout.recordLines
        if let offset = list.offset, (offset..<offset + list.rows.count).contains(number - 1) {
            edit(browse: screen.id) { $0.lists[kind]?.moveCursor(to: number - 1 - offset, height: height) }
            askWanted(screen.id, kind)
            wantPreview()
        } else if case .exact(let total) = list.total, number > total {
            tell(.warning, "the list has \(Words.count(total, "records"))")
        } else if list.filter?.bySums != nil {
            tell(
                .warning,
                "row \(Words.grouped(number)) is not loaded; with this filter only near rows are reached by number")
        } else if list.windows.count == 1, let source = list.windows.first?.source {
            cancelLists(screen.id, kind)
            edit(browse: screen.id) { $0.lists[kind]?.restartAtFirstRow() }
            ask(
                screen.id, kind,
                RecordList.Wanted(
                    source: source, request: PageRequest(.position(number - 1), limit: RecordList.pageSize)))
        } else {
            tell(
                .warning,
                "row \(Words.grouped(number)) is not loaded; in a list of several sources only near rows are reached by number"
            )
        }
    }

    private mutating func moveSource(by step: Int) {
        guard let screen = browseTop else { return }
        let all = sources(of: screen)
        guard !all.isEmpty else { return }
        let at = all.firstIndex { $0.name == screen.source } ?? 0
        let index = max(0, min(all.count - 1, step > all.count ? all.count - 1 : at + max(step, -all.count)))
        let height = layout.recordLines
        edit(browse: screen.id) {
            $0.source = all[index].name
            if index < $0.sourceTop { $0.sourceTop = index }
            if index >= $0.sourceTop + height { $0.sourceTop = index - height + 1 }
        }
    }

    private mutating func movePane(_ step: Int) {
        guard let screen = browseTop else { return }
        var panes: [BrowseScreen.Pane] = []
        if layout.hasSourcesColumn || screen.tab == .sources { panes.append(.sources) }
        if screen.tab != .sources { panes.append(.records) }
        if layout.hasPreview, screen.tab != .sources { panes.append(.preview) }
        guard panes.count > 1 else { return tell(.info, "there is one pane at this width") }
        let at = panes.firstIndex(of: screen.focus) ?? 0
        let next = panes[(at + step + panes.count) % panes.count]
        edit(browse: screen.id) { $0.focus = next }
    }

    private mutating func openSelected() {
        guard let screen = browseTop else { return }
        if screen.focus == .sources || screen.tab == .sources {
            openSource(screen.id)
        } else if let record = screen.list?.selectedRecord {
            push(record, from: screen.id)
        }
    }

    mutating func openSource(_ id: ScreenID) {
        guard let screen = browseTop, screen.id == id else { return }
        guard let source = sources(of: screen).first(where: { $0.name == screen.source }) else { return }
        switch source.phase {
        case .failed: open(source.name)
        case .connecting: tell(.info, "\(source.name) is still being opened")
        case .open(let opened):
            if screen.scope != nil { return show(.records(opened.kinds.first ?? .raw)) }
            let order: [RecordKind] = [.thread, .index, .artifact, .task, .raw]
            let kind = order.first(where: source.holds) ?? opened.kinds.first
            guard let kind else { return tell(.info, "\(source.name) is empty") }
            push(.browse(BrowseScreen(id: newScreenID(), scope: source.name, tab: .records(kind))))
            loadList()
        }
    }

    mutating func push(_ record: RecordSummary, from list: ScreenID) {
        let id = newScreenID()
        if record.id.kind == .thread {
            push(.thread(ThreadScreen(id: id, record: record, list: list, width: layout.contentWidth)))
            askMessages(id, PageRequest(.first, limit: ThreadScreen.pageSize))
        } else {
            push(.document(DocumentScreen(id: id, record: record, list: list)))
            askDocuments(id, record.id)
        }
    }

    /// Shows the neighbour of the record on the screen, in the list it came from.
    mutating func openNeighbour(of screen: ScreenID, list: ScreenID?, step: Int) {
        if let list, case .results(let results) = screens.first(where: { $0.id == list }) {
            return stepHitRecord(results, forward: step > 0)
        }
        guard let list, case .browse(let browse) = screens.first(where: { $0.id == list }), let kind = browse.kind,
            let records = browse.list
        else { return tell(.info, "there is no list behind this") }
        let height = layout.recordLines
        let target = records.cursor + step
        guard records.rows.indices.contains(target) else {
            if !(step > 0 ? records.isAtEnd : records.isAtStart) {
                askWanted(list, kind)
                return tell(.info, "the next records of the list are being read")
            }
            return tell(.info, step > 0 ? "this is the last of the list" : "this is the first of the list")
        }
        edit(browse: list) { $0.lists[kind]?.moveCursor(to: target, height: height) }
        askWanted(list, kind)
        let record = records.rows[target]
        pop()
        push(record, from: list)
    }

    private mutating func refresh() {
        guard let screen = browseTop else { return }
        if sources.isEmpty { return findSourcesAgain() }
        for source in sources(of: screen) {
            switch source.phase {
            case .failed: open(source.name)
            case .connecting: break
            case .open(let opened):
                for kind in opened.kinds { recount(source.name, kind) }
            }
        }
        if let kind = screen.kind {
            beginList(screen.id, kind)
            refreshList(screen.id, kind)
        }
        edit(browse: screen.id) { $0.preview.record = nil }
        wantPreview()
    }
}
