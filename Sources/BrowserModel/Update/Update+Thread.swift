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
            if case .position = request.start, page.items.isEmpty, page.previous != nil {
                tell(.warning, "the thread is shorter than it was: \(Words.total(page.total)) messages")
                return askMessages(id, PageRequest(.last, limit: request.limit))
            }
            edit(thread: id) {
                $0.arrived(page, for: request, job.id, height: height)
                $0.read = now
                $0.noteSeen(height: height)
            }
            askWantedMessages(id)
        case .failed(let error):
            edit(thread: id) { $0.failed(error, job.id) }
            tell(error)
        default: break
        }
    }

    mutating func askWantedMessages(_ id: ScreenID) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        for request in screen.wanted { askMessages(id, request) }
    }

    mutating func runInThread(_ command: Command) {
        guard let screen = threadTop else { return }
        let height = layout.contentLines
        switch command {
        case .toBottom where !screen.window.isAtEnd:
            jump(screen.id, PageRequest(.last, limit: ThreadScreen.pageSize), .end)
        case .toTop where !screen.window.isAtStart:
            jump(screen.id, PageRequest(.first, limit: ThreadScreen.pageSize), .message(0))
        case .toTop: edit(thread: screen.id) { $0.moveToMessage(0, height: height) }
        case .toBottom: edit(thread: screen.id) { $0.moveToEnd(height: height) }
        case .lineDown, .lineUp:
            let step = command == .lineDown ? 1 : -1
            edit(thread: screen.id) {
                if $0.isListFocused {
                    $0.moveToMessage($0.cursor.message + step, height: height)
                } else {
                    $0.move(by: step, height: height)
                }
            }
        case .nextMessage, .previousMessage:
            let isDown = command == .nextMessage
            edit(thread: screen.id) {
                let isInside =
                    $0.cursor.line
                    > ($0.blocks.indices.contains($0.cursor.message) ? $0.blocks[$0.cursor.message].firstRow : 0)
                let target = isDown ? $0.cursor.message + 1 : isInside ? $0.cursor.message : $0.cursor.message - 1
                $0.moveToMessage(target, height: height)
            }
        case .nextUserTurn: jump(to: .userTurn, forward: true)
        case .previousUserTurn: jump(to: .userTurn, forward: false)
        case .nextToolCall: jump(to: .toolCall, forward: true)
        case .previousToolCall: jump(to: .toolCall, forward: false)
        case .nextError: jump(to: .error, forward: true)
        case .previousError: jump(to: .error, forward: false)
        case .nextPane, .previousPane: edit(thread: screen.id) { $0.isListFocused.toggle() }
        case .open where screen.isListFocused: edit(thread: screen.id) { $0.isListFocused = false }
        case .open, .raw: openMessage(screen, command)
        case .foldTools:
            edit(thread: screen.id) { if !$0.toggleFold(height: height) { $0.toggleAllFolds(height: height) } }
        case .foldAllTools:
            edit(thread: screen.id) { $0.toggleAllFolds(height: height) }
            tell(
                .info,
                threadTop?.folds.opensAll == true
                    ? "tool calls and prompts are unfolded" : "tool calls and prompts are folded")
        case .metadata: reform(screen.id) { $0.showsMetadata.toggle() }
        case .wrap:
            reform(screen.id) {
                $0.wraps.toggle()
                $0.sideways = 0
            }
            tell(
                .info,
                threadTop?.wraps == true
                    ? "long lines of code go on below" : "long lines of code are cut; Shift-Right shows more")
        case .columnRight: reform(screen.id) { $0.sideways += max(1, $0.room / 2) }
        case .columnLeft: reform(screen.id) { $0.sideways = max(0, $0.sideways - max(1, $0.room / 2)) }
        case .previousRecord: openNeighbour(of: screen.id, list: screen.list, step: -1)
        case .nextRecord: openNeighbour(of: screen.id, list: screen.list, step: 1)
        case .searchNext: searchThread(forward: true)
        case .searchPrevious: searchThread(forward: false)
        case .refresh: refreshThread(screen.id)
        default:
            guard let step = step(of: command, height: height) else { return }
            edit(thread: screen.id) {
                if $0.isListFocused {
                    $0.moveToMessage($0.cursor.message + step, height: height)
                } else {
                    $0.page(by: step, height: height)
                }
            }
        }
        edit(thread: screen.id) { $0.noteSeen(height: height) }
        askWantedMessages(screen.id)
    }

    /// Lays the thread out in another form.
    private mutating func reform(_ id: ScreenID, _ change: (inout ReadingForm) -> Void) {
        let height = layout.contentLines
        edit(thread: id) {
            var form = $0.form
            change(&form)
            $0.layAnew(form, $0.folds, height: height)
        }
    }

    /// Unfolds what is folded in the line of the cursor, else shows the whole message.
    private mutating func openMessage(_ screen: ThreadScreen, _ command: Command) {
        guard let message = screen.current else { return }
        let height = layout.contentLines
        if command == .open, screen.cursorRow?.fold != nil {
            edit(thread: screen.id) { _ = $0.toggleFold(height: height) }
            return
        }
        openMessage(message, of: screen.record, showsRaw: command == .raw)
    }

    /// Reads another part of the thread, and goes to a place there.
    mutating func jump(_ id: ScreenID, _ request: PageRequest, _ goal: ThreadScreen.Goal) {
        let now = now
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        // A search goes on reading whatever is shown meanwhile.
        for job in [screen.loadingAfter, screen.loadingBefore, screen.loadingAnew].compactMap({ $0 }) { cancel(job) }
        edit(thread: id) {
            $0.loadingAfter = nil
            $0.loadingBefore = nil
            $0.loadingAnew = nil
            $0.goal = goal
            $0.error = nil
            $0.follow?.rest(now)
        }
        askMessages(id, request)
    }

    /// - Parameter id: another screen than the one in sight.
    mutating func goToMessage(_ number: Int, in id: ScreenID? = nil) {
        guard case .thread(let screen) = id.map({ id in screens.first { $0.id == id } }) ?? top else { return }
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

    /// Reads again what is shown, at the message the cursor is in or at the first one.
    mutating func refreshThread(_ id: ScreenID, fromStart: Bool = false) {
        guard case .thread(let screen) = screens.first(where: { $0.id == id }) else { return }
        let start =
            fromStart || screen.window.isAtStart
            ? .first : PageRequest.Start.position(screen.blocks.first?.message.position ?? 0)
        let limit = max(ThreadScreen.pageSize, min(screen.blocks.count, ThreadScreen.heldMessages))
        let goal =
            fromStart ? ThreadScreen.Goal.message(0) : .place(screen.readingPlace(height: layout.contentLines))
        jump(id, PageRequest(start, limit: limit), goal)
        send(.summary(screen.record.id), .summary, "read \(screen.record.id.key)")
        // What was found may have moved.
        if let text = screen.search?.text { beginSearch(id, text, pending: nil) }
    }

    mutating func takeSummary(_ summary: RecordSummary?) {
        guard let summary else { return }
        marks.update(summary)
        let height = layout.contentLines
        for screen in screens {
            switch screen {
            case .browse(let browse):
                edit(browse: browse.id) { $0.lists[summary.id.kind]?.replace(summary) }
            case .thread(let thread) where thread.record.id == summary.id:
                edit(thread: thread.id) { $0.take(summary, height: height) }
            case .document(let document) where document.record.id == summary.id:
                edit(document: document.id) { $0.record = summary }
            default: break
            }
        }
    }
}
