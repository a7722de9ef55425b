internal import StoredRecords

/// Searching every source, and going from hit to hit.
extension BrowserState {
    var resultsTop: ResultsScreen? {
        if case .results(let screen) = top { screen } else { nil }
    }

    // MARK: Beginning and ending

    /// Asks what to search for; the last search is offered where it is still shown.
    mutating func openSearchEverywhere() {
        // Who filtered a list in vain looks for the same in the contents.
        var last = browseTop?.list?.filter?.text ?? ""
        for case .results(let screen) in screens where last.isEmpty { last = screen.query.text.text }
        input = Input(.everywhere, last)
    }

    mutating func searchEverywhere(_ text: String) {
        let filter: TextFilter
        do throws(FilterProblem) {
            guard let read = try TextFilter.read(text) else { return }
            filter = read
        } catch {
            // What was typed stays to be mended.
            input = Input(.everywhere, text)
            input?.problem = error.reason
            return
        }
        let query = SearchQuery(filter, hitsPerRecord: ResultsScreen.hitsPerRecord)
        if screens.contains(where: { if case .results = $0 { true } else { false } }) {
            while resultsTop == nil, pop() {}
        } else {
            push(.results(ResultsScreen(id: newScreenID(), query: query)))
        }
        beginSearch(query)
    }

    private mutating func beginSearch(_ query: SearchQuery) {
        guard let screen = resultsTop else { return }
        cancelJobs(of: screen.id)
        let names = sources.map(\.name)
        edit(results: screen.id) { $0.restart(query, in: names) }
        for name in names {
            send(
                .look(source: name, query: query), .look(source: name),
                "search \(name) for \(Words.quoted(query.text.text))",
                screen: screen.id)
        }
    }

    /// Stops what is still searching; what was found stays.
    private mutating func endSearch(_ id: ScreenID, as phase: SourceSearch.Phase) {
        cancelJobs(of: id)
        edit(results: id) { screen in
            for index in screen.sources.indices where screen.sources[index].phase == .searching {
                screen.sources[index].phase = phase
            }
        }
    }

    mutating func takeLooked(_ answer: Answer, _ job: InFlight, _ source: String) {
        guard let id = job.screen else { return }
        let height = layout.recordLines
        let isLast = !jobs.contains { $0.id == job.id }
        switch answer {
        case .looked(let news):
            edit(results: id) { screen in
                screen.take(news, from: source, height: height)
                if isLast { screen.end(source, .done) }
            }
        case .failed(let error):
            edit(results: id) { $0.end(source, error.kind == .cancelled ? .cancelled : .failed(error)) }
            // The screen names it all the time; the history has its cause and help.
            if error.kind != .cancelled { tell(error) }
        default: break
        }
        guard case .results(let screen) = screens.first(where: { $0.id == id }) else { return }
        if let index = jobs.firstIndex(where: { $0.id == job.id }) {
            let looked = screen.sources.first { $0.source == source }?.looked ?? SearchedAmount()
            jobs[index].progress = Progress(
                done: looked.records + looked.messages, total: nil, unit: "records and messages")
        }
        if screen.isFull, screen.isSearching { endSearch(id, as: .full) }
    }

    // MARK: Commands

    mutating func runInResults(_ command: Command) {
        guard let screen = resultsTop else { return }
        let height = layout.recordLines
        switch command {
        case .open: openHit()
        case .searchNext, .searchPrevious: moveToHit(forward: command == .searchNext)
        case .nextRecord, .previousRecord:
            guard let row = screen.rowOfRecord(forward: command == .nextRecord) else {
                return tell(.info, command == .nextRecord ? "this is the last record" : "this is the first record")
            }
            edit(results: screen.id) { $0.move(to: row, height: height) }
        case .foldHits: edit(results: screen.id) { $0.fold(height: height) }
        case .nextKind, .previousKind:
            edit(results: screen.id) { $0.changeKind(forward: command == .nextKind, height: height) }
        case .stopSearch: endSearch(screen.id, as: .cancelled)
        case .refresh: beginSearch(screen.query)
        default:
            guard let step = step(of: command, height: height) else { return }
            let target =
                step > screen.rows.count ? screen.rows.count - 1 : screen.cursor + max(step, -screen.rows.count)
            edit(results: screen.id) { $0.move(to: target, height: height) }
        }
    }

    /// Why a command cannot be carried out on the results; `nil` when it can.
    func reasonAgainst(inResults command: Command, _ screen: ResultsScreen) -> String? {
        switch command {
        case .open, .searchNext, .searchPrevious, .nextRecord, .previousRecord, .foldHits:
            screen.rows.isEmpty ? "nothing was found" : nil
        case .filter: screen.groups.isEmpty ? "nothing was found" : nil
        case .nextKind, .previousKind: screen.kinds.count < 2 && screen.kind == nil ? "there is one kind only" : nil
        case .stopSearch: screen.isSearching ? nil : "the search has ended"
        default: nil
        }
    }

