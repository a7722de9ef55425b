public import StoredRecords
internal import TerminalSurface

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
                edit(browse: screen.id) { $0.lists[kind] = RecordList(kind: kind) }
            }
            beginList(screen.id, kind)
        }
        wantPreview()
    }

    /// Asks every source that has the kind and was not asked yet.
    mutating func beginList(_ id: ScreenID, _ kind: RecordKind) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        let names = sources(of: screen).filter { $0.kinds.contains(kind) }.map(\.name)
        edit(browse: id) { $0.lists[kind]?.setSources(names) }
        let known = list.windows.filter { $0.isAnswered || $0.isLoading || $0.error != nil }.map(\.source)
        for name in names where !known.contains(name) {
            ask(id, kind, RecordList.Wanted(source: name, request: list.beginning))
        }
    }

    private mutating func ask(_ id: ScreenID, _ kind: RecordKind, _ wanted: RecordList.Wanted) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        let query = RecordQuery(kind, filter: list.filter, sort: list.sort, page: wanted.request)
        let request = send(
            .list(source: wanted.source, query: query),
            .list(kind: kind, source: wanted.source, wanted.request),
            "list \(kind.plural) of \(wanted.source)", screen: id)
        edit(browse: id) { $0.lists[kind]?.began(request, wanted.request, source: wanted.source) }
    }

    /// Asks for the pages around the cursor that are not there yet.
    private mutating func askWanted(_ id: ScreenID, _ kind: RecordKind) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        for wanted in list.wanted(height: layout.recordLines) { ask(id, kind, wanted) }
    }

    mutating func takeList(
        _ answer: Answer, _ job: InFlight, _ kind: RecordKind, _ source: String, _ request: PageRequest
    ) {
        guard let id = job.screen else { return }
        let height = layout.recordLines
        switch answer {
        case .listed(let page):
            edit(browse: id) { $0.lists[kind]?.arrived(page, for: request, job.id, source: source, height: height) }
            for note in page.notes where request.start == .first { tell(.warning, "\(source): \(note)") }
            askWanted(id, kind)
        case .failed(let error):
            edit(browse: id) { $0.lists[kind]?.failed(error, job.id, source: source) }
            tell(error)
        default: break
        }
        if browseTop?.id == id, browseTop?.kind == kind { wantPreview() }
    }

    // MARK: Filter and sort

    mutating func openFilter() {
        guard let list = browseTop?.list else { return }
        input = Input(.filter, list.filter?.text ?? "")
    }

    mutating func setFilter(_ text: String) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        edit(browse: screen.id) { $0.filterDue = nil }
        restart(screen.id, kind) { $0.filter = TextFilter(text) }
    }

    /// Applies what is typed so far.
    mutating func applyFilter(_ id: ScreenID) {
        edit(browse: id) { $0.filterDue = nil }
        guard let input, input.purpose == .filter, let kind = browseTop?.kind else { return }
        let filter = TextFilter(input.line.text)
        if browseTop?.list?.filter?.text == filter?.text { return }
        restart(id, kind) { $0.filter = filter }
    }

    mutating func setSort(_ sort: RecordSort) {
        guard let screen = browseTop, let kind = screen.kind else { return }
        restart(screen.id, kind) { $0.sort = sort }
    }

    /// Reads a list from its beginning, or its end, with what `change` makes different.
    private mutating func restart(
        _ id: ScreenID, _ kind: RecordKind, at anchor: RecordList.Anchor = .top,
        _ change: (inout RecordList) -> Void = { _ in }
    ) {
        cancelLists(id, kind)
        edit(browse: id) {
            guard var list = $0.lists.removeValue(forKey: kind) else { return }
            change(&list)
            list.restart(at: anchor)
            $0.lists[kind] = list
        }
        beginList(id, kind)
    }

    private mutating func cancelLists(_ id: ScreenID, _ kind: RecordKind) {
        for job in jobs where job.screen == id {
            if case .list(kind, _, _) = job.purpose { cancel(job.id) }
        }
    }

    /// Reads what is shown again, keeping the place.
    mutating func refreshList(_ id: ScreenID, _ kind: RecordKind) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        cancelLists(id, kind)
        let wanted = list.refreshing
        edit(browse: id) { screen in
            guard var list = screen.lists.removeValue(forKey: kind) else { return }
            for index in list.windows.indices {
                for request in list.windows[index].requests { list.windows[index].forget(request) }
            }
            screen.lists[kind] = list
        }
        for wanted in wanted { ask(id, kind, wanted) }
    }

    mutating func openSort() {
        guard let list = browseTop?.list else { return }
        let fields = sortFields(of: list)
        let items = fields.map { field in
            ChoiceDialog.Item(
                letter: Self.letter(of: field), label: Self.label(of: field, list.kind), value: field.rawValue,
                isCurrent: field == list.sort.field)
        }
        guard !items.isEmpty else { return tell(.info, "this list has one order only") }
        var dialog = ChoiceDialog(purpose: .sort, title: "Sort by (again reverses)", items: items)
        dialog.selected = items.firstIndex(where: \.isCurrent) ?? 0
        self.dialog = .choice(dialog)
    }

    /// The fields all sources of a list can sort by.
    private func sortFields(of list: RecordList) -> [RecordSort.Field] {
        let able = list.windows.compactMap { source($0.source)?.capabilities[list.kind]?.sortFields }
        guard let first = able.first else { return [.updated, .key] }
        return RecordSort.Field.allCases.filter { field in
            first.contains(field) && able.allSatisfy { $0.contains(field) }
        }
    }

    static func letter(of field: RecordSort.Field) -> Character {
        switch field {
        case .updated: "u"
        case .created: "c"
        case .key: "k"
        case .title: "t"
        case .messages: "m"
        case .tokens: "o"
        case .bytes: "b"
        case .group: "g"
        case .status: "s"
        }
    }

    public static func label(of field: RecordSort.Field, _ kind: RecordKind) -> String {
        switch field {
        case .updated: kind == .index ? "synced" : "updated"
        case .created: "created"
        case .key: kind == .index ? "key" : "id"
        case .title: "title"
        case .messages: "messages"
        case .tokens: "tokens"
        case .bytes: "size"
        case .group:
            switch kind {
            case .index: "origin"
            case .artifact: "type"
            default: "agent"
            }
        case .status: kind == .task ? "state" : "status"
        }
    }

    mutating func chooseSort(_ word: String) {
        guard let field = RecordSort.Field(rawValue: word), let list = browseTop?.list else { return }
        if field == list.sort.field {
            setSort(RecordSort(field, descending: !list.sort.descending))
        } else {
            setSort(RecordSort(field, descending: [.updated, .created, .messages, .tokens, .bytes].contains(field)))
        }
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

    private mutating func moveRecord(_ kind: RecordKind, _ command: Command, _ step: Int) {
        guard let screen = browseTop, let list = screen.list else { return }
        let height = layout.recordLines
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
            openSource(screen)
        } else if let record = screen.list?.selectedRecord {
            push(record, from: screen.id)
        }
    }

    private mutating func openSource(_ screen: BrowseScreen) {
        guard let source = sources(of: screen).first(where: { $0.name == screen.source }) else { return }
        switch source.phase {
        case .failed: open(source.name)
        case .connecting: tell(.info, "\(source.name) is still being opened")
        case .open(let opened):
            if screen.scope != nil { return show(.records(opened.kinds.first ?? .raw)) }
            let order: [RecordKind] = [.thread, .index, .artifact, .task, .raw]
            let kind =
                order.first { opened.kinds.contains($0) && source.counts[$0] != .exact(0) } ?? opened.kinds.first
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
        guard let list, case .browse(let browse) = screens.first(where: { $0.id == list }), let kind = browse.kind,
            let records = browse.list
        else { return tell(.info, "there is no list behind this") }
        let height = layout.recordLines
        let target = records.cursor + step
        guard records.rows.indices.contains(target) else {
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

    // MARK: Preview

    private mutating func scrollPreview(by count: Int) {
        guard let screen = browseTop, let preview = layout.preview else { return }
        edit(browse: screen.id) { $0.preview.scroll(by: count, height: preview.height) }
    }

    /// Remembers what the preview is to show once the cursor has rested.
    mutating func wantPreview() {
        guard let screen = browseTop, layout.hasPreview, screen.kind != nil else { return }
        let record = screen.list?.selectedRecord
        if record == nil {
            if screen.list?.isLoading != true {
                if let request = screen.preview.request { cancel(request) }
                edit(browse: screen.id) { $0.preview.clear() }
            }
            return
        }
        let isShown = screen.preview.record?.id == record?.id && screen.preview.request == nil
        let isComing = screen.preview.wanted?.id == record?.id
        if isComing { return }
        if let request = screen.preview.request { cancel(request) }
        let due = now.adding(milliseconds: Preview.pause)
        edit(browse: screen.id) {
            $0.preview.request = nil
            $0.preview.wanted = isShown ? nil : record
            $0.preview.due = isShown ? nil : due
        }
    }

    mutating func askPreview(_ id: ScreenID) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let record = screen.preview.wanted
        else {
            return edit(browse: id) { $0.preview.due = nil }
        }
        edit(browse: id) { $0.preview.due = nil }
        let label = "preview \(record.id.key)"
        let request: RequestID
        if record.id.kind == .thread {
            request = send(
                .messages(record.id, PageRequest(.first, limit: Preview.messages)), .preview(record.id), label,
                screen: id)
        } else if let bytes = record.bytes, bytes <= Preview.documentBytes {
            request = send(.documents(record.id), .preview(record.id), label, screen: id)
        } else {
            return showPreview(id, record, .nothing)
        }
        edit(browse: id) { $0.preview.request = request }
    }

    mutating func takePreview(_ answer: Answer, _ job: InFlight, _ record: RecordID) {
        guard let id = job.screen, case .browse(let screen) = screens.first(where: { $0.id == id }),
            let wanted = screen.preview.wanted, wanted.id == record
        else { return }
        switch answer {
        case .messages(let page): showPreview(id, wanted, .messages(page))
        case .documents(let documents): showPreview(id, wanted, .documents(documents))
        case .failed(let error): showPreview(id, wanted, .failure(error))
        default: break
        }
    }

    private mutating func showPreview(_ id: ScreenID, _ record: RecordSummary, _ content: Preview.Content) {
        let width = layout.previewWidth
        let now = now
        edit(browse: id) {
            $0.preview.request = nil
            $0.preview.wanted = nil
            $0.preview.show(record, content, width: width, now: now)
        }
    }
}
