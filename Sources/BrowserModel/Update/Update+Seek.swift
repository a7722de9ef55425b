internal import StoredRecords

/// Finding the record that was selected last where it is not on the first page of its source.
extension BrowserState {
    /// Goes on looking for the record, or begins to as soon as its source has answered without it.
    mutating func seekSought(_ id: ScreenID, _ kind: RecordKind) {
        guard let wanted = keeping.sought[kind],
            case .browse(let screen) = screens.first(where: { $0.id == id }), let list = screen.lists[kind]
        else { return }
        if keeping.seeks[kind] == nil {
            guard list.filter == nil, let window = list.windows.first(where: { $0.source == wanted.source }),
                window.isAnswered
            else { return }
            // A source of which all is there has the record or has it not.
            if window.window.isAtStart, window.window.isAtEnd, !window.window.contains(wanted) { return }
            keeping.seeks[kind] = RecordSeek(wanted, on: id, now: now)
            send(.summary(wanted), .restore(kind, .summary), "look for \(wanted.key)", screen: id)
        } else if keeping.seeks[kind]?.screen == id {
            advanceSeek(kind)
        }
    }

    mutating func takeSeek(_ answer: Answer, _ job: InFlight, _ kind: RecordKind, _ step: RecordSeek.Step) {
        guard let screen = keeping.seeks[kind]?.screen, screen == job.screen, keeping.sought[kind] != nil,
            let list = browse(screen)?.lists[kind]
        else { return }
        switch answer {
        case .summary(let summary): keeping.seeks[kind]?.take(summary)
        case .listed(let page): keeping.seeks[kind]?.take(page, for: step, list.order)
        // What does not answer says so in its list; a record that is not found again is no failure.
        default:
            if step == .summary {
                keeping.seeks[kind]?.end()
            } else {
                keeping.seeks[kind]?.take(nil, for: step, list.order)
            }
        }
        advanceSeek(kind)
    }

    private func browse(_ id: ScreenID) -> BrowseScreen? {
        if case .browse(let screen) = screens.first(where: { $0.id == id }) { screen } else { nil }
    }

    private mutating func advanceSeek(_ kind: RecordKind) {
        guard var seek = keeping.seeks[kind], let list = browse(seek.screen)?.lists[kind] else { return }
        let steps = seek.next(list, now: now)
        keeping.seeks[kind] = seek
        for step in steps { ask(step, list, seek) }
        guard steps.isEmpty, let found = seek.found(list, height: layout.recordLines) else {
            keeping.seeks[kind] = seek
            return
        }
        keeping.seeks[kind] = nil
        keeping.sought[kind] = nil
        // What was under way for the beginning of the list has no place in this part of it.
        let sources = seek.sources
        for job in jobs where job.screen == seek.screen {
            if case .list(kind, let source, _) = job.purpose, sources.contains(source) { cancel(job.id) }
        }
        edit(browse: seek.screen) { $0.lists[kind] = found }
        askWanted(seek.screen, kind)
        if browseTop?.id == seek.screen, browseTop?.kind == kind { wantPreview() }
    }

    private mutating func ask(_ step: RecordSeek.Step, _ list: RecordList, _ seek: RecordSeek) {
        let source: String
        let page: PageRequest
        switch step {
        case .summary: return
        case .probe(let name, let position): (source, page) = (name, PageRequest(.position(position), limit: 1))
        case .page(let name, let request): (source, page) = (name, request)
        }
        let query = RecordQuery(list.kind, sort: list.sort(of: source), page: page)
        send(
            .list(source: source, query: query), .restore(list.kind, step), "look for \(seek.wanted.key) in \(source)",
            screen: seek.screen)
    }

    /// Gives the search up; the list stays as it is.
    mutating func endSeek(_ kind: RecordKind) {
        guard keeping.seeks.removeValue(forKey: kind) != nil else { return }
        for job in jobs {
            if case .restore(kind, _) = job.purpose { cancel(job.id) }
        }
    }
}
