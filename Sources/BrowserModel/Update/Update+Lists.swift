internal import StoredRecords

/// Reading lists, window by window, from every source that has the kind.
extension BrowserState {
    /// Asks every source that has the kind and was not asked yet.
    mutating func beginList(_ id: ScreenID, _ kind: RecordKind) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        let names = sources(of: screen).filter {
            $0.kinds.contains(kind) && list.filter?.allows(source: $0.name) ?? true
        }.map(\.name)
        let own = names.map { ownSort(of: $0, kind, instead: list.sort) }
        edit(browse: id) {
            $0.lists[kind]?.setSources(names)
            for (index, sort) in own.enumerated() { $0.lists[kind]?.windows[index].ownSort = sort }
        }
        let known = list.windows.filter { $0.isAnswered || $0.isLoading || $0.error != nil }.map(\.source)
        for name in names where !known.contains(name) {
            ask(id, kind, RecordList.Wanted(source: name, request: list.beginning))
        }
    }

    /// The order a source gives when it cannot give the one asked for; `nil`
    /// when it can, or has not said yet.
    func ownSort(of source: String, _ kind: RecordKind, instead sort: RecordSort) -> RecordSort? {
        guard let fields = self.source(source)?.capabilities[kind]?.sortFields, !fields.contains(sort.field) else {
            return nil
        }
        return [RecordSort.newest, RecordSort(.key, descending: false)].first { fields.contains($0.field) }
    }

    mutating func takeCapabilities(_ capabilities: RecordCapabilities, _ source: String, _ kind: RecordKind) {
        edit(source: source) { $0.capabilities[kind] = capabilities }
        // A list that asked before this was known asks anew, so that the source need not fail.
        for case .browse(let screen) in screens {
            guard let list = screen.lists[kind], !capabilities.sortFields.contains(list.sort.field),
                list.windows.contains(where: { $0.source == source && $0.ownSort == nil }),
                ownSort(of: source, kind, instead: list.sort) != nil
            else { continue }
            restart(screen.id, kind)
        }
    }

    mutating func ask(_ id: ScreenID, _ kind: RecordKind, _ wanted: RecordList.Wanted) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind] else {
            return
        }
        let query = RecordQuery(kind, filter: list.filter, sort: list.sort(of: wanted.source), page: wanted.request)
        let request = send(
            .list(source: wanted.source, query: query),
            .list(kind: kind, source: wanted.source, wanted.request),
            "list \(kind.plural) of \(wanted.source)", screen: id)
        edit(browse: id) { $0.lists[kind]?.began(request, wanted.request, source: wanted.source) }
    }

    /// Asks for the pages around the cursor that are not there yet.
    mutating func askWanted(_ id: ScreenID, _ kind: RecordKind) {
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
        let top = topRow(id, kind)
        defer { noteFollowed(id, kind, top: top) }
        switch answer {
        case .listed(let page):
            edit(browse: id) { $0.lists[kind]?.arrived(page, for: request, job.id, source: source, height: height) }
            updateMarks(page.items)
            selectSought(id, kind)
            seekSought(id, kind)
            for note in page.notes where request.start == .first { tell(.warning, "\(source): \(note)") }
            askWanted(id, kind)
        case .failed(let error):
            edit(browse: id) { $0.lists[kind]?.failed(error, job.id, source: source) }
            tell(error)
        default: break
        }
        if browseTop?.id == id, browseTop?.kind == kind { wantPreview() }
    }

    /// An act on marked records is asked for by what the list shows of them.
    private mutating func updateMarks(_ records: [RecordSummary]) {
        guard !marks.isEmpty else { return }
        for record in records { marks.update(record) }
    }

    /// Reads a list from its beginning, or its end, with what `change` makes different.
    mutating func restart(
        _ id: ScreenID, _ kind: RecordKind, at anchor: RecordList.Anchor = .top,
        _ change: (inout RecordList) -> Void = { _ in }
    ) {
        cancelLists(id, kind)
        // Where its places were found, others may stand in the new order.
        if keeping.seeks[kind]?.screen == id { endSeek(kind) }
        edit(browse: id) {
            guard var list = $0.lists.removeValue(forKey: kind) else { return }
            change(&list)
            list.restart(at: anchor)
            $0.lists[kind] = list
        }
        beginList(id, kind)
    }

    mutating func cancelLists(_ id: ScreenID, _ kind: RecordKind) {
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
}
