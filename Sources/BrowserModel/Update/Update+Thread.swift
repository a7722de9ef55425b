internal import StoredRecords

extension BrowserState {
    var threadTop: ThreadScreen? {
        if case .thread(let screen) = top { screen } else { nil }
    }

    mutating func askMessages(_ id: ScreenID, _ request: PageRequest) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let job = send(
            .messages(screen.record.id, request), .messages(request), "read messages of \(screen.record.id.key)",
            screen: id)
        edit(thread: id) { $0.began(job, request) }
    }

    mutating func takeMessages(_ answer: Answer, _ job: InFlight, _ request: PageRequest) {
        guard let id = job.screen else { return }
        let height = layout.contentLines
        let now = now
        switch answer {
        case .messages(let page):
            edit(thread: id) { $0.arrived(page, for: request, job.id, height: height, now: now) }
            if case .thread(let screen) = screens.first(where: { $0.id == id }),
                screen.goal == .match(true) || screen.goal == .match(false)
            {
                searchOn(id)
            } else {
                askWantedMessages(id)
            }
        case .failed(let error):
            edit(thread: id) { $0.failed(error, job.id) }
            tell(error)
        default: break
        }
    }

    private mutating func askWantedMessages(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        for request in screen.wanted { askMessages(id, request) }
    }

    mutating func runInThread(_ command: Command) {
        guard let screen = threadTop else { return }
        let height = layout.contentLines
        let width = layout.contentWidth
        let now = now
        switch command {
        case .toBottom where !screen.window.isAtEnd:
            jump(screen.id, PageRequest(.last, limit: ThreadScreen.pageSize), .end)
        case .toTop where !screen.window.isAtStart:
            jump(screen.id, PageRequest(.first, limit: ThreadScreen.pageSize), .message(0))
        case .toBottom: edit(thread: screen.id) { $0.moveToEnd(height: height) }
        case .lineDown, .lineUp:
            edit(thread: screen.id) { $0.move(by: command == .lineDown ? 1 : -1, height: height) }
        case .nextMessage, .previousMessage:
            let isDown = command == .nextMessage
            edit(thread: screen.id) {
                let target =
                    isDown ? $0.cursor.message + 1 : $0.cursor.line > 0 ? $0.cursor.message : $0.cursor.message - 1
                $0.moveToMessage(target, height: height)
            }
        case .open, .raw:
            guard let message = screen.current else { return }
            let parts = DocumentPane.whole(message) + [DocumentPane.raw(message)]
            var part = DocumentScreen(id: newScreenID(), record: screen.record, parts: parts)
            part.title = "message \(message.position + 1)"
            part.current = command == .raw ? parts.count - 1 : 0
            push(.document(part))
            prepareDocuments()
        case .foldTools:
            edit(thread: screen.id) {
                var folds = $0.folds
                folds.foldsTools.toggle()
                $0.layOut(width: width, folds: folds, height: height, now: now)
            }
            tell(.info, threadTop?.folds.foldsTools == true ? "tool calls are folded" : "tool calls are unfolded")
        case .metadata:
            edit(thread: screen.id) {
                var folds = $0.folds
                folds.showsMetadata.toggle()
                $0.layOut(width: width, folds: folds, height: height, now: now)
            }
        case .previousRecord: openNeighbour(of: screen.id, list: screen.list, step: -1)
        case .nextRecord: openNeighbour(of: screen.id, list: screen.list, step: 1)
        case .searchNext: searchThread(forward: true)
        case .searchPrevious: searchThread(forward: false)
        case .refresh: refreshThread(screen.id)
        default:
            guard let step = step(of: command, height: height) else { return }
            edit(thread: screen.id) { $0.page(by: step, height: height) }
        }
        askWantedMessages(screen.id)
    }

    /// Reads another part of the thread, and goes to a place there.
    private mutating func jump(_ id: ScreenID, _ request: PageRequest, _ goal: ThreadScreen.Goal) {
        cancelJobs(of: id)
        edit(thread: id) {
            $0.loadingAfter = nil
            $0.loadingBefore = nil
            $0.goal = goal
            $0.error = nil
        }
        askMessages(id, request)
    }

    mutating func goToMessage(_ number: Int) {
        guard let screen = threadTop else { return }
        if case .exact(let total) = screen.total, number > total {
            return tell(.warning, "the thread has \(Words.count(total, "messages"))")
        }
        let height = layout.contentLines
        if let index = screen.blocks.firstIndex(where: { $0.message.position == number - 1 }) {
            edit(thread: screen.id) { $0.moveToMessage(index, height: height) }
        } else {
            jump(
                screen.id, PageRequest(.position(number - 1), limit: ThreadScreen.pageSize), .message(number - 1))
        }
    }

    /// Reads again what is shown, at the message the cursor is in.
    mutating func refreshThread(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let position = screen.current?.position ?? 0
        let start =
            screen.window.isAtStart ? .first : PageRequest.Start.position(screen.blocks.first?.message.position ?? 0)
        let limit = max(ThreadScreen.pageSize, min(screen.blocks.count, ThreadScreen.heldMessages))
        jump(id, PageRequest(start, limit: limit), .message(position))
        send(.summary(screen.record.id), .summary, "read \(screen.record.id.key)")
    }

    // MARK: Search

    var searchText: String {
        switch top {
        case .thread(let screen): screen.find.text
        case .document(let screen): screen.pane?.find.text ?? ""
        default: ""
        }
    }

    mutating func search(_ text: String) {
        switch top {
        case .thread(let screen):
            edit(thread: screen.id) { $0.find.text = text }
            searchThread(forward: true)
        case .document: searchDocument(text)
        default: break
        }
    }

    private mutating func searchThread(forward: Bool) {
        guard let screen = threadTop else { return }
        edit(thread: screen.id) {
            $0.goal = .match(forward)
            $0.searchOrigin = $0.current?.position
        }
        searchOn(screen.id)
    }

    /// Goes to the next match in what is loaded, else reads on in that direction.
    private mutating func searchOn(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }), case .match(let forward) = screen.goal
        else { return }
        let height = layout.contentLines
        if let place = screen.match(forward: forward) {
            edit(thread: id) {
                $0.goal = nil
                $0.place(place, height: height)
            }
            askWantedMessages(id)
            return
        }
        // The cursor goes along, so that what was searched is not searched again and far pages can go.
        let limit = ThreadScreen.pageSize * 2
        let request = forward ? screen.window.following(limit: limit) : screen.window.preceding(limit: limit)
        guard let request else {
            edit(thread: id) { $0.goal = nil }
            if let origin = screen.searchOrigin, origin != screen.current?.position { goToMessage(origin + 1) }
            return tell(
                .warning,
                "\"\(screen.find.text)\" is not \(forward ? "below" : "above"); \(forward ? "N" : "n") searches the other way"
            )
        }
        edit(thread: id) { screen in
            if forward {
                screen.moveToEnd(height: height)
            } else {
                screen.place(MessageLine(message: 0, line: 0), height: height)
            }
        }
        if case .thread(let screen) = screens.first(where: { $0.id == id }), !screen.isLoading {
            askMessages(id, request)
        }
    }

    mutating func takeSummary(_ summary: RecordSummary?) {
        guard let summary else { return }
        let height = layout.contentLines
        let now = now
        for screen in screens {
            switch screen {
            case .browse(let browse):
                edit(browse: browse.id) { $0.lists[summary.id.kind]?.replace(summary) }
            case .thread(let thread) where thread.record.id == summary.id:
                edit(thread: thread.id) { $0.take(summary, height: height, now: now) }
            case .document(let document) where document.record.id == summary.id:
                edit(document: document.id) { $0.record = summary }
            default: break
            }
        }
    }
}
