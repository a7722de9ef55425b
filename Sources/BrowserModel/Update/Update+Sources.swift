internal import StoredRecords

extension BrowserState {
    mutating func takeSources(_ answer: Answer) {
        knowsSources = true
        rereadRecovery()
        switch answer {
        case .found(let found):
            sources = found.sources.map { SourceState($0, since: now) }
            lookedFor = found.lookedFor
            problems = found.problems
            for problem in found.problems { tell(problem) }
            for source in found.sources { open(source.name) }
            if case .browse(let screen) = screens[0] {
                let first = sources.first?.name
                edit(browse: screen.id) { $0.source = first }
            }
            resumePlace()
        case .failed(let error): tell(error)
        default: break
        }
    }

    /// Opens a source, the first time or again.
    mutating func open(_ name: String) {
        let now = now
        edit(source: name) {
            $0.phase = .connecting
            $0.since = now
        }
        send(.open(source: name), .open(source: name), "open \(name)")
    }

    mutating func takeOpened(_ answer: Answer, _ name: String) {
        switch answer {
        case .opened(let opened):
            edit(source: name) {
                $0.phase = .open(opened)
                $0.failures = 0
            }
            for note in opened.notes { tell(.warning, "\(name): \(note)") }
            // What is on the screen is asked for first: a source answers one after another.
            chooseTab()
            for case .browse(let screen) in screens { joinLists(screen.id) }
            for kind in opened.kinds {
                recount(name, kind)
                send(
                    .capabilities(source: name, kind: kind), .capabilities(source: name, kind: kind),
                    "ask what \(name) can do")
            }
        case .failed(let error):
            let now = now
            edit(source: name) {
                $0.failures += 1
                let retry =
                    error.isTemporary ? now.adding(milliseconds: SourceState.pause(after: $0.failures) * 1000) : nil
                $0.phase = .failed(error, retry: retry)
            }
            if source(name)?.failures == 1 { tell(error) }
            chooseTab()
        default: break
        }
    }

    mutating func recount(_ source: String, _ kind: RecordKind) {
        send(
            .count(source: source, kind: kind), .count(source: source, kind: kind),
            "count \(kind.plural) of \(source)")
    }

    /// As long as the user has not chosen a tab: the first kind there is, once all sources have answered.
    mutating func chooseTab() {
        guard case .browse(let screen) = screens[0], screen.isTabAutomatic else {
            return
        }
        if let kind = screen.kind, sources.contains(where: { $0.holds(kind) }) {
            if screens.count == 1 { loadList() }
            return
        }
        if sources.contains(where: { $0.phase == .connecting }) { return }
        let order: [RecordKind] = [.thread, .index, .artifact, .task]
        let found = order.first { kind in sources.contains { $0.holds(kind) } }
        if let found {
            edit(browse: screen.id) { $0.tab = .records(found) }
        } else if sources.contains(where: { $0.kinds.contains(.raw) }) || sources.allSatisfy({ $0.error != nil }) {
            // Nothing of a known kind: the sources are what there is to see.
            guard !sources.isEmpty else { return }
            edit(browse: screen.id) {
                $0.tab = .sources
                $0.focus = .sources
            }
        }
        if screens.count == 1 { loadList() }
    }

    /// Lets a source that was opened take part in the lists that are already there.
    private mutating func joinLists(_ id: ScreenID) {
        guard case .browse(let screen) = screens.first(where: { $0.id == id }) else { return }
        for kind in screen.lists.keys.sorted() { beginList(id, kind) }
        if screens.last?.id == id { loadList() }
    }
}