    mutating func goToHit(_ number: Int) {
        guard let screen = resultsTop else { return }
        guard number <= screen.rows.count else {
            return tell(.warning, "there are \(Words.count(screen.rows.count, "lines"))")
        }
        let height = layout.recordLines
        edit(results: screen.id) { $0.move(to: number - 1, height: height) }
    }

    mutating func filterResults(_ text: String) {
        guard let screen = resultsTop else { return }
        let height = layout.recordLines
        edit(results: screen.id) { $0.setFilter(TextFilter(text), height: height) }
    }

    private mutating func moveToHit(forward: Bool) {
        guard let screen = resultsTop else { return }
        guard let row = screen.rowOfHit(forward: forward) else { return tellEnd(screen, forward: forward) }
        let height = layout.recordLines
        edit(results: screen.id) { $0.move(to: row, height: height) }
    }

    private mutating func tellEnd(_ screen: ResultsScreen, forward: Bool) {
        let which = forward ? "last" : "first"
        tell(.info, "this is the \(which) hit" + (forward && screen.isSearching ? " so far" : ""))
    }

    // MARK: Opened records

    /// The results the screen on top was opened from, unless it has a search of its own.
    var resultsBehind: ResultsScreen? {
        let list: ScreenID?
        let own: String
        switch top {
        case .thread(let screen): (list, own) = (screen.list, screen.searchText)
        case .document(let screen): (list, own) = (screen.list, screen.pane?.find.text ?? "")
        default: return nil
        }
        guard let list, case .results(let results) = screens.first(where: { $0.id == list }) else { return nil }
        return own.isEmpty || own == results.findText ? results : nil
    }

    /// Shows the place in focus in its record.
    private mutating func openHit() {
        guard let screen = resultsTop, let id = screen.firstHit(row: screen.cursor),
            let (record, goal) = open(id, in: screen.id)
        else { return }
        push(record, from: screen.id, at: goal)
    }

    /// Puts a place in focus, and tells where that is.
    private mutating func open(_ id: HitID, in results: ScreenID) -> (RecordSummary, HitGoal)? {
        let height = layout.recordLines
        var found: (record: RecordSummary, hit: HitGroup.Hit)?
        edit(results: results) { found = $0.open(id, height: height) }
        guard let (record, hit) = found, case .results(let screen) = screens.first(where: { $0.id == results }) else {
            return nil
        }
        return (record, HitGoal(hit, words: screen.words(in: hit.excerpt), find: screen.findText))
    }

    /// Goes to the next or previous hit without going back to the results: the others of the record first.
    mutating func stepHit(forward: Bool) {
        guard let results = resultsBehind else { return }
        guard let id = results.hitBesideOpened(forward: forward) else { return tellEnd(results, forward: forward) }
        step(results, to: id)
    }

    /// Goes to the next or previous record in which something was found.
    mutating func stepHitRecord(_ results: ResultsScreen, forward: Bool) {
        guard let id = results.rowOfRecord(forward: forward).flatMap(results.firstHit) else {
            return tell(.info, forward ? "this is the last record" : "this is the first record")
        }
        step(results, to: id)
    }

    private mutating func step(_ results: ResultsScreen, to id: HitID) {
        let before = results.opened?.record
        guard let (record, goal) = open(id, in: results.id) else { return }
        // In the record that is shown only the place changes, unless that takes another screen.
        if record.id == before, show(goal) == false { return tellPlace(results.id) }
        pop()
        push(record, from: results.id, at: goal)
        tellPlace(results.id)
    }

    private mutating func tellPlace(_ id: ScreenID) {
        guard case .results(let screen) = screens.first(where: { $0.id == id }), let place = screen.placeOfOpened else {
            return
        }
        // Said anew at every step, so that it is not worth remembering.
        notice = Notice(
            .info,
            "hit \(Words.grouped(place.inRecord)) of \(Words.grouped(place.ofRecord)) in this record"
                + " · \(Words.grouped(place.inAll)) of \(Words.grouped(place.ofAll)) in all",
            time: now)
    }
}

extension ResultsScreen {
    mutating func end(_ source: String, _ phase: SourceSearch.Phase) {
        guard let index = sources.firstIndex(where: { $0.source == source }) else { return }
        if sources[index].phase == .searching { sources[index].phase = phase }
    }

    /// What is shown as found in an opened record: all of the search when it is one word, else its longest;
    /// nothing when it is patterns alone.
    var findText: String { words.max { $0.count < $1.count } ?? "" }
}
