internal import StoredRecords

/// Marking records, one by one, as a range, or all that match.
extension BrowserState {
    func reasonAgainstMarking() -> String? {
        guard case .browse(let screen) = top else { return nil }
        if knowsSources, sources.isEmpty { return "there is no source" }
        if screen.kind == nil || screen.focus == .sources { return "sources are not marked" }
        return targetRecord == nil ? "there is no record" : nil
    }

    /// Marks the record in focus and moves on; ends a range.
    mutating func markSelected() {
        if leaveRange(marking: true) { return }
        guard let screen = browseTop, let kind = screen.kind, let record = screen.list?.selectedRecord else { return }
        marks.toggle(record)
        moveRecord(kind, .lineDown, 1)
    }

    mutating func markRange() {
        if leaveRange(marking: true) { return }
        guard let screen = browseTop, let kind = screen.kind else { return }
        edit(browse: screen.id) { $0.lists[kind]?.beginRange() }
    }

    /// Ends the range of the list on the screen; `false` when there is none.
    @discardableResult
    mutating func leaveRange(marking: Bool = false) -> Bool {
        guard let screen = browseTop, let kind = screen.kind, let list = screen.list, list.rangeStart != nil else {
            return false
        }
        if marking, let range = list.range {
            let chosen = list.rows[range]
            // Like a single mark, a range that is marked already is unmarked.
            let isMarked = chosen.allSatisfy { marks.contains($0.id) }
            for record in chosen {
                if isMarked { marks.remove(record.id) } else { marks.insert(record) }
            }
        }
        edit(browse: screen.id) { $0.lists[kind]?.endRange() }
        return true
    }

    /// `false` when there was nothing to clear.
    mutating func clearMarks() -> Bool {
        guard case .browse = top else { return false }
        if let marking = markingAll, let job = jobs.first(where: { $0.id == marking.id }) {
            stop(job)
            return true
        }
        guard let kind = browseTop?.kind, marks.count(of: kind) > 0 else { return false }
        marks.removeAll(kind)
        return true
    }

    // MARK: All

    /// Marks all that the list's filter lets through; what is not loaded is read for it.
    mutating func markAll() {
        guard let screen = browseTop, let kind = screen.kind, let list = screen.list else { return }
        guard markingAll == nil else { return tell(.info, "all are being marked already; Esc stops that") }
        leaveRange()
        let obstacles = obstacles(to: kind, in: screen, list)
        if list.isWhole, obstacles.isEmpty {
            for record in list.rows { marks.insert(record) }
            return tell(.info, "marked \(all(kind, list.rows.count, list.filter?.text))")
        }
        let sources = list.windows.filter { $0.error == nil }.map(\.source)
        guard let first = sources.first else { return tell(.warning, obstacles.first ?? "there is nothing to mark") }
        let query = RecordQuery(
            kind, filter: list.filter, sort: list.sort, page: PageRequest(limit: MarkingAll.pageSize))
        let total: Int? = if case .exact(let number) = list.total { number } else { nil }
        let id = send(
            .list(source: first, query: self.query(query, of: first, .first)), .markAll(source: first),
            "mark all \(kind.plural)\(list.filter == nil ? "" : " that match")")
        markingAll = MarkingAll(
            id: id, kind: kind, filter: query, sources: sources, total: total, obstacles: obstacles)
    }

    mutating func takeMarkable(_ answer: Answer, _ job: InFlight, _ source: String) {
        guard var marking = markingAll, marking.id == job.id else { return }
        markingAll = nil
        var next: PageCursor?
        switch answer {
        case .listed(let page):
            for record in page.items { marks.insert(record) }
            marking.found += page.items.count
            next = page.next
        case .failed(let error) where error.kind == .cancelled:
            let whole = marking.total.map { " of \(Words.grouped($0))" } ?? ", there are more"
            return tell(
                .warning, "stopped: marked \(Words.count(marking.found, marking.kind.plural))\(whole)")
        case .failed(let error):
            marking.obstacles.append("\(source): \(error.reason)")
            tell(error)
        default: break
        }
        if next == nil { marking.sources.removeFirst() }
        guard let current = marking.sources.first else { return finish(marking) }
        var job = job
        job.progress = Progress(done: marking.found, total: marking.total, unit: marking.kind.plural)
        let start = next.map { PageRequest.Start.after($0) } ?? .first
        send(
            .list(source: current, query: query(marking.filter, of: current, start)), .markAll(source: current),
            continuing: job)
        markingAll = marking
    }

    private mutating func finish(_ marking: MarkingAll) {
        let text = "marked \(all(marking.kind, marking.found, marking.filter.filter?.text))"
        guard let obstacle = marking.obstacles.first else { return tell(.info, text) }
        tell(
            .warning, "\(text), but not those of \(Words.count(marking.obstacles.count, "sources")): \(obstacle)",
            details: marking.obstacles)
    }

    private func all(_ kind: RecordKind, _ count: Int, _ filter: String?) -> String {
        Words.count(count, kind.plural) + (filter.map { " that match \"\($0)\"" } ?? ", all there are")
    }

    private func query(_ query: RecordQuery, of source: String, _ start: PageRequest.Start) -> RecordQuery {
        var query = query
        query.page.start = start
        query.sort = ownSort(of: source, query.kind, instead: query.sort) ?? query.sort
        return query
    }

    /// Why records of some sources cannot be marked with the others.
    private func obstacles(to kind: RecordKind, in screen: BrowseScreen, _ list: RecordList) -> [String] {
        sources(of: screen).compactMap { source in
            switch source.phase {
            case .connecting: return "\(source.name) is not open yet"
            case .failed(let error, _): return "\(source.name): \(error.reason)"
            case .open:
                let window = list.windows.first { $0.source == source.name }
                return window?.error.map { "\(source.name): \($0.reason)" }
            }
        }
    }

    // MARK: Counting

    /// What the count of hidden marks depends on.
    struct CountedMarks: Sendable, Equatable {
        var marks: Int
        var screen: ScreenID
        var kind: RecordKind
        var rows: Int
    }

    /// Counts the marks that are not among the rows on hand, when that may have changed.
    mutating func countHiddenMarks() {
        guard !marks.isEmpty else {
            hiddenMarks = 0
            return
        }
        guard case .browse(let screen) = top, let kind = screen.kind, let list = screen.list else { return }
        let now = CountedMarks(marks: marks.revision, screen: screen.id, kind: kind, rows: list.revision)
        guard now != countedMarks else { return }
        countedMarks = now
        hiddenMarks = marks.count(of: kind) - list.rows.count { marks.contains($0.id) }
    }
}
