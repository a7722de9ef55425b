internal import StoredRecords

/// Searching a thread, and jumping to landmarks in it: what is not loaded is read on as a job.
extension BrowserState {
    var searchText: String {
        switch top {
        case .thread(let screen): screen.searchText
        case .document(let screen): screen.pane?.find.text ?? ""
        default: ""
        }
    }

    mutating func search(_ text: String) {
        do throws(FilterProblem) {
            // What has the form of a pattern is to be one, as in a filter.
            _ = try TextPattern.typed(documentTop?.pane?.form == .tree ? TreeSearchText(text).needle : text)
        } catch {
            // What was typed stays to be mended.
            input = Input(.search, text)
            input?.problem = error.reason
            return
        }
        switch top {
        case .thread(let screen): beginSearch(screen.id, text, pending: true)
        case .document: searchDocument(text)
        default: break
        }
    }

    /// Begins to read the whole thread for a text; the hits come while the keys go on working.
    ///
    /// - Parameter pending: which way to go to the first hit; `nil` to stay.
    mutating func beginSearch(_ id: ScreenID, _ text: String, pending: Bool?, takesCursorLine: Bool = true) {
        endSearch(id)
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let from = screen.current?.position ?? 0
        let job = send(
            .findInThread(screen.record.id, ThreadFind(text, from: from)), .findInThread,
            "search \(Words.quoted(text)) in \(screen.record.id.key)", screen: id)
        edit(thread: id) {
            var search = ThreadSearch(text, from: from)
            search.job = job
            search.pending = pending
            search.takesCursorLine = takesCursorLine
            search.isBegun = true
            $0.search = search
        }
    }

    /// Forgets what was searched for, and stops reading for it.
    mutating func endSearch(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        if let job = screen.search?.job { cancel(job) }
        edit(thread: id) { $0.search = nil }
    }

    mutating func searchThread(forward: Bool) {
        guard let screen = threadTop, let search = screen.search else { return }
        if !search.isBegun { return beginSearch(screen.id, search.text, pending: forward, takesCursorLine: false) }
        edit(thread: screen.id) {
            $0.search?.pending = forward
            $0.search?.takesCursorLine = false
        }
        stepSearch(screen.id)
    }

    mutating func takeFindings(_ answer: Answer, _ job: InFlight) {
        guard let id = job.screen, case .thread(let screen) = screens.first(where: { $0.id == id }),
            screen.search?.job == job.id
        else { return }
        switch answer {
        case .foundInThread(let findings):
            edit(thread: id) {
                $0.search?.take(findings)
                if findings.isLast { $0.search?.finish() }
            }
        case .failed(let error):
            edit(thread: id) { $0.search?.stop() }
            tell(error)
        default: return
        }
        stepSearch(id)
    }

    /// Goes to the hit that is asked for, as soon as it is known which that is.
    private mutating func stepSearch(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }), let search = screen.search,
            let forward = search.pending
        else { return }
        let point = screen.point(forward: forward, takesLine: search.takesCursorLine)
        switch search.step(from: point, forward: forward) {
        case .wait: return
        case .nothing:
            edit(thread: id) { $0.search?.pending = nil }
            let scope =
                search.isPartial ? "the \(Words.count(search.readCount, "messages")) that were read" : "this thread"
            tell(.warning, "\(Words.quoted(search.text)) is not in \(scope)")
        case .hit(let hit, let wraps):
            edit(thread: id) { $0.search?.pending = nil }
            if wraps { tell(.info, "search goes on from the \(forward ? "beginning" : "end")") }
            show(hit, id)
        }
    }

    private mutating func show(_ hit: ThreadSearch.Hit, _ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let height = layout.contentLines
        if screen.isLoaded(hit) {
            edit(thread: id) { $0.show(hit, height: height) }
            askWantedMessages(id)
        } else {
            // Some messages before it, so that it does not stand on the first line.
            let start = max(0, hit.position - 5)
            edit(thread: id) { $0.search?.current = hit }
            jump(id, PageRequest(.position(start), limit: ThreadScreen.pageSize), .found(hit))
        }
    }

    // MARK: Landmarks

    /// Goes to the next or previous message of a kind, reading on where none is loaded.
    mutating func jump(to landmark: MessageSeek.Landmark, forward: Bool) {
        guard let screen = threadTop else { return }
        let height = layout.contentLines
        if let job = screen.seeking { cancel(job) }
        edit(thread: screen.id) { $0.seeking = nil }
        var place: MessageLine?
        edit(thread: screen.id) {
            place = $0.landmark(landmark, forward: forward)
            if let place { $0.land(on: landmark, at: place, height: height) }
        }
        if place != nil { return }
        let isAtEdge = forward ? screen.window.isAtEnd : screen.window.isAtStart
        guard !isAtEdge, let last = forward ? screen.blocks.last : screen.blocks.first else {
            return tellNoLandmark(landmark, forward)
        }
        let seek = MessageSeek(landmark, from: last.message.position, isForward: forward)
        let job = send(
            .seekInThread(screen.record.id, seek), .seekInThread(seek),
            "look for the \(forward ? "next" : "previous") \(landmark.rawValue)", screen: screen.id)
        edit(thread: screen.id) { $0.seeking = job }
    }

    private mutating func tellNoLandmark(_ landmark: MessageSeek.Landmark, _ forward: Bool) {
        tell(.warning, "no \(landmark.rawValue) further \(forward ? "down" : "up")")
    }

    mutating func takeSought(_ answer: Answer, _ job: InFlight, _ seek: MessageSeek) {
        guard let id = job.screen else { return }
        edit(thread: id) { $0.seeking = nil }
        switch answer {
        case .soughtInThread(let position):
            guard let position else { return tellNoLandmark(seek.landmark, seek.isForward) }
            jump(
                id, PageRequest(.position(max(0, position - 5)), limit: ThreadScreen.pageSize),
                .landmark(seek.landmark, position))
        case .failed(let error): tell(error)
        default: break
        }
    }
}
